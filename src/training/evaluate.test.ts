import { describe, expect, it } from 'vitest';
import { AbortError } from '../utils/errors';
import { makeRandom } from '../utils/random';
import { sigmoid } from '../utils/math';
import { evaluateBinary } from './evaluate';
import { calibrationBins } from './metrics/calibration';
import { prCurve, rocCurve } from './metrics/curves';
import { logLoss } from './metrics/probability';
import { rocAuc } from './metrics/ranking';

function rows(n: number, visits: number) {
  const random = makeRandom(4, 'evaluate');
  const margins = Array.from({ length: n }, () => random.normal());
  const all = margins.flatMap((margin) => new Array<number>(visits).fill(margin));
  const probabilities = Float64Array.from(all, (margin) => sigmoid(margin));
  const outcome = margins.map((margin) => (random.chance(sigmoid(margin)) ? 1 : 0));
  const labels = Uint8Array.from(all, (_, row) => outcome[Math.floor(row / visits)] ?? 0);
  const keys = all.map((_, row) => `p${Math.floor(row / visits)}`);
  return { labels, probabilities, keys, threshold: 0.5, seed: 1 };
}

describe('evaluateBinary', () => {
  it('gives the metrics of the rows, each within its interval, the same each time', async () => {
    const request = rows(400, 1);
    const evaluation = await evaluateBinary({ ...request, entity: 'patient_id' }, {});
    expect(evaluation.metrics.roc_auc.value).toBe(rocAuc(request.labels, request.probabilities));
    expect(evaluation.metrics.log_loss.value).toBe(logLoss(request.labels, request.probabilities));
    for (const estimate of Object.values(evaluation.metrics)) {
      expect(estimate.low).toBeLessThan(estimate.value);
      expect(estimate.high).toBeGreaterThan(estimate.value);
      expect(estimate.n).toBe(400);
      expect(estimate.method).toBe('percentile bootstrap over patient_id, 200 resamples, 95%');
    }
    expect(await evaluateBinary({ ...request, entity: 'patient_id' }, {})).toEqual(evaluation);
    const { tp, fp, tn, fn } = evaluation.confusion;
    expect(tp + fp + tn + fn).toBe(400);
    expect(tp + fn).toBe(evaluation.positives);
  });

  it('has an interval of plausible width (Hanley & McNeil 1982)', async () => {
    const { metrics, positives } = await evaluateBinary({ ...rows(600, 1), resamples: 400 }, {});
    const auc = metrics.roc_auc.value;
    const [q1, q2] = [auc / (2 - auc), (2 * auc * auc) / (1 + auc)];
    const negatives = 600 - positives;
    const variance =
      (auc * (1 - auc) + (positives - 1) * (q1 - auc * auc) + (negatives - 1) * (q2 - auc * auc)) /
      (positives * negatives);
    const width = metrics.roc_auc.high - metrics.roc_auc.low;
    expect(width / (2 * 1.96 * Math.sqrt(variance))).toBeGreaterThan(0.8);
    expect(width / (2 * 1.96 * Math.sqrt(variance))).toBeLessThan(1.25);
  });

  it('is not made surer by repeating the rows of an entity', async () => {
    const once = await evaluateBinary(rows(200, 1), {});
    const fourTimes = await evaluateBinary(rows(200, 4), {});
    const width = ({ low, high }: { low: number; high: number }) => high - low;
    expect(width(fourTimes.metrics.roc_auc)).toBeCloseTo(width(once.metrics.roc_auc), 10);
    const asRows = await evaluateBinary(
      { ...rows(200, 4), keys: Array.from({ length: 800 }, (_, i) => String(i)) },
      {},
    );
    expect(width(asRows.metrics.roc_auc)).toBeLessThan(0.7 * width(fourTimes.metrics.roc_auc));
  });

  it('calls precision 0 where nothing is predicted positive', async () => {
    const { metrics } = await evaluateBinary({ ...rows(100, 1), threshold: 1 }, {});
    expect(metrics.precision).toMatchObject({ value: 0, low: 0, high: 0 });
  });

  it.each([
    [{ labels: new Uint8Array(3) }, /All 3 rows to judge on are negative/],
    [{ labels: Uint8Array.of(1, 0) }, /2 labels, 3 probabilities and 3 entity keys/],
    [{ probabilities: Float64Array.of(0.1, NaN, 0.2) }, /probability of row 2 is NaN/],
    [{ labels: new Uint8Array(), probabilities: new Float64Array(), keys: [] }, /no rows to judge/],
    [{ threshold: 2 }, /threshold is 2/],
    [{ resamples: 0 }, /resamples is 0/],
  ])('refuses %o', async (part, message) => {
    const base = {
      labels: Uint8Array.of(1, 0, 1),
      probabilities: Float64Array.of(0.1, 0.2, 0.3),
      keys: ['a', 'b', 'c'],
      threshold: 0.5,
      seed: 1,
    };
    await expect(evaluateBinary({ ...base, ...part }, {})).rejects.toThrow(message);
  });

  it('can be cancelled', async () => {
    const signal = { aborted: false };
    const onProgress = ({ done }: { done: number }) => void (signal.aborted = done === 5);
    await expect(evaluateBinary(rows(50, 1), { signal, onProgress })).rejects.toBeInstanceOf(AbortError);
  });
});

describe('pictures', () => {
  const { labels, probabilities } = rows(5000, 1);

  it('thins curves to 200 points from end to end', () => {
    const roc = rocCurve(labels, probabilities);
    expect(roc).toHaveLength(200);
    expect(roc[0]).toMatchObject({ x: 0, y: 0 });
    expect(roc.at(-1)).toMatchObject({ x: 1, y: 1 });
    roc.slice(1).forEach((point, i) => expect(point.threshold).toBeLessThan(roc[i]?.threshold ?? 0));
    const pr = prCurve(labels, probabilities);
    expect(pr).toHaveLength(200);
    expect([pr[0]?.x, pr.at(-1)?.x]).toEqual([0, 1]);
  });

  it('bins calibration by probability, empty bins left out', () => {
    const bins = calibrationBins(labels, probabilities);
    expect(bins.reduce((sum, bin) => sum + bin.n, 0)).toBe(5000);
    for (const bin of bins) {
      expect(bin.low).toBeLessThanOrEqual(bin.observed);
      expect(bin.high).toBeGreaterThanOrEqual(bin.observed);
      expect(bin.predicted).toBeGreaterThan(bin.low - 0.05);
      expect(bin.predicted).toBeLessThan(bin.high + 0.05);
    }
    expect(calibrationBins([0, 1, 1], [0, 1, 0.99])).toMatchObject([
      { n: 1, observed: 0 },
      { n: 2, observed: 1 },
    ]);
  });
});
