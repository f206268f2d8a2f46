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

function scanForward(slots: usize, bins: i32, feature: i32): void {
  let gradient: i32 = 0;
  let hessian: i32 = 0;
  for (let bin = 0; bin < bins; bin++) {
    const pair = load<i64>(slots + ((<usize>bin) << 3));
    if (pair == 0) continue;
    hessian += <i32>pair;
    gradient += <i32>(pair >> 32);
    const left = <f64>hessian * hessianUnit;
    if (left < least || hessian <= 0) continue;
    const right = <f64>(nodeHessian - hessian) * hessianUnit;
    if (right < least || right <= 0) return;
    consider(feature, bin, 0, gradient, hessian, left, right);
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
