import { averagePrecision, rocAuc } from '../../training/metrics/ranking';
import { brier, logLoss } from '../../training/metrics/probability';
import { sigmoid } from '../../utils/math';
import type { Model, ModelKind } from '../../training/model';
import { improvementOf } from '../../registry/metric';
import type { PromotionRule } from '../../registry/types';
import { pickValues, type StageContext } from './context';
import type { LoadedRows } from './fit';
import type { Validation } from './plan';

type Metric = PromotionRule['metric'];
type Measure = (labels: ArrayLike<number>, probabilities: ArrayLike<number>) => number;

const MEASURES: Readonly<Record<Metric, Measure>> = {
  roc_auc: rocAuc,
  pr_auc: averagePrecision,
  log_loss: logLoss,
  brier,
};

/** The promotion metric on validation rows, the mean over folds. */
export function validationOf(
  { spec }: StageContext,
  { folds, labels }: LoadedRows,
  margins: readonly Float32Array[],
): Validation {
  const { metric } = spec.config.promotion;
  const values = folds.map(({ validation }, fold) =>
    MEASURES[metric](pickValues(labels, validation), Float64Array.from(margins[fold] ?? [], sigmoid)),
  );
  return {
    metric,
    value: values.reduce((sum, value) => sum + value, 0) / values.length,
    folds: folds.length,
    n: folds.reduce((sum, { validation }) => sum + validation.length, 0),
  };
}

/** Which kind of model is registered, and why in a sentence. */
export interface Choice<C> {
  readonly chosen: C;
  /** Empty where there was nothing to choose between. */
  readonly reason: string;
}

interface Fitted {
  readonly model: Model;
  readonly validation: Validation | null;
}

/**
 * The first model (the trees) unless another kind beats it on validation rows by what the promotion rule asks of any
 * challenger; of several that do, the best.
 */
export function chooseKind<C extends Fitted>(models: readonly [C, ...C[]], rule: PromotionRule): Choice<C> {
  const [first, ...rivals] = models;
  const gains = rivals.map((rival) => ({ rival, gain: gainOf(rule, rival, first) }));
  const best = gains.reduce<(typeof gains)[number] | null>(
    (most, one) => (one.gain > (most?.gain ?? -Infinity) ? one : most),
    null,
  );
  if (!best) return { chosen: first, reason: '' };
  const { rival, gain } = best;
  const wins = gain > 0 && gain >= rule.minimum_improvement;
  const amount = (value: number) =>
    rule.improvement === 'relative' ? `${(100 * value).toFixed(1)}%` : value.toFixed(4);
  const against = `${amount(Math.abs(gain))} ${gain < 0 ? 'worse' : 'better'} than the ${kindWords(first)} by ${rule.metric.replace('_', ' ')} on validation rows`;
  const asked = `${amount(rule.minimum_improvement)} asked of another kind`;
  return wins
    ? { chosen: rival, reason: `The ${kindWords(rival)} is ${against}, at least the ${asked}, and is registered.` }
    : { chosen: first, reason: `The ${kindWords(rival)} is ${against}; with ${asked}, the trees are registered.` };
}

function gainOf(rule: PromotionRule, rival: Fitted, first: Fitted): number {
  if (!rival.validation || !first.validation) return NaN;
  return improvementOf(rule, rival.validation.value, first.validation.value);
}

/** Kinds of models as sentences name them. */
export const KIND_WORDS: Readonly<Record<ModelKind, string>> = {
  xgboost: 'boosted trees',
  logistic: 'logistic regression',
  mlp: 'multilayer perceptron',
};

function kindWords({ model }: Fitted): string {
  return KIND_WORDS[model.kind];
}
