import tfjsWasm from '@tensorflow/tfjs-backend-wasm/dist/tfjs-backend-wasm-simd.wasm?url';
import { expect, test } from 'vitest';
import { gpuFinder } from '../../src/platform/webgpu/gpu';
import { tfjsTrainer } from '../../src/platform/tfjs/trainer';
import { parseNetworkParams } from '../../src/training/network/params';
import { trainNetwork } from '../../src/training/network/train';
import { trainsNetworks, xorTable } from '../contracts/networks';

const trainer = tfjsTrainer({ findGpu: gpuFinder({ software: true }), wasmUrl: new URL(tfjsWasm, location.href).href });
trainsNetworks('Chromium', trainer);

test('a GPU gives the weights of the CPU to 1e-3 and the loss to 1e-4', async () => {
  const train = (backend: 'cpu' | 'webgpu') => {
    const params = parseNetworkParams('mlp', { hidden_units: [12], batch_size: 300, epochs: 20, backend, seed: 3 });
    return trainNetwork({ ...xorTable(), params, trainer }, {});
  };
  const [cpu, gpu] = [await train('cpu'), await train('webgpu')];
  expect(gpu.backend).toBe('webgpu');
  cpu.model.layers.forEach((layer, i) =>
    layer.weights.forEach((weight, at) =>
      expect(Math.abs(weight - (gpu.model.layers[i]?.weights[at] ?? NaN))).toBeLessThan(1e-3),
    ),
  );
  const last = ({ history }: typeof cpu) => history['validation']?.['logloss']?.at(-1) ?? NaN;
  expect(Math.abs(last(cpu) - last(gpu))).toBeLessThan(1e-4);
});
