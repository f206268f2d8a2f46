import { invariant } from '../../utils/errors';
import { canonicalJson } from '../../utils/hash';
import type { DenseLayer, FeatureInputs, NetworkModel } from '../../training/network/types';
import { floatText } from '../xgboost-json/float-text';

/** What tells the file from other models, and its version. */
export const NETWORK_FORMAT = 'glasshouse.network/1';

/**
 * A logistic regression or multilayer perceptron as JSON, all of it: standardisation, missing indicators, layers and
 * parameters. Floats are the shortest text that reads back as the same number. Equal models give equal bytes.
 */
export function writeNetworkJson(model: NetworkModel): string {
  const { kind, params, featureNames, features, layers, epochs } = model;
  const { kind: _kind, ...settings } = params;
  const inputs = features.map((feature, i) => JSON.stringify({ name: featureNames[i], ...inputsObject(feature) }));
  return (
    `{"format":${JSON.stringify(NETWORK_FORMAT)},"kind":${JSON.stringify(kind)},"objective":"binary:logistic"` +
    `,"params":${canonicalJson(settings)},"epochs":${epochs}` +
    `,"features":[${inputs.join(',\n')}]` +
    `,"layers":[${layers.map(layerText).join(',\n')}]}`
  );
}

function inputsObject(feature: FeatureInputs): object {
  const { missing } = feature;
  return feature.kind === 'number'
    ? { kind: feature.kind, mean: feature.mean, scale: feature.scale, missing }
    : { kind: feature.kind, codes: feature.codes, shares: feature.shares, missing };
}

function layerText({ inputs, units, weights, biases }: DenseLayer): string {
  return `{"inputs":${inputs},"units":${units},"biases":${floats(biases)},"weights":${floats(weights)}}`;
}

function floats(values: Float32Array): string {
  const texts = Array.from(values, (value) => {
    invariant(Number.isFinite(value), () => `a layer holds ${value}`);
    return floatText(value);
  });
  return `[${texts.join(',')}]`;
}
