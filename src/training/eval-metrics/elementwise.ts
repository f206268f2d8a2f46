import { log } from '../../utils/math';
import type { EvalMetric, LabelledRows } from '../objectives/types';

const LEAST_PROBABILITY = 1e-16;

/** Weighted mean over rows of what `loss` says of a label and the row's predictions. */
function meanOf(
  name: string,
  loss: (label: number, at: number, predictions: Float32Array) => number,
  finish: (mean: number) => number = (mean) => mean,
): EvalMetric {
  return {
    name,
    direction: 'minimize',
    evaluate: ({ labels, weights }: LabelledRows, predictions, rows) => {
      const outputs = predictions.length / rows.length;
      let sum = 0;
      let total = 0;
      rows.forEach((row, i) => {
        const weight = weights ? (weights[row] as number) : 1;
        sum += weight * loss(labels[row] as number, i * outputs, predictions);
        total += weight;
      });
      return finish(sum / total);
    },
  };
}

const squared = (distance: number): number => distance * distance;

const first = (loss: (label: number, prediction: number) => number) => (label: number, at: number, p: Float32Array) =>
  loss(label, p[at] as number);

/** Metrics of one number a row (dmlc/xgboost:src/metric/elementwise_metric.cu). */
export const ELEMENTWISE: Readonly<Record<string, EvalMetric>> = {
  rmse: meanOf(
    'rmse',
    first((y, p) => squared(y - p)),
    Math.sqrt,
  ),
  rmsle: meanOf(
    'rmsle',
    first((y, p) => squared(log(1 + y) - log(1 + p))),
    Math.sqrt,
  ),
  mae: meanOf(
    'mae',
    first((y, p) => Math.abs(y - p)),
  ),
  mape: meanOf(
    'mape',
    first((y, p) => Math.abs((y - p) / y)),
  ),
  logloss: meanOf('logloss', first(negativeLogLikelihood)),
  'poisson-nloglik': meanOf('poisson-nloglik', first(poissonLoss)),
};

function negativeLogLikelihood(label: number, p: number): number {
  const term = (share: number, probability: number) =>
    share === 0 ? 0 : -share * log(Math.max(probability, LEAST_PROBABILITY));
  return term(label, p) + term(1 - label, 1 - p);
}

/** log(y!) + m - y log m, with m at least 1e-16. */
function poissonLoss(label: number, mean: number): number {
  const m = Math.max(mean, LEAST_PROBABILITY);
  return logGamma(label + 1) + m - label * log(m);
}

/** Share of rows on the wrong side of a threshold. */
export function errorAt(threshold: number, name: string): EvalMetric {
  return meanOf(
    name,
    first((y, p) => (p > threshold ? 1 - y : y)),
  );
}

/** Pinball loss. */
export function quantileLoss(alpha: number): EvalMetric {
  return meanOf(
    'quantile',
    first((y, p) => (y >= p ? alpha * (y - p) : (1 - alpha) * (p - y))),
  );
}

/** -log of the probability given to the true class. */
export const mlogloss = meanOf(
  'mlogloss',
  (label, at, p) => -log(Math.max(p[at + label] as number, LEAST_PROBABILITY)),
);

/** Share of rows whose likeliest class is not the true one. */
export function merror(classes: number): EvalMetric {
  return meanOf('merror', (label, at, p) => {
    let best = 0;
    for (let k = 1; k < classes; k++) if ((p[at + k] as number) > (p[at + best] as number)) best = k;
    return best === label ? 0 : 1;
  });
}

/** log of the gamma function for x > 0 (Stirling's series from 8 on, recurrence below). */
function logGamma(x: number): number {
  let shift = 0;
  let z = x;
  while (z < 8) {
    shift -= log(z);
    z += 1;
  }
  const inverse = 1 / z;
  const square = inverse * inverse;
  const series = inverse * (1 / 12 - square * (1 / 360 - square * (1 / 1260 - square / 1680)));
  return shift + (z - 0.5) * log(z) - z + 0.9189385332046728 + series;
}
