import { orderFreeMean, quantileOf } from '../exact-sums';
import { isFiniteLabel, requireLabels } from './labels';
import type { LabelledRows, Objective, ObjectiveName, ObjectiveParams } from './types';

/** Half the squared distance: g = (margin - y) w, h = w. */
export function squaredError(): Objective {
  return {
    ...identityLink('reg:squarederror', 'rmse'),
    baseScore: ({ labels, weights }, rows) =>
      Float32Array.of(orderFreeMean(rows, (row) => labels[row] as number, weights)),
    gradients: (data, margins, list, pairs) => eachRow(data, margins, list, { pairs, slope: (distance) => distance }),
  };
}

/** Distance: g = sign(margin - y) w, h = w; leaves are medians of what is left. */
export function absoluteError(): Objective {
  return { ...ofQuantile('reg:absoluteerror', 'mae', 0.5), gradients: signGradients };
}

/** Pinball loss at quantile_alpha; leaves are that quantile of what is left. */
export function quantileError(params: ObjectiveParams): Objective {
  const alpha = Math.fround(params.quantile_alpha);
  const above = Math.fround(1 - alpha);
  return {
    ...ofQuantile('reg:quantileerror', 'quantile', alpha),
    gradients: (data, margins, list, pairs) =>
      eachRow(data, margins, list, { pairs, slope: (distance) => (distance >= 0 ? above : -alpha) }),
  };
}

function signGradients(...[data, margins, list, pairs]: Parameters<Objective['gradients']>): void {
  eachRow(data, margins, list, { pairs, slope: Math.sign });
}

function ofQuantile(name: ObjectiveName, metric: string, alpha: number): Omit<Objective, 'gradients'> {
  return {
    ...identityLink(name, metric),
    baseScore: ({ labels, weights }, rows) =>
      Float32Array.of(quantileOf(rows, (row) => labels[row] as number, alpha, weights)),
    leafValue: ({ labels, weights }, margins, rows) =>
      quantileOf(rows, (row) => Math.fround((labels[row] as number) - (margins[row] as number)), alpha, weights),
  };
}

function identityLink(name: ObjectiveName, defaultMetric: string) {
  return {
    name,
    outputs: 1,
    defaultMetric,
    checkLabels: (data: LabelledRows, rows: Int32Array) =>
      requireLabels(data, rows, { objective: name, expected: 'a finite number', fits: isFiniteLabel }),
    baseMargin: (baseScore: number) => Math.fround(baseScore),
    toPredictions: () => undefined,
  };
}

/** g = slope(margin - y) w and h = w, in float32. */
function eachRow(
  { labels, weights }: LabelledRows,
  margins: Float32Array,
  { rows, from, to }: { readonly rows: Int32Array; readonly from: number; readonly to: number },
  { pairs, slope }: { readonly pairs: readonly Float32Array[]; readonly slope: (distance: number) => number },
): void {
  const into = pairs[0] as Float32Array;
  for (let i = from; i < to; i++) {
    const row = rows[i] as number;
    const weight = weights ? (weights[row] as number) : 1;
    into[2 * row] = slope(Math.fround((margins[row] as number) - (labels[row] as number))) * weight;
    into[2 * row + 1] = weight;
  }
}
