import { makeWasmKernels } from '../src/kernels/wasm';
import { kernelsWasm } from '../src/kernels/wasm-bytes';
import { TrainingService } from '../src/pipeline/services/training-service';
import { instantiateWasm } from '../src/platform/wasm/host';
import { exposeService } from './rpc/expose';
import { pause } from './rpc/pause';

const module = instantiateWasm(kernelsWasm);
/** TensorFlow.js is loaded when a network is first trained. */
const loadTrainer = async () => (await import('../src/platform/tfjs/trainer')).tfjsTrainer();
exposeService(new TrainingService(pause, loadTrainer, module ? makeWasmKernels(module) : undefined));
