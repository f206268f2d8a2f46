import { exp, log } from '../../utils/math';
import { orderFreeSum } from '../exact-sums';
import { requireLabels } from './labels';
import type { Objective, ObjectiveParams } from './types';

const LEAST_HESSIAN = 1e-16;
const LEAST_SHARE = 1e-16;

/**
 * Classes 0 to num_class - 1, one tree a class and round: g = (p - [y = k]) w, h = max(2 p (1 - p) w, 1e-16)
 * (dmlc/xgboost:src/objective/multiclass_obj.cu). Starts from the centred logarithms of the class shares, as 3.2 does.
 */
export function softmax(name: 'multi:softprob' | 'multi:softmax', params: ObjectiveParams): Objective {
  const classes = params.num_class;
  return {
    name,
    outputs: classes,
    defaultMetric: 'mlogloss',
    checkLabels: (data, rows) =>
      requireLabels(data, rows, {
        objective: name,
        expected: `a whole number from 0 to ${classes - 1} (num_class is ${classes})`,
        fits: (label) => Number.isInteger(label) && label >= 0 && label < classes,
      }),
    baseScore: ({ labels, weights }, rows) => {
      const weightOf = (row: number) => (weights ? (weights[row] as number) : 1);
      const total = orderFreeSum(rows, weightOf);
      const logs = Array.from({ length: classes }, (_, k) => {
        const share = orderFreeSum(rows, (row) => (labels[row] === k ? weightOf(row) : 0)) / total;
        return log(Math.max(share, LEAST_SHARE));
      });
      const mean = logs.reduce((sum, value) => sum + value, 0) / classes;
      return Float32Array.from(logs, (value) => value - mean);
    },
    baseMargin: (baseScore) => Math.fround(baseScore),
    gradients: ({ labels, weights }, margins, { rows, from, to }, pairs) => {
      const p = new Float32Array(classes);
      for (let i = from; i < to; i++) {
        const row = rows[i] as number;
        const weight = weights ? (weights[row] as number) : 1;
        p.set(margins.subarray(row * classes, (row + 1) * classes));
        shares(p);
        for (let k = 0; k < classes; k++) {
          const share = p[k] as number;
          const into = pairs[k] as Float32Array;
          into[2 * row] = Math.fround(labels[row] === k ? share - 1 : share) * weight;
          const hessian = Math.fround(Math.fround(Math.fround(2 * share) * Math.fround(1 - share)) * weight);
          into[2 * row + 1] = Math.max(hessian, LEAST_HESSIAN);
        }
      }
    },
    toPredictions: (margins) => {
      for (let at = 0; at < margins.length; at += classes) shares(margins.subarray(at, at + classes));
    },
  };
}

/** e^m over their sum, in place. */
function shares(values: Float32Array): void {
  const most = values.reduce((max, value) => Math.max(max, value), -Infinity);
  let sum = 0;
  for (let k = 0; k < values.length; k++) {
    values[k] = exp(Math.fround((values[k] as number) - most));
    sum += values[k] as number;
  }
  const total = Math.fround(sum);
  for (let k = 0; k < values.length; k++) values[k] = (values[k] as number) / total;
}
