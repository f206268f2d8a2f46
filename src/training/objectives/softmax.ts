import { expFloat32 } from '../../kernels/gradients/reference';
import { log } from '../../utils/math';
import { totalWeight } from './estimates';
import { checkLabels } from './labels';
import { sumInAnyOrder } from './sums';
import type { LabelledRows, Objective, ObjectiveParams, RowRange } from './types';

const LEAST_HESSIAN = Math.fround(1e-16);
const LEAST_SHARE = Math.fround(1e-6);
/** XGBoost looks for the largest margin from the smallest normal float32 on, not from -infinity. */
const FIRST_LARGEST = 1.1754943508222875e-38;

/**
 * Cross entropy of the softmax of `num_class` margins: g = (p - [y = k]) w, h = max(2 p (1 - p) w, 1e-16)
 * (dmlc/xgboost:src/objective/multiclass_obj.cu). Both names predict probabilities here; picking the class is left to
 * whoever reads them.
 */
export function softmaxObjective(
  name: 'multi:softprob' | 'multi:softmax',
  { num_class }: Pick<ObjectiveParams, 'num_class'>,
): Objective {
  const range = {
    expected: `whole numbers from 0 to ${num_class - 1} (num_class is ${num_class})`,
    fits: (label: number) => label >= 0 && label < num_class && Math.floor(label) === label,
  };
  return {
    name,
    outputs: num_class,
    defaultMetric: 'mlogloss',
    checkLabels: (data, rows) => checkLabels(name, data, rows, range),
    baseScore: (data, rows) => centredLogShares(data, rows, num_class),
    baseMargin: (baseScore) => Math.fround(baseScore),
    gradients: softmaxPairs,
    toPredictions(margins) {
      const row = new Float32Array(num_class);
      for (let at = 0; at < margins.length; at += num_class) {
        let largest = margins[at] as number;
        for (let k = 1; k < num_class; k++) largest = Math.max(largest, margins[at + k] as number);
        const sum = powers(margins, at, largest, row);
        for (let k = 0; k < num_class; k++) margins[at + k] = (row[k] as number) / sum;
      }
    },
  };
}

/** e^(margin - largest) of one row into `into`, float32; their sum, added in float64, then float32. */
function powers(margins: Float32Array, at: number, largest: number, into: Float32Array): number {
  let sum = 0;
  for (let k = 0; k < into.length; k++) {
    const below = Math.fround((margins[at + k] as number) - largest);
    const power = below < -104 ? 0 : expFloat32(below);
    into[k] = power;
    sum += power;
  }
  return Math.fround(sum);
}

function softmaxPairs(
  { labels, weights }: LabelledRows,
  margins: Float32Array,
  { rows, from, to }: RowRange,
  pairs: readonly Float32Array[],
): void {
  const classes = pairs.length;
  const row = new Float32Array(classes);
  for (let i = from; i < to; i++) {
    const id = rows[i] as number;
    const sum = sharesOf(margins, id * classes, row);
    const label = labels[id] as number;
    const weight = weights ? (weights[id] as number) : 1;
    for (let k = 0; k < classes; k++) {
      const into = pairs[k] as Float32Array;
      const p = Math.fround((row[k] as number) / sum);
      const curvature = Math.fround(Math.fround(2 * p) * Math.fround(1 - p));
      into[2 * id] = Math.fround(label === k ? p - 1 : p) * weight;
      into[2 * id + 1] = Math.max(Math.fround(curvature * weight), LEAST_HESSIAN);
    }
  }
}

/** `powers` with the largest margin as XGBoost's gradients take it, unless all powers vanish beside it. */
function sharesOf(margins: Float32Array, at: number, into: Float32Array): number {
  let largest = -Infinity;
  for (let k = 0; k < into.length; k++) largest = Math.max(largest, margins[at + k] as number);
  const sum = powers(margins, at, Math.max(largest, FIRST_LARGEST), into);
  return sum > 0 ? sum : powers(margins, at, largest, into);
}

/** ln(share + 1e-6) of each class less their mean, in float32 steps. */
function centredLogShares({ labels, weights }: LabelledRows, rows: Int32Array, classes: number): Float32Array {
  const total = totalWeight({ labels, weights }, rows);
  const logs = new Float32Array(classes);
  if (!(total >= 1e-6)) return logs;
  for (let k = 0; k < classes; k++) {
    const sum = sumInAnyOrder(rows.length, (i) => {
      const row = rows[i] as number;
      return labels[row] !== k ? 0 : weights ? (weights[row] as number) : 1;
    });
    const share = Math.fround(Math.fround(sum) * (1 / total));
    logs[k] = log(Math.fround(share + LEAST_SHARE));
  }
  let mean = 0;
  for (const value of logs) mean = Math.fround(mean + Math.fround(value / classes));
  return logs.map((value) => value - mean);
}
