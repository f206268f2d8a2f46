import { checkLabels } from './labels';
import { lambdaPairs } from './lambda-pairs';
import { checkQueryWeights, MOST_RELEVANT } from './queries';
import type { Objective, ObjectiveParams } from './types';

const PAIRS = { topk: 32, mean: 1 };

const WHOLE = {
  expected: `whole numbers from 0 to ${MOST_RELEVANT}, as the gain is 2^label - 1; set ndcg_exp_gain to false for others`,
  fits: (label: number) => label >= 0 && label <= MOST_RELEVANT && Math.floor(label) === label,
};
const RELEVANCE = { expected: 'numbers of 0 or more', fits: (label: number) => label >= 0 };

/**
 * LambdaMART (dmlc/xgboost:src/objective/lambdarank_obj.{h,cc}) without position debiasing: pairs of rows of one query,
 * weighed by the NDCG that swapping them would change (rank:ndcg) or all alike (rank:pairwise). Starts from 0, where
 * XGBoost stores what rounding left of a sum of zero, about 1e-8: no order depends on it.
 */
export function rankingObjective(name: 'rank:ndcg' | 'rank:pairwise', params: ObjectiveParams): Objective {
  const method = params.lambdarank_pair_method;
  const pairsEach = params.lambdarank_num_pair_per_sample ?? PAIRS[method];
  const exponential = name === 'rank:ndcg' && params.ndcg_exp_gain;
  const gradients = lambdaPairs({
    ndcg: name === 'rank:ndcg',
    exponential,
    method,
    pairsEach,
    normalise: params.lambdarank_normalization,
    normaliseByScore: params.lambdarank_score_normalization,
    seed: params.seed,
  });
  return {
    name,
    outputs: 1,
    defaultMetric: method === 'topk' ? `ndcg@${pairsEach}` : 'ndcg',
    checkLabels(data, rows) {
      checkLabels(name, data, rows, exponential ? WHOLE : RELEVANCE);
      checkQueryWeights(data, rows);
    },
    baseScore: () => Float32Array.of(0),
    baseMargin: (baseScore) => Math.fround(baseScore),
    gradients,
    toPredictions: () => undefined,
  };
}
