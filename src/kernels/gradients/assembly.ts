// Logistic gradients and losses, two rows at a time, with the steps of reference.ts.

const LOG2_E: f64 = 1.4426950408889634;
const LN2_HIGH: f64 = 0.6931471803691238;
const LN2_LOW: f64 = 1.9082149292705877e-10;
const SMALL: f64 = 1.1830521861667747e-271;
const TO_LARGE: f64 = 8.452712498170644e270;

function step(sum: v128, r: v128, term: f64): v128 {
  return f64x2.add(f64x2.mul(sum, r), f64x2.splat(term));
}

/** 1 / (1 + e^-x) of two float32 margins, in the low lanes of a float32x4. */
function sigmoid(margins: v128): v128 {
  const minus = f64x2.promote_low_f32x4(f32x4.neg(margins));
  const x = f64x2.max(f64x2.min(minus, f64x2.splat(<f64>(<f32>88.7))), f64x2.splat(-104));
  const k = f64x2.floor(f64x2.add(f64x2.mul(x, f64x2.splat(LOG2_E)), f64x2.splat(0.5)));
  const r = f64x2.sub(f64x2.sub(x, f64x2.mul(k, f64x2.splat(LN2_HIGH))), f64x2.mul(k, f64x2.splat(LN2_LOW)));
  let sum = step(f64x2.splat(2.505210838544172e-8), r, 2.755731922398589e-7);
  sum = step(sum, r, 2.755731922398589e-6);
  sum = step(sum, r, 2.48015873015873e-5);
  sum = step(sum, r, 1.984126984126984e-4);
  sum = step(sum, r, 1.3888888888888889e-3);
  sum = step(sum, r, 8.333333333333333e-3);
  sum = step(sum, r, 4.1666666666666664e-2);
  sum = step(sum, r, 0.16666666666666666);
  sum = step(sum, r, 0.5);
  sum = step(sum, r, 1);
  sum = step(sum, r, 1);
  const exponent = i64x2.add(i64x2.extend_low_i32x4_s(i32x4.trunc_sat_f64x2_s_zero(k)), i64x2.splat(1023));
  const power = f32x4.demote_f64x2_zero(f64x2.mul(sum, i64x2.shl(exponent, 52)));
  const one = f32x4.splat(1);
  return f32x4.div(one, f32x4.add(power, one));
}

function storePair(row: usize, p: f32, labels: usize, weights: usize, positiveWeight: f32, pairs: usize): void {
  const label = load<f32>(labels + (row << 2));
  let weight: f32 = weights ? load<f32>(weights + (row << 2)) : 1;
  if (label == 1) weight *= positiveWeight;
  const pair = pairs + (row << 3);
  store<f32>(pair, (p - label) * weight);
  store<f32>(pair, <f32>(max<f32>(p * (<f32>1 - p), <f32>1e-16) * weight), 4);
}

/**
 * Gradient pairs of rows[from..to) into `pairs`; `weights` is 0 for none. On the way the product of their likelihoods, as
 * `likelihood` gives it.
 */
export function logisticGradients(
  rows: usize,
  from: usize,
  to: usize,
  margins: usize,
  labels: usize,
  weights: usize,
  positiveWeight: f32,
  pairs: usize,
  out: usize,
): i32 {
  let product: f64 = 1;
  let rescaled = 0;
  const last = rows + (to << 2);
  let at = rows + (from << 2);
  for (; at + 4 < last; at += 8) {
    const first: usize = load<u32>(at);
    const second: usize = load<u32>(at, 4);
    const both = v128.load32_lane(margins + (second << 2), v128.load32_zero(margins + (first << 2)), 1);
    const p = sigmoid(both);
    storePair(first, f32x4.extract_lane(p, 0), labels, weights, positiveWeight, pairs);
    storePair(second, f32x4.extract_lane(p, 1), labels, weights, positiveWeight, pairs);
    product *= likelihoodOf(f32x4.extract_lane(p, 0), load<f32>(labels + (first << 2)));
    if (product < SMALL) {
      product *= TO_LARGE;
      rescaled++;
    }
    product *= likelihoodOf(f32x4.extract_lane(p, 1), load<f32>(labels + (second << 2)));
    if (product < SMALL) {
      product *= TO_LARGE;
      rescaled++;
    }
  }
  if (at < last) {
    const row: usize = load<u32>(at);
    const p = sigmoid(v128.load32_zero(margins + (row << 2)));
    storePair(row, f32x4.extract_lane(p, 0), labels, weights, positiveWeight, pairs);
    product *= likelihoodOf(f32x4.extract_lane(p, 0), load<f32>(labels + (row << 2)));
    if (product < SMALL) {
      product *= TO_LARGE;
      rescaled++;
    }
  }
  store<f64>(out, product);
  return rescaled;
}

function likelihoodOf(p: f32, label: f32): f64 {
  const probability = <f64>p;
  return max<f64>(label == 1 ? probability : 1 - probability, 1e-16);
}

/** The product of the likelihoods of rows[from..to): at `out` its float64 part, returned the times it was rescaled. */
export function likelihood(rows: usize, from: usize, to: usize, margins: usize, labels: usize, out: usize): i32 {
  let product: f64 = 1;
  let rescaled = 0;
  const last = rows + (to << 2);
  for (let at = rows + (from << 2); at < last; at += 8) {
    const first: usize = load<u32>(at);
    const second: usize = at + 4 < last ? <usize>load<u32>(at, 4) : first;
    const p = sigmoid(v128.load32_lane(margins + (second << 2), v128.load32_zero(margins + (first << 2)), 1));
    product *= likelihoodOf(f32x4.extract_lane(p, 0), load<f32>(labels + (first << 2)));
    if (product < SMALL) {
      product *= TO_LARGE;
      rescaled++;
    }
    if (at + 4 >= last) break;
    product *= likelihoodOf(f32x4.extract_lane(p, 1), load<f32>(labels + (second << 2)));
    if (product < SMALL) {
      product *= TO_LARGE;
      rescaled++;
    }
  }
  store<f64>(out, product);
  return rescaled;
}
