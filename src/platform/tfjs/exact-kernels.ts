import { registerKernel, unregisterKernel, type TensorInfo } from '@tensorflow/tfjs';
import { sigmoid, tanh } from '../../utils/math';

/** What a kernel of the CPU backend needs of it. */
interface CpuBackend {
  readonly data: { get(id: object): { readonly values: Float32Array } };
  makeTensorInfo(shape: number[], dtype: 'float32', values: Float32Array): TensorInfo;
}

/**
 * Puts our own sigmoid and tanh in place of those of tfjs's CPU backend, which call Math.exp and Math.tanh: engines differ
 * in their last bit, and everything else a training step does is + - * / and sqrt. With them the same seed gives the
 * same bytes in every engine.
 */
export function makeCpuKernelsExact(): void {
  replace('Sigmoid', sigmoid);
  replace('Tanh', tanh);
}

function replace(kernelName: string, one: (x: number) => number): void {
  unregisterKernel(kernelName, 'cpu');
  registerKernel({
    kernelName,
    backendName: 'cpu',
    kernelFunc: ({ inputs, backend }) => {
      const cpu = backend as CpuBackend;
      const { x } = inputs as { readonly x: TensorInfo };
      return cpu.makeTensorInfo(x.shape, 'float32', Float32Array.from(cpu.data.get(x.dataId).values, one));
    },
  });
}
