import { sigmoidFloat32 } from '../../kernels/gradients/reference';
import { baseMargin } from '../base-score';
import { meanLabel, newtonStep, scalesPositives } from './estimates';
import { checkLabels } from './labels';
import type { LabelledRows, Objective, ObjectiveParams, RowRange } from './types';

const LEAST_HESSIAN = Math.fround(1e-16);
const LEAST_PROBABILITY = 1e-6;

const LABELS = {
  'binary:logistic': { expected: '0 or 1', fits: (label: number) => label === 0 || label === 1 },
  'reg:logistic': { expected: 'numbers from 0 to 1', fits: (label: number) => label >= 0 && label <= 1 },
};

/**
 * Log loss of the probability sigmoid(margin): g = (p - y) w, h = max(p (1 - p), 1e-16) w, with w times
 * scale_pos_weight where the label is 1 (dmlc/xgboost:src/objective/regression_loss.h). reg:logistic takes labels
 * between 0 and 1 as well.
 */
export function logisticObjective(
  name: 'binary:logistic' | 'reg:logistic',
  { scale_pos_weight }: Pick<ObjectiveParams, 'scale_pos_weight'>,
): Objective {
  const positiveWeight = Math.fround(scale_pos_weight);
  const gradients = (data: LabelledRows, margins: Float32Array, range: RowRange, pairs: readonly Float32Array[]) =>
    logisticPairs(data, margins, range, { into: pairs[0] as Float32Array, positiveWeight });
  return {
    name,
    outputs: 1,
    defaultMetric: name === 'binary:logistic' ? 'logloss' : 'rmse',
    checkLabels: (data, rows) => checkLabels(name, data, rows, LABELS[name]),
    baseScore(data, rows) {
      const estimate = scalesPositives(scale_pos_weight)
        ? sigmoidFloat32(newtonStep(gradients, data, rows))
        : meanLabel(data, rows);
      return Float32Array.of(withinLogit(Number.isNaN(estimate) ? 0.5 : estimate));
    },
    baseMargin: (baseScore) => baseMargin(withinLogit(baseScore)),
    gradients,
    toPredictions(margins) {
      for (let i = 0; i < margins.length; i++) margins[i] = sigmoidFloat32(margins[i] as number);
    },
  };
}

function withinLogit(probability: number): number {
  return Math.min(Math.max(probability, LEAST_PROBABILITY), 1 - LEAST_PROBABILITY);
}

function logisticPairs(
  { labels, weights }: LabelledRows,
  margins: Float32Array,
  { rows, from, to }: RowRange,
  { into, positiveWeight }: { readonly into: Float32Array; readonly positiveWeight: number },
): void {
  for (let i = from; i < to; i++) {
    const row = rows[i] as number;
    const p = sigmoidFloat32(margins[row] as number);
    const label = labels[row] as number;
    let weight = weights ? (weights[row] as number) : 1;
    if (label === 1) weight = Math.fround(weight * positiveWeight);
    into[2 * row] = Math.fround(p - label) * weight;
    into[2 * row + 1] = Math.max(Math.fround(p * Math.fround(1 - p)), LEAST_HESSIAN) * weight;
  }
}
