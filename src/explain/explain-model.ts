import { featureNamesOf, type Model } from '../training/model';
import { checkColumns } from '../training/predict';
import type { Control } from '../utils/control';
import { WorkbenchError } from '../utils/errors';
import { explainNetwork, ORDER_PAIRS } from './network-shap';
import { explainRows } from './tree-shap';

/** Shares of features in margins, and how they came about. */
export interface ModelExplanation {
  readonly mode: 'tree_path_dependent' | 'linear_interventional' | 'baseline_permutation';
  /** One array of [n_features] a row, log-odds. */
  readonly values: readonly Float64Array[];
  /** base + sum of a row's values = its margin. */
  readonly base: number;
}

/** SHAP values of a model by the method of its kind: exact for trees and logistic regression, sampled for an mlp. */
export async function explainModel(
  model: Model,
  columns: readonly Float32Array[],
  rows: Int32Array,
  control: Control,
): Promise<ModelExplanation> {
  if (model.kind === 'xgboost') return explainRows(model.booster, columns, rows, control);
  const n = checkColumns({ featureNames: featureNamesOf(model) }, columns);
  const bad = rows.find((row) => row < 0 || row >= n);
  if (bad !== undefined)
    throw new WorkbenchError('USAGE', `Row ${bad} cannot be explained: there are ${n} rows, numbered 0 to ${n - 1}.`);
  return explainNetwork(model, columns, rows, control);
}

/** The method of a mode in words, for people. */
export function explainerText(mode: ModelExplanation['mode']): string {
  switch (mode) {
    case 'tree_path_dependent':
      return 'exact TreeSHAP, tree_path_dependent (cover = sum of hessians), log-odds';
    case 'linear_interventional':
      return 'exact linear SHAP, interventional (features independent, against the average training row), log-odds';
    case 'baseline_permutation':
      return `baseline Shapley values against the average training row, estimated over ${ORDER_PAIRS} seeded orders of the features and their reverses, log-odds`;
  }
}
