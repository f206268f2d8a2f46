import { wilsonInterval } from '../../utils/statistics';
import type { CalibrationBin } from '../types';

type Rows = ArrayLike<number>;

/**
 * Calibration by ten equally wide bins of probability, [0, 0.1) to [0.9, 1]; bins without rows are left out. Each gives
 * its rows, mean probability, observed share of positives and that share's Wilson 95% interval.
 */
export function calibrationBins(labels: Rows, probabilities: Rows, bins = 10): CalibrationBin[] {
  const n = new Float64Array(bins);
  const predicted = new Float64Array(bins);
  const positives = new Float64Array(bins);
  for (let row = 0; row < labels.length; row++) {
    const p = probabilities[row] as number;
    const bin = Math.min(Math.max(Math.floor(p * bins), 0), bins - 1);
    n[bin] = (n[bin] as number) + 1;
    predicted[bin] = (predicted[bin] as number) + p;
    positives[bin] = (positives[bin] as number) + (labels[row] as number);
  }
  const found: CalibrationBin[] = [];
  for (let bin = 0; bin < bins; bin++) {
    const rows = n[bin] as number;
    if (rows === 0) continue;
    const hits = positives[bin] as number;
    found.push({
      n: rows,
      predicted: (predicted[bin] as number) / rows,
      observed: hits / rows,
      ...wilsonInterval(hits, rows),
    });
  }
  return found;
}

/**
 * Expected calibration error (Naeini et al. 2015): the mean distance of predicted from observed shares over the bins,
 * each weighed by its rows. NaN without rows.
 */
export function expectedCalibrationError(bins: readonly CalibrationBin[]): number {
  const rows = bins.reduce((sum, { n }) => sum + n, 0);
  return bins.reduce((sum, { n, predicted, observed }) => sum + n * Math.abs(predicted - observed), 0) / rows;
}
