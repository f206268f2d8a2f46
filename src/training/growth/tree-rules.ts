import type { SplitRules } from '../../kernels/split/constrained';
import { WorkbenchError } from '../../utils/errors';
import type { BoosterParams } from '../types';

/** Penalties, limits and constraints in float32, as XGBoost keeps them. */
export function splitRules(params: BoosterParams, categorical: Uint8Array | null, featureCount: number): SplitRules {
  return {
    lambda: Math.fround(params.lambda),
    alpha: Math.fround(params.alpha),
    minChildWeight: Math.fround(params.min_child_weight),
    maxDeltaStep: Math.fround(params.max_delta_step),
    monotone: monotoneDirections(params.monotone_constraints, featureCount),
    categorical: categorical?.includes(1) ? categorical : null,
    maxCatToOnehot: params.max_cat_to_onehot,
    maxCatThreshold: params.max_cat_threshold,
  };
}

/** Whether the plain search of the kernels does not do. */
export function needsConstrainedSearch(rules: SplitRules): boolean {
  return rules.maxDeltaStep !== 0 || rules.monotone !== null || rules.categorical !== null;
}

function monotoneDirections(constraints: readonly number[] | undefined, featureCount: number): Int8Array | null {
  if (!constraints || constraints.length === 0) return null;
  if (constraints.length > featureCount) {
    throw new WorkbenchError(
      'TRAINING_INVALID',
      `monotone_constraints has ${constraints.length} entries for ${featureCount} features; give at most one a feature.`,
    );
  }
  const directions = new Int8Array(featureCount);
  directions.set(constraints);
  return directions.some((direction) => direction !== 0) ? directions : null;
}
