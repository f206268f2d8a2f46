import { WorkbenchError } from '../../utils/errors';
import { tanh } from '../../utils/math';
import { encodeValue, inputOffsets } from './encode';
import type { DenseLayer, NetworkModel, NetworkParams } from './types';

/** The function of hidden units; nothing for a model without any. */
export function activationOf(params: NetworkParams): 'relu' | 'tanh' {
  return params.kind === 'mlp' ? params.activation : 'relu';
}

/**
 * Margins (log-odds) of each row: sums in float64, rounded to float32 at each layer; the same bits on every host, and
 * within 1e-6 of what the training library says.
 *
 * @param columns [n_features] arrays of [n_rows], in the order of the model's features.
 * @returns [n_rows]
 */
export function predictNetwork(model: NetworkModel, columns: readonly Float32Array[]): Float32Array {
  const n = columns[0]?.length ?? 0;
  const offsets = inputOffsets(model.features);
  const inputs = new Float32Array(offsets[model.features.length] as number);
  const margins = new Float32Array(n);
  const forward = makeForward(model);
  for (let row = 0; row < n; row++) {
    inputs.fill(0);
    model.features.forEach((feature, f) => {
      const value = (columns[f] as Float32Array)[row] as number;
      if (value === Infinity || value === -Infinity) refuseInfinite(model.featureNames[f] ?? '', row);
      encodeValue(feature, value, inputs, offsets[f] as number);
    });
    margins[row] = forward(inputs);
  }
  return margins;
}

function refuseInfinite(name: string, row: number): never {
  throw new WorkbenchError(
    'TRAINING_INVALID',
    `Feature ${name}, row ${row + 1} is infinite. Expected a finite number or a missing value; mend the data.`,
    { feature: name, row },
  );
}

/** The margin of one row of inputs. */
export function makeForward(model: NetworkModel): (inputs: Float32Array) => number {
  const act = activation(activationOf(model.params));
  const stages = model.layers.map((layer, i) => ({
    layer,
    sums: new Float64Array(layer.units),
    units: new Float32Array(layer.units),
    act: i < model.layers.length - 1 ? act : null,
  }));
  return (inputs) => {
    let values = inputs;
    for (const { layer, sums, units, act: apply } of stages) {
      addProducts(layer, values, sums);
      for (let u = 0; u < sums.length; u++)
        units[u] = apply ? apply(Math.fround(sums[u] as number)) : (sums[u] as number);
      values = units;
    }
    return values[0] as number;
  };
}

/** sums = biases + values x weights. */
function addProducts({ weights, biases, units }: DenseLayer, values: Float32Array, sums: Float64Array): void {
  sums.set(biases);
  for (let i = 0; i < values.length; i++) {
    const value = values[i] as number;
    if (value === 0) continue;
    const from = i * units;
    for (let u = 0; u < units; u++) sums[u] = (sums[u] as number) + value * (weights[from + u] as number);
  }
}

/** relu or tanh of one number. */
export function activation(name: 'relu' | 'tanh'): (x: number) => number {
  return name === 'tanh' ? tanh : (x) => (x > 0 ? x : 0);
}
