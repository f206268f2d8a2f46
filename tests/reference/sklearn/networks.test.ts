import { describe, expect, test } from 'vitest';
import { explainNetwork } from '../../../src/explain/network-shap';
import { tfjsTrainer } from '../../../src/platform/tfjs/trainer';
import { parseNetworkParams } from '../../../src/training/network/params';
import { predictNetwork } from '../../../src/training/network/predict';
import { trainNetwork } from '../../../src/training/network/train';
import type { NetworkModel } from '../../../src/training/network/types';
import answers from './answers.json';

function columnsOf(x: readonly (readonly (number | null)[])[]): Float32Array[] {
  return x.map((column) => Float32Array.from(column, (value) => value ?? NaN));
}

function namesOf(columns: readonly unknown[]): string[] {
  return columns.map((_, f) => `f${f}`);
}

function largestDifference(ours: ArrayLike<number>, theirs: readonly number[]): number {
  expect(ours).toHaveLength(theirs.length);
  return theirs.reduce((most, value, i) => Math.max(most, Math.abs(value - (ours[i] ?? NaN))), 0);
}

const trainer = tfjsTrainer();

describe.each(answers.logistic)('logistic regression with l2 $l2 as scikit-learn has it', (answer) => {
  const columns = columnsOf(answer.x);
  const matrix = { featureNames: namesOf(columns), columns, labels: Uint8Array.from(answer.y) };
  const rows = Int32Array.from(answer.y.keys());

  test.each(['cpu', 'wasm'] as const)(
    'coefficients, standardisation and SHAP values, trained on %s',
    async (backend) => {
      const params = parseNetworkParams('logistic', {
        l2: answer.l2,
        learning_rate: 0.03,
        batch_size: rows.length,
        epochs: 3000,
        backend,
      });
      const { model } = await trainNetwork({ matrix, rows, params, trainer }, {});
      model.features.forEach((feature, f) => {
        if (feature.kind !== 'number') throw new Error('a number was expected');
        expect(feature.mean).toBeCloseTo(answer.means[f] ?? NaN, 9);
        expect(feature.scale).toBeCloseTo(answer.scales[f] ?? NaN, 9);
      });
      expect(largestDifference(model.layers[0]?.weights ?? [], answer.coefficients)).toBeLessThan(1e-3);
      expect(largestDifference(model.layers[0]?.biases ?? [], [answer.intercept])).toBeLessThan(1e-3);
      const explained = await explainNetwork(model, columns, rows.slice(0, answer.shap.length), {});
      expect(largestDifference([explained.base], [answer.shap_base])).toBeLessThan(2e-3);
      explained.values.forEach((shares, row) =>
        expect(largestDifference(shares, answer.shap[row] ?? [])).toBeLessThan(2e-3),
      );
    },
  );
});

describe.each(answers.mlp)(
  'the forward pass and Shapley values of a perceptron of scikit-learn, $activation',
  (answer) => {
    const columns = columnsOf(answer.x);
    const sizes = [columns.length, ...answer.hidden, 1];
    const model: NetworkModel = {
      kind: 'mlp',
      params: parseNetworkParams('mlp', { hidden_units: answer.hidden, activation: answer.activation }),
      featureNames: namesOf(columns),
      features: columns.map((_, f) => ({
        kind: 'number',
        mean: answer.means[f] ?? NaN,
        scale: answer.scales[f] ?? NaN,
        missing: null,
      })),
      layers: answer.weights.map((weights, i) => ({
        inputs: sizes[i] ?? 0,
        units: sizes[i + 1] ?? 0,
        weights: Float32Array.from(weights),
        biases: Float32Array.from(answer.biases[i] ?? []),
      })),
      epochs: 1,
    };

    test('margins within 1e-5', () => {
      expect(largestDifference(predictNetwork(model, columns), answer.margins)).toBeLessThan(1e-5);
    });

    test('sampled Shapley values lie near the exact ones and add up', async () => {
      const rows = Int32Array.from(answer.shap.keys());
      const margins = predictNetwork(model, columns);
      const explained = await explainNetwork(model, columns, rows, {});
      expect(explained.base).toBeCloseTo(answer.shap_base, 4);
      const largest = Math.max(...answer.shap.flat().map(Math.abs));
      explained.values.forEach((shares, row) => {
        const sum = shares.reduce((total, share) => total + share, explained.base);
        expect(sum).toBeCloseTo(margins[row] ?? NaN, 5);
        const apart = largestDifference(shares, answer.shap[row] ?? []);
        expect(apart).toBeLessThan(0.05 * largest);
      });
    });
  },
);
