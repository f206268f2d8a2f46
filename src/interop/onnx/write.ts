import { makeObjective } from '../../training/objectives';
import { changedParams } from '../../training/params';
import type { Booster } from '../../training/types';
import { canonicalJson } from '../../utils/hash';
import { PARAMS_ATTRIBUTE } from '../xgboost-json/write';
import { addConstant, addTree, addUnreachedNegativeLeaf, emptyEnsemble, type Ensemble } from './ensemble';
import { Message } from './protobuf';
import { attribute, graphOf, modelOf, nodeOf, tensorInfo, TENSOR_TYPE, type AttributeValue } from './model';

const INPUT = 'float_input';
const ML_DOMAIN = 'ai.onnx.ml';

/** What the graph is made of: an ensemble of trees and, for some, a function of its output. */
interface Graph {
  readonly nodes: readonly Message[];
  readonly outputs: readonly Message[];
  readonly between: readonly Message[];
}

/**
 * A booster as an ONNX model (IR 7, opset 13, ai.onnx.ml 1), held to ONNX Runtime 1.15 to 1.32.
 *
 * Input `float_input`, float [N, n_features] in the order of `booster.featureNames`; NaN is missing, a category is its
 * code, a whole number. binary:logistic and multi:* are classifiers: `label`, int64 [N], the likeliest class (1 where its
 * probability is above 0.5), and `probabilities`, float [N, classes]. All others are regressors: `variable`, float [N, 1],
 * what `predict` gives; counts above e^88.7 are infinite, as in XGBoost. Leaves are added in float32, as XGBoost adds
 * them: probabilities agree with `predict` to 1e-6, values of 100 trees to 4e-7, of 1000 to 1.2e-6. All trees of the
 * booster are written. Equal boosters give equal bytes. The model's metadata hold the objective, the names and types of
 * features and the training parameters.
 */
export function writeOnnx(booster: Booster): Uint8Array {
  const { objective } = booster.params;
  const isClassifier = objective === 'binary:logistic' || objective.startsWith('multi:');
  const parts = isClassifier ? classifier(booster) : regressor(booster);
  const input = tensorInfo(INPUT, TENSOR_TYPE.float, ['N', booster.featureNames.length]);
  const graph = graphOf({ name: objective, inputs: [input], ...parts });
  return modelOf(graph, metadataOf(booster)).bytes();
}

function classifier(booster: Booster): Graph {
  const classes = Math.max(2, booster.params.num_class);
  const ensemble = ensembleOf(booster);
  const ids = Array.from({ length: classes }, (_, k) => k);
  const binary = classes === 2;
  if (binary) refuseGuess(ensemble);
  const node = nodeOf({
    type: 'TreeEnsembleClassifier',
    domain: ML_DOMAIN,
    inputs: [INPUT],
    outputs: ['label', 'probabilities'],
    attributes: [
      ...nodeAttributes(ensemble),
      ...leafAttributes(ensemble, 'class'),
      attribute('classlabels_int64s', { integers: ids }),
      attribute('base_values', { floats: binary ? [binaryBase(booster)] : ids.map(() => baseMargin(booster)) }),
      attribute('post_transform', { text: binary ? 'LOGISTIC' : 'SOFTMAX' }),
    ],
  });
  const outputs = [
    tensorInfo('label', TENSOR_TYPE.int64, ['N']),
    tensorInfo('probabilities', TENSOR_TYPE.float, ['N', classes]),
  ];
  return { nodes: [node], outputs, between: [] };
}

/**
 * ONNX Runtime takes a binary ensemble without negative leaves for one of probabilities and compares its sum with 0.5
 * instead of 0: one negative leaf, which nothing reaches, says that it holds log-odds.
 */
function refuseGuess(ensemble: Ensemble): void {
  if (!ensemble.leaves.weights.some((weight) => weight < 0)) addUnreachedNegativeLeaf(ensemble);
}

