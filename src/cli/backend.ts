import type { Kernels } from '../kernels/types';
import type { GrowthDevice } from '../training/growth/device';
import { WorkbenchError } from '../utils/errors';
import type { Backend, Twin } from './arguments/train';
import { gpuGrowth, kernelsOf } from './node-platform';

/** What a training runs on. */
export interface ChosenBackend {
  readonly name: Backend;
  readonly twin: Twin;
  readonly kernels: Kernels | undefined;
  /** Grows the trees, where a GPU was asked for. */
  readonly device: GrowthDevice | undefined;
  close(): void;
}

/** The backend that was asked for, or the fastest of the CPU. Throws USAGE where it does not run here. */
export async function chooseBackend(asked: Backend | undefined): Promise<ChosenBackend> {
  if (asked === 'webgpu') return onGpu();
  const kernels = kernelsOf(asked ?? 'wasm');
  if (!kernels && asked !== undefined) {
    throw new WorkbenchError('USAGE', `--backend is ${asked}, which this Node does not run; give --backend js.`);
  }
  return onCpu(kernels ? (asked ?? 'wasm') : 'js', kernels ?? undefined);
}

function onCpu(twin: Twin, kernels: Kernels | undefined): ChosenBackend {
  return { name: twin, twin, kernels, device: undefined, close: () => undefined };
}

async function onGpu(): Promise<ChosenBackend> {
  const kernels = kernelsOf('wasm');
  const gpu = await gpuGrowth({ software: process.env.GLASSHOUSE_SOFTWARE_GPU === '1' });
  return {
    ...onCpu(kernels ? 'wasm' : 'js', kernels ?? undefined),
    name: 'webgpu',
    device: gpu.device,
    close: () => gpu.close(),
  };
}
