/** Text of UTF-8 bytes in [start, end), which must be valid (see `toUtf8`). */
export function decodeUtf8(bytes: Uint8Array, start: number, end: number): string {
  let text = '';
  let units: number[] = [];
  let at = start;
  while (at < end) {
    const lead = bytes[at] ?? 0;
    if (lead < 0x80) {
      units.push(lead);
      at += 1;
    } else if (lead < 0xe0) {
      units.push(((lead & 0x1f) << 6) | tail(bytes, at + 1));
      at += 2;
    } else if (lead < 0xf0) {
      units.push(((lead & 0x0f) << 12) | (tail(bytes, at + 1) << 6) | tail(bytes, at + 2));
      at += 3;
    } else {
      const point =
        ((lead & 0x07) << 18) | (tail(bytes, at + 1) << 12) | (tail(bytes, at + 2) << 6) | tail(bytes, at + 3);
      units.push(0xd800 + ((point - 0x10000) >> 10), 0xdc00 + ((point - 0x10000) & 0x3ff));
      at += 4;
    }
    if (units.length > 4096) {
      text += String.fromCharCode(...units);
      units = [];
    }
  }
  return text + String.fromCharCode(...units);
}

function tail(bytes: Uint8Array, at: number): number {
  return (bytes[at] ?? 0) & 0x3f;
}

/** A byte buffer that grows as code points are written to it as UTF-8. */
export class Utf8Writer {
  #bytes: Uint8Array;
  #length = 0;

  constructor(capacity: number) {
    this.#bytes = new Uint8Array(Math.max(16, capacity));
  }

  /** `point` is a Unicode scalar value. */
  write(point: number): void {
    if (this.#length + 4 > this.#bytes.length) this.#grow();
    const bytes = this.#bytes;
    if (point < 0x80) {
      bytes[this.#length++] = point;
    } else if (point < 0x800) {
      bytes[this.#length++] = 0xc0 | (point >> 6);
      bytes[this.#length++] = 0x80 | (point & 0x3f);
    } else if (point < 0x10000) {
      bytes[this.#length++] = 0xe0 | (point >> 12);
      bytes[this.#length++] = 0x80 | ((point >> 6) & 0x3f);
      bytes[this.#length++] = 0x80 | (point & 0x3f);
    } else {
      bytes[this.#length++] = 0xf0 | (point >> 18);
      bytes[this.#length++] = 0x80 | ((point >> 12) & 0x3f);
      bytes[this.#length++] = 0x80 | ((point >> 6) & 0x3f);
      bytes[this.#length++] = 0x80 | (point & 0x3f);
    }
  }

  finish(): Uint8Array {
    return this.#bytes.subarray(0, this.#length);
  }

  #grow(): void {
    const larger = new Uint8Array(this.#bytes.length * 2);
    larger.set(this.#bytes);
    this.#bytes = larger;
  }
}
