import { log } from '../utils/math';

/** The margin that a probability stands for: -log(1 / p - 1) in float32 steps, as XGBoost takes it. */
export function baseMargin(baseScore: number): number {
  const p = Math.fround(baseScore);
  return Math.fround(-log(Math.fround(Math.fround(1 / p) - 1)));
}
