import { log, sigmoid } from '../utils/math';
import type { BoosterParams } from './types';

const LEAST = 1e-6;

/**
 * The probability a booster starts from, float32 in [1e-6, 1 - 1e-6]: `base_score` when given, else the weighted mean
 * label, as XGBoost 3.x estimates it. With scale_pos_weight other than 1 it is one unregularised Newton step from
 * margin 0, sigmoid(-sum g / sum h) (dmlc/xgboost:src/objective).
 */
export function startingProbability(
  params: BoosterParams,
  labels: Uint8Array,
  rows: Int32Array,
  weights?: Float32Array,
): number {
  if (params.base_score !== undefined) return clamp(params.base_score);
  let positive = 0;
  let total = 0;
  for (let i = 0; i < rows.length; i++) {
    const row = rows[i] as number;
    const weight = weights ? (weights[row] as number) : 1;
    total += weight;
    if (labels[row] === 1) positive += weight;
  }
  if (!(total > 0)) return clamp(0.5);
  if (params.scale_pos_weight === 1) return clamp(positive / total);
  const scaled = positive * Math.fround(params.scale_pos_weight);
  const negative = total - positive;
  return clamp(sigmoid((2 * (scaled - negative)) / (scaled + negative)));
}

function clamp(probability: number): number {
  return Math.fround(Math.min(Math.max(probability, LEAST), 1 - LEAST));
}

/** The margin that `baseScore` stands for: -log(1 / p - 1) in float32 steps, as XGBoost takes it. */
export function baseMargin(baseScore: number): number {
  const p = Math.fround(baseScore);
  return Math.fround(-log(Math.fround(Math.fround(1 / p) - 1)));
}
