import { log } from '../../utils/math';

type Rows = ArrayLike<number>;

/** Smallest distance of a probability from 0 and 1 in log loss: the float64 epsilon, as scikit-learn 1.9. */
const EPSILON = 2.220446049250313e-16;

/** -log of the probability given to the true label, the probability kept within 2.2e-16 of 0 and 1. */
export function rowLogLoss(label: number, probability: number): number {
  const p = Math.min(Math.max(probability, EPSILON), 1 - EPSILON);
  return -log(label === 1 ? p : 1 - p);
}

/** Weighted mean of `rowLogLoss`; NaN without rows. */
export function logLoss(labels: Rows, probabilities: Rows, weights?: Rows): number {
  return weightedMean(labels.length, weights, (row) => rowLogLoss(labels[row] as number, probabilities[row] as number));
}

/** (probability - label)^2. */
export function rowBrier(label: number, probability: number): number {
  const distance = probability - label;
  return distance * distance;
}

/** Weighted mean of (probability - label)^2 (Brier 1950); NaN without rows. */
export function brier(labels: Rows, probabilities: Rows, weights?: Rows): number {
  return weightedMean(labels.length, weights, (row) => rowBrier(labels[row] as number, probabilities[row] as number));
}

function weightedMean(n: number, weights: Rows | undefined, valueOf: (row: number) => number): number {
  let sum = 0;
  let total = 0;
  for (let row = 0; row < n; row++) {
    const weight = weights ? (weights[row] as number) : 1;
    sum += weight * valueOf(row);
    total += weight;
  }
  return sum / total;
}
