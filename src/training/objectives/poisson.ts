import { expFloat32 } from '../../kernels/gradients/reference';
import { log } from '../../utils/math';
import { meanLabel } from './estimates';
import { checkLabels } from './labels';
import type { Objective, ObjectiveParams } from './types';

const LARGEST_MARGIN = Math.fround(88.7);
const LARGEST = 3.4028234663852886e38;
const LEAST_START = 1e-6;
const LABELS = { expected: 'counts of 0 or more', fits: (label: number) => label >= 0 };

/**
 * Poisson loss with a log link: g = (e^m - y) w, h = e^(m + max_delta_step) w, as up to XGBoost 3.4.1
 * (dmlc/xgboost:src/objective/regression_obj.cu, PoissonRegression). Unlike there, powers stay within float32 (margins
 * above 88.7 count as 88.7), and labels of 0 alone start from the margin of 1e-6 instead of -infinity.
 */
export function poissonObjective({ max_delta_step }: Pick<ObjectiveParams, 'max_delta_step'>): Objective {
  const step = Math.fround(max_delta_step);
  return {
    name: 'count:poisson',
    outputs: 1,
    defaultMetric: 'poisson-nloglik',
    checkLabels: (data, rows) => checkLabels('count:poisson', data, rows, LABELS),
    baseScore(data, rows) {
      const mean = meanLabel(data, rows);
      return Float32Array.of(Number.isNaN(mean) ? 0.5 : mean);
    },
    baseMargin: (baseScore) => Math.fround(log(Math.max(Math.fround(baseScore), LEAST_START))),
    gradients({ labels, weights }, margins, { rows, from, to }, pairs) {
      const into = pairs[0] as Float32Array;
      for (let i = from; i < to; i++) {
        const row = rows[i] as number;
        const weight = weights ? (weights[row] as number) : 1;
        const margin = margins[row] as number;
        const gradient = Math.fround(power(margin) - (labels[row] as number));
        into[2 * row] = Math.min(gradient * weight, LARGEST);
        into[2 * row + 1] = Math.min(power(Math.fround(margin + step)) * weight, LARGEST);
      }
    },
    toPredictions(margins) {
      for (let i = 0; i < margins.length; i++) margins[i] = power(margins[i] as number);
    },
  };
}

/** e^margin, float32. */
function power(margin: number): number {
  if (margin > LARGEST_MARGIN) return expFloat32(LARGEST_MARGIN);
  return margin < -104 ? 0 : expFloat32(margin);
}
