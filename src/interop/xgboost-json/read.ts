import { parseBoosterParams } from '../../training/params';
import type { Booster, BoosterParams, RegTree } from '../../training/types';
import { WorkbenchError } from '../../utils/errors';
import { countAt, isMap, listAt, mapAt, refuse, textAt } from './fields';
import { parseJson, type JsonMap, type JsonValue } from './parse-json';
import { readTree } from './read-tree';
import { PARAMS_ATTRIBUTE } from './write';

const MOST_CHARACTERS = 400_000_000;
const MOST_TREES = 100_000;
const MOST_FEATURES = 100_000;

/**
 * Reads an XGBoost JSON model (binary:logistic, booster gbtree, numeric splits, one target), of any version from 1.7 to
 * 3.x: base_score as "5E-1" or "[5E-1]", bare NaN and Infinity, default_left as 0/1 or booleans. Everything is checked
 * first (sizes, index ranges, that trees are trees) and refused with the reason, as is any other objective or booster by
 * its name. Trees after best_iteration are kept, as Booster.predict uses them. Parameters are those of our own
 * attribute, else defaults. `readXgboostJson(writeXgboostJson(booster))` equals `booster`.
 */
export function readXgboostJson(text: string): Booster {
  if (text.length > MOST_CHARACTERS)
    refuse('the file', `has ${text.length} characters, more than the ${MOST_CHARACTERS} this reader takes`);
  const root = parseJson(text);
  const learner = mapAt(root, ['learner']);
  refuseOthers(learner);
  const param = mapAt(learner, ['learner_model_param']);
  const features = countAt(param, 'num_feature', 'learner_model_param', MOST_FEATURES);
  if (features === 0) refuse('learner_model_param.num_feature', 'is 0');
  const trees = readTrees(mapAt(learner, ['gradient_booster', 'model']), features);
  const attributes = isMap(learner.get('attributes')) ? mapAt(learner, ['attributes']) : new Map<string, JsonValue>();
  const best = readBestIteration(attributes, trees.length);
  return {
    params: readParams(attributes),
    featureNames: readNames(learner, features),
    baseScore: readBaseScore(textAt(param, 'base_score', 'learner_model_param')),
    trees,
    ...(best === undefined ? {} : { bestIteration: best }),
  };
}

function refuseOthers(learner: JsonMap): void {
  const objective = textAt(mapAt(learner, ['objective']), 'name', 'objective');
  if (objective !== 'binary:logistic')
    refuse(`the objective ${objective.slice(0, 60)}`, 'is not supported; binary:logistic is');
  const booster = textAt(mapAt(learner, ['gradient_booster']), 'name', 'gradient_booster');
  if (booster !== 'gbtree') refuse(`the booster ${booster.slice(0, 60)}`, 'is not supported; gbtree is');
  const param = mapAt(learner, ['learner_model_param']);
  for (const [key, most] of [
    ['num_class', 1],
    ['num_target', 1],
  ] as const) {
    if (param.has(key)) countAt(param, key, 'learner_model_param', most);
  }
}

function readTrees(model: JsonMap, features: number): RegTree[] {
  const where = 'gradient_booster.model';
  const param = mapAt(model, ['gbtree_model_param']);
  if (param.has('num_parallel_tree') && countAt(param, 'num_parallel_tree', where, MOST_TREES) > 1) {
    refuse(`${where}.num_parallel_tree`, 'is more than 1; forests are not supported');
  }
  const drops = model.get('weight_drop');
  if (Array.isArray(drops) && drops.length > 0)
    refuse(`${where}.weight_drop`, 'holds tree weights (dart), which are not supported');
  const trees = listAt(model, 'trees', where);
  const count = countAt(param, 'num_trees', `${where}.gbtree_model_param`, MOST_TREES);
  if (trees.length !== count) refuse(`${where}.trees`, `has ${trees.length} trees, but num_trees is ${count}`);
  if (model.has('tree_info') && listAt(model, 'tree_info', where).some((info) => info !== 0)) {
    refuse(`${where}.tree_info`, 'names several classes or targets, which are not supported');
  }
  return trees.map((tree, i) => readTree(tree, `tree ${i}`, features));
}

function readNames(learner: JsonMap, features: number): string[] {
  const names = learner.has('feature_names') ? listAt(learner, 'feature_names', 'learner') : [];
  if (names.length === 0) return Array.from({ length: features }, (_, i) => `f${i}`);
  if (names.length !== features) refuse('learner.feature_names', `has ${names.length} names for ${features} features`);
  const texts = names.map((name, i) =>
    typeof name === 'string' ? name : refuse(`learner.feature_names[${i}]`, 'is not a text'),
  );
  if (new Set(texts).size !== texts.length) refuse('learner.feature_names', 'has the same name twice');
  return texts;
}

/** "5E-1" or, from 3.1 on, "[5E-1]". */
function readBaseScore(text: string): number {
  const inner = /^\[(.*)\]$/.exec(text)?.[1] ?? text;
  if (!/^[+-]?(\d+\.?\d*|\.\d+)([eE][+-]?\d+)?$/.test(inner)) {
    refuse('learner_model_param.base_score', `is "${text.slice(0, 40)}", expected one number`);
  }
  const value = Math.fround(Number(inner));
  if (!(value > 0 && value < 1))
    refuse('learner_model_param.base_score', `is ${inner}, expected a probability between 0 and 1`);
  return value;
}

function readBestIteration(attributes: JsonMap, trees: number): number | undefined {
  const text = attributes.get('best_iteration');
  if (text === undefined) return undefined;
  const value = typeof text === 'string' && /^\d{1,9}$/.test(text) ? Number(text) : NaN;
  if (!(value < trees)) refuse('the attribute best_iteration', `is not the number of a round from 0 to ${trees - 1}`);
  return value;
}

function readParams(attributes: JsonMap): BoosterParams {
  const text = attributes.get(PARAMS_ATTRIBUTE);
  if (typeof text !== 'string') return parseBoosterParams({});
  const value = parseJson(text);
  if (!isMap(value)) return refuse(`the attribute ${PARAMS_ATTRIBUTE}`, 'is not an object');
  try {
    return parseBoosterParams(Object.fromEntries(value));
  } catch (error) {
    if (error instanceof WorkbenchError) refuse(`the attribute ${PARAMS_ATTRIBUTE}`, `is wrong (${error.message})`);
    throw error;
  }
}
