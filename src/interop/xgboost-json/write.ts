import { canonicalJson } from '../../utils/hash';
import { invariant } from '../../utils/errors';
import type { Booster, RegTree } from '../../training/types';
import { floatText } from './float-text';

/** Attribute that carries our training parameters; XGBoost keeps attributes it does not know. */
export const PARAMS_ATTRIBUTE = 'glasshouse_params';

/** The oldest format with everything written here; 1.7 to 3.x read it. */
const VERSION = '[2,1,0]';

/**
 * A booster as XGBoost's JSON model, readable by 1.7 and every later version: a scalar base_score, all numbers in float
 * arrays with a point or exponent, attributes present even when empty, the empty categorical arrays that belong to
 * split_type. Equal boosters give equal bytes. `best_iteration` and the training parameters are attributes.
 */
export function writeXgboostJson(booster: Booster): string {
  const features = booster.featureNames.length;
  const attributes = {
    ...(booster.bestIteration === undefined ? {} : { best_iteration: String(booster.bestIteration) }),
    [PARAMS_ATTRIBUTE]: canonicalJson(booster.params),
  };
  const learnerParam = {
    base_score: floatText(booster.baseScore),
    boost_from_average: '1',
    num_class: '0',
    num_feature: String(features),
    num_target: '1',
  };
  const objective = {
    name: 'binary:logistic',
    reg_loss_param: { scale_pos_weight: String(booster.params.scale_pos_weight) },
  };
  return (
    `{"learner":{"attributes":${JSON.stringify(attributes)}` +
    `,"feature_names":${JSON.stringify(booster.featureNames)}` +
    `,"feature_types":${JSON.stringify(booster.featureNames.map(() => 'float'))}` +
    `,"gradient_booster":{"model":${modelText(booster)},"name":"gbtree"}` +
    `,"learner_model_param":${JSON.stringify(learnerParam)}` +
    `,"objective":${JSON.stringify(objective)}},"version":${VERSION}}`
  );
}

function modelText({ trees, featureNames }: Booster): string {
  const count = trees.length;
  const param = JSON.stringify({ num_parallel_tree: '1', num_trees: String(count) });
  const indptr = JSON.stringify(Array.from({ length: count + 1 }, (_, i) => i));
  const info = JSON.stringify(new Array<number>(count).fill(0));
  const texts = trees.map((tree, id) => treeText(tree, id, featureNames.length));
  return `{"gbtree_model_param":${param},"iteration_indptr":${indptr},"tree_info":${info},"trees":[${texts.join(',\n')}]}`;
}

function treeText(tree: RegTree, id: number, features: number): string {
  const n = tree.leftChildren.length;
  const zeros = integers(new Int32Array(n));
  const param = { num_deleted: '0', num_feature: String(features), num_nodes: String(n), size_leaf_vector: '1' };
  return (
    `{"base_weights":${floats(tree.baseWeights)}` +
    `,"categories":[],"categories_nodes":[],"categories_segments":[],"categories_sizes":[]` +
    `,"default_left":${integers(tree.defaultLeft)}` +
    `,"id":${id}` +
    `,"left_children":${integers(tree.leftChildren)}` +
    `,"loss_changes":${floats(tree.lossChanges)}` +
    `,"parents":${integers(tree.parents)}` +
    `,"right_children":${integers(tree.rightChildren)}` +
    `,"split_conditions":${floats(tree.splitConditions)}` +
    `,"split_indices":${integers(tree.splitIndices)}` +
    `,"split_type":${zeros}` +
    `,"sum_hessian":${floats(tree.sumHessian)}` +
    `,"tree_param":${JSON.stringify(param)}}`
  );
}

function integers(values: Int32Array | Uint8Array): string {
  return `[${values.join(',')}]`;
}

function floats(values: Float32Array): string {
  const texts = Array.from(values, (value) => {
    invariant(Number.isFinite(value), () => `a tree holds ${value}`);
    return floatText(value);
  });
  return `[${texts.join(',')}]`;
}
