import { makeWasmKernels } from '../src/kernels/wasm';
import { kernelsWasm } from '../src/kernels/wasm-bytes';
import { TrainingService } from '../src/pipeline/services/training-service';
import { instantiateWasm } from '../src/platform/wasm/host';
import { exposeService } from './rpc/expose';
import { pause } from './rpc/pause';

const module = instantiateWasm(kernelsWasm);
exposeService(new TrainingService(pause, module ? makeWasmKernels(module) : undefined));
