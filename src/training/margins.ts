import { logisticGradients, logLossSum } from '../kernels/gradients/reference';
import { addTreeToRows } from '../kernels/predict/reference';
import type { Pacer } from './pacer';
import type { TreeBuilder } from './tree-builder';
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

/** Running log-odds of a set of rows while trees are added, float32 as XGBoost's prediction cache. */
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

  /** Gradient pairs of all rows. */
  async gradients(positiveWeight: number, pairs: Float32Array): Promise<void> {
    const task = {
      rows: this.rows,
      margins: this.#margins,
      labels: this.#source.matrix.labels,
      positiveWeight,
      weights: this.#source.weights,
    };
    for (let from = 0; from < this.rows.length; from += CHUNK) {
      const to = Math.min(from + CHUNK, this.rows.length);
      logisticGradients(task, pairs, from, to);
      if (this.#pacer.due(2 * (to - from))) await this.#pacer.rest();
    }
  }

  /** Adds leaf values to the rows a tree was grown from. */
  addLeaves(builder: TreeBuilder, rows: Int32Array): void {
    for (let leaf = 0; leaf < builder.leafNodes.length; leaf++) {
      const value = builder.nodes.condition[builder.leafNodes[leaf] as number] as number;
      const end = builder.leafEnds[leaf] as number;
      for (let i = builder.leafBegins[leaf] as number; i < end; i++) {
        const row = rows[i] as number;
        this.#margins[row] = (this.#margins[row] as number) + value;
      }
    }
  }

  /** Sends rows[0..count) down a tree. */
  async addTree(tree: RegTree, rows: Int32Array, count: number): Promise<void> {
    for (let begin = 0; begin < count; begin += CHUNK) {
      const end = Math.min(begin + CHUNK, count);
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
