import { sigmoid } from '../utils/math';
import { roundsOf as boostingRounds } from './continuation';
import { predictNetwork } from './network/predict';
import type { NetworkModel } from './network/types';
import { checkColumns, predictMargin } from './predict';
import type { Booster } from './types';

/** A trained model of any kind, as it is registered, served and explained. */
export type Model = { readonly kind: 'xgboost'; readonly booster: Booster } | NetworkModel;

export type ModelKind = Model['kind'];

/** Names of the features a model reads, in its order. */
export function featureNamesOf(model: Model): readonly string[] {
  return model.kind === 'xgboost' ? model.booster.featureNames : model.featureNames;
}

/** Margins (log-odds) of each row; throws when columns are missing, too many or of unequal length. */
export function modelMargins(model: Model, columns: readonly Float32Array[]): Float32Array {
  checkColumns({ featureNames: featureNamesOf(model) }, columns);
  return model.kind === 'xgboost' ? predictMargin(model.booster, columns) : predictNetwork(model, columns);
}

/** Probabilities of a binary model for feature columns, float64. */
export function probabilities(model: Model, columns: readonly Float32Array[]): Float64Array {
  return Float64Array.from(modelMargins(model, columns), sigmoid);
}

/** Rounds of training that the model keeps: boosting rounds, or epochs. */
export function roundsOf(model: Model): number {
  return model.kind === 'xgboost' ? boostingRounds(model.booster) : model.epochs;
}
