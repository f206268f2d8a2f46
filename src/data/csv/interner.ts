import { decodeUtf8 } from './text';

/** Numbers different byte strings 0, 1, 2, … in order of first appearance, decoding each once. */
export class ByteInterner {
  readonly dictionary: string[] = [];
  #slots = new Int32Array(64).fill(-1);
  #hashes: number[] = [];
  #starts: number[] = [0];
  #pool = new Uint8Array(1024);

  intern(bytes: Uint8Array, start: number, end: number): number {
    let hash = 0x811c9dc5;
    for (let at = start; at < end; at++) hash = Math.imul(hash ^ (bytes[at] ?? 0), 0x01000193);
    hash ^= hash >>> 15;
    const mask = this.#slots.length - 1;
    let slot = hash & mask;
    for (;;) {
      const code = this.#slots[slot] ?? -1;
      if (code < 0) return this.#add(slot, hash, bytes.subarray(start, end));
      if (this.#hashes[code] === hash && this.#equals(code, bytes, start, end)) return code;
      slot = (slot + 1) & mask;
    }
  }

  #equals(code: number, bytes: Uint8Array, start: number, end: number): boolean {
    const from = this.#starts[code] ?? 0;
    if ((this.#starts[code + 1] ?? 0) - from !== end - start) return false;
    for (let i = 0; i < end - start; i++) if (this.#pool[from + i] !== bytes[start + i]) return false;
    return true;
  }

  #add(slot: number, hash: number, cell: Uint8Array): number {
    const code = this.dictionary.length;
    const from = this.#starts[code] ?? 0;
    const to = from + cell.length;
    if (to > this.#pool.length) {
      const larger = new Uint8Array(Math.max(this.#pool.length * 2, to));
      larger.set(this.#pool);
      this.#pool = larger;
    }
    this.#pool.set(cell, from);
    this.#starts.push(to);
    this.#hashes.push(hash);
    this.dictionary.push(decodeUtf8(cell, 0, cell.length));
    this.#slots[slot] = code;
    if (this.dictionary.length * 2 > this.#slots.length) this.#rehash();
    return code;
  }

  #rehash(): void {
    const mask = this.#slots.length * 2 - 1;
    this.#slots = new Int32Array(mask + 1).fill(-1);
    this.#hashes.forEach((hash, code) => {
      let slot = hash & mask;
      while ((this.#slots[slot] ?? -1) >= 0) slot = (slot + 1) & mask;
      this.#slots[slot] = code;
    });
  }
}
