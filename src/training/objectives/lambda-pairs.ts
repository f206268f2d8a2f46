import { sigmoidFloat32 } from '../../kernels/gradients/reference';
import { log } from '../../utils/math';
import { makeRandom, type Random } from '../../utils/random';
import {
  discountsOf,
  fromHighest,
  gainOf,
  inverseIdealGain,
  queryBounds,
  queryWeight,
  totalQueryWeight,
  valuesOf,
} from './queries';
import type { LabelledRows, Objective } from './types';

const LN2 = 0.6931471805599453;
const LEAST = 1e-16;

/** How pairs are made and weighed. */
export interface LambdaSettings {
  /** Weigh pairs by the NDCG at stake. */
  readonly ndcg: boolean;
  readonly exponential: boolean;
  readonly method: 'topk' | 'mean';
  readonly pairsEach: number;
  readonly normalise: boolean;
  readonly normaliseByScore: boolean;
  readonly seed: number;
}

/** One query; arrays are by rank, 0 the highest score. */
interface Query {
  /** Position in the query. */
  readonly positions: Uint32Array;
  readonly labels: Float32Array;
  readonly scores: Float32Array;
  readonly gains: Float64Array;
  readonly discounts: Float64Array;
  readonly inverseIdeal: number;
  /** Whether stakes are divided by the difference of scores: not when all are equal. */
  readonly byScore: boolean;
  readonly g: Float32Array;
  readonly h: Float32Array;
}

/** The gradients of lambdarank with these settings. */
export function lambdaPairs(settings: LambdaSettings): Objective['gradients'] {
  return (data, margins, { rows, from, to, round = 0 }, pairs) => {
    const bounds = queryBounds(data, rows.length);
    const weightNorm = Math.fround((bounds.length - 1) / totalQueryWeight(data, rows));
    for (let q = 0; q + 1 < bounds.length; q++) {
      const begin = bounds[q] as number;
      const end = bounds[q + 1] as number;
      if (begin < from || end > to || begin === end) continue;
      const query = queryOf(settings, data, margins, { rows, begin, end });
      const random = settings.method === 'mean' ? makeRandom(settings.seed, `lambdarank/${round}/${q}`) : null;
      const sum = random ? drawnPairs(query, settings, random) : topPairs(query, settings);
      const norm = Math.fround(normOf(settings, sum));
      const weight = queryWeight(data, rows, begin);
      const scaled = (value: number) =>
        Math.fround(Math.fround(norm === 1 ? value : Math.fround(value * norm)) * weight) * weightNorm;
      const into = pairs[0] as Float32Array;
      query.positions.forEach((position, rank) => {
        const row = rows[begin + position] as number;
        into[2 * row] = scaled(query.g[rank] as number);
        into[2 * row + 1] = scaled(query.h[rank] as number);
      });
    }
  };
}

function queryOf(
  { ndcg, exponential, method, pairsEach, normaliseByScore }: LambdaSettings,
  data: LabelledRows,
  margins: Float32Array,
  { rows, begin, end }: { readonly rows: Int32Array; readonly begin: number; readonly end: number },
): Query {
  const positions = fromHighest(valuesOf(margins, rows, begin, end));
  const count = positions.length;
  const labels = new Float32Array(count);
  const scores = new Float32Array(count);
  const gains = new Float64Array(count);
  for (let rank = 0; rank < count; rank++) {
    const row = rows[begin + (positions[rank] as number)] as number;
    const label = data.labels[row] as number;
    labels[rank] = label;
    scores[rank] = margins[row] as number;
    if (ndcg) gains[rank] = gainOf(label, exponential);
  }
  const top = method === 'topk' ? pairsEach : Infinity;
  return {
    positions,
    labels,
    scores,
    gains,
    discounts: discountsOf(labels.length),
    inverseIdeal: ndcg ? inverseIdealGain(labels, top, exponential) : 0,
    byScore: normaliseByScore && scores[0] !== scores[scores.length - 1],
    g: new Float32Array(labels.length),
    h: new Float32Array(labels.length),
  };
}

/** Pairs of each of the first places with every lower one; the sum of their |2 g|. */
function topPairs(query: Query, { ndcg, pairsEach }: LambdaSettings): number {
  const { labels } = query;
  let sum = 0;
  for (let i = 0; i < Math.min(labels.length, pairsEach); i++) {
    const label = labels[i] as number;
    for (let j = i + 1; j < labels.length; j++) {
      const other = labels[j] as number;
      if (label > other) sum += addPair(query, ndcg, i, j);
      else if (label < other) sum += addPair(query, ndcg, j, i);
    }
  }
  return sum;
}

/** For each row, `pairsEach` drawn rows of other labels; the sum of their |2 g|. */
function drawnPairs(query: Query, { ndcg, pairsEach }: LambdaSettings, random: Random): number {
  const { labels } = query;
  const byLabel = fromHighest(labels);
  const count = byLabel.length;
  const labelAt = (i: number) => labels[byLabel[i] as number];
  let sum = 0;
  for (let begin = 0; begin < count;) {
    let end = begin + 1;
    while (end < count && labelAt(end) === labelAt(begin)) end++;
    const others = begin + count - end;
    if (others === 0) break;
    for (let sample = 0; sample < pairsEach; sample++) {
      for (let i = begin; i < end; i++) {
        const drawn = random.int(others);
        const rank = byLabel[i] as number;
        if (drawn < begin) sum += addPair(query, ndcg, byLabel[drawn] as number, rank);
        else sum += addPair(query, ndcg, rank, byLabel[drawn - begin + end] as number);
      }
    }
    begin = end;
  }
  return sum;
}

/** Adds the pair of ranks whose first has the higher label to g and h; gives its |2 g|. */
function addPair(
  { scores, gains, discounts, inverseIdeal, byScore, g, h }: Query,
  ndcg: boolean,
  high: number,
  low: number,
): number {
  const difference = Math.fround((scores[high] as number) - (scores[low] as number));
  const sigmoid = sigmoidFloat32(difference);
  let stake = 1;
  if (ndcg) {
    const gainHigh = gains[high] as number;
    const gainLow = gains[low] as number;
    const discountHigh = discounts[high] as number;
    const discountLow = discounts[low] as number;
    const original = gainHigh * discountHigh + gainLow * discountLow;
    const changed = gainLow * discountHigh + gainHigh * discountLow;
    stake = Math.abs((original - changed) * inverseIdeal);
  }
  if (byScore) stake /= Math.abs(difference) + 0.01;
  const gradient = Math.fround((sigmoid - 1) * stake);
  const hessian = Math.fround(Math.max(sigmoid * (1 - sigmoid), LEAST) * stake * 2);
  g[high] = (g[high] as number) + gradient;
  g[low] = (g[low] as number) - gradient;
  h[high] = (h[high] as number) + hessian;
  h[low] = (h[low] as number) + hessian;
  return -2 * gradient;
}

function normOf({ normalise, method, pairsEach }: LambdaSettings, sum: number): number {
  if (!normalise) return 1;
  if (method === 'mean') return 1 / pairsEach;
  return sum > 0 ? log(1 + sum) / LN2 / sum : 1;
}
