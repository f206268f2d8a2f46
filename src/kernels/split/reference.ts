import type { BestSplit, BinLayout, SplitLimits } from '../types';

/** What the search reads besides the histogram. Sums of a node are whole numbers; units turn them into gradients. */
export interface SplitTask {
  readonly bins: BinLayout;
  readonly limits: SplitLimits;
  /** Columns looked at, ascending. */
  features: Int32Array;
  gradientUnit: number;
  hessianUnit: number;
  nodeGradient: number;
  nodeHessian: number;
  /** Gain of the node unsplit, float32. */
  nodeGain: number;
}

/** Soft threshold by alpha (dmlc/xgboost:src/tree/param.h). */
function shrink(gradient: number, alpha: number): number {
  return gradient > alpha ? gradient - alpha : gradient < -alpha ? gradient + alpha : 0;
}

/** T(G)^2 / (H + lambda), 0 for H <= 0; float64. */
export function gainOf(gradient: number, hessian: number, limits: SplitLimits): number {
  if (!(hessian > 0)) return 0;
  const shrunk = shrink(gradient, limits.alpha);
  return (shrunk * shrunk) / (hessian + limits.lambda);
}

/** -T(G) / (H + lambda) as float32, 0 for H <= 0. */
export function weightOf(gradient: number, hessian: number, limits: SplitLimits): number {
  return hessian > 0 ? Math.fround(-shrink(gradient, limits.alpha) / (hessian + limits.lambda)) : 0;
}

/**
 * Best split of a node: gain(L) + gain(R) - gain(node) from exact sums in float64, cast to float32 before it is compared
 * (dmlc/xgboost:src/tree/hist/evaluate_splits.h). Only a strictly greater gain replaces, so the lower column and, inside
 * one, the first bin met wins ties. Each column is scanned from low to high with missing going right, the last bin
 * included ("all present left, missing right"); where the node has missing values, also from high to low with missing
 * going left. That second scan stops before the first bin: "missing left, all present right" ties with the last
 * candidate of the first scan and so never wins.
 */
export function findBestSplit(histogram: Int32Array, task: SplitTask, best: BestSplit): void {
  best.lossChange = 0;
  const { features, bins } = task;
  for (let i = 0; i < features.length; i++) {
    const feature = features[i] as number;
    scanForward(histogram, task, feature, best);
    if ((bins.missingCodes[feature] as number) < 0) continue;
    const missing = 2 * ((bins.slotOffsets[feature] as number) + (bins.binCounts[feature] as number));
    if (histogram[missing] !== 0 || histogram[missing + 1] !== 0) scanBackward(histogram, task, feature, best);
  }
}

function scanForward(histogram: Int32Array, task: SplitTask, feature: number, best: BestSplit): void {
  const { limits, gradientUnit, hessianUnit, nodeGradient, nodeHessian } = task;
  const least = limits.minChildWeight;
  const first = task.bins.slotOffsets[feature] as number;
  const bins = task.bins.binCounts[feature] as number;
  let gradient = 0;
  let hessian = 0;
  for (let bin = 0; bin < bins; bin++) {
    const at = 2 * (first + bin);
    const h = histogram[at] as number;
    const g = histogram[at + 1] as number;
    if (g === 0 && h === 0) continue;
    gradient += g;
    hessian += h;
    const left = hessian * hessianUnit;
    if (left < least || hessian <= 0) continue;
    const right = (nodeHessian - hessian) * hessianUnit;
    if (right < least || right <= 0) return;
    const gain =
      gainOf(gradient * gradientUnit, left, limits) + gainOf((nodeGradient - gradient) * gradientUnit, right, limits);
    const lossChange = Math.fround(gain - task.nodeGain);
    if (lossChange > best.lossChange && lossChange !== Infinity) {
      best.lossChange = lossChange;
      best.feature = feature;
      best.bin = bin;
      best.defaultLeft = false;
      best.leftGradient = gradient;
      best.leftHessian = hessian;
    }
  }
}

function scanBackward(histogram: Int32Array, task: SplitTask, feature: number, best: BestSplit): void {
  const { limits, gradientUnit, hessianUnit, nodeGradient, nodeHessian } = task;
  const least = limits.minChildWeight;
  const first = task.bins.slotOffsets[feature] as number;
  const bins = task.bins.binCounts[feature] as number;
  let gradient = 0;
  let hessian = 0;
  for (let bin = bins - 1; bin >= 1; bin--) {
    const at = 2 * (first + bin);
    const h = histogram[at] as number;
    const g = histogram[at + 1] as number;
    if (g === 0 && h === 0) continue;
    gradient += g;
    hessian += h;
    const right = hessian * hessianUnit;
    if (right < least || hessian <= 0) continue;
    const left = (nodeHessian - hessian) * hessianUnit;
    if (left < least || left <= 0) return;
    const gain =
      gainOf((nodeGradient - gradient) * gradientUnit, left, limits) + gainOf(gradient * gradientUnit, right, limits);
    const lossChange = Math.fround(gain - task.nodeGain);
    if (lossChange > best.lossChange && lossChange !== Infinity) {
      best.lossChange = lossChange;
      best.feature = feature;
      best.bin = bin - 1;
      best.defaultLeft = true;
      best.leftGradient = nodeGradient - gradient;
      best.leftHessian = nodeHessian - hessian;
    }
  }
}
