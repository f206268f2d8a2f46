/** A set of 64-bit patterns, for counting different values of typed arrays without boxing them. */
export class PatternSet {
  size = 0;
  #low = new Int32Array(256);
  #high = new Int32Array(256);
  #used = new Uint8Array(256);

  add(low: number, high: number): void {
    if (this.#put(low | 0, high | 0) && ++this.size * 2 > this.#used.length) this.#grow();
  }

  /** True when the pattern is new. */
  #put(low: number, high: number): boolean {
    const mask = this.#used.length - 1;
    let hash = Math.imul(low ^ Math.imul(high, 0x85ebca6b), 0xc2b2ae35);
    hash ^= hash >>> 15;
    let slot = hash & mask;
    while (this.#used[slot] === 1) {
      if (this.#low[slot] === low && this.#high[slot] === high) return false;
      slot = (slot + 1) & mask;
    }
    this.#used[slot] = 1;
    this.#low[slot] = low;
    this.#high[slot] = high;
    return true;
  }

  #grow(): void {
    const [low, high, used] = [this.#low, this.#high, this.#used];
    this.#low = new Int32Array(used.length * 2);
    this.#high = new Int32Array(used.length * 2);
    this.#used = new Uint8Array(used.length * 2);
    for (let slot = 0; slot < used.length; slot++) if (used[slot] === 1) this.#put(low[slot] ?? 0, high[slot] ?? 0);
  }
}
