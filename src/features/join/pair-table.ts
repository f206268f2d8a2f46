const EMPTY = -1;

/** Numbers pairs of 32-bit words 0, 1, 2, … in order of first appearance. Holds at most the pairs it was made for. */
export class PairTable {
  readonly #mask: number;
  readonly #codes: Int32Array;
  readonly #low: Int32Array;
  readonly #high: Int32Array;
  #size = 0;

  /** @param most pairs that will be added at most. */
  constructor(most: number) {
    let slots = 16;
    while (slots < 2 * most) slots *= 2;
    this.#mask = slots - 1;
    this.#codes = new Int32Array(slots).fill(EMPTY);
    this.#low = new Int32Array(most);
    this.#high = new Int32Array(most);
  }

  get size(): number {
    return this.#size;
  }

  /** The number of a pair, a new one when it was not there. */
  add(low: number, high: number): number {
    const slot = this.#slotOf(low, high);
    const known = this.#codes[slot] as number;
    if (known !== EMPTY) return known;
    this.#codes[slot] = this.#size;
    this.#low[this.#size] = low;
    this.#high[this.#size] = high;
    return this.#size++;
  }

  /** The number of a pair, -1 when it is not there. */
  find(low: number, high: number): number {
    return this.#codes[this.#slotOf(low, high)] as number;
  }

  #slotOf(low: number, high: number): number {
    let slot = scatter(low, high) & this.#mask;
    for (;;) {
      const code = this.#codes[slot] as number;
      if (code === EMPTY || (this.#low[code] === low && this.#high[code] === high)) return slot;
      slot = (slot + 1) & this.#mask;
    }
  }
}

/** Spreads bits (the finaliser of MurmurHash3, Austin Appleby, public domain). */
function scatter(low: number, high: number): number {
  let mixed = Math.imul(low, 0x9e3779b1) ^ Math.imul(high, 0x85ebca77);
  mixed = Math.imul(mixed ^ (mixed >>> 16), 0x85ebca6b);
  mixed = Math.imul(mixed ^ (mixed >>> 13), 0xc2b2ae35);
  return mixed ^ (mixed >>> 16);
}
