import { registerBackend, removeBackend } from '@tensorflow/tfjs';

/** A GPU that others use too: an adapter gives one device. */
export interface SharedGpu {
  readonly device: GPUDevice;
  readonly info: GPUAdapterInfo;
}

let registered: GPUDevice | null = null;

/**
 * Makes tfjs's WebGPU backend ready on the GPU of this worker and says whether there is one. The backend's own factory
 * would make a second device, and throws where there is none.
 */
export async function registerWebGpu(find: () => Promise<SharedGpu | null>): Promise<boolean> {
  const gpu = await find();
  if (!gpu) return false;
  if (gpu.device === registered) return true;
  const { WebGPUBackend } = await import('@tensorflow/tfjs-backend-webgpu');
  removeBackend('webgpu');
  registered = gpu.device;
  return registerBackend('webgpu', () => new WebGPUBackend(gpu.device, gpu.info), 3);
}
