import { sumInAnyOrder } from './sums';
import type { LabelledRows, Objective } from './types';

const LEAST_HESSIAN = 1e-6;

/** The weighted mean label of rows, float64; NaN when the weights sum to 0. */
export function meanLabel({ labels, weights }: LabelledRows, rows: Int32Array): number {
  const label = (i: number) => labels[rows[i] as number] as number;
  if (!weights) return sumInAnyOrder(rows.length, label) / rows.length;
  const weight = (i: number) => weights[rows[i] as number] as number;
  return sumInAnyOrder(rows.length, (i) => label(i) * weight(i)) / sumInAnyOrder(rows.length, weight);
}

/** The sum of weights of rows, their number without weights. */
export function totalWeight({ weights }: LabelledRows, rows: Int32Array): number {
  return weights ? sumInAnyOrder(rows.length, (i) => weights[rows[i] as number] as number) : rows.length;
}

/**
 * The margin, float32, of one unregularised Newton step from margin 0: -sum g / max(sum h, 1e-6)
 * (dmlc/xgboost:src/tree/fit_stump.cc), for objectives of one output.
 */
export function newtonStep(gradients: Objective['gradients'], data: LabelledRows, rows: Int32Array): number {
  const pairs = new Float32Array(2 * data.labels.length);
  gradients(data, new Float32Array(data.labels.length), { rows, from: 0, to: rows.length }, [pairs]);
  const gradient = sumInAnyOrder(rows.length, (i) => pairs[2 * (rows[i] as number)] as number);
  const hessian = sumInAnyOrder(rows.length, (i) => pairs[2 * (rows[i] as number) + 1] as number);
  return Math.fround(-gradient / Math.max(hessian, LEAST_HESSIAN));
}

/** Whether XGBoost takes scale_pos_weight for something other than 1. */
export function scalesPositives(scalePosWeight: number): boolean {
  return Math.abs(Math.fround(scalePosWeight) - 1) > 1e-6;
}
