import { leafOf } from '../kernels/predict/reference';
import type { Pacer } from './pacer';
import type { RegTree } from './types';

const CHUNK = 65536;

/** Running margins of watched rows outside the bins, by float conditions; float32 as XGBoost's prediction cache. */
export class Margins {
  readonly rows: Int32Array;
  readonly #columns: readonly Float32Array[];
  readonly #base: Float32Array;
  readonly #pacer: Pacer;
  readonly #margins: Float32Array;

  /** @param base [outputs] margins before the first tree. */
  constructor(columns: readonly Float32Array[], rows: Int32Array, base: Float32Array, pacer: Pacer) {
    this.rows = rows;
    this.#columns = columns;
    this.#base = base;
    this.#pacer = pacer;
    this.#margins = new Float32Array(rows.length * base.length);
    this.reset();
  }

  reset(): void {
    const outputs = this.#base.length;
    this.#margins.forEach((_, i) => (this.#margins[i] = this.#base[i % outputs] as number));
  }

  /** [rows * outputs] in the order of `rows`, copied. */
  copy(): Float32Array {
    return this.#margins.slice();
  }

  /** Sends the rows down a tree and adds its leaf values times `weight` to the margins of an output. */
  async addTree(tree: RegTree, output: number, weight: number): Promise<void> {
    const outputs = this.#base.length;
    for (let from = 0; from < this.rows.length; from += CHUNK) {
      const to = Math.min(from + CHUNK, this.rows.length);
      for (let i = from; i < to; i++) {
        const at = i * outputs + output;
        const leaf = leafOf(tree, this.#columns, this.rows[i] as number);
        this.#margins[at] =
          (this.#margins[at] as number) + Math.fround((tree.splitConditions[leaf] as number) * weight);
      }
      if (this.#pacer.due(4 * (to - from))) await this.#pacer.rest();
    }
  }
}
