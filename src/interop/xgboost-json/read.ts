import { parseBoosterParams } from '../../training/params';
import type { Booster, BoosterParams, FeatureType, RegTree } from '../../training/types';
import { WorkbenchError } from '../../utils/errors';
import { readCategories } from './categories';
import { countAt, floatsAt, integersAt, isList, isMap, listAt, mapAt, refuse, textAt } from './fields';
import { parseJson, type JsonList, type JsonMap, type JsonValue } from './parse-json';
import { readTree } from './read-tree';
import { PARAMS_ATTRIBUTE } from './write';

const MOST_CHARACTERS = 400_000_000;
const MOST_TREES = 100_000;
const MOST_FEATURES = 100_000;
const MOST_OUTPUTS = 1000;

/**
 * Reads the text of an XGBoost JSON model; `readXgboostModel` says which. Equal boosters:
 * `readXgboostJson(writeXgboostJson(booster))` equals `booster`.
 */
export function readXgboostJson(text: string): Booster {
  if (text.length > MOST_CHARACTERS)
    refuse('the file', `has ${text.length} characters, more than the ${MOST_CHARACTERS} this reader takes`);
  return readXgboostModel(parseJson(text));
}

/**
 * Reads a parsed XGBoost model (the objectives trained here, boosters gbtree and dart, one target) of any version from 1.7
 * to 3.x: base_score as "5E-1" or "[5E-1]", default_left as 0/1 or booleans, pruned trees. Everything is checked first
 * (sizes, index ranges, that trees are trees) and refused with the reason, as is any other objective or booster by its
 * name. Trees after best_iteration are kept, as Booster.predict uses them. Parameters are those of our own attribute,
 * else defaults. Categories stay the codes that the trees hold; names that 3.1 and newer keep beside them are not read.
 */
export function readXgboostModel(root: JsonValue): Booster {
  const learner = mapAt(root, ['learner']);
  const param = mapAt(learner, ['learner_model_param']);
  if (param.has('num_target')) countAt(param, 'num_target', 'learner_model_param', 1);
  const features = countAt(param, 'num_feature', 'learner_model_param', MOST_FEATURES);
  if (features === 0) refuse('learner_model_param.num_feature', 'is 0');
  const attributes = isMap(learner.get('attributes')) ? mapAt(learner, ['attributes']) : new Map<string, JsonValue>();
  const gradient = readGradientBooster(mapAt(learner, ['gradient_booster']), features);
  const params = readParams(learner, attributes, gradient);
  const { trees, treeOutputs, treeWeights } = gradient;
  const outputs = Math.max(params.num_class, 1);
  const stray = treeOutputs.find((output) => output >= outputs);
  if (stray !== undefined) refuse('gradient_booster.model.tree_info', `names output ${stray} of ${outputs}`);
  const aRound = outputs * gradient.parallel;
  if (trees.length % aRound !== 0) {
    refuse('gradient_booster.model.trees', `has ${trees.length} trees, which do not make rounds of ${aRound}`);
  }
  const best = readBestIteration(attributes, trees.length / aRound);
  const bases = readBaseScores(textAt(param, 'base_score', 'learner_model_param'), params, outputs);
  const types = readTypes(learner, features, trees);
  const categories = readCategories(gradient.model, attributes, features);
  return {
    params,
    featureNames: readNames(learner, features),
    ...(types.includes('c') ? { featureTypes: types } : {}),
    ...(categories ? { categories } : {}),
    ...withOneBase(gradient, bases),
    ...(outputs > 1 ? { treeOutputs } : {}),
    ...(treeWeights ? { treeWeights } : {}),
    ...(best === undefined ? {} : { bestIteration: best }),
  };
}

interface ReadTrees {
  readonly model: JsonMap;
  readonly trees: readonly RegTree[];
  readonly treeOutputs: Int32Array;
  readonly treeWeights: Float32Array | null;
  readonly parallel: number;
}

