import { log, log1p } from '../../utils/math';
import type { EvalMetric, EvalMetricParams } from '../objectives/types';
import { logGamma } from './log-gamma';

/** Loss of one row from its label and prediction; float32 in, float32 out. */
type RowLoss = (label: number, prediction: number) => number;

const LEAST = Math.fround(1e-16);
const fround = Math.fround;

/**
 * Weighted mean of a loss of rows: losses and their products with weights in float32, sums in float64
 * (dmlc/xgboost:src/metric/elementwise_metric.cu).
 */
function meanOf(name: string, loss: RowLoss, final: (mean: number) => number = (mean) => mean): EvalMetric {
  return {
    name,
    direction: 'minimize',
    evaluate({ labels, weights }, predictions, rows) {
      let sum = 0;
      let total = 0;
      for (const row of rows) {
        const weight = weights ? (weights[row] as number) : 1;
        sum += fround(fround(loss(labels[row] as number, predictions[row] as number)) * weight);
        total += weight;
      }
      return final(total === 0 ? sum : sum / total);
    },
  };
}

/** Root mean squared error. */
export function rmse(): EvalMetric {
  return meanOf(
    'rmse',
    (label, prediction) => {
      const difference = fround(label - prediction);
      return difference * difference;
    },
    Math.sqrt,
  );
}

/** Root mean squared error of ln(1 + .). */
export function rmsle(): EvalMetric {
  return meanOf(
    'rmsle',
    (label, prediction) => {
      const difference = fround(fround(log1p(label)) - fround(log1p(prediction)));
      return difference * difference;
    },
    Math.sqrt,
  );
}

/** Mean absolute error. */
export function mae(): EvalMetric {
  return meanOf('mae', (label, prediction) => Math.abs(label - prediction));
}

/** Mean absolute error as a share of the label; infinite where one is 0. */
export function mape(): EvalMetric {
  return meanOf('mape', (label, prediction) => Math.abs(fround(label - prediction) / label));
}

/** Mean pseudo-Huber error with `huber_slope`. */
export function mphe({ huber_slope = 1 }: Pick<EvalMetricParams, 'huber_slope'>): EvalMetric {
  const slope = fround(huber_slope);
  const square = fround(slope * slope);
  return meanOf('mphe', (label, prediction) => {
    const ratio = fround(fround(label - prediction) / slope);
    return square * fround(fround(Math.sqrt(fround(1 + fround(ratio * ratio)))) - 1);
  });
}

/** Pinball loss at quantile_alpha. */
export function quantileLoss({ quantile_alpha }: Pick<EvalMetricParams, 'quantile_alpha'>): EvalMetric {
  const alpha = fround(quantile_alpha);
  const above = fround(1 - alpha);
  return meanOf('quantile', (label, prediction) => {
    const difference = fround(label - prediction);
    return difference >= 0 ? alpha * difference : -(above * difference);
  });
}

/** Mean -log of the probability given to the label, floored at 1e-16; labels between 0 and 1 too. */
export function logloss(): EvalMetric {
  const xlogy = (x: number, y: number) => (x === 0 ? 0 : fround(x * fround(log(Math.max(y, LEAST)))));
  return meanOf('logloss', (label, p) => xlogy(-label, p) + xlogy(-fround(1 - label), fround(1 - p)));
}

/** Share of rows on the wrong side of `threshold`; predictions above it count as 1. */
export function error(threshold: number): EvalMetric {
  const limit = fround(threshold);
  const name = limit === 0.5 ? 'error' : `error@${Number(limit.toPrecision(6))}`;
  return meanOf(name, (label, p) => (p > limit ? 1 - label : label));
}

/** Mean negative log likelihood of counts. */
export function poissonNegativeLogLikelihood(): EvalMetric {
  return meanOf('poisson-nloglik', (label, prediction) => {
    const mean = Math.max(prediction, LEAST);
    const constant = fround(logGamma(fround(label + 1)));
    return fround(constant + mean) - fround(fround(log(mean)) * label);
  });
}
