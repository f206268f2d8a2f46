import { log } from '../../utils/math';

const LOG2_E = 1.4426950408889634;
const LN2_HIGH = 0.6931471803691238;
const LN2_LOW = 1.9082149292705877e-10;
const TABLE_ZERO = 160;
const POWERS_OF_TWO = Float64Array.from({ length: 2 * TABLE_ZERO + 1 }, (_, i) => {
  let power = 1;
  for (let k = TABLE_ZERO; k < i; k++) power *= 2;
  for (let k = i; k < TABLE_ZERO; k++) power /= 2;
  return power;
});
const LARGEST = Math.fround(88.7);
const LEAST_HESSIAN = Math.fround(1e-16);
const LEAST_PROBABILITY = 1e-16;

/**
 * e^x for |x| <= 104 to about 1e-14 relative, then rounded to float32: the Taylor series to the 11th power after
 * argument reduction, multiplications only. `exp` of utils is more exact and several times slower.
 */
export function expFloat32(x: number): number {
  const k = Math.floor(x * LOG2_E + 0.5);
  const r = x - k * LN2_HIGH - k * LN2_LOW;
  let sum = 2.505210838544172e-8 * r + 2.755731922398589e-7;
  sum = sum * r + 2.755731922398589e-6;
  sum = sum * r + 2.48015873015873e-5;
  sum = sum * r + 1.984126984126984e-4;
  sum = sum * r + 1.3888888888888889e-3;
  sum = sum * r + 8.333333333333333e-3;
  sum = sum * r + 4.1666666666666664e-2;
  sum = sum * r + 0.16666666666666666;
  sum = sum * r + 0.5;
  sum = sum * r + 1;
  sum = sum * r + 1;
  return Math.fround(sum * (POWERS_OF_TWO[k + TABLE_ZERO] as number));
}

/**
 * 1 / (1 + e^-x) with float32 steps and -x capped at 88.7, as XGBoost computes it
 * (dmlc/xgboost:src/common/math.h). `margin` is a float32 number; so is the result, in [3e-39, 1].
 */
export function sigmoidFloat32(margin: number): number {
  const minus = -margin;
  const power = expFloat32(minus > LARGEST ? LARGEST : minus < -104 ? -104 : minus);
  return Math.fround(1 / Math.fround(power + 1));
}

/** Rows, their margins and labels; all arrays are indexed by row id. */
export interface GradientTask {
  readonly rows: Int32Array;
  readonly margins: Float32Array;
  /** 0 or 1; between them for reg:logistic. */
  readonly labels: Float32Array;
  /** scale_pos_weight, float32. */
  readonly positiveWeight: number;
  readonly weights?: Float32Array;
}

/**
 * Gradient pairs of the logistic loss, g = (p - y) w and h = max(p (1 - p), 1e-16) w in float32
 * (dmlc/xgboost:src/objective/regression_loss.h), for rows[from..to) into `pairs` [2 * row, 2 * row + 1].
 */
export function logisticGradients(task: GradientTask, pairs: Float32Array, from: number, to: number): void {
  const { rows, margins, labels, positiveWeight, weights } = task;
  for (let i = from; i < to; i++) {
    const row = rows[i] as number;
    const p = sigmoidFloat32(margins[row] as number);
    const label = labels[row] as number;
    let weight = weights ? (weights[row] as number) : 1;
    if (label === 1) weight = Math.fround(weight * positiveWeight);
    const hessian = Math.fround(p * Math.fround(1 - p));
    pairs[2 * row] = Math.fround(p - label) * weight;
    pairs[2 * row + 1] = Math.max(hessian, LEAST_HESSIAN) * weight;
  }
}

/** A product of likelihoods, as product * 2^(-900 * rescaled). */
export interface Likelihood {
  readonly product: number;
  readonly rescaled: number;
}

const SMALL = 1.1830521861667747e-271;
const TO_LARGE = 8.452712498170644e270;
const LOG_OF_LARGE = 623.8324625039508;

/** -log of a product of likelihoods. */
export function negativeLog({ product, rescaled }: Likelihood): number {
  return rescaled * LOG_OF_LARGE - log(product);
}

/**
 * The product, over rows[from..to), of the probability given to the true label, floored at 1e-16
 * (dmlc/xgboost:src/metric/elementwise_metric.cu): a logarithm of each would cost more than the rest.
 */
export function likelihood(task: Omit<GradientTask, 'positiveWeight'>, from: number, to: number): Likelihood {
  let product = 1;
  let rescaled = 0;
  for (let i = from; i < to; i++) {
    product *= likelihoodOf(task, task.rows[i] as number);
    if (product < SMALL) {
      product *= TO_LARGE;
      rescaled++;
    }
  }
  return { product, rescaled };
}

function likelihoodOf({ margins, labels }: Omit<GradientTask, 'positiveWeight'>, row: number): number {
  const p = sigmoidFloat32(margins[row] as number);
  return Math.max(labels[row] === 1 ? p : 1 - p, LEAST_PROBABILITY);
}

/** Sum over rows[from..to) of weight times -log of the probability given to the true label. */
export function logLossSum(task: Omit<GradientTask, 'positiveWeight'>, from: number, to: number): number {
  const { rows, weights } = task;
  if (!weights) return negativeLog(likelihood(task, from, to));
  let sum = 0;
  for (let i = from; i < to; i++) {
    const row = rows[i] as number;
    sum -= (weights[row] as number) * log(likelihoodOf(task, row));
  }
  return sum;
}
