import { exp, log } from '../../utils/math';
import { makeRandom, type Random } from '../../utils/random';
import { exponentialGain } from './gain';
import { requireLabels } from './labels';
import type { LabelledRows, Objective, ObjectiveParams } from './types';

const DEFAULT_TRUNCATION = 32;
const LEAST_HESSIAN = 1e-16;
const SCORE_SMOOTHING = 0.01;
const MOST_EXPONENT = 31;
const LN2 = 0.6931471805599453;

type RankingName = 'rank:ndcg' | 'rank:pairwise';

/** One query: row ids in list order, and their places by margin, greatest first. */
interface Query {
  readonly rows: Int32Array;
  readonly order: readonly number[];
  readonly gradient: Float64Array;
  readonly hessian: Float64Array;
}

/**
 * LambdaMART: pairs of rows of a query with different labels, weighed by what swapping them would change
 * (dmlc/xgboost:src/objective/lambdarank_obj.h, 3.2, unbiased learning off). A query's weight is that of its first row.
 */
export function ranking(name: RankingName, params: ObjectiveParams): Objective {
  return {
    name,
    outputs: 1,
    defaultMetric: 'ndcg',
    checkLabels: (data, rows) => {
      const exponential = name === 'rank:ndcg' && params.ndcg_exp_gain;
      requireLabels(data, rows, {
        objective: name,
        expected: exponential ? `a whole number from 0 to ${MOST_EXPONENT}` : 'a finite number at least 0',
        fits: (label) =>
          exponential
            ? Number.isInteger(label) && label >= 0 && label <= MOST_EXPONENT
            : label >= 0 && label < Infinity,
      });
    },
    baseScore: () => Float32Array.of(0),
    baseMargin: (baseScore) => Math.fround(baseScore),
    gradients: (data, margins, { rows }, pairs) => new QueryGradients(name, params, data, margins).fill(rows, pairs),
    toPredictions: () => undefined,
  };
}

class QueryGradients {
  readonly #name: RankingName;
  readonly #params: ObjectiveParams;
  readonly #data: LabelledRows;
  readonly #margins: Float32Array;

  constructor(name: RankingName, params: ObjectiveParams, data: LabelledRows, margins: Float32Array) {
    this.#name = name;
    this.#params = params;
    this.#data = data;
    this.#margins = margins;
  }

  fill(rows: Int32Array, pairs: readonly Float32Array[]): void {
    const queries = this.#data.queries ?? Int32Array.of(0, rows.length);
    const into = pairs[0] as Float32Array;
    const norm = this.#weightNorm(rows, queries);
    for (let q = 0; q + 1 < queries.length; q++) {
      const query = this.#query(rows.subarray(queries[q], queries[q + 1]));
      this.#comparePairs(query, q);
      const weight = norm * (this.#data.weights?.[query.rows[0] as number] ?? 1);
      query.rows.forEach((row, i) => {
        into[2 * row] = (query.gradient[i] as number) * weight;
        into[2 * row + 1] = (query.hessian[i] as number) * weight;
      });
    }
  }

  /** Weights of queries are scaled to a mean of 1. */
  #weightNorm(rows: Int32Array, queries: Int32Array): number {
    const { weights } = this.#data;
    if (!weights) return 1;
    let total = 0;
    for (let q = 0; q + 1 < queries.length; q++) total += weights[rows[queries[q] as number] as number] as number;
    return total > 0 ? (queries.length - 1) / total : 1;
  }

  #query(rows: Int32Array): Query {
    const order = Array.from(rows.keys()).sort((a, b) => this.#marginOf(rows, b) - this.#marginOf(rows, a) || a - b);
    return { rows, order, gradient: new Float64Array(rows.length), hessian: new Float64Array(rows.length) };
  }

