import { canonicalJson } from '../../utils/hash';
import { changedParams } from '../../training/params';
import type { Booster, BoosterParams, RegTree } from '../../training/types';
import { CATEGORIES_ATTRIBUTE, categoriesAttribute, categoriesText } from './categories';
import { floatText } from './float-text';

/** Attribute that carries our training parameters; XGBoost keeps attributes it does not know. */
export const PARAMS_ATTRIBUTE = 'glasshouse_params';

/** The oldest format with everything written here; 1.7 to 3.x read it. */
const VERSION = '[2,1,0]';
/** What XGBoost writes for "not set". */
const NOT_SET = '4294967295';

/**
 * A booster as XGBoost's JSON model, readable by 1.7 and every later version: a scalar base_score, all numbers in float
 * arrays with a point or exponent, attributes present even when empty, the empty categorical arrays that belong to
 * split_type. Equal boosters give equal bytes. `best_iteration` and the training parameters that differ from their
 * defaults are attributes; what categories stand for is in XGBoost's own field, or in an attribute where that cannot
 * hold it.
 */
export function writeXgboostJson(booster: Booster): string {
  const { params, featureNames } = booster;
  const texts = categoriesAttribute(booster.categories);
  const attributes = {
    ...(booster.bestIteration === undefined ? {} : { best_iteration: String(booster.bestIteration) }),
    ...(texts === null ? {} : { [CATEGORIES_ATTRIBUTE]: texts }),
    [PARAMS_ATTRIBUTE]: canonicalJson(changedParams(params)),
  };
  const learnerParam = {
    base_score: floatText(booster.baseScore),
    boost_from_average: '1',
    num_class: String(params.num_class),
    num_feature: String(featureNames.length),
    num_target: '1',
  };
  return (
    `{"learner":{"attributes":${JSON.stringify(attributes)}` +
    `,"feature_names":${JSON.stringify(featureNames)}` +
    `,"feature_types":${JSON.stringify(booster.featureTypes ?? featureNames.map(() => 'float'))}` +
    `,"gradient_booster":${boosterText(booster)}` +
    `,"learner_model_param":${JSON.stringify(learnerParam)}` +
    `,"objective":${JSON.stringify(objectiveOf(params))}},"version":${VERSION}}`
  );
}

/** The objective with the parameter block its readers ask for. */
function objectiveOf(params: BoosterParams): object {
  const name = params.objective;
  switch (name) {
    case 'binary:logistic':
    case 'reg:logistic':
    case 'reg:squarederror':
      return { name, reg_loss_param: { scale_pos_weight: String(params.scale_pos_weight) } };
    case 'reg:absoluteerror':
      return { name };
    case 'reg:quantileerror':
      return { name, quantile_loss_param: { quantile_alpha: `[${floatText(params.quantile_alpha)}]` } };
    case 'count:poisson':
      return { name, poisson_regression_param: { max_delta_step: floatText(params.max_delta_step) } };
    case 'multi:softprob':
    case 'multi:softmax':
      return { name, softmax_multiclass_param: { num_class: String(params.num_class) } };
    case 'rank:ndcg':
    case 'rank:pairwise':
      return {
        lambda_rank_param: { fix_list_weight: '0', num_pairsample: '1' },
        lambdarank_param: rankParam(params),
        name,
      };
  }
}

function rankParam(params: BoosterParams): object {
  const flag = (on: boolean) => (on ? '1' : '0');
  return {
    lambdarank_bias_norm: '1',
    lambdarank_normalization: flag(params.lambdarank_normalization),
    lambdarank_num_pair_per_sample: String(params.lambdarank_num_pair_per_sample ?? NOT_SET),
    lambdarank_pair_method: params.lambdarank_pair_method,
    lambdarank_score_normalization: flag(params.lambdarank_score_normalization),
    lambdarank_unbiased: '0',
    ndcg_exp_gain: flag(params.ndcg_exp_gain),
  };
}

function boosterText(booster: Booster): string {
  const trees = `{"model":${modelText(booster)},"name":"gbtree"}`;
  if (!booster.treeWeights) return trees;
  return `{"gbtree":${trees},"name":"dart","weight_drop":${floats(booster.treeWeights)}}`;
}

function modelText({ trees, treeOutputs, featureNames, params, categories }: Booster): string {
  const count = trees.length;
  const aRound = Math.max(params.num_class, 1) * params.num_parallel_tree;
  const param = JSON.stringify({ num_parallel_tree: String(params.num_parallel_tree), num_trees: String(count) });
  const indptr = JSON.stringify(Array.from({ length: Math.floor(count / aRound) + 1 }, (_, i) => i * aRound));
  const info = integers(treeOutputs ?? new Int32Array(count));
  const texts = trees.map((tree, id) => treeText(tree, id, featureNames.length));
  const cats = categoriesText(categories);
  const catsField = cats === null ? '' : `"cats":${cats},`;
  return `{${catsField}"gbtree_model_param":${param},"iteration_indptr":${indptr},"tree_info":${info},"trees":[${texts.join(',\n')}]}`;
}

function treeText(tree: RegTree, id: number, features: number): string {
  const n = tree.leftChildren.length;
  const param = { num_deleted: '0', num_feature: String(features), num_nodes: String(n), size_leaf_vector: '1' };
  const byCategory = [...(tree.categories ?? [])].sort(([a], [b]) => a - b);
  const types = new Uint8Array(n);
  for (const [node] of byCategory) types[node] = 1;
  const sizes = byCategory.map(([, codes]) => codes.length);
  const segments = sizes.map((_, i) => sizes.slice(0, i).reduce((sum, size) => sum + size, 0));
  return (
    `{"base_weights":${floats(tree.baseWeights)}` +
    `,"categories":[${byCategory.map(([, codes]) => codes.join(',')).join(',')}]` +
    `,"categories_nodes":[${byCategory.map(([node]) => node).join(',')}]` +
    `,"categories_segments":[${segments.join(',')}],"categories_sizes":[${sizes.join(',')}]` +
    `,"default_left":${integers(tree.defaultLeft)}` +
    `,"id":${id}` +
    `,"left_children":${integers(tree.leftChildren)}` +
    `,"loss_changes":${floats(tree.lossChanges)}` +
    `,"parents":${integers(tree.parents)}` +
    `,"right_children":${integers(tree.rightChildren)}` +
    `,"split_conditions":${floats(tree.splitConditions)}` +
    `,"split_indices":${integers(tree.splitIndices)}` +
    `,"split_type":${integers(types)}` +
    `,"sum_hessian":${floats(tree.sumHessian)}` +
    `,"tree_param":${JSON.stringify(param)}}`
  );
}

function integers(values: Int32Array | Uint8Array): string {
  return `[${values.join(',')}]`;
}

function floats(values: Float32Array): string {
  // Read models may hold NaN as a gain and infinity as a condition; XGBoost writes and reads them bare.
  const texts = Array.from(values, (value) => (Number.isFinite(value) ? floatText(value) : String(value)));
  return `[${texts.join(',')}]`;
}
