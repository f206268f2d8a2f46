import { log } from '../../utils/math';
import type { EvalMetric } from '../objectives/types';

const LEAST = Math.fround(1e-16);

/** Weighted mean over rows of a loss of `classes` probabilities from `at` on (dmlc/xgboost:src/metric/multiclass_metric.cu). */
function meanOf(
  name: string,
  loss: (label: number, probabilities: Float32Array, at: number, classes: number) => number,
): EvalMetric {
  return {
    name,
    direction: 'minimize',
    evaluate({ labels, weights }, probabilities, rows) {
      const classes = probabilities.length / labels.length;
      let sum = 0;
      let total = 0;
      for (const row of rows) {
        const weight = weights ? (weights[row] as number) : 1;
        sum += Math.fround(Math.fround(loss(labels[row] as number, probabilities, row * classes, classes)) * weight);
        total += weight;
      }
      return sum / total;
    },
  };
}

/** Mean -log of the probability given to the label's class, floored at 1e-16. */
export function mlogloss(): EvalMetric {
  return meanOf('mlogloss', (label, probabilities, at) => -log(Math.max(probabilities[at + label] as number, LEAST)));
}

/** Share of rows whose likeliest class, the first of equals, is not the label. */
export function merror(): EvalMetric {
  return meanOf('merror', (label, probabilities, at, classes) => {
    let likeliest = 0;
    for (let k = 1; k < classes; k++) {
      if ((probabilities[at + k] as number) > (probabilities[at + likeliest] as number)) likeliest = k;
    }
    return likeliest === label ? 0 : 1;
  });
}
