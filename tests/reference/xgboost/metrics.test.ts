import { describe, expect, it } from 'vitest';
import { prCurve, rocCurve } from '../../../src/training/metrics/curves';
import { brier, logLoss } from '../../../src/training/metrics/probability';
import { averagePrecision, rocAuc } from '../../../src/training/metrics/ranking';
import { confusion, precision, recall } from '../../../src/training/metrics/threshold';
import frozen from './metrics.json';

describe(`metrics of scikit-learn ${frozen['scikit-learn']}`, () => {
  it.each(frozen.cases.map((one, i) => ({ ...one, i })))('case $i', (one) => {
    const { labels, probabilities, weights } = one;
    expect(rocAuc(labels, probabilities)).toBeCloseTo(one.roc_auc, 12);
    expect(rocAuc(labels, probabilities, weights)).toBeCloseTo(one.roc_auc_weighted, 12);
    expect(averagePrecision(labels, probabilities)).toBeCloseTo(one.pr_auc, 12);
    expect(averagePrecision(labels, probabilities, weights)).toBeCloseTo(one.pr_auc_weighted, 12);
    expect(logLoss(labels, probabilities)).toBeCloseTo(one.log_loss, 12);
    expect(logLoss(labels, probabilities, weights)).toBeCloseTo(one.log_loss_weighted, 12);
    expect(brier(labels, probabilities)).toBeCloseTo(one.brier, 12);
    const counts = confusion(labels, probabilities, one.threshold);
    expect(counts).toEqual(one.confusion);
    expect(precision(counts)).toBeCloseTo(one.precision, 12);
    expect(recall(counts)).toBeCloseTo(one.recall, 12);
  });

  it.each(frozen.cases.map((one, i) => ({ ...one, i })))(
    'curves of case $i',
    ({ labels, probabilities, roc, pr_auc }) => {
      const curve = rocCurve(labels, probabilities);
      expect(curve.map(({ x }) => x)).toEqual(roc.fpr);
      expect(curve.map(({ y }) => y)).toEqual(roc.tpr);
      expect(curve.slice(1).map(({ threshold }) => threshold)).toEqual(roc.thresholds);
      const pr = prCurve(labels, probabilities);
      const area = pr.slice(1).reduce((sum, point, i) => sum + (point.x - (pr[i]?.x ?? 0)) * point.y, 0);
      expect(area).toBeCloseTo(pr_auc, 12);
      expect(pr.at(-1)?.x).toBe(1);
    },
  );
});
