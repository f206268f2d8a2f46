import { describe, expect, it } from 'vitest';
import { makeWasmKernels } from '../kernels/wasm';
import { kernelsWasm } from '../kernels/wasm-bytes';
import { instantiateWasm } from '../platform/wasm/host';
import { binMatrix } from './bin-matrix';
import { testMatrix } from './made-up-table';
import { binningBytes, checkMemory, sizeOf, trainingBytes } from './memory';
import { parseBoosterParams } from './params';
import { trainBooster } from './train';

function freshModule() {
  const module = instantiateWasm(kernelsWasm);
  if (!module) throw new Error('this host does not run the module');
  return module;
}

describe('memory estimated before a training', () => {
  it.each([
    [20_000, 28, {}],
    [60_000, 6, { subsample: 0.5, max_depth: 3 }],
    [30_000, 10, { objective: 'multi:softprob', num_class: 3 }],
    [20_000, 20, { grow_policy: 'lossguide', max_leaves: 40, max_depth: 0 }],
  ])('is within 10%% of what %i rows of %i features take: %o', async (rows, features, given) => {
    const matrix = testMatrix(rows, features);
    const params = parseBoosterParams(given);
    const module = freshModule();
    const before = module.memory.buffer.byteLength;
    await trainBooster({ matrix, params, numBoostRound: 2, kernels: makeWasmKernels(module) }, {});
    const taken = module.memory.buffer.byteLength - before;
    const outputs = params.num_class || 1;
    const estimate = trainingBytes(sizeOf(matrix, outputs), params);
    expect(taken).toBeLessThan(1.1 * estimate);
    expect(taken).toBeGreaterThan(0.8 * estimate);
  });

  it('refuses what cannot fit, before any work', async () => {
    const small = { ...makeWasmKernels(freshModule()), mostBytes: 1_000_000 };
    const request = {
      matrix: testMatrix(20_000, 28),
      params: parseBoosterParams({}),
      numBoostRound: 2,
      kernels: small,
    };
    await expect(trainBooster(request, {})).rejects.toThrow(
      /^Training on 20,000 rows and 28 features needs about 0\.0 GB, and the wasm kernels reach 0\.0 GB\. Train on fewer rows/,
    );
    await expect(binMatrix(request.matrix, 256, {}, { kernels: small })).rejects.toThrow(/needs about/);
  });

  it('names the rows that would fit', () => {
    const kernels = makeWasmKernels(freshModule());
    const size = { rows: 200_000_000, features: 28, outputs: 1, weighted: false };
    expect(() => checkMemory(kernels, size, trainingBytes(size, parseBoosterParams({})))).toThrow(
      'Training on 200,000,000 rows and 28 features needs about 18.4 GB, and the wasm kernels reach 4.3 GB. Train on fewer rows (about 46.6 million fit) or fewer features.',
    );
    const ten = { ...size, rows: 10_000_000 };
    expect(trainingBytes(ten, parseBoosterParams({}))).toBeLessThan(kernels.mostBytes);
    expect(binningBytes(ten)).toBeLessThan(kernels.mostBytes);
  });
});