  #marginOf(rows: Int32Array, i: number): number {
    return this.#margins[rows[i] as number] as number;
  }

  #labelOf(query: Query, place: number): number {
    return this.#data.labels[query.rows[query.order[place] as number] as number] as number;
  }

  #comparePairs(query: Query, number: number): void {
    const { lambdarank_pair_method, lambdarank_num_pair_per_sample, seed } = this.#params;
    const count = query.rows.length;
    const inverseIdeal = this.#name === 'rank:ndcg' ? this.#inverseIdeal(query) : 1;
    let sum = 0;
    if (lambdarank_pair_method === 'topk') {
      const most = Math.min(lambdarank_num_pair_per_sample ?? DEFAULT_TRUNCATION, count);
      for (let i = 0; i < most; i++) {
        for (let j = i + 1; j < count; j++) sum += this.#compare(query, i, j, inverseIdeal);
      }
    } else {
      const random = makeRandom(seed, `lambdarank/${number}`);
      sum = this.#compareSampled(query, lambdarank_num_pair_per_sample ?? 1, random, inverseIdeal);
    }
    this.#normalise(query, sum);
  }

  /** mean: each row against `times` rows of other labels, drawn. */
  #compareSampled(query: Query, times: number, random: Random, inverseIdeal: number): number {
    const count = query.rows.length;
    let sum = 0;
    for (let i = 0; i < count; i++) {
      const others = Array.from({ length: count }, (_, j) => j).filter(
        (j) => this.#labelOf(query, j) !== this.#labelOf(query, i),
      );
      for (let n = 0; n < times && others.length > 0; n++) {
        sum += this.#compare(query, i, others[random.int(others.length)] as number, inverseIdeal);
      }
    }
    return sum;
  }

  /** Adds the pair at places i and j; returns what it adds to the size of the query's gradients. */
  #compare(query: Query, i: number, j: number, inverseIdeal: number): number {
    const yi = this.#labelOf(query, i);
    const yj = this.#labelOf(query, j);
    if (yi === yj) return 0;
    const [high, low] = yi > yj ? [i, j] : [j, i];
    const atHigh = query.order[high] as number;
    const atLow = query.order[low] as number;
    const distance = this.#marginOf(query.rows, atHigh) - this.#marginOf(query.rows, atLow);
    const likely = 1 / (1 + exp(-distance));
    let delta = this.#name === 'rank:ndcg' ? this.#deltaNdcg(query, high, low, inverseIdeal) : 1;
    const best = this.#marginOf(query.rows, query.order[0] as number);
    const worst = this.#marginOf(query.rows, query.order[query.order.length - 1] as number);
    if (this.#params.lambdarank_score_normalization && best !== worst) delta /= Math.abs(distance) + SCORE_SMOOTHING;
    const gradient = (likely - 1) * delta;
    const hessian = Math.max(likely * (1 - likely), LEAST_HESSIAN) * delta * 2;
    query.gradient[atHigh] = (query.gradient[atHigh] as number) + gradient;
    query.gradient[atLow] = (query.gradient[atLow] as number) - gradient;
    query.hessian[atHigh] = (query.hessian[atHigh] as number) + hessian;
    query.hessian[atLow] = (query.hessian[atLow] as number) + hessian;
    return -2 * gradient;
  }

  #normalise(query: Query, sum: number): void {
    if (!this.#params.lambdarank_normalization || !(sum > 0)) return;
    const factor = log(1 + sum) / LN2 / sum;
    for (const sums of [query.gradient, query.hessian]) sums.forEach((value, i) => (sums[i] = value * factor));
  }

  #gain(label: number): number {
    return this.#params.ndcg_exp_gain ? exponentialGain(label) : label;
  }

  #deltaNdcg(query: Query, high: number, low: number, inverseIdeal: number): number {
    const gained = this.#gain(this.#labelOf(query, high)) - this.#gain(this.#labelOf(query, low));
    return Math.abs(gained * (discount(high) - discount(low)) * inverseIdeal);
  }

  #inverseIdeal({ rows }: Query): number {
    const { lambdarank_pair_method, lambdarank_num_pair_per_sample } = this.#params;
    const labels = Array.from(rows, (row) => this.#data.labels[row] as number).sort((a, b) => b - a);
    const most =
      lambdarank_pair_method === 'topk' ? (lambdarank_num_pair_per_sample ?? DEFAULT_TRUNCATION) : labels.length;
    const ideal = labels.slice(0, most).reduce((sum, label, place) => sum + this.#gain(label) * discount(place), 0);
    return ideal === 0 ? 0 : 1 / ideal;
  }
}

/** 1 / log2(place + 2). */
function discount(place: number): number {
  return LN2 / log(place + 2);
}