function regressor(booster: Booster): Graph {
  const link = LINKS[booster.params.objective];
  const ensemble = ensembleOf(booster);
  const sum = link === undefined ? 'variable' : 'margin';
  const nodes = [
    nodeOf({
      type: 'TreeEnsembleRegressor',
      domain: ML_DOMAIN,
      inputs: [INPUT],
      outputs: [sum],
      attributes: [
        ...nodeAttributes(ensemble),
        ...leafAttributes(ensemble, 'target'),
        attribute('n_targets', { integer: 1 }),
        attribute('base_values', { floats: [baseMargin(booster)] }),
        attribute('aggregate_function', { text: 'SUM' }),
        attribute('post_transform', { text: 'NONE' }),
      ],
    }),
  ];
  const outputs = [tensorInfo('variable', TENSOR_TYPE.float, ['N', 1])];
  if (link === undefined) return { nodes, outputs, between: [] };
  nodes.push(nodeOf({ type: link, inputs: [sum], outputs: ['variable'], attributes: [] }));
  return { nodes, outputs, between: [tensorInfo(sum, TENSOR_TYPE.float, ['N', 1])] };
}

/** The ONNX function from margin to prediction; the regressor's own post_transform is not applied by ONNX Runtime. */
const LINKS: Readonly<Record<string, 'Sigmoid' | 'Exp'>> = { 'reg:logistic': 'Sigmoid', 'count:poisson': 'Exp' };

/**
 * All trees. Two classes of multi:* become one log-odds, the second's margin less the first's: ONNX Runtime labels two
 * scores by the sign of the second alone.
 */
function ensembleOf(booster: Booster): Ensemble {
  const { trees, treeOutputs, treeWeights, params } = booster;
  const ensemble = emptyEnsemble();
  const paired = params.num_class === 2;
  trees.forEach((tree, index) => {
    const output = treeOutputs?.[index] ?? 0;
    const weight = treeWeights?.[index] ?? 1;
    if (paired) addTree(ensemble, tree, { output: 0, weight: output === 0 ? -weight : weight });
    else addTree(ensemble, tree, { output, weight });
  });
  if (trees.length === 0) {
    const outputs = paired ? 1 : Math.max(1, params.num_class);
    for (let output = 0; output < outputs; output++) addConstant(ensemble, output, 0);
  }
  return ensemble;
}

function baseMargin({ params, baseScore }: Booster): number {
  return makeObjective(params.objective, params).baseMargin(baseScore);
}

/** Two classes of multi:* start from the same margin. */
function binaryBase(booster: Booster): number {
  return booster.params.num_class === 2 ? 0 : baseMargin(booster);
}

function nodeAttributes(ensemble: Ensemble): readonly Message[] {
  const attributes: Readonly<Record<string, AttributeValue>> = {
    nodes_treeids: { integers: ensemble.treeIds },
    nodes_nodeids: { integers: ensemble.nodeIds },
    nodes_featureids: { integers: ensemble.featureIds },
    nodes_modes: { texts: ensemble.modes },
    nodes_values: { floats: ensemble.values },
    nodes_truenodeids: { integers: ensemble.trueIds },
    nodes_falsenodeids: { integers: ensemble.falseIds },
    nodes_missing_value_tracks_true: { integers: ensemble.missingTrue },
  };
  return Object.entries(attributes).map(([name, value]) => attribute(name, value));
}

function leafAttributes({ leaves }: Ensemble, prefix: 'class' | 'target'): readonly Message[] {
  return [
    attribute(`${prefix}_treeids`, { integers: leaves.treeIds }),
    attribute(`${prefix}_nodeids`, { integers: leaves.nodeIds }),
    attribute(`${prefix}_ids`, { integers: leaves.outputs }),
    attribute(`${prefix}_weights`, { floats: leaves.weights }),
  ];
}

function metadataOf(booster: Booster): Readonly<Record<string, string>> {
  const { params, featureNames, featureTypes, bestIteration } = booster;
  return {
    objective: params.objective,
    feature_names: JSON.stringify(featureNames),
    feature_types: JSON.stringify(featureTypes ?? featureNames.map(() => 'float')),
    ...(bestIteration === undefined ? {} : { best_iteration: String(bestIteration) }),
    [PARAMS_ATTRIBUTE]: canonicalJson(changedParams(params)),
  };
}
