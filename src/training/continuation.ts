import { WorkbenchError } from '../utils/errors';
import { makeObjective } from './objectives';
import type { Booster, BoosterParams, TrainingMatrix } from './types';

/** Boosting rounds of a model. */
export function roundsOf({ trees, params }: Booster): number {
  return trees.length / (makeObjective(params.objective, params).outputs * params.num_parallel_tree);
}

/** Throws TRAINING_INVALID where training cannot go on from `base`, naming what differs. */
export function checkContinuation(base: Booster, matrix: TrainingMatrix, params: BoosterParams): void {
  const refuse = (text: string) => {
    throw new WorkbenchError('TRAINING_INVALID', `Training cannot go on from the base model: ${text}`);
  };
  for (const name of ['objective', 'num_class', 'num_parallel_tree'] as const) {
    const [was, is] = [base.params[name], params[name]];
    if (was !== is) refuse(`its ${name} is ${was}, the parameters say ${is}. Give the same, or train anew.`);
  }
  if (params.base_score !== undefined && Math.fround(params.base_score) !== base.baseScore) {
    refuse(
      `it starts from ${base.baseScore}, the parameters say base_score ${params.base_score}. Leave base_score out.`,
    );
  }
  if (params.booster === 'dart' || base.treeWeights) {
    refuse('booster dart weighs its trees again each round, older ones too. Use gbtree, or train anew.');
  }
  const odd = base.featureNames.findIndex((name, i) => name !== matrix.featureNames[i]);
  if (odd >= 0 || base.featureNames.length !== matrix.featureNames.length) {
    const at = odd >= 0 ? odd : base.featureNames.length;
    refuse(
      `feature ${at + 1} is ${base.featureNames[at] ?? 'none'} there and ${matrix.featureNames[at] ?? 'none'} in the data. Give the same features in the same order.`,
    );
  }
  const typeOf = (types: Booster['featureTypes'], i: number) => types?.[i] ?? 'float';
  const other = base.featureNames.findIndex((_, i) => typeOf(base.featureTypes, i) !== typeOf(matrix.featureTypes, i));
  if (other >= 0) {
    const kind = (type: string) => (type === 'c' ? 'categories' : 'numbers');
    refuse(
      `${base.featureNames[other] ?? other} holds ${kind(typeOf(base.featureTypes, other))} there and ${kind(typeOf(matrix.featureTypes, other))} in the data.`,
    );
  }
}
