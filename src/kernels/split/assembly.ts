// The best split of a node, with the formulas, the order and the ties of reference.ts.

/** Set by `setSplitTask` before each search: trainings that take turns share the module. */
let lambda: f64 = 0;
let alpha: f64 = 0;
let least: f64 = 0;
let gradientUnit: f64 = 0;
let hessianUnit: f64 = 0;
let nodeGradient: i32 = 0;
let nodeHessian: i32 = 0;
let nodeGain: f64 = 0;
let bestGain: f32 = 0;
/** A gain at or below this, less a part in 10^12 for rounding, cannot replace the best. */
let gainToBeat: f64 = 0;
let bestFeature: i32 = 0;
let bestBin: i32 = 0;
let bestDefaultLeft: i32 = 0;
let bestLeftGradient: i32 = 0;
let bestLeftHessian: i32 = 0;

const SLACK: f64 = 1.000000000001;

/** Penalties and limits (float32 values), and the units of this round's whole numbers. */
export function setSplitTask(
  taskLambda: f64,
  taskAlpha: f64,
  minChildWeight: f64,
  taskGradientUnit: f64,
  taskHessianUnit: f64,
): void {
  lambda = taskLambda;
  alpha = taskAlpha;
  least = minChildWeight;
  gradientUnit = taskGradientUnit;
  hessianUnit = taskHessianUnit;
}

function shrink(gradient: f64): f64 {
  return gradient > alpha ? gradient - alpha : gradient < -alpha ? gradient + alpha : 0;
}

/** Compares one candidate; a product decides for most that they cannot win, which saves two divisions. */
function consider(
  feature: i32,
  bin: i32,
  defaultLeft: i32,
  leftGradient: i32,
  leftHessian: i32,
  left: f64,
  right: f64,
): void {
  const leftShrunk = shrink(<f64>leftGradient * gradientUnit);
  const rightShrunk = shrink(<f64>(nodeGradient - leftGradient) * gradientUnit);
  const leftSquare = leftShrunk * leftShrunk;
  const rightSquare = rightShrunk * rightShrunk;
  const leftWeight = left + lambda;
  const rightWeight = right + lambda;
  const weighed = leftSquare * rightWeight + rightSquare * leftWeight;
  if (weighed * SLACK < gainToBeat * (leftWeight * rightWeight)) return;
  const gain = leftSquare / leftWeight + rightSquare / rightWeight;
  const lossChange = <f32>(gain - nodeGain);
  if (!(lossChange > bestGain) || lossChange == Infinity) return;
  bestGain = lossChange;
  gainToBeat = <f64>lossChange + nodeGain;
  bestFeature = feature;
  bestBin = bin;
  bestDefaultLeft = defaultLeft;
  bestLeftGradient = leftGradient;
  bestLeftHessian = leftHessian;
}

/** One candidate of the forward scan; false when nothing after it can be valid. */
function tryForward(feature: i32, bin: i32, gradient: i32, hessian: i32): bool {
  const left = <f64>hessian * hessianUnit;
  if (left < least || hessian <= 0) return true;
  const right = <f64>(nodeHessian - hessian) * hessianUnit;
  if (right < least || right <= 0) return false;
  consider(feature, bin, 0, gradient, hessian, left, right);
  return true;
}

