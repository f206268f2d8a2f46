import { rowLogLoss } from '../training/metrics/probability';
import { averagePrecisionSorted, rocAucSorted, rowsByScore } from '../training/metrics/ranking';
import type { PromotionRule } from './types';

export type Metric = PromotionRule['metric'];
export const METRIC_TITLES: Readonly<Record<Metric, string>> = {
  roc_auc: 'ROC-AUC',
  pr_auc: 'PR-AUC',
  log_loss: 'log loss',
  brier: 'Brier score',
};

export function directionOf(metric: Metric): 'maximize' | 'minimize' {
  return metric === 'log_loss' || metric === 'brier' ? 'minimize' : 'maximize';
}

/** How much better a value is, in the metric's own direction; relative to the champion's value, or as it is where that is 0. */
export function improvementOf(rule: PromotionRule, challenger: number, champion: number): number {
  const gain = directionOf(rule.metric) === 'maximize' ? challenger - champion : champion - challenger;
  return rule.improvement === 'absolute' || champion === 0 ? gain : gain / Math.abs(champion);
}

/** The metric of one model's probabilities, under row weights. Sorting and logarithms are done once. */
export type Measure = (weights?: Int32Array) => number;

export function measureOf(metric: Metric, labels: Uint8Array, probabilities: Float64Array): Measure {
  if (metric === 'roc_auc' || metric === 'pr_auc') {
    const order = rowsByScore(probabilities);
    const area = metric === 'roc_auc' ? rocAucSorted : averagePrecisionSorted;
    return (weights) => area(labels, probabilities, order, weights);
  }
  const losses = Float64Array.from(labels, (label, row) => {
    const probability = probabilities[row] ?? NaN;
    return metric === 'log_loss' ? rowLogLoss(label, probability) : (probability - label) * (probability - label);
  });
  return (weights) => {
    let sum = 0;
    let total = 0;
    for (let row = 0; row < losses.length; row++) {
      const weight = weights ? (weights[row] ?? 0) : 1;
      sum += weight * (losses[row] ?? 0);
      total += weight;
    }
    return sum / total;
  };
}
