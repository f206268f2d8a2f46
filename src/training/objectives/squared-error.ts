import { meanLabel, newtonStep, scalesPositives } from './estimates';
import { ANY_LABEL, checkLabels } from './labels';
import type { LabelledRows, Objective, ObjectiveParams, RowRange } from './types';

/**
 * Half the squared error: g = (margin - y) w, h = w. As in XGBoost scale_pos_weight counts here too, for rows with label
 * exactly 1 (dmlc/xgboost:src/objective/regression_obj.cu, RegLossObj).
 */
export function squaredErrorObjective({ scale_pos_weight }: Pick<ObjectiveParams, 'scale_pos_weight'>): Objective {
  const positiveWeight = Math.fround(scale_pos_weight);
  const gradients = (
    { labels, weights }: LabelledRows,
    margins: Float32Array,
    { rows, from, to }: RowRange,
    pairs: readonly Float32Array[],
  ) => {
    const into = pairs[0] as Float32Array;
    for (let i = from; i < to; i++) {
      const row = rows[i] as number;
      const label = labels[row] as number;
      let weight = weights ? (weights[row] as number) : 1;
      if (label === 1) weight = Math.fround(weight * positiveWeight);
      into[2 * row] = Math.fround((margins[row] as number) - label) * weight;
      into[2 * row + 1] = weight;
    }
  };
  return {
    name: 'reg:squarederror',
    outputs: 1,
    defaultMetric: 'rmse',
    checkLabels: (data, rows) => checkLabels('reg:squarederror', data, rows, ANY_LABEL),
    baseScore(data, rows) {
      const estimate = scalesPositives(scale_pos_weight) ? newtonStep(gradients, data, rows) : meanLabel(data, rows);
      return Float32Array.of(Number.isNaN(estimate) ? 0 : estimate);
    },
    baseMargin: (baseScore) => Math.fround(baseScore),
    gradients,
    toPredictions: () => undefined,
  };
}