function scanForward(slots: usize, bins: i32, feature: i32): void {
  let gradient: i32 = 0;
  let hessian: i32 = 0;
  let bin: i32 = 0;
  if (alpha == 0) {
    // Two bins at a time: [h0, g0, h1, g1] become running sums, and products tell whether either can win.
    let carry = i32x4.splat(0);
    const wholeGradient = f64x2.splat(<f64>nodeGradient);
    const wholeHessian = f64x2.splat(<f64>nodeHessian);
    const gradientUnits = f64x2.splat(gradientUnit);
    const hessianUnits = f64x2.splat(hessianUnit);
    const leasts = f64x2.splat(least);
    const lambdas = f64x2.splat(lambda);
    const slack = f64x2.splat(SLACK);
    for (; bin + 1 < bins; bin += 2) {
      const pairs = v128.load(slots + ((<usize>bin) << 3));
      const shifted = i32x4.shuffle(i32x4.splat(0), pairs, 0, 0, 4, 5);
      const running = i32x4.add(i32x4.add(pairs, shifted), carry);
      carry = i32x4.shuffle(running, running, 2, 3, 2, 3);
      const leftHessian = f64x2.convert_low_i32x4_s(i32x4.shuffle(running, running, 0, 2, 0, 2));
      const leftGradient = f64x2.convert_low_i32x4_s(i32x4.shuffle(running, running, 1, 3, 1, 3));
      const left = f64x2.mul(leftHessian, hessianUnits);
      const right = f64x2.mul(f64x2.sub(wholeHessian, leftHessian), hessianUnits);
      const g = f64x2.mul(leftGradient, gradientUnits);
      const rest = f64x2.mul(f64x2.sub(wholeGradient, leftGradient), gradientUnits);
      const leftWeight = f64x2.add(left, lambdas);
      const rightWeight = f64x2.add(right, lambdas);
      const weighed = f64x2.add(f64x2.mul(f64x2.mul(g, g), rightWeight), f64x2.mul(f64x2.mul(rest, rest), leftWeight));
      const asked = f64x2.mul(f64x2.splat(gainToBeat), f64x2.mul(leftWeight, rightWeight));
      const valid = v128.and(f64x2.ge(left, leasts), f64x2.ge(right, leasts));
      if (!v128.any_true(v128.and(valid, f64x2.ge(f64x2.mul(weighed, slack), asked)))) continue;
      if (!tryForward(feature, bin, i32x4.extract_lane(running, 1), i32x4.extract_lane(running, 0))) return;
      if (!tryForward(feature, bin + 1, i32x4.extract_lane(running, 3), i32x4.extract_lane(running, 2))) return;
    }
    hessian = i32x4.extract_lane(carry, 0);
    gradient = i32x4.extract_lane(carry, 1);
  }
  for (; bin < bins; bin++) {
    const pair = load<i64>(slots + ((<usize>bin) << 3));
    hessian += <i32>pair;
    gradient += <i32>(pair >> 32);
    if (pair == 0) continue;
    if (!tryForward(feature, bin, gradient, hessian)) return;
  }
}

function scanBackward(slots: usize, bins: i32, feature: i32): void {
  let gradient: i32 = 0;
  let hessian: i32 = 0;
  for (let bin = bins - 1; bin >= 1; bin--) {
    const pair = load<i64>(slots + ((<usize>bin) << 3));
    if (pair == 0) continue;
    hessian += <i32>pair;
    gradient += <i32>(pair >> 32);
    const right = <f64>hessian * hessianUnit;
    if (right < least || hessian <= 0) continue;
    const left = <f64>(nodeHessian - hessian) * hessianUnit;
    if (left < least || left <= 0) return;
    consider(feature, bin - 1, 1, nodeGradient - gradient, nodeHessian - hessian, left, right);
  }
}

/**
 * Searches features[0..count), ascending, and writes at `out`: lossChange (float32; 0 for none), then feature, bin,
 * default_left, gradient and hessian of the left side (int32). `bins` holds each column's value bins and `missing` its
 * missing code, -1 for none.
 */
export function findBestSplit(
  histogram: usize,
  features: usize,
  count: usize,
  offsets: usize,
  bins: usize,
  missing: usize,
  gradient: i32,
  hessian: i32,
  gain: f32,
  out: usize,
): void {
  nodeGradient = gradient;
  nodeHessian = hessian;
  nodeGain = <f64>gain;
  bestGain = 0;
  gainToBeat = nodeGain;
  const last = features + (count << 2);
  for (let at = features; at < last; at += 4) {
    const feature: usize = load<u32>(at);
    const slots = histogram + <usize>load<u32>(offsets + (feature << 2));
    const valueBins = load<i32>(bins + (feature << 2));
    scanForward(slots, valueBins, <i32>feature);
    if (load<i32>(missing + (feature << 2)) < 0) continue;
    if (load<i64>(slots + ((<usize>valueBins) << 3)) != 0) scanBackward(slots, valueBins, <i32>feature);
  }
  store<f32>(out, bestGain);
  store<i32>(out, bestFeature, 4);
  store<i32>(out, bestBin, 8);
  store<i32>(out, bestDefaultLeft, 12);
  store<i32>(out, bestLeftGradient, 16);
  store<i32>(out, bestLeftHessian, 20);
}
