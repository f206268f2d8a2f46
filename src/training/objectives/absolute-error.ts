import { totalWeight } from './estimates';
import { ANY_LABEL, checkLabels } from './labels';
import { residualQuantile } from './residuals';
import type { Objective } from './types';

/**
 * Absolute error: g = sign(margin - y) w, h = w; leaves hold the (weighted) median of their residuals, as does the start
 * of labels (dmlc/xgboost:src/objective/regression_obj.cu, MeanAbsoluteError).
 */
export function absoluteErrorObjective(): Objective {
  return {
    name: 'reg:absoluteerror',
    outputs: 1,
    defaultMetric: 'mae',
    checkLabels: (data, rows) => checkLabels('reg:absoluteerror', data, rows, ANY_LABEL),
    baseScore(data, rows) {
      const median = residualQuantile(data, rows, 0.5);
      const total = totalWeight(data, rows);
      if (!(total >= 1e-6)) return Float32Array.of(0);
      // XGBoost averages over workers, one here: the two steps round.
      return Float32Array.of(Math.fround(median * total) * (1 / total));
    },
    baseMargin: (baseScore) => Math.fround(baseScore),
    gradients({ labels, weights }, margins, { rows, from, to }, pairs) {
      const into = pairs[0] as Float32Array;
      for (let i = from; i < to; i++) {
        const row = rows[i] as number;
        const weight = weights ? (weights[row] as number) : 1;
        const margin = margins[row] as number;
        const label = labels[row] as number;
        into[2 * row] = margin > label ? weight : margin < label ? -weight : 0;
        into[2 * row + 1] = weight;
      }
    },
    toPredictions: () => undefined,
    leafValue: (data, margins, rows) => residualQuantile(data, rows, 0.5, margins),
  };
}
