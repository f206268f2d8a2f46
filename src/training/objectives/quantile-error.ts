import { ANY_LABEL, checkLabels } from './labels';
import { residualQuantile } from './residuals';
import type { Objective, ObjectiveParams } from './types';

/**
 * Quantile (pinball) loss at quantile_alpha: g = (1 - alpha) w at or above the label, else -alpha w; h = w. Leaves hold
 * the (weighted) alpha quantile of their residuals, the start that of the labels
 * (dmlc/xgboost:src/objective/quantile_obj.cu).
 */
export function quantileErrorObjective({ quantile_alpha }: Pick<ObjectiveParams, 'quantile_alpha'>): Objective {
  const alpha = Math.fround(quantile_alpha);
  const above = Math.fround(1 - alpha);
  return {
    name: 'reg:quantileerror',
    outputs: 1,
    defaultMetric: 'quantile',
    checkLabels: (data, rows) => checkLabels('reg:quantileerror', data, rows, ANY_LABEL),
    baseScore(data, rows) {
      const start = residualQuantile(data, rows, alpha);
      return Float32Array.of(Number.isNaN(start) ? 0 : start);
    },
    baseMargin: (baseScore) => Math.fround(baseScore),
    gradients({ labels, weights }, margins, { rows, from, to }, pairs) {
      const into = pairs[0] as Float32Array;
      for (let i = from; i < to; i++) {
        const row = rows[i] as number;
        const weight = weights ? (weights[row] as number) : 1;
        into[2 * row] = ((margins[row] as number) >= (labels[row] as number) ? above : -alpha) * weight;
        into[2 * row + 1] = weight;
      }
    },
    toPredictions: () => undefined,
    leafValue: (data, margins, rows) => residualQuantile(data, rows, alpha, margins),
  };
}
