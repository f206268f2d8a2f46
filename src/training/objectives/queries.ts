import { log } from '../../utils/math';
import { refuseRow } from './labels';
import type { LabelledRows } from './types';

const LN2 = 0.6931471805599453;

/** Largest relevance that exponential gain takes: 2^31 - 1 is the largest gain. */
export const MOST_RELEVANT = 31;

const GAINS = new Float64Array(MOST_RELEVANT + 1);
for (let label = 1; label <= MOST_RELEVANT; label++) GAINS[label] = 2 * (GAINS[label - 1] as number) + 1;

let known = new Float64Array();

/** 1 / log2(position + 2) of at least `count` positions, 0-based. */
export function discountsOf(count: number): Float64Array {
  if (count > known.length) known = Float64Array.from({ length: 2 * count }, (_, i) => LN2 / log(i + 2));
  return known;
}

/** 2^label - 1 for a whole label up to 31, or the label itself. */
export function gainOf(label: number, exponential: boolean): number {
  return exponential ? (GAINS[label] as number) : label;
}

/** Where queries begin in a list of `count` rows, and its end; without queries all rows are one. */
export function queryBounds({ queries }: LabelledRows, count: number): Int32Array {
  return queries ?? Int32Array.of(0, count);
}

/** The weight of a query: that of its rows, which share it. */
export function queryWeight({ weights }: LabelledRows, rows: Int32Array, begin: number): number {
  return weights ? (weights[rows[begin] as number] ?? 1) : 1;
}

/** Sum of the weights of all queries. */
export function totalQueryWeight(data: LabelledRows, rows: Int32Array): number {
  const bounds = queryBounds(data, rows.length);
  let total = 0;
  for (let q = 0; q + 1 < bounds.length; q++) total += queryWeight(data, rows, bounds[q] as number);
  return total;
}

/** Positions that fit beside 32 bits of a value in the 53 of a whole float64. */
const MOST_POSITIONS = 2097152;

/** Positions 0.. of `values`, none NaN, from the highest to the lowest, equal ones in their order. */
export function fromHighest(values: Float32Array): Uint32Array {
  if (values.length > MOST_POSITIONS) {
    const order = Uint32Array.from(values, (_, i) => i);
    return order.sort((a, b) => (values[b] as number) - (values[a] as number) || a - b);
  }
  // Adding 0 makes one zero of the two; with the sign undone, bits of floats go down as the numbers go up.
  const numbers = new Float32Array(values.length);
  for (let i = 0; i < numbers.length; i++) numbers[i] = (values[i] as number) + 0;
  const bits = new Uint32Array(numbers.buffer);
  const keys = new Float64Array(values.length);
  for (let i = 0; i < keys.length; i++) {
    const bit = bits[i] as number;
    keys[i] = (bit >= 0x80000000 ? bit : 0x7fffffff - bit) * MOST_POSITIONS + i;
  }
  keys.sort();
  const order = new Uint32Array(keys.length);
  for (let i = 0; i < keys.length; i++) order[i] = (keys[i] as number) % MOST_POSITIONS;
  return order;
}

/** values[row] of rows[begin..end). */
export function valuesOf(values: Float32Array, rows: Int32Array, begin: number, end: number): Float32Array {
  const found = new Float32Array(end - begin);
  for (let i = begin; i < end; i++) found[i - begin] = values[rows[i] as number] as number;
  return found;
}

/** 1 / the largest discounted gain that the first `top` places can have; 0 when all labels are 0. */
export function inverseIdealGain(labels: Float32Array, top: number, exponential: boolean): number {
  const sorted = labels.slice().sort();
  const discounts = discountsOf(labels.length);
  let ideal = 0;
  for (let i = 0; i < Math.min(sorted.length, top); i++) {
    ideal += (discounts[i] as number) * gainOf(sorted[sorted.length - 1 - i] as number, exponential);
  }
  return ideal === 0 ? 0 : 1 / ideal;
}

/** Throws TRAINING_INVALID where rows of one query differ in weight. */
export function checkQueryWeights(data: LabelledRows, rows: Int32Array): void {
  const { weights } = data;
  if (!weights) return;
  const bounds = queryBounds(data, rows.length);
  for (let q = 0; q + 1 < bounds.length; q++) {
    const weight = queryWeight(data, rows, bounds[q] as number);
    for (let i = bounds[q] as number; i < (bounds[q + 1] as number); i++) {
      const row = rows[i] as number;
      if (weights[row] === weight) continue;
      refuseRow(
        row,
        `Row ${row + 1} has the weight ${weights[row] ?? NaN}, the first row of its query ${weight}; ranking weighs whole queries, so give all rows of one the same weight.`,
      );
    }
  }
}
