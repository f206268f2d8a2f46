import { logisticGradients, sigmoidFloat32 } from '../../kernels/gradients/reference';
import { log, sigmoid } from '../../utils/math';
import { orderFreeSum } from '../exact-sums';
import { requireLabels } from './labels';
import type { LabelledRows, Objective, ObjectiveParams } from './types';

const LEAST = 1e-6;

/** Log loss of a probability: binary:logistic with labels 0 and 1, reg:logistic with any between. */
export function logistic(name: 'binary:logistic' | 'reg:logistic', params: ObjectiveParams): Objective {
  const positiveWeight = Math.fround(params.scale_pos_weight);
  return {
    name,
    outputs: 1,
    defaultMetric: name === 'binary:logistic' ? 'logloss' : 'rmse',
    checkLabels: (data, rows) => {
      const binary = name === 'binary:logistic';
      const fits = (label: number) => (binary ? label === 0 || label === 1 : label >= 0 && label <= 1);
      requireLabels(data, rows, { objective: name, expected: binary ? '0 or 1' : 'a number from 0 to 1', fits });
    },
    baseScore: (data, rows) => Float32Array.of(startingProbability(data, rows, positiveWeight)),
    baseMargin: logitFloat32,
    gradients: ({ labels, weights }, margins, { rows, from, to }, pairs) => {
      logisticGradients({ rows, margins, labels, positiveWeight, weights }, pairs[0] as Float32Array, from, to);
    },
    toPredictions: (margins) => {
      for (let i = 0; i < margins.length; i++) margins[i] = sigmoidFloat32(margins[i] as number);
    },
  };
}

/**
 * The weighted mean label. With scale_pos_weight other than 1 one unregularised Newton step from margin 0,
 * sigmoid(-sum g / sum h) (dmlc/xgboost:src/objective/logistic_obj.cc).
 */
function startingProbability({ labels, weights }: LabelledRows, rows: Int32Array, positiveWeight: number): number {
  const weightOf = (row: number) => (weights ? (weights[row] as number) : 1);
  const total = orderFreeSum(rows, weightOf);
  if (!(total > 0)) return 0.5;
  if (positiveWeight === 1) {
    return clamp(orderFreeSum(rows, (row) => weightOf(row) * (labels[row] as number)) / total);
  }
  const scaled = (row: number) => weightOf(row) * (labels[row] === 1 ? positiveWeight : 1);
  const gradient = orderFreeSum(rows, (row) => (0.5 - (labels[row] as number)) * scaled(row));
  return clamp(sigmoid(-gradient / (0.25 * orderFreeSum(rows, scaled))));
}

function clamp(probability: number): number {
  return Math.fround(Math.min(Math.max(probability, LEAST), 1 - LEAST));
}

/** -log(1 / p - 1) in float32 steps, as XGBoost takes it. */
export function logitFloat32(baseScore: number): number {
  const p = Math.fround(baseScore);
  return Math.fround(-log(Math.fround(Math.fround(1 / p) - 1)));
}
