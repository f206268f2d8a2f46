import { beforeAll, describe, expect, test } from 'vitest';
import { parseNetworkParams } from '../../training/network/params';
import { trainNetwork, type NetworkTrainRequest, type NetworkTrainResult } from '../../training/network/train';
import { xorTable } from '../../../tests/contracts/networks';
import type { NetworkTrainer } from '../../training/network/types';
import { tfjsTrainer } from './trainer';

const trainer = tfjsTrainer();

function lossOf({ history, bestIteration }: NetworkTrainResult): number {
  return history['validation']?.['logloss']?.[bestIteration] ?? NaN;
}

describe('a table where the product of two features decides', () => {
  let logistic: NetworkTrainResult;
  let mlp: NetworkTrainResult;
  beforeAll(async () => {
    const train = (kind: 'logistic' | 'mlp') =>
      trainNetwork(
        { ...xorTable(), params: parseNetworkParams(kind, { batch_size: 64 }), earlyStoppingRounds: 15, trainer },
        {},
      );
    logistic = await train('logistic');
    mlp = await train('mlp');
  });

  test('is learned by a perceptron and not by a logistic regression', () => {
    expect(lossOf(logistic)).toBeGreaterThan(0.6);
    expect(lossOf(mlp)).toBeLessThan(0.5);
  });

  test('a missing value that means something has a weight of its own', () => {
    const gappy = logistic.model.features[2];
    expect(gappy?.missing).toBeGreaterThan(0.1);
    // Inputs: a, b, gappy, gappy missing, three colours, colour missing.
    expect(logistic.model.layers[0]?.weights).toHaveLength(8);
    expect(logistic.model.layers[0]?.weights[3]).toBeGreaterThan(0.4);
  });

  test('the weights of the best epoch are kept, and training ends soon after it', () => {
    const losses = mlp.history['validation']?.['logloss'] ?? [];
    expect(lossOf(mlp)).toBe(Math.min(...losses));
    expect(losses.length).toBeLessThanOrEqual(mlp.bestIteration + 1 + 15);
    expect(mlp.model.epochs).toBe(mlp.bestIteration + 1);
  });
});

describe('options that change what is learned', () => {
  const train = async (kind: 'logistic' | 'mlp', changes: object) => {
    const params = parseNetworkParams(kind, { epochs: 5, backend: 'cpu', ...changes });
    return (await trainNetwork({ ...xorTable(), params, trainer }, {})).model;
  };
  const size = (weights: Float32Array) => weights.reduce((sum, weight) => sum + weight * weight, 0);

  test('l2 and weight_decay make weights smaller', async () => {
    const weights = async (kind: 'logistic' | 'mlp', changes: object) =>
      size((await train(kind, { epochs: 30, ...changes })).layers[0]?.weights ?? new Float32Array());
    expect(await weights('logistic', { l2: 1 })).toBeLessThan(0.5 * (await weights('logistic', { l2: 0 })));
    expect(await weights('mlp', { weight_decay: 1 })).toBeLessThan(0.8 * (await weights('mlp', { weight_decay: 0 })));
  });

  test.each([
    ['mlp', { dropout: 0.5 }],
    ['mlp', { activation: 'tanh' }],
    ['mlp', { learning_rate: 0.01 }],
    ['mlp', { batch_size: 100 }],
    ['mlp', { seed: 1 }],
    ['logistic', { batch_size: 100 }],
    ['logistic', { seed: 1 }],
  ] as const)('%s %o', async (kind, changes) => {
    expect((await train(kind, changes)).layers).not.toEqual((await train(kind, {})).layers);
  });
});

describe('what cannot be trained is refused in a sentence', () => {
  const table = xorTable();
  const refusal = (changes: Partial<NetworkTrainRequest>, params: object = {}) =>
    trainNetwork({ ...table, params: parseNetworkParams('mlp', { epochs: 5, ...params }), trainer, ...changes }, {});

  test.each([
    ['one outcome only', { matrix: { ...table.matrix, labels: new Uint8Array(1200) } }, /same outcome; mlp needs both/],
    ['another label', { matrix: { ...table.matrix, labels: new Uint8Array(1200).fill(2) } }, /label of row 1 is 2/],
    ['no such row', { rows: Int32Array.of(0, 5000) }, /names row 5000, but there are only 1200 rows/],
    ['no epochs', { epochs: 0 }, /epochs is 0/],
  ])('%s', async (_name, changes, says) => {
    await expect(refusal(changes)).rejects.toThrow(says);
  });

  test('infinite values and codes that are none', async () => {
    const withValue = (column: number, value: number) => ({
      ...table.matrix,
      columns: table.matrix.columns.map((one, c) => (c === column ? one.with(7, value) : one)),
    });
    await expect(refusal({ matrix: withValue(0, Infinity) })).rejects.toThrow(/Feature a, row 8 is infinite/);
    await expect(refusal({ matrix: withValue(3, 1.5) })).rejects.toThrow(/colour is categorical and row 8 holds 1.5/);
  });

  test('steps so large that the loss is no number any more', async () => {
    const diverging: NetworkTrainer = {
      open: async (task) => {
        const session = await trainer.open(task);
        return {
          backend: session.backend,
          step: (rows, masks) => session.step(rows, masks),
          margins: async () => (await session.margins()).fill(NaN),
          layers: () => session.layers(),
          close: () => session.close(),
        };
      },
    };
    await expect(refusal({ trainer: diverging })).rejects.toThrow(
      /loss of the mlp is no longer a number after epoch 1.*Lower learning_rate \(now 0.005\)/,
    );
    await expect(refusal({}, { epochs: 1 })).resolves.toMatchObject({ bestIteration: 0 });
  });

  test('a GPU where there is none', async () => {
    await expect(refusal({}, { backend: 'webgpu' })).rejects.toThrow(
      /offers no GPU .* Set backend to auto, wasm or cpu/,
    );
  });
});