/** gbtree, or dart around it, with its weights beside or (from 3.4 on) inside the model. */
function readGradientBooster(map: JsonMap, features: number): ReadTrees {
  const name = textAt(map, 'name', 'gradient_booster');
  if (name !== 'gbtree' && name !== 'dart')
    refuse(`the booster ${name.slice(0, 60)}`, 'is not supported; gbtree and dart are');
  const model = name === 'dart' && map.has('gbtree') ? mapAt(map, ['gbtree', 'model']) : mapAt(map, ['model']);
  const where = 'gradient_booster.model';
  const param = mapAt(model, ['gbtree_model_param']);
  const parallel = param.has('num_parallel_tree') ? countAt(param, 'num_parallel_tree', where, MOST_TREES) : 1;
  const list = listAt(model, 'trees', where);
  const count = countAt(param, 'num_trees', `${where}.gbtree_model_param`, MOST_TREES);
  if (list.length !== count) refuse(`${where}.trees`, `has ${list.length} trees, but num_trees is ${count}`);
  const treeOutputs = model.has('tree_info')
    ? integersAt(model, 'tree_info', where, { n: count, least: 0, most: MOST_OUTPUTS })
    : new Int32Array(count);
  refuseIndptr(listOf(model, 'iteration_indptr'), count);
  const weighted = [map, model].find((place) => listOf(place, 'weight_drop').length > 0);
  if (name === 'dart' && count > 0 && !weighted) refuse('gradient_booster.weight_drop', 'is missing');
  return {
    model,
    trees: Array.from(list, (tree, i) => readTree(tree, `tree ${i}`, features)),
    treeOutputs,
    treeWeights: weighted ? readWeights(weighted, count) : null,
    parallel: Math.max(parallel, 1),
  };
}

function readWeights(map: JsonMap, trees: number): Float32Array {
  const weights = floatsAt(map, 'weight_drop', 'gradient_booster', trees);
  const bad = weights.findIndex((weight) => !Number.isFinite(weight));
  if (bad >= 0) refuse(`gradient_booster.weight_drop[${bad}]`, `is ${weights[bad] ?? NaN}, expected a finite number`);
  return weights;
}

/** 2.0 and newer say where each round ends. */
function refuseIndptr(indptr: JsonList, trees: number): void {
  if (indptr.length === 0) return;
  const last = indptr[indptr.length - 1];
  if (last !== trees) refuse('gradient_booster.model.iteration_indptr', `does not end at the ${trees} trees there are`);
}

function listOf(map: JsonMap, key: string): JsonList {
  const value = map.get(key);
  return isList(value) ? value : [];
}

/**
 * One base score for all outputs: where a file (XGBoost 3.1 and newer) has one for each, the difference goes into the
 * leaves of each output's first tree that counts.
 */
function withOneBase(
  { trees, treeOutputs, treeWeights }: ReadTrees,
  bases: readonly number[],
): Pick<Booster, 'baseScore' | 'trees'> {
  const [first = 0] = bases;
  if (bases.every((base) => base === first)) return { baseScore: first, trees };
  const left = new Map(bases.entries());
  const started = trees.map((tree, index) => {
    const output = treeOutputs[index] ?? 0;
    const offset = left.get(output);
    const weight = treeWeights?.[index] ?? 1;
    if (offset === undefined || weight === 0) return tree;
    left.delete(output);
    const { leftChildren, splitConditions } = tree;
    const moved = splitConditions.map((value, node) =>
      (leftChildren[node] as number) < 0 ? value + offset / weight : value,
    );
    if (!moved.every((value, node) => Number.isFinite(value) || (leftChildren[node] as number) >= 0)) {
      refuse('learner_model_param.base_score', `is too large to be added to the leaves of tree ${index}`);
    }
    return { ...tree, splitConditions: moved };
  });
  for (const [output] of left) {
    refuse('learner_model_param.base_score', `starts output ${output} from its own number, but no tree can carry it`);
  }
  return { baseScore: 0, trees: started };
}

function readNames(learner: JsonMap, features: number): string[] {
  const names: JsonList = learner.has('feature_names') ? listAt(learner, 'feature_names', 'learner') : [];
  if (names.length === 0) return Array.from({ length: features }, (_, i) => `f${i}`);
  if (names.length !== features) refuse('learner.feature_names', `has ${names.length} names for ${features} features`);
  const texts = Array.from(names, (name: JsonValue, i) =>
    typeof name === 'string' ? name : refuse(`learner.feature_names[${i}]`, 'is not a text'),
  );
  if (new Set(texts).size !== texts.length) refuse('learner.feature_names', 'has the same name twice');
  return texts;
}

