/** Histogram buffers by number, reused; a taken one is all zeros. */
export class HistogramPool {
  readonly #length: number;
  readonly #buffers: Int32Array[] = [];
  readonly #free: number[] = [];

  constructor(length: number) {
    this.#length = length;
  }

  take(): number {
    const free = this.#free.pop();
    if (free === undefined) return this.#buffers.push(new Int32Array(this.#length)) - 1;
    this.at(free).fill(0);
    return free;
  }

  at(slot: number): Int32Array {
    return this.#buffers[slot] as Int32Array;
  }

  release(slot: number): void {
    this.#free.push(slot);
  }

  releaseAll(): void {
    this.#free.length = 0;
    for (let slot = 0; slot < this.#buffers.length; slot++) this.#free.push(slot);
  }
}
