import { describe, expect, test } from 'vitest';
import { readModel, writeModel } from '../../src/interop/model-file';
import { modelMargins } from '../../src/training/model';
import { parseNetworkParams } from '../../src/training/network/params';
import { trainNetwork, type NetworkTrainRequest } from '../../src/training/network/train';
import type { NetworkTrainer } from '../../src/training/network/types';
import { AbortError } from '../../src/utils/errors';
import { sha256Hex } from '../../src/utils/hash';
import { sigmoid } from '../../src/utils/math';
import { makeRandom } from '../../src/utils/random';

/** SHA-256 of model.json by what trains it: the same in Node and in Chromium. */
const DIGESTS = {
  cpu: {
    logistic: '96c7aa6f55c395fe761a7ef45d1913edbe739626c9bfc9f05de5dbc3938245f9',
    relu: 'daf18091794fb96ef0f3bac672c03a53b2f4ddbbfd53c699dd41f646e8941ba9',
    tanh: 'be79a49cfa7c5aeff2ada5e7499c1d3d4ee2b32342b412ddf412f44650a8f78b',
  },
  wasm: {
    logistic: '2e1e46faa9bf89f24e3d04a40fd489f7d50c737e7466a4a85dd87919aea0b75b',
    relu: 'f9b1b05a2350a20e8f52f35c0e040095283e1f009f60845017a55c27a62e6c86',
    tanh: '7fe9809a8170ff1932ebdde16ee4618bb47d0140eabf833379bef857d2a602e4',
  },
} as const;

const SETTINGS = {
  logistic: { kind: 'logistic', params: {} },
  relu: { kind: 'mlp', params: { hidden_units: [12, 6], dropout: 0.2 } },
  tanh: { kind: 'mlp', params: { hidden_units: [12], activation: 'tanh', learning_rate: 0.02 } },
} as const;

const ROWS = 1200;

/** Two numbers whose product decides, one with missing values that mean something, and a category. */
export function xorTable(): Pick<NetworkTrainRequest, 'matrix' | 'rows' | 'validationRows'> {
  const random = makeRandom(5, 'xor table');
  const columns = Array.from({ length: 4 }, () => new Float32Array(ROWS));
  const labels = new Uint8Array(ROWS);
  for (let row = 0; row < ROWS; row++) {
    const [a, b] = [random.normal(), random.normal()];
    const missing = random.chance(0.15);
    const category = random.int(3);
    [10 + 3 * a, b / 50, missing ? NaN : random.normal(), random.chance(0.1) ? NaN : category].forEach(
      (value, column) => columns[column]?.fill(value, row, row + 1),
    );
    const score = 2.5 * a * b + (missing ? 1.2 : 0) + (category === 2 ? 0.8 : -0.4);
    labels[row] = random.chance(sigmoid(score)) ? 1 : 0;
  }
  return {
    matrix: {
      featureNames: ['a', 'b', 'gappy', 'colour'],
      featureTypes: ['float', 'float', 'float', 'c'],
      columns,
      labels,
    },
    rows: Int32Array.from({ length: 900 }, (_, i) => i),
    validationRows: Int32Array.from({ length: 300 }, (_, i) => 900 + i),
  };
}

/** What every backend of a trainer is held to, in every host. */
export function trainsNetworks(host: string, trainer: NetworkTrainer): void {
  const table = xorTable();
  const request = (name: keyof typeof SETTINGS, backend: 'cpu' | 'wasm' | 'webgpu'): NetworkTrainRequest => {
    const { kind, params } = SETTINGS[name];
    const full = parseNetworkParams(kind, { ...params, batch_size: 128, epochs: 60, backend, seed: 3 });
    return { ...table, params: full, earlyStoppingRounds: 15, trainer };
  };

  describe.each(['cpu', 'wasm'] as const)(`networks in ${host} on %s`, (backend) => {
    test.each(['logistic', 'relu', 'tanh'] as const)(
      '%s: the same bytes twice, those held for every host',
      async (name) => {
        const first = await trainNetwork(request(name, backend), {});
        const second = await trainNetwork(request(name, backend), {});
        const text = writeModel(first.model);
        expect(writeModel(second.model)).toBe(text);
        expect(first.backend).toBe(backend);
        expect(sha256Hex(text)).toBe(DIGESTS[backend][name]);
        expect(readModel(text)).toEqual(first.model);
        expect(await spread(first)).toBeLessThan(1e-6);
      },
    );
  });

  /** Largest distance of our own forward pass from the library's margins, per unit of margin. */
  async function spread({ model, validationMargins }: Awaited<ReturnType<typeof trainNetwork>>): Promise<number> {
    const rows = table.validationRows ?? new Int32Array();
    const columns = table.matrix.columns.map((column) => Float32Array.from(rows, (row) => column[row] ?? NaN));
    const ours = modelMargins(model, columns);
    return ours.reduce((most, margin, i) => {
      const theirs = validationMargins[i] ?? NaN;
      return Math.max(most, Math.abs(margin - theirs) / Math.max(1, Math.abs(theirs)));
    }, 0);
  }

  test(`cancelling in ${host} takes effect within an epoch and leaves the trainer usable`, async () => {
    const signal = { aborted: false };
    let pauses = 0;
    const pause = async () => {
      pauses++;
      signal.aborted = pauses === 4;
    };
    await expect(trainNetwork(request('relu', 'wasm'), { signal, pause })).rejects.toThrow(AbortError);
    expect(pauses).toBe(4);
    expect((await trainNetwork(request('logistic', 'wasm'), {})).bestIteration).toBeGreaterThan(0);
  });
}