/** "5E-1" or, from 3.1 on, "[5E-1]" or one number an output. */
function readBaseScores(text: string, params: BoosterParams, outputs: number): readonly number[] {
  const where = 'learner_model_param.base_score';
  const inner = /^\[(.*)\]$/.exec(text)?.[1] ?? text;
  const values = inner.split(',').map((part) => {
    if (!/^[+-]?(\d+\.?\d*|\.\d+)([eE][+-]?\d+)?$/.test(part)) {
      refuse(where, `is "${text.slice(0, 40)}", expected one number`);
    }
    return Math.fround(Number(part));
  });
  if (values.length !== 1 && values.length !== outputs) {
    refuse(where, `has ${values.length} numbers for ${outputs} ${outputs === 1 ? 'output' : 'outputs'}`);
  }
  const logistic = params.objective.endsWith('logistic');
  const bad = values.find((value) => (logistic ? !(value > 0 && value < 1) : !Number.isFinite(value)));
  if (bad !== undefined)
    refuse(where, `is ${bad}, expected ${logistic ? 'a probability between 0 and 1' : 'a finite number'}`);
  return values;
}

/** As the file says; a feature that is split by category is one in any case. */
function readTypes(learner: JsonMap, features: number, trees: readonly RegTree[]): FeatureType[] {
  const said = listOf(learner, 'feature_types');
  const types = Array.from({ length: features }, (_, i): FeatureType => (said[i] === 'c' ? 'c' : 'float'));
  for (const { categories, splitIndices } of trees) {
    for (const [node] of categories ?? []) types[splitIndices[node] as number] = 'c';
  }
  return types;
}

function readBestIteration(attributes: JsonMap, rounds: number): number | undefined {
  const text = attributes.get('best_iteration');
  if (text === undefined) return undefined;
  const value = typeof text === 'string' && /^\d{1,9}$/.test(text) ? Number(text) : NaN;
  if (!(value < rounds)) refuse('the attribute best_iteration', `is not the number of a round from 0 to ${rounds - 1}`);
  return value;
}

/** Our own attribute where there is one, with what the file itself says of its objective and trees. */
function readParams(learner: JsonMap, attributes: JsonMap, { treeWeights, parallel }: ReadTrees): BoosterParams {
  const text = attributes.get(PARAMS_ATTRIBUTE);
  const own = typeof text === 'string' ? parseJson(text) : new Map<string, JsonValue>();
  if (!isMap(own)) return refuse(`the attribute ${PARAMS_ATTRIBUTE}`, 'is not an object');
  const objective = mapAt(learner, ['objective']);
  const name = textAt(objective, 'name', 'objective');
  const param = mapAt(learner, ['learner_model_param']);
  const classes = param.has('num_class') ? countAt(param, 'num_class', 'learner_model_param', MOST_OUTPUTS) : 0;
  const quantile = objective.get('quantile_loss_param');
  const alpha = isMap(quantile)
    ? Number(/-?[\d.]+([eE][+-]?\d+)?/.exec(textAt(quantile, 'quantile_alpha', 'objective'))?.[0])
    : NaN;
  const said = {
    ...Object.fromEntries(own),
    objective: name,
    num_class: classes > 1 ? classes : undefined,
    booster: treeWeights ? 'dart' : undefined,
    num_parallel_tree: parallel > 1 ? parallel : undefined,
    ...(Number.isNaN(alpha) || own.has('quantile_alpha') ? {} : { quantile_alpha: alpha }),
  };
  try {
    return parseBoosterParams(said);
  } catch (error) {
    if (!(error instanceof WorkbenchError)) throw error;
    if (typeof text === 'string') refuse(`the attribute ${PARAMS_ATTRIBUTE}`, `is wrong (${error.message})`);
    return refuse(`the objective ${name.slice(0, 60)}`, `is not supported (${error.message})`);
  }
}
