import { logLossSum } from '../kernels/gradients/reference';
import { addTreeToRows } from '../kernels/predict/reference';
import type { Pacer } from './pacer';
import type { RegTree, TrainingMatrix } from './types';

const CHUNK = 65536;

export interface MarginsSource {
  readonly matrix: TrainingMatrix;
  /** Rows that take part. */
  readonly rows: Int32Array;
  /** Margin before the first tree. */
  readonly base: number;
  /** By row id. */
  readonly weights?: Float32Array;
}

/** Running log-odds of watched rows outside the bins, by float conditions; float32 as XGBoost's prediction cache. */
export class Margins {
  readonly rows: Int32Array;
  readonly #source: MarginsSource;
  readonly #pacer: Pacer;
  readonly #margins: Float32Array;
  readonly #totalWeight: number;

  constructor(source: MarginsSource, pacer: Pacer) {
    this.#source = source;
    this.#pacer = pacer;
    this.rows = source.rows;
    this.#margins = new Float32Array(source.matrix.labels.length).fill(source.base);
    const { weights } = source;
    this.#totalWeight = weights ? source.rows.reduce((sum, row) => sum + (weights[row] ?? 0), 0) : source.rows.length;
  }

  /** Sends the rows down a tree. */
  async addTree(tree: RegTree): Promise<void> {
    const { rows } = this;
    for (let begin = 0; begin < rows.length; begin += CHUNK) {
      const end = Math.min(begin + CHUNK, rows.length);
      addTreeToRows(tree, this.#source.matrix.columns, { rows, begin, end }, this.#margins);
      if (this.#pacer.due(4 * (end - begin))) await this.#pacer.rest();
    }
  }

  /** Weighted mean log loss of the rows. */
  async logLoss(): Promise<number> {
    const task = {
      rows: this.rows,
      margins: this.#margins,
      labels: this.#source.matrix.labels,
      weights: this.#source.weights,
    };
    let sum = 0;
    for (let from = 0; from < this.rows.length; from += CHUNK) {
      const to = Math.min(from + CHUNK, this.rows.length);
      sum += logLossSum(task, from, to);
      if (this.#pacer.due(2 * (to - from))) await this.#pacer.rest();
    }
    return sum / this.#totalWeight;
  }
}
