import tfjsWasm from '@tensorflow/tfjs-backend-wasm/dist/tfjs-backend-wasm-simd.wasm?url';
import { makeWasmKernels } from '../src/kernels/wasm';
import { kernelsWasm } from '../src/kernels/wasm-bytes';
import { TrainingService } from '../src/pipeline/services/training-service';
import { instantiateWasm } from '../src/platform/wasm/host';
import { exposeService } from './rpc/expose';
import { pause } from './rpc/pause';
import { shardHost } from './shard-host';

const MOST_WORKERS = 8;
const module = instantiateWasm(kernelsWasm);
/** TensorFlow.js is loaded when a network is first trained. */
const loadTrainer = async () => {
  const { tfjsTrainer } = await import('../src/platform/tfjs/trainer');
  return tfjsTrainer({ wasmUrl: new URL(tfjsWasm, self.location.href).href });
};
const others = Math.min(MOST_WORKERS, navigator.hardwareConcurrency || 1) - 1;
exposeService(new TrainingService(pause, loadTrainer, module ? makeWasmKernels(module) : undefined, shardHost(others)));
