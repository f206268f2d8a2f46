import type { Kernels } from '../kernels/types';
import type { Control } from '../utils/control';
import { sigmoid } from '../utils/math';
import { roundsOf as boostingRounds } from './continuation';
import { predictNetwork } from './network/predict';
import type { NetworkModel } from './network/types';
import { checkColumns, predictMargin, predictMargins } from './predict';
import type { Booster } from './types';

/** A trained model of any kind, as it is registered, served and explained. */
export type Model = { readonly kind: 'xgboost'; readonly booster: Booster } | NetworkModel;

export type ModelKind = Model['kind'];

/** Names of the features a model reads, in its order. */
export function featureNamesOf(model: Model): readonly string[] {
  return model.kind === 'xgboost' ? model.booster.featureNames : model.featureNames;
}

/** Margins (log-odds) of a few rows; throws when columns are missing, too many or of unequal length. */
export function modelMargins(model: Model, columns: readonly Float32Array[]): Float32Array {
  checkColumns({ featureNames: featureNamesOf(model) }, columns);
  return model.kind === 'xgboost' ? predictMargin(model.booster, columns) : predictNetwork(model, columns);
}

/** The same of many rows: trees by `kernels`, with the same bits, and can be cancelled. */
export async function manyMargins(
  model: Model,
  columns: readonly Float32Array[],
  kernels: Kernels,
  control: Control,
): Promise<Float32Array> {
  return model.kind === 'xgboost'
    ? predictMargins(model.booster, columns, kernels, control)
    : modelMargins(model, columns);
}

/** Probabilities of a binary model for feature columns, float64. */
export async function modelProbabilities(
  model: Model,
  columns: readonly Float32Array[],
  kernels: Kernels,
  control: Control,
): Promise<Float64Array> {
  return Float64Array.from(await manyMargins(model, columns, kernels, control), sigmoid);
}

/** Rounds of training that the model keeps: boosting rounds, or epochs. */
export function roundsOf(model: Model): number {
  return model.kind === 'xgboost' ? boostingRounds(model.booster) : model.epochs;
}
