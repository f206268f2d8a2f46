import { logisticGradients, sigmoidFloat32 } from '../../kernels/gradients/reference';
import { baseMargin } from '../base-score';
import { meanLabel, newtonStep, scalesPositives } from './estimates';
import { checkLabels } from './labels';
import type { Objective, ObjectiveParams } from './types';

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
  const gradients: Objective['gradients'] = ({ labels, weights }, margins, { rows, from, to }, pairs) =>
    logisticGradients({ rows, margins, labels, weights, positiveWeight }, pairs[0] as Float32Array, from, to);
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
