import tfjsWasm from '@tensorflow/tfjs-backend-wasm/dist/tfjs-backend-wasm-simd.wasm?url';
import { makeWasmKernels } from '../src/kernels/wasm';
import { kernelsWasm } from '../src/kernels/wasm-bytes';
import { TrainingService } from '../src/pipeline/services/training-service';
import { gpuFinder } from '../src/platform/webgpu/gpu';
import { WebGpuGrowth } from '../src/platform/webgpu/growth-device';
import { instantiateWasm } from '../src/platform/wasm/host';
import { exposeService } from './rpc/expose';
import { pause } from './rpc/pause';
import { shardHost } from './shard-host';

const MOST_WORKERS = 8;
const findGpu = gpuFinder();
const module = instantiateWasm(kernelsWasm);
/** TensorFlow.js is loaded when a network is first trained. */
const loadTrainer = async () => {
  const { tfjsTrainer } = await import('../src/platform/tfjs/trainer');
  return tfjsTrainer({ findGpu, wasmUrl: new URL(tfjsWasm, self.location.href).href });
};
const others = Math.min(MOST_WORKERS, navigator.hardwareConcurrency || 1) - 1;
const helpers = { shards: shardHost(others), device: new WebGpuGrowth(findGpu) };
exposeService(new TrainingService(pause, loadTrainer, module ? makeWasmKernels(module) : undefined, helpers));
