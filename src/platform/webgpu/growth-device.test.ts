import { expect, it } from 'vitest';
import { testMatrix } from '../../training/made-up-table';
import { parseBoosterParams } from '../../training/params';
import { trainBooster } from '../../training/train';
import { gpuFinder, type GpuEntry } from './gpu';
import { WebGpuGrowth } from './growth-device';

/** An adapter whose device is what it is told to be. */
function entryOf(requestDevice: () => Promise<unknown>): GpuEntry {
  const adapter = { info: { architecture: 'test', description: '' }, features: new Set(), limits: {}, requestDevice };
  return { requestAdapter: () => Promise.resolve(adapter) } as unknown as GpuEntry;
}

const limits = {
  maxStorageBufferBindingSize: 134217728,
  maxBufferSize: 268435456,
  maxComputeWorkgroupsPerDimension: 65535,
};

it.each([
  ['whose device cannot be had', () => Promise.reject(new Error('out of devices')), 'out of devices'],
  [
    'whose driver refuses the shaders',
    () =>
      Promise.resolve({
        limits,
        lost: new Promise(() => undefined),
        createShaderModule: () => {
          throw new Error('no such extension');
        },
      }),
    'no such extension',
  ],
])('a GPU %s is told of, and the trees are grown without it', async (_, requestDevice, why) => {
  const request = { matrix: testMatrix(400), params: parseBoosterParams({}), numBoostRound: 2 };
  const device = new WebGpuGrowth(gpuFinder({ entry: entryOf(requestDevice) }), { leastCells: 0 });
  const { booster, grownOn } = await trainBooster({ ...request, device }, {});
  expect(grownOn).toEqual({ device: null, lost: `The GPU stopped answering (${why}).` });
  expect(booster).toEqual((await trainBooster(request, {})).booster);
});

it('small tables do not go to a GPU at all', async () => {
  const entry = entryOf(() => Promise.reject(new Error('not to be asked')));
  const request = { matrix: testMatrix(400), params: parseBoosterParams({}), numBoostRound: 1 };
  const { grownOn } = await trainBooster({ ...request, device: new WebGpuGrowth(gpuFinder({ entry })) }, {});
  expect(grownOn).toEqual({ device: null, lost: null });
});
