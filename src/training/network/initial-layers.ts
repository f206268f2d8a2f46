import { logit } from '../../utils/math';
import { makeRandom } from '../../utils/random';
import type { DenseLayer, NetworkParams } from './types';

/**
 * Where training begins: hidden weights uniform within sqrt(6 / inputs) for relu (He et al. 2015) and
 * sqrt(6 / (inputs + units)) for tanh (Glorot & Bengio 2010), from the stream "network.weights"; the last layer at 0 with
 * the log-odds of the mean label as its bias, so that the first prediction is the prevalence.
 */
export function initialLayers(params: NetworkParams, inputs: number, prevalence: number): readonly DenseLayer[] {
  const random = makeRandom(params.seed, 'network.weights');
  const hidden = params.kind === 'mlp' ? params.hidden_units : [];
  const layers: DenseLayer[] = [];
  let width = inputs;
  for (const units of hidden) {
    const tanh = params.kind === 'mlp' && params.activation === 'tanh';
    const limit = Math.sqrt(6 / (width + (tanh ? units : 0)));
    const weights = Float32Array.from({ length: width * units }, () => limit * (2 * random.uniform() - 1));
    layers.push({ inputs: width, units, weights, biases: new Float32Array(units) });
    width = units;
  }
  const biases = Float32Array.of(logit(prevalence));
  return [...layers, { inputs: width, units: 1, weights: new Float32Array(width), biases }];
}
