import { logLossSum } from '../kernels/gradients/reference';
import type { BoostingRows, RowSet } from '../kernels/types';
import type { Margins } from './margins';
import { valuesOf } from './objectives/queries';
import type { EvalMetric, LabelledRows, Objective } from './objectives/types';
import type { Pacer } from './pacer';

/** Rows between two chances to pause. */
const CHUNK = 65536;

/** Where the margins of watched rows are kept: among the bins, or apart. */
export type MarginSource =
  { readonly inside: BoostingRows; readonly set: RowSet; readonly rows: Int32Array } | { readonly outside: Margins };

/** Rows whose metrics are followed round by round. */
export class WatchedSet {
  readonly name: string;
  /** history[metric][round] */
  readonly history: Record<string, number[]> = {};
  readonly #source: MarginSource;
  readonly #data: LabelledRows;
  /** Labels and weights in the order of the row list, as predictions come, and 0, 1, 2, … */
  readonly #listed: { readonly data: LabelledRows; readonly positions: Int32Array };
  readonly #objective: Objective;
  readonly #metrics: readonly EvalMetric[];
  readonly #pacer: Pacer;

  constructor(
    name: string,
    source: MarginSource,
    what: { readonly data: LabelledRows; readonly objective: Objective; readonly metrics: readonly EvalMetric[] },
    pacer: Pacer,
  ) {
    this.name = name;
    this.#source = source;
    this.#data = what.data;
    this.#listed = inListOrder(what.data, this.#rows);
    this.#objective = what.objective;
    this.#metrics = what.metrics;
    this.#pacer = pacer;
    for (const metric of what.metrics) this.history[metric.name] = [];
  }

  /** Measures the margins as they stand and keeps the values. */
  async measure(): Promise<Readonly<Record<string, number>>> {
    const values: Record<string, number> = {};
    let predictions: Float32Array | null = null;
    for (const metric of this.#metrics) {
      const quick = metric.name === 'logloss' ? await this.#quickLogLoss() : null;
      if (quick === null) predictions ??= this.#predictions();
      const value =
        quick ?? metric.evaluate(this.#listed.data, predictions ?? new Float32Array(), this.#listed.positions);
      values[metric.name] = value;
      this.history[metric.name]?.push(value);
    }
    if (predictions && this.#pacer.due(4 * predictions.length)) await this.#pacer.rest();
    return values;
  }

  /** Of the last metric, the one early stopping follows. */
  last(values: Readonly<Record<string, number>>): {
    readonly value: number;
    readonly direction: EvalMetric['direction'];
  } {
    const metric = this.#metrics.at(-1);
    return { value: values[metric?.name ?? ''] ?? NaN, direction: metric?.direction ?? 'minimize' };
  }

  get #rows(): Int32Array {
    return 'outside' in this.#source ? this.#source.outside.rows : this.#source.rows;
  }

  #predictions(): Float32Array {
    const predictions = 'outside' in this.#source ? this.#source.outside.copy() : this.#gathered(this.#source.inside);
    this.#objective.toPredictions(predictions);
    return predictions;
  }

  #gathered(inside: BoostingRows): Float32Array {
    const { outputs } = this.#objective;
    const margins = inside.margins();
    const rows = this.#rows;
    if (outputs === 1) return Float32Array.from(rows, (row) => margins[row] as number);
    const gathered = new Float32Array(rows.length * outputs);
    rows.forEach((row, i) => gathered.set(margins.subarray(row * outputs, (row + 1) * outputs), i * outputs));
    return gathered;
  }

  /** The kernels' log loss, where it is binary: many rows to one logarithm. */
  async #quickLogLoss(): Promise<number | null> {
    if (this.#objective.name !== 'binary:logistic') return null;
    const source = this.#source;
    const rows = this.#rows;
    const { weights } = this.#data;
    const apart =
      'outside' in source
        ? { ...this.#listed.data, rows: this.#listed.positions, margins: source.outside.copy() }
        : null;
    let sum = 0;
    for (let from = 0; from < rows.length; from += CHUNK) {
      const to = Math.min(from + CHUNK, rows.length);
      if (apart) sum += logLossSum(apart, from, to);
      else if ('inside' in source) sum += source.inside.logLossSum(source.set, from, to);
      if (this.#pacer.due(2 * (to - from))) await this.#pacer.rest();
    }
    return sum / (weights ? rows.reduce((total, row) => total + (weights[row] as number), 0) : rows.length);
  }
}

function inListOrder(data: LabelledRows, rows: Int32Array) {
  if (rows.length === data.labels.length && rows.every((row, position) => row === position)) {
    return { data, positions: rows };
  }
  const { labels, weights, queries } = data;
  return {
    data: {
      labels: valuesOf(labels, rows, 0, rows.length),
      weights: weights && valuesOf(weights, rows, 0, rows.length),
      queries,
    },
    positions: Int32Array.from(rows.keys()),
  };
}
