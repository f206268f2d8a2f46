import { afterAll, describe, expect, it } from 'vitest';
import { makeWasmKernels } from '../../src/kernels/wasm';
import { kernelsWasm } from '../../src/kernels/wasm-bytes';
import { gpuFinder } from '../../src/platform/webgpu/gpu';
import { WebGpuGrowth } from '../../src/platform/webgpu/growth-device';
import { tfjsTrainer } from '../../src/platform/tfjs/trainer';
import { instantiateWasm } from '../../src/platform/wasm/host';
import { testMatrix } from '../../src/training/made-up-table';
import { parseNetworkParams } from '../../src/training/network/params';
import { trainNetwork } from '../../src/training/network/train';
import { parseBoosterParams } from '../../src/training/params';
import { trainBooster } from '../../src/training/train';
import { growsAsHere } from '../contracts/devices';
import { xorTable } from '../contracts/networks';

function kernels() {
  const module = instantiateWasm(kernelsWasm);
  if (!module) throw new Error('this browser does not run the module');
  return makeWasmKernels(module);
}

describe('trees grown on a GPU', () => {
  const device = new WebGpuGrowth(gpuFinder({ software: true }), { leastCells: 0 });
  afterAll(() => device.close());

  growsAsHere(kernels, device);

  it('a software GPU counts as none unless it is asked for', async () => {
    const request = { matrix: testMatrix(300), params: parseBoosterParams({}), numBoostRound: 1 };
    const { grownOn } = await trainBooster(
      { ...request, device: new WebGpuGrowth(gpuFinder(), { leastCells: 0 }) },
      {},
    );
    expect(grownOn).toEqual({ device: null, lost: null });
  });
});

describe('a GPU of small buffers', () => {
  /** Codes of 16 columns need two buffers, and four histograms fit. */
  const device = new WebGpuGrowth(gpuFinder({ software: true }), { leastCells: 0, mostBytes: 140_000 });
  afterAll(() => device.close());

  it.each([
    { max_depth: 8, min_child_weight: 0 },
    { max_leaves: 40, max_depth: 0, grow_policy: 'lossguide', min_child_weight: 0 },
  ])('divides its buffers, gives histograms up and builds them again: %o', async (given) => {
    const params = parseBoosterParams(given);
    const request = { matrix: testMatrix(9000, 16), params, numBoostRound: 2, kernels: kernels() };
    const here = await trainBooster(request, {});
    const there = await trainBooster({ ...request, device }, {});
    expect(there.grownOn.device).toBe('webgpu');
    expect(there.booster).toEqual(here.booster);
  });

  it('does not take a table whose pairs it cannot hold', async () => {
    const request = { matrix: testMatrix(20_000, 2), params: parseBoosterParams({}), numBoostRound: 1 };
    const { grownOn } = await trainBooster({ ...request, device, kernels: kernels() }, {});
    expect(grownOn).toEqual({ device: null, lost: null });
  });
});

it('networks and trees are trained on one device', async () => {
  const find = gpuFinder({ software: true });
  const device = new WebGpuGrowth(find, { leastCells: 0 });
  const trainer = tfjsTrainer({ findGpu: find });
  const network = parseNetworkParams('mlp', { hidden_units: [4], epochs: 2, backend: 'webgpu' });
  const trees = { matrix: testMatrix(500), params: parseBoosterParams({}), numBoostRound: 2, kernels: kernels() };
  const before = await find();
  const first = await trainBooster({ ...trees, device }, {});
  expect((await trainNetwork({ ...xorTable(), params: network, trainer }, {})).backend).toBe('webgpu');
  const second = await trainBooster({ ...trees, device }, {});
  expect(second).toEqual(first);
  expect(second.grownOn).toEqual({ device: 'webgpu', lost: null });
  expect(await find()).toBe(before);
  device.close();
});

describe('a GPU that is lost', () => {
  it('in the middle of a training: the tree is grown anew by the kernels, and the caller is told', async () => {
    const find = gpuFinder({ software: true });
    const device = new WebGpuGrowth(find, { leastCells: 0 });
    const request = { matrix: testMatrix(4000), params: parseBoosterParams({}), numBoostRound: 6, kernels: kernels() };
    const here = await trainBooster(request, {});
    const destroy = async (round: number) => {
      if (round === 2) (await find())?.device.destroy();
    };
    const there = await trainBooster({ ...request, device, onRound: (round) => void destroy(round) }, {});
    expect(there.grownOn.device).toBeNull();
    expect(there.grownOn.lost).toMatch(/^The GPU stopped answering \(.+\)\.$/);
    expect(there.booster).toEqual(here.booster);
    const again = await trainBooster({ ...request, device }, {});
    expect(again.grownOn).toEqual({ device: 'webgpu', lost: null });
    expect(again.booster).toEqual(here.booster);
  });
});
