import type { BestSplit, BinLayout, SplitLimits } from '../types';
import { binLayout } from '../binning/reference';
import { gainOf } from './reference';

/** Which splits are allowed and how they are weighed, beyond penalties. */
export interface SplitRules extends SplitLimits {
  /** Largest size of a leaf weight, float32; 0 for no limit. */
  readonly maxDeltaStep: number;
  /** [featureCount] -1, 0 or 1; null when no column is constrained. */
  readonly monotone: Int8Array | null;
  /** [featureCount] 1 where codes are categories; null when there are none. */
  readonly categorical: Uint8Array | null;
  /** Fewer categories than this are split one against the rest. */
  readonly maxCatToOnehot: number;
  /** Most categories a partition looks at. */
  readonly maxCatThreshold: number;
}

/** A node to be split, its sums in whole numbers, and the bounds its ancestors' monotone splits leave for weights. */
export interface BoundedNode {
  readonly gradient: number;
  readonly hessian: number;
  readonly lower: number;
  readonly upper: number;
}

/** Histogram and scale. */
export interface SearchedHistogram {
  readonly pairs: Int32Array;
  readonly bins: BinLayout;
  readonly gradientUnit: number;
  readonly hessianUnit: number;
}

/** A best split with what constraints need. */
export interface ConstrainedSplit extends BestSplit {
  /** Codes that go right, ascending; null for a numeric split. */
  categories: Int32Array | null;
}

interface Candidate {
  readonly feature: number;
  readonly bin: number;
  readonly defaultLeft: boolean;
  readonly leftGradient: number;
  readonly leftHessian: number;
}

/** -T(G) / (H + lambda) as float32, clipped to max_delta_step and then to the node's bounds; 0 for H <= 0. */
export function boundedWeight(
  gradient: number,
  hessian: number,
  rules: SplitRules,
  bounds: Pick<BoundedNode, 'lower' | 'upper'>,
): number {
  const weight = clippedWeight(gradient, hessian, rules);
  return weight < bounds.lower ? bounds.lower : weight > bounds.upper ? bounds.upper : weight;
}

function clippedWeight(gradient: number, hessian: number, { alpha, lambda, maxDeltaStep }: SplitRules): number {
  if (!(hessian > 0)) return 0;
  const shrunk = gradient > alpha ? gradient - alpha : gradient < -alpha ? gradient + alpha : 0;
  const weight = -shrunk / (hessian + lambda);
  const clipped = maxDeltaStep !== 0 && Math.abs(weight) > maxDeltaStep ? Math.sign(weight) * maxDeltaStep : weight;
  return Math.fround(clipped);
}

/**
 * Gain of a side with a given weight: the closed form where nothing clips weights, else -(2 G w + (H + lambda) w^2) in
 * float32 steps, without alpha, as XGBoost 3.2 has it (dmlc/xgboost:src/tree/split_evaluator.h).
 */
export function boundedGain(gradient: number, hessian: number, weight: number, rules: SplitRules): number {
  if (!(hessian > 0)) return 0;
  if (rules.maxDeltaStep === 0 && !rules.monotone) return gainOf(gradient, hessian, rules);
  const g = Math.fround(gradient);
  const h = Math.fround(hessian);
  const linear = Math.fround(Math.fround(2 * g) * weight);
  const square = Math.fround(Math.fround(h + rules.lambda) * Math.fround(weight * weight));
  return -Math.fround(linear + square);
}

/**
 * Best split under monotone constraints, max_delta_step and with categories: XGBoost's order of candidates and ties
 * (dmlc/xgboost:src/tree/hist/evaluate_splits.h).
 */
export class ConstrainedSearch {
  readonly #rules: SplitRules;
  #histogram: SearchedHistogram = emptyHistogram();
  #node: BoundedNode = { gradient: 0, hessian: 0, lower: -Infinity, upper: Infinity };
  #nodeGain = 0;
  #best: ConstrainedSplit = emptySplit();

  constructor(rules: SplitRules) {
    this.#rules = rules;
  }

  /** @param features columns looked at, ascending. */
  find(histogram: SearchedHistogram, node: BoundedNode, features: Int32Array): ConstrainedSplit {
    this.#histogram = histogram;
    this.#node = node;
    this.#best = emptySplit();
    const gradient = node.gradient * histogram.gradientUnit;
    const hessian = node.hessian * histogram.hessianUnit;
    const weight = boundedWeight(gradient, hessian, this.#rules, node);
    this.#nodeGain = Math.fround(boundedGain(gradient, hessian, weight, this.#rules));
    for (const feature of features) {
      if (this.#rules.categorical?.[feature] === 1) this.#searchCategories(feature);
      else this.#searchNumeric(feature);
    }
    return this.#best;
  }

  #pair(feature: number, code: number): readonly [gradient: number, hessian: number] {
    const { pairs, bins } = this.#histogram;
    const at = 2 * ((bins.slotOffsets[feature] as number) + code);
    return [pairs[at + 1] as number, pairs[at] as number];
  }

  #searchNumeric(feature: number): void {
    const { binCounts, missingCodes } = this.#histogram.bins;
    const bins = binCounts[feature] as number;
    let leftGradient = 0;
    let leftHessian = 0;
    for (let bin = 0; bin < bins; bin++) {
      const [g, h] = this.#pair(feature, bin);
      if (g === 0 && h === 0) continue;
      leftGradient += g;
      leftHessian += h;
      this.#consider({ feature, bin, defaultLeft: false, leftGradient, leftHessian });
    }
    if ((missingCodes[feature] as number) < 0) return;
    const [missingGradient, missingHessian] = this.#pair(feature, bins);
    if (missingGradient === 0 && missingHessian === 0) return;
    leftGradient = this.#node.gradient;
    leftHessian = this.#node.hessian;
    for (let bin = bins - 1; bin >= 1; bin--) {
      const [g, h] = this.#pair(feature, bin);
      if (g === 0 && h === 0) continue;
      leftGradient -= g;
      leftHessian -= h;
      this.#consider({ feature, bin: bin - 1, defaultLeft: true, leftGradient, leftHessian });
    }
  }

