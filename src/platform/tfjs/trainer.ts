import { enableProdMode, ready, setBackend } from '@tensorflow/tfjs';
import type { NetworkSession, NetworkTask, NetworkTrainer } from '../../training/network/types';
import { WorkbenchError } from '../../utils/errors';
import { makeCpuKernelsExact } from './exact-kernels';
import { TfjsSession } from './session';
import { registerWasm } from './wasm';
import { registerWebGpu, type SharedGpu } from './webgpu';

/**
 * Multiplications of one step from which a GPU may pay: its some thirty small programs cost about a millisecond to
 * start, in which the WebAssembly backend does about two million. Estimated, not measured on a GPU.
 */
const GPU_WORK = 5_000_000;

export interface TfjsOptions {
  /** Finds the GPU of this worker; none when left out. */
  readonly findGpu?: () => Promise<SharedGpu | null>;
  /** Where tfjs-backend-wasm-simd.wasm is served; Node finds its own copy when it is left out. */
  readonly wasmUrl?: string;
}

/** Trains networks with TensorFlow.js: in WebAssembly, plain JavaScript or on a GPU. Make one a thread. */
export function tfjsTrainer(options: TfjsOptions = {}): NetworkTrainer {
  enableProdMode();
  makeCpuKernelsExact();
  /** Settled when the last session is closed: the library has one current backend. */
  let turn: Promise<void> = Promise.resolve();
  return {
    async open(task) {
      const before = turn;
      let done: () => void = () => undefined;
      turn = new Promise((resolve) => (done = resolve));
      await before;
      try {
        const backend = await chooseBackend(task, options);
        await setBackend(backend);
        await ready();
        return new TfjsSession(task, backend, done);
      } catch (error) {
        done();
        throw error;
      }
    },
  };
}

async function chooseBackend(task: NetworkTask, { findGpu, wasmUrl }: TfjsOptions): Promise<NetworkSession['backend']> {
  const { backend } = task;
  if (backend === 'cpu') return 'cpu';
  const wantsGpu = backend === 'webgpu' || (backend === 'auto' && stepWork(task) >= GPU_WORK);
  if (wantsGpu && findGpu && (await registerWebGpu(findGpu).catch(() => false))) return 'webgpu';
  if (backend === 'webgpu') {
    throw unavailable(
      'webgpu',
      'this machine offers no GPU to programs like this one. Set backend to auto, wasm or cpu.',
    );
  }
  if (await registerWasm(wasmUrl)) return 'wasm';
  if (backend === 'wasm')
    throw unavailable('wasm', 'this machine has no WebAssembly SIMD. Set backend to auto or cpu.');
  return 'cpu';
}

function unavailable(backend: string, why: string): WorkbenchError {
  return new WorkbenchError('TRAINING_INVALID', `backend is ${backend}, and ${why}`);
}

/** Multiplications of one forward pass of a step. */
function stepWork({ layers, batchSize }: NetworkTask): number {
  return batchSize * layers.reduce((sum, layer) => sum + layer.inputs * layer.units, 0);
}
