import tfjsWasm from '@tensorflow/tfjs-backend-wasm/dist/tfjs-backend-wasm-simd.wasm?url';
import { TrainingService } from '../src/pipeline/services/training-service';
import { gpuFinder } from '../src/platform/webgpu/gpu';
import { WebGpuGrowth } from '../src/platform/webgpu/growth-device';
import { loadKernels } from './kernels';
import { exposeService } from './rpc/expose';
import { pause } from './rpc/pause';
import { shardHost } from './shard-host';

const MOST_WORKERS = 8;
const findGpu = gpuFinder();
/** TensorFlow.js is loaded when a network is first trained. */
const loadTrainer = async () => {
  const { tfjsTrainer } = await import('../src/platform/tfjs/trainer');
  return tfjsTrainer({ findGpu, wasmUrl: new URL(tfjsWasm, self.location.href).href });
};
const others = Math.min(MOST_WORKERS, navigator.hardwareConcurrency || 1) - 1;
const helpers = { shards: shardHost(others), device: new WebGpuGrowth(findGpu) };
exposeService(new TrainingService(pause, loadTrainer, loadKernels(), helpers));
