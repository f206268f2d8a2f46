import { nearest } from '../../config/suggest';
import { WorkbenchError } from '../../utils/errors';
import type { EvalMetric, EvalMetricParams } from '../objectives/types';
import { auc, aucpr } from './auc';
import {
  error,
  logloss,
  mae,
  mape,
  mphe,
  poissonNegativeLogLikelihood,
  quantileLoss,
  rmse,
  rmsle,
} from './elementwise';
import { merror, mlogloss } from './multiclass';
import { meanAveragePrecision, ndcg, precisionAt, type RankOptions } from './ranking';

/** Places looked at when a ranking metric names none (dmlc/xgboost:src/common/ranking_utils.h, DefaultK). */
const DEFAULT_TOP = 32;

const PLAIN: Readonly<Record<string, (params: EvalMetricParams) => EvalMetric>> = {
  rmse,
  mae,
  mape,
  rmsle,
  mphe,
  logloss,
  auc,
  aucpr,
  mlogloss,
  merror,
  'poisson-nloglik': poissonNegativeLogLikelihood,
  quantile: quantileLoss,
  error: () => error(0.5),
};

const RANKING: Readonly<Record<string, (options: RankOptions, params: EvalMetricParams) => EvalMetric>> = {
  ndcg: (options, { ndcg_exp_gain }) => ndcg(options, ndcg_exp_gain),
  map: meanAveragePrecision,
  pre: precisionAt,
};

/** Names as they are written without "@". */
export const EVAL_METRIC_NAMES: readonly string[] = [...Object.keys(PLAIN), ...Object.keys(RANKING)];

/**
 * The metric of that name as XGBoost 3.2 computes it: "rmse", "error@0.7", "ndcg@5", "map@3-". Throws TRAINING_INVALID
 * for a name it does not know.
 */
export function makeEvalMetric(name: string, params: EvalMetricParams): EvalMetric {
  if (Object.hasOwn(PLAIN, name)) return (PLAIN[name] as (params: EvalMetricParams) => EvalMetric)(params);
  const threshold = /^error@(\d*\.?\d+(?:e-?\d+)?)$/.exec(name)?.[1];
  if (threshold !== undefined) return error(Number(threshold));
  const [, rank = '', top, minus] = /^(ndcg|map|pre)(?:@([1-9]\d{0,8}))?(-)?$/.exec(name) ?? [];
  const make = RANKING[rank];
  if (!make) refuse(name);
  return make({ name, top: top === undefined ? DEFAULT_TOP : Number(top), minus: minus !== undefined }, params);
}

function refuse(name: string): never {
  throw new WorkbenchError('TRAINING_INVALID', `There is no metric "${name}". ${hintFor(name)}`, { metric: name });
}

function hintFor(name: string): string {
  const [word = ''] = name.replace(/-$/, '').split('@');
  if (word === 'error') return '"error" takes a threshold, as in error@0.7, or none.';
  if (Object.hasOwn(RANKING, word)) return `"${word}" takes a number of places, as in ${word}@5, or none.`;
  if (Object.hasOwn(PLAIN, word)) return `Write "${word}" alone.`;
  const near = nearest(word, EVAL_METRIC_NAMES);
  return near === null ? `Expected one of ${EVAL_METRIC_NAMES.join(', ')}.` : `Did you mean "${near}"?`;
}
