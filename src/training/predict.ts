import { sigmoidFloat32 } from '../kernels/gradients/reference';
import { addTreeToBlock } from '../kernels/predict/reference';
import { WorkbenchError } from '../utils/errors';
import { baseMargin } from './base-score';
import type { Booster } from './types';

const BLOCK = 2048;

/**
 * Log-odds of each row: base margin plus leaf values, summed in float64 and rounded once to float32. Feature values are
 * float32, as the conditions are; NaN takes each node's default side.
 *
 * @param columns [n_features] arrays of [n_rows], in the order of `booster.featureNames`.
 */
export function predictMargin(booster: Booster, columns: readonly Float32Array[]): Float32Array {
  const n = checkColumns(booster, columns);
  const margins = new Float32Array(n);
  const base = baseMargin(booster.baseScore);
  const sums = new Float64Array(Math.min(BLOCK, n));
  for (let from = 0; from < n; from += BLOCK) {
    const block = sums.subarray(0, Math.min(BLOCK, n - from));
    block.fill(base);
    for (const tree of booster.trees) addTreeToBlock(tree, columns, from, block);
    margins.set(block, from);
  }
  return margins;
}

/** Probability of the positive class, float32: `predictMargin` through XGBoost's float32 sigmoid. */
export function predictProbability(booster: Booster, columns: readonly Float32Array[]): Float32Array {
  return predictMargin(booster, columns).map(sigmoidFloat32);
}

/** Number of rows; throws when columns are missing, too many or of unequal length. */
export function checkColumns(booster: Booster, columns: readonly Float32Array[]): number {
  const wanted = booster.featureNames.length;
  if (columns.length !== wanted) {
    throw new WorkbenchError(
      'TRAINING_INVALID',
      `The model was trained on ${wanted} features and got ${columns.length} columns. Give one column for each of ${booster.featureNames.slice(0, 20).join(', ')}, in this order.`,
    );
  }
  const n = columns[0]?.length ?? 0;
  const odd = columns.findIndex((column) => column.length !== n);
  if (odd >= 0) {
    throw new WorkbenchError(
      'TRAINING_INVALID',
      `Feature ${booster.featureNames[odd] ?? odd} has ${columns[odd]?.length ?? 0} rows, the first one ${n}; expected columns of one length.`,
    );
  }
  return n;
}