  #searchCategories(feature: number): void {
    const count = this.#histogram.bins.binCounts[feature] as number;
    if (count < this.#rules.maxCatToOnehot) this.#searchOneAgainstRest(feature, count);
    else this.#searchPartitions(feature, count);
  }

  /** One category right, the others left; missing with the others, then with the one. */
  #searchOneAgainstRest(feature: number, count: number): void {
    const { gradient, hessian } = this.#node;
    let present = [0, 0] as readonly [number, number];
    for (let code = 0; code < count; code++) present = plus(present, this.#pair(feature, code));
    const missing = [gradient - present[0], hessian - present[1]] as const;
    for (let code = 0; code < count; code++) {
      const [g, h] = this.#pair(feature, code);
      const one = () => Int32Array.of(code);
      const shared = { feature, bin: code };
      this.#consider({ ...shared, defaultLeft: true, leftGradient: gradient - g, leftHessian: hessian - h }, one);
      this.#consider(
        {
          ...shared,
          defaultLeft: false,
          leftGradient: gradient - g - missing[0],
          leftHessian: hessian - h - missing[1],
        },
        one,
      );
    }
  }

  /**
   * Categories in order of their weight, 0 below min_child_weight: the first so many right with missing left, then the
   * last so many left with missing right.
   */
  #searchPartitions(feature: number, count: number): void {
    const { gradientUnit, hessianUnit } = this.#histogram;
    const weights = Float32Array.from({ length: count }, (_, code) => {
      const [g, h] = this.#pair(feature, code);
      const hessian = h * hessianUnit;
      return hessian < this.#rules.minChildWeight ? 0 : clippedWeight(g * gradientUnit, hessian, this.#rules);
    });
    const order = Int32Array.from({ length: count }, (_, code) => code);
    const sorted = Array.from(order).sort((a, b) => (weights[a] as number) - (weights[b] as number) || a - b);
    const looked = Math.min(this.#rules.maxCatThreshold, count);
    const first = (n: number) => () => Int32Array.from(sorted.slice(0, n)).sort();
    let right = [0, 0] as readonly [number, number];
    for (let i = 0; i < looked - 1; i++) {
      right = plus(right, this.#pair(feature, sorted[i] as number));
      const leftGradient = this.#node.gradient - right[0];
      const leftHessian = this.#node.hessian - right[1];
      this.#consider({ feature, bin: 0, defaultLeft: true, leftGradient, leftHessian }, first(i + 1));
    }
    let left = [0, 0] as readonly [number, number];
    for (let i = count - 1; i > count - looked; i--) {
      left = plus(left, this.#pair(feature, sorted[i] as number));
      this.#consider({ feature, bin: 0, defaultLeft: false, leftGradient: left[0], leftHessian: left[1] }, first(i));
    }
  }

  #consider(candidate: Candidate, categories: (() => Int32Array) | null = null): void {
    const { gradientUnit, hessianUnit } = this.#histogram;
    const { leftGradient, leftHessian } = candidate;
    const rules = this.#rules;
    const left = leftHessian * hessianUnit;
    const right = (this.#node.hessian - leftHessian) * hessianUnit;
    if (left < rules.minChildWeight || right < rules.minChildWeight || left <= 0 || right <= 0) return;
    const gradient = leftGradient * gradientUnit;
    const otherGradient = (this.#node.gradient - leftGradient) * gradientUnit;
    const leftWeight = boundedWeight(gradient, left, rules, this.#node);
    const rightWeight = boundedWeight(otherGradient, right, rules, this.#node);
    const direction = rules.monotone?.[candidate.feature] ?? 0;
    if ((direction > 0 && leftWeight > rightWeight) || (direction < 0 && leftWeight < rightWeight)) return;
    const gain = boundedGain(gradient, left, leftWeight, rules) + boundedGain(otherGradient, right, rightWeight, rules);
    const lossChange = Math.fround(gain - this.#nodeGain);
    if (!(lossChange > this.#best.lossChange) || lossChange === Infinity) return;
    this.#best = { lossChange, ...candidate, categories: categories?.() ?? null };
  }
}

function plus(a: readonly [number, number], b: readonly [number, number]): readonly [number, number] {
  return [a[0] + b[0], a[1] + b[1]];
}

function emptySplit(): ConstrainedSplit {
  return { lossChange: 0, feature: 0, bin: 0, defaultLeft: false, leftGradient: 0, leftHessian: 0, categories: null };
}

function emptyHistogram(): SearchedHistogram {
  const none = new Int32Array();
  return { pairs: none, bins: binLayout(0, none, new Uint8Array()), gradientUnit: 1, hessianUnit: 1 };
}
