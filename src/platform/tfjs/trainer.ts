import { enableProdMode, ready, setBackend } from '@tensorflow/tfjs';
import type { NetworkSession, NetworkTask, NetworkTrainer } from '../../training/network/types';
import { WorkbenchError } from '../../utils/errors';
import { makeCpuKernelsExact } from './exact-kernels';
import { TfjsSession } from './session';
import { registerWebGpu } from './webgpu';

/**
 * Multiplications of one step from which a GPU may pay: its some thirty small programs cost about a millisecond to
 * start, in which the CPU backend does half a million. An estimate, not measured.
 */
const GPU_WORK = 2_000_000;

export interface TfjsOptions {
  /** Lets a software GPU count as one. Default false. */
  readonly softwareGpu?: boolean;
}

/** Trains networks with TensorFlow.js, on its CPU backend or on a GPU. Make one a thread. */
export function tfjsTrainer({ softwareGpu = false }: TfjsOptions = {}): NetworkTrainer {
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
        const backend = await chooseBackend(task, softwareGpu);
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

async function chooseBackend(task: NetworkTask, softwareGpu: boolean): Promise<NetworkSession['backend']> {
  if (task.backend === 'cpu') return 'cpu';
  if (task.backend === 'webgpu') {
    if (await registerWebGpu(softwareGpu)) return 'webgpu';
    throw new WorkbenchError(
      'TRAINING_INVALID',
      'backend is webgpu, and this machine offers no GPU to programs like this one. Set backend to auto or cpu.',
    );
  }
  return stepWork(task) >= GPU_WORK && (await registerWebGpu(softwareGpu)) ? 'webgpu' : 'cpu';
}

/** Multiplications of one forward pass of a step. */
function stepWork({ layers, batchSize }: NetworkTask): number {
  return batchSize * layers.reduce((sum, layer) => sum + layer.inputs * layer.units, 0);
}
