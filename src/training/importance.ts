import type { Booster } from './types';

/** What the trees made of one feature. */
export interface FeatureImportance {
  readonly feature: string;
  /** XGBoost's total_gain: sum of loss changes over its splits. */
  readonly gain: number;
  /** XGBoost's weight: number of its splits. */
  readonly splits: number;
  /** XGBoost's total_cover: sum of hessians over its splits. */
  readonly cover: number;
}

/** Features that split at least once, by total gain from large to small (ties in the model's order). */
export function importance(booster: Booster): FeatureImportance[] {
  const sums = booster.featureNames.map((feature) => ({ feature, gain: 0, splits: 0, cover: 0 }));
  for (const tree of booster.trees) {
    for (let node = 0; node < tree.leftChildren.length; node++) {
      if ((tree.leftChildren[node] as number) < 0) continue;
      const entry = sums[tree.splitIndices[node] as number];
      if (!entry) continue;
      entry.gain += tree.lossChanges[node] as number;
      entry.cover += tree.sumHessian[node] as number;
      entry.splits += 1;
    }
  }
  return sums.filter((entry) => entry.splits > 0).sort((a, b) => b.gain - a.gain);
}
