import type { RowSegment } from '../histogram/reference';
import type { PairSum, Quantisation, SideSums } from '../types';

const LIMIT = 1073741824;
/** Sums of this many times the largest value are exact in float64. */
const EXACT = 4503599627370496;

/** Rows, by number, and how many of the list count. */
interface RowList {
  readonly rows: Int32Array;
  readonly count: number;
}

/** The largest |gradient| and hessian. */
export function largestPair(pairs: Float32Array, { rows, count }: RowList): PairSum {
  let gradient = 0;
  let hessian = 0;
  for (let i = 0; i < count; i++) {
    const at = 2 * (rows[i] as number);
    const g = Math.abs(pairs[at] as number);
    const h = pairs[at + 1] as number;
    if (g > gradient) gradient = g;
    if (h > hessian) hessian = h;
  }
  return { gradient, hessian };
}

/** `units` are such that no sum reaches 2^53 (`summingUnits`). */
export function sumPairs(pairs: Float32Array, { rows, count }: RowList, units: Quantisation): SideSums {
  let positive = 0;
  let negative = 0;
  let hessian = 0;
  for (let i = 0; i < count; i++) {
    const at = 2 * (rows[i] as number);
    const g = pairs[at] as number;
    if (g > 0) positive += Math.floor(g * units.gradientScale);
    else negative += Math.floor(-g * units.gradientScale);
    hessian += Math.floor((pairs[at + 1] as number) * units.hessianScale);
  }
  return { positive, negative, hessian };
}

/** Sums of round-to-nearest whole numbers of pairs, in units of `units`. */
export function exactSum(
  pairs: Float32Array,
  { rows, begin, end }: RowSegment,
  { gradientScale, hessianScale }: Quantisation,
): PairSum {
  let gradient = 0;
  let hessian = 0;
  for (let i = begin; i < end; i++) {
    const at = 2 * (rows[i] as number);
    gradient += Math.floor((pairs[at] as number) * gradientScale + 0.5);
    hessian += Math.floor((pairs[at + 1] as number) * hessianScale + 0.5);
  }
  return { gradient: gradient / gradientScale, hessian: hessian / hessianScale };
}

/** Powers of two under which `count` values up to `largest` are summed exactly. */
export function summingUnits(largest: PairSum, count: number): Quantisation {
  return {
    gradientScale: scaleFor(largest.gradient * count, EXACT),
    hessianScale: scaleFor(largest.hessian * count, EXACT),
  };
}

/**
 * The largest power of two that keeps max(sum of positive g, sum of |negative g|), and the sum of h, within 2^30, so
 * that no subset of rows can leave 32 bits (the bound of dmlc/xgboost:src/tree/gpu_hist/quantiser.cu, for 32 instead of
 * 64). The sums are of whole numbers and so exact: the order of rows, and how workers share them, cannot matter.
 */
export function quantisationFor(sums: SideSums, units: Quantisation, count: number): Quantisation {
  return {
    gradientScale: scaleFor((Math.max(sums.positive, sums.negative) + count) / units.gradientScale, LIMIT),
    hessianScale: scaleFor((sums.hessian + count) / units.hessianScale, LIMIT),
  };
}

function scaleFor(bound: number, limit: number): number {
  if (!(bound > 0)) return 1;
  let scale = 1;
  while (bound * scale * 2 <= limit) scale *= 2;
  while (bound * scale > limit) scale /= 2;
  return scale;
}

/**
 * Whole numbers nearest to the scaled pairs, halves upwards: floor(v * scale + 0.5). `into` gets hessian and gradient
 * of row r at 2 * r and 2 * r + 1, the two halves of one 64-bit number. Returns their sums.
 */
export function quantisePairs(
  pairs: Float32Array,
  { rows, count }: RowList,
  { gradientScale, hessianScale }: Quantisation,
  into: Int32Array,
): PairSum {
  let gradient = 0;
  let hessian = 0;
  for (let i = 0; i < count; i++) {
    const at = 2 * (rows[i] as number);
    const g = Math.floor((pairs[at] as number) * gradientScale + 0.5);
    const h = Math.floor((pairs[at + 1] as number) * hessianScale + 0.5);
    into[at] = h;
    into[at + 1] = g;
    gradient += g;
    hessian += h;
  }
  return { gradient, hessian };
}
