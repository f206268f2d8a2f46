import { leafOf } from '../kernels/predict/reference';
import { checkColumns } from './predict';
import type { Booster, RegTree } from './types';

/**
 * The leaf that each row falls into in each tree, by its node number in the model file, as XGBoost's pred_leaf.
 *
 * @param columns [n_features] arrays of [n_rows], in the order of `booster.featureNames`.
 * @returns [n_rows * trees], trees of a row side by side.
 */
export function predictLeaf(booster: Booster, columns: readonly Float32Array[]): Int32Array {
  const n = checkColumns(booster, columns);
  const { trees } = booster;
  const leaves = new Int32Array(n * trees.length);
  for (let t = 0; t < trees.length; t++) {
    for (let row = 0; row < n; row++) leaves[row * trees.length + t] = leafOf(trees[t] as RegTree, columns, row);
  }
  return leaves;
}
