import { logLossSum } from '../kernels/gradients/reference';
import type { BinnedMatrix } from './bin-matrix';
import { makeEvalMetric } from './eval-metrics';
import { Margins } from './margins';
import { valuesOf } from './objectives/queries';
import type { EvalMetric, LabelledRows, Objective } from './objectives/types';
import type { Pacer } from './pacer';
import { LOSS_BLOCK } from './shards/loss-sums';
import { evalSetsOf, floatLabels, type TrainRequest } from './train-request';
import type { TrainingRows } from './training-rows';
import type { TrainingMatrix } from './types';

/** Where the margins of watched rows are kept: among the bins, or apart. */
export type MarginSource =
  | { readonly inside: TrainingRows; readonly set: 'train' | 'validation'; readonly rows: Int32Array }
  | { readonly outside: Margins };

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
      if (quick === null) predictions ??= await this.#predictions();
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

  async #predictions(): Promise<Float32Array> {
    const source = this.#source;
    const predictions = 'outside' in source ? source.outside.copy() : this.#gathered(await source.inside.margins());
    this.#objective.toPredictions(predictions);
    return predictions;
  }

  #gathered(margins: Float32Array): Float32Array {
    const { outputs } = this.#objective;
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
    const sum =
      'outside' in source ? await this.#lossOutside(source.outside) : await source.inside.logLossSum(source.set);
    return sum / (weights ? rows.reduce((total, row) => total + (weights[row] as number), 0) : rows.length);
  }
  async #lossOutside(outside: Margins): Promise<number> {
    const task = { ...this.#listed.data, rows: this.#listed.positions, margins: outside.copy() };
    let sum = 0;
    for (let from = 0; from < outside.rows.length; from += LOSS_BLOCK) {
      const to = Math.min(from + LOSS_BLOCK, outside.rows.length);
      sum += logLossSum(task, from, to);
      if (this.#pacer.due(2 * (to - from))) await this.#pacer.rest();
    }
    return sum;
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

/** What is watched while a training runs. */
interface WatchSource {
  readonly request: TrainRequest;
  readonly binned: BinnedMatrix;
  readonly rows: Int32Array;
  readonly objective: Objective;
  readonly data: LabelledRows;
  readonly base: Float32Array;
}

/** The rows trained on, and those the request wants watched: among the bins where their bins say all about them. */
export function watchedSets(
  { request, binned, rows, objective, data, base }: WatchSource,
  { inside, validationRows }: { readonly inside: TrainingRows; readonly validationRows: Int32Array | null },
  pacer: Pacer,
): { readonly watched: readonly WatchedSet[]; readonly outside: readonly Margins[] } {
  const names = request.evalMetrics ?? [objective.defaultMetric];
  const metrics = names.map((name) => makeEvalMetric(name, request.params));
  const what = { data, objective, metrics };
  const watched = [new WatchedSet('train', { inside, set: 'train', rows }, what, pacer)];
  const outside: Margins[] = [];
  const watchOutside = (name: string, matrix: TrainingMatrix, own: LabelledRows, list: Int32Array) => {
    const margins = new Margins(matrix.columns, list, base, pacer);
    outside.push(margins);
    watched.push(new WatchedSet(name, { outside: margins }, { ...what, data: own }, pacer));
  };
  if (request.validationRows) {
    if (validationRows) {
      watched.push(new WatchedSet('validation', { inside, set: 'validation', rows: validationRows }, what, pacer));
    } else watchOutside('validation', binned.matrix, data, request.validationRows);
  }
  for (const { name, matrix, weights } of evalSetsOf(request)) {
    const list = Int32Array.from({ length: matrix.labels.length }, (_, row) => row);
    const own = { labels: floatLabels(matrix), weights, queries: matrix.queries };
    objective.checkLabels(own, list);
    watchOutside(name, matrix, own, list);
  }
  return { watched, outside };
}
