import { averageInputs, encodeValue, inputOffsets } from '../training/network/encode';
import { makeForward } from '../training/network/predict';
import type { NetworkModel } from '../training/network/types';
import { checkpoint, type Control } from '../utils/control';
import { makeRandom } from '../utils/random';

/** Pairs of an order of features and its reverse, drawn once for all rows. */
export const ORDER_PAIRS = 32;

export interface NetworkExplanation {
  readonly mode: 'linear_interventional' | 'baseline_permutation';
  /** One array of [n_features] a row, log-odds. */
  readonly values: readonly Float64Array[];
  /** Margin of the average training row; base + sum of a row's values = its margin. */
  readonly base: number;
}

/**
 * Shapley values of log-odds against the average training row (mean inputs, missing indicators and categories at their
 * shares), the inputs of a feature moving together. Logistic regression: exact, weight x (input - average), as SHAP's
 * LinearExplainer with independent features (Lundberg & Lee 2017). Multilayer perceptron: baseline Shapley (Sundararajan
 * & Najmi 2020, arXiv:1908.08474) estimated over `ORDER_PAIRS` seeded orders of the features and their reverses
 * (antithetic, Mitchell et al. 2022); the shares of each order add up, so their mean does.
 *
 * @param columns [n_features] columns of [n_rows], in the model's order.
 * @param rows row numbers to explain, in this order.
 */
export async function explainNetwork(
  model: NetworkModel,
  columns: readonly Float32Array[],
  rows: Int32Array,
  control: Control,
): Promise<NetworkExplanation> {
  const linear = model.kind === 'logistic';
  const explainer = linear ? linearShares(model) : permutationShares(model);
  const values: Float64Array[] = [];
  for (const [i, row] of rows.entries()) {
    if (i % 16 === 0)
      await checkpoint(control, { label: `explaining row ${i + 1} of ${rows.length}`, done: i, total: rows.length });
    values.push(explainer.explain(encodeRow(model, columns, row)));
  }
  await checkpoint(control, { label: `explained ${rows.length} rows`, done: rows.length, total: rows.length });
  return { mode: linear ? 'linear_interventional' : 'baseline_permutation', values, base: explainer.base };
}

function encodeRow(model: NetworkModel, columns: readonly Float32Array[], row: number): Float32Array {
  const offsets = inputOffsets(model.features);
  const inputs = new Float32Array(offsets[model.features.length] as number);
  model.features.forEach((feature, f) => {
    encodeValue(feature, (columns[f] as Float32Array)[row] as number, inputs, offsets[f] as number);
  });
  return inputs;
}

interface RowExplainer {
  readonly base: number;
  explain(inputs: Float32Array): Float64Array;
}

function linearShares(model: NetworkModel): RowExplainer {
  const offsets = inputOffsets(model.features);
  const average = averageInputs(model.features);
  const weights = model.layers[0]?.weights ?? new Float32Array();
  const bias = model.layers[0]?.biases[0] ?? 0;
  const base = average.reduce((sum, value, i) => sum + value * (weights[i] as number), bias);
  return {
    base,
    explain: (inputs) =>
      Float64Array.from(model.features, (_, f) => {
        let share = 0;
        for (let i = offsets[f] as number; i < (offsets[f + 1] as number); i++)
          share += (weights[i] as number) * ((inputs[i] as number) - (average[i] as number));
        return share;
      }),
  };
}

function permutationShares(model: NetworkModel): RowExplainer {
  const offsets = inputOffsets(model.features);
  const average = averageInputs(model.features);
  const forward = makeForward(model);
  const base = forward(average);
  const orders = featureOrders(model);
  const mixed = new Float32Array(average.length);
  return {
    base,
    explain(inputs) {
      const shares = new Float64Array(model.features.length);
      for (const order of orders) {
        mixed.set(average);
        let before = base;
        for (const f of order) {
          const [from, to] = [offsets[f] as number, offsets[f + 1] as number];
          mixed.set(inputs.subarray(from, to), from);
          const after = forward(mixed);
          shares[f] = (shares[f] as number) + (after - before) / orders.length;
          before = after;
        }
      }
      return shares;
    },
  };
}

/** Seeded orders, each followed by its reverse. */
function featureOrders({ features, params }: NetworkModel): readonly Int32Array[] {
  const random = makeRandom(params.seed, 'explain.orders');
  const first = Int32Array.from(features.keys());
  return Array.from({ length: ORDER_PAIRS }, () => random.shuffle(first.slice())).flatMap((order) => [
    order,
    order.slice().reverse(),
  ]);
}
