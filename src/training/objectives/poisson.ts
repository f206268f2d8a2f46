import { exp, log } from '../../utils/math';
import { orderFreeMean } from '../exact-sums';
import { requireLabels } from './labels';
import type { Objective, ObjectiveParams } from './types';

const LEAST = 1e-16;

/** Counts: g = (e^m - y) w, h = e^(m + max_delta_step) w, as XGBoost has it until 3.4. */
export function poisson(params: ObjectiveParams): Objective {
  const step = Math.fround(params.max_delta_step);
  return {
    name: 'count:poisson',
    outputs: 1,
    defaultMetric: 'poisson-nloglik',
    checkLabels: (data, rows) =>
      requireLabels(data, rows, {
        objective: 'count:poisson',
        expected: 'a finite number at least 0',
        fits: (label) => label >= 0 && label < Infinity,
      }),
    baseScore: ({ labels, weights }, rows) =>
      Float32Array.of(
        Math.max(
          orderFreeMean(rows, (row) => labels[row] as number, weights),
          LEAST,
        ),
      ),
    baseMargin: (baseScore) => Math.fround(log(baseScore)),
    gradients: ({ labels, weights }, margins, { rows, from, to }, pairs) => {
      const into = pairs[0] as Float32Array;
      for (let i = from; i < to; i++) {
        const row = rows[i] as number;
        const weight = weights ? (weights[row] as number) : 1;
        const margin = margins[row] as number;
        into[2 * row] = Math.fround(Math.fround(exp(margin)) - (labels[row] as number)) * weight;
        into[2 * row + 1] = Math.fround(exp(Math.fround(margin + step))) * weight;
      }
    },
    toPredictions: (margins) => {
      for (let i = 0; i < margins.length; i++) margins[i] = exp(margins[i] as number);
    },
  };
}
