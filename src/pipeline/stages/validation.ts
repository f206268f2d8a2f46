import { averagePrecision, rocAuc } from '../../training/metrics/ranking';
import { brier, logLoss } from '../../training/metrics/probability';
import { sigmoid } from '../../utils/math';
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

/** The best by its validation metric; the first of equals, and where there is nothing to compare. */
export function chooseCandidate<C extends { readonly validation: Validation | null }>(candidates: readonly C[]): C {
  return candidates.reduce((best, candidate) =>
    lossOf(candidate.validation) < lossOf(best.validation) ? candidate : best,
  );
}

function lossOf(validation: Validation | null): number {
  if (!validation || Number.isNaN(validation.value)) return Infinity;
  return validation.metric === 'log_loss' || validation.metric === 'brier' ? validation.value : -validation.value;
}
