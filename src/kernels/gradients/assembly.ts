// Logistic gradients and losses, two rows at a time, with the steps of reference.ts.

const LOG2_E: f64 = 1.4426950408889634;
const LN2_HIGH: f64 = 0.6931471803691238;
const LN2_LOW: f64 = 1.9082149292705877e-10;
const SMALL: f64 = 1.1830521861667747e-271;
const TO_LARGE: f64 = 8.452712498170644e270;

function step(sum: v128, r: v128, term: f64): v128 {
  return f64x2.add(f64x2.mul(sum, r), f64x2.splat(term));
}

/** 2^52 + 1023: added to a whole number it leaves, in the lowest bits, the exponent of that power of two. */
const EXPONENT: f64 = 4503599627371519;

/** 1 / (1 + e^-x) of two float32 margins, in the low lanes of a float32x4. */
function sigmoid(margins: v128): v128 {
  const minus = f64x2.promote_low_f32x4(f32x4.neg(margins));
  const x = f64x2.pmax(f64x2.pmin(minus, f64x2.splat(<f64>(<f32>88.7))), f64x2.splat(-104));
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
  const scale = i64x2.shl(f64x2.add(k, f64x2.splat(EXPONENT)), 52);
  const power = f32x4.demote_f64x2_zero(f64x2.mul(sum, scale));
  const one = f32x4.splat(1);
  return f32x4.div(one, f32x4.add(power, one));
}

/** Float32 values of two rows. */
function pick(values: usize, first: usize, second: usize): v128 {
  return v128.load32_lane(values + (second << 2), v128.load32_zero(values + (first << 2)), 1);
}

/** Stores the pairs of two rows: nothing here branches on a label, which no processor can foresee. */
function storePairs(p: v128, label: v128, weight: v128, first: usize, second: usize): void {
  const one = f32x4.splat(1);
  const gradient = f32x4.mul(f32x4.sub(p, label), weight);
  const variance = f32x4.pmax(f32x4.mul(p, f32x4.sub(one, p)), f32x4.splat(1e-16));
  const both = i32x4.shuffle(gradient, f32x4.mul(variance, weight), 0, 4, 1, 5);
  v128.store64_lane(first, both, 0);
  v128.store64_lane(second, both, 1);
}

/** The probabilities given to the true labels of two rows, at least 1e-16, as float64x2. */
function likelihoods(p: v128, label: v128): v128 {
  const probability = f64x2.promote_low_f32x4(p);
  const isOne = i64x2.extend_low_i32x4_s(f32x4.eq(label, f32x4.splat(1)));
  const given = v128.bitselect(probability, f64x2.sub(f64x2.splat(1), probability), isOne);
  return f64x2.pmax(given, f64x2.splat(1e-16));
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
  for (let at = rows + (from << 2); at < last; at += 8) {
    const first: usize = load<u32>(at);
    const isPair = at + 4 < last;
    const second: usize = isPair ? <usize>load<u32>(at, 4) : first;
    const p = sigmoid(pick(margins, first, second));
    const label = pick(labels, first, second);
    const isOne = f32x4.eq(label, f32x4.splat(1));
    const factor = v128.bitselect(f32x4.splat(positiveWeight), f32x4.splat(1), isOne);
    const weight = weights ? f32x4.mul(pick(weights, first, second), factor) : factor;
    storePairs(p, label, weight, pairs + (first << 3), pairs + (second << 3));
    const given = likelihoods(p, label);
    product *= f64x2.extract_lane(given, 0);
    if (product < SMALL) {
      product *= TO_LARGE;
      rescaled++;
    }
    if (!isPair) break;
    product *= f64x2.extract_lane(given, 1);
    if (product < SMALL) {
      product *= TO_LARGE;
      rescaled++;
    }
  }
  store<f64>(out, product);
  return rescaled;
}

/** The product of the likelihoods of rows[from..to): at `out` its float64 part, returned the times it was rescaled. */
export function likelihood(rows: usize, from: usize, to: usize, margins: usize, labels: usize, out: usize): i32 {
  let product: f64 = 1;
  let rescaled = 0;
  const last = rows + (to << 2);
  for (let at = rows + (from << 2); at < last; at += 8) {
    const first: usize = load<u32>(at);
    const isPair = at + 4 < last;
    const second: usize = isPair ? <usize>load<u32>(at, 4) : first;
    const given = likelihoods(sigmoid(pick(margins, first, second)), pick(labels, first, second));
    product *= f64x2.extract_lane(given, 0);
    if (product < SMALL) {
      product *= TO_LARGE;
      rescaled++;
    }
    if (!isPair) break;
    product *= f64x2.extract_lane(given, 1);
    if (product < SMALL) {
      product *= TO_LARGE;
      rescaled++;
    }
  }
  store<f64>(out, product);
  return rescaled;
}
