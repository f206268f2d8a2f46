import { registerBackend, removeBackend } from '@tensorflow/tfjs';

/** What is asked of navigator.gpu; the types that tfjs brings are older than `info`. */
interface Adapter extends Pick<GPUAdapter, 'features' | 'limits' | 'requestDevice'> {
  readonly info: GPUAdapterInfo & { readonly isFallbackAdapter?: boolean };
}

interface Gpu {
  requestAdapter(options: { readonly powerPreference: 'high-performance' }): Promise<Adapter | null>;
}

let registered: Promise<boolean> | null = null;

/**
 * Makes tfjs's WebGPU backend ready and says whether it is. Its own factory throws where there is no adapter, so the
 * adapter is asked for first.
 * @param allowSoftware false: a software GPU counts as none, as it is slower than the CPU. Tests allow it.
 */
export function registerWebGpu(allowSoftware: boolean): Promise<boolean> {
  registered ??= register(allowSoftware);
  return registered;
}

async function register(allowSoftware: boolean): Promise<boolean> {
  const gpu = (globalThis as { readonly navigator?: { readonly gpu?: Gpu } }).navigator?.gpu;
  const adapter = await gpu?.requestAdapter({ powerPreference: 'high-performance' });
  if (!adapter || (!allowSoftware && isSoftware(adapter))) return false;
  const { WebGPUBackend } = await import('@tensorflow/tfjs-backend-webgpu');
  const { limits, features, info } = adapter;
  const device = await adapter.requestDevice({
    requiredFeatures: features.has('timestamp-query') ? ['timestamp-query'] : [],
    requiredLimits: {
      maxComputeWorkgroupStorageSize: limits.maxComputeWorkgroupStorageSize,
      maxComputeWorkgroupsPerDimension: limits.maxComputeWorkgroupsPerDimension,
      maxStorageBufferBindingSize: limits.maxStorageBufferBindingSize,
      maxBufferSize: limits.maxBufferSize,
      maxComputeWorkgroupSizeX: limits.maxComputeWorkgroupSizeX,
      maxComputeInvocationsPerWorkgroup: limits.maxComputeInvocationsPerWorkgroup,
    },
  });
  removeBackend('webgpu');
  return registerBackend('webgpu', () => new WebGPUBackend(device, info), 3);
}

function isSoftware({ info }: Adapter): boolean {
  const name = `${info.architecture} ${info.description}`;
  return (info.isFallbackAdapter ?? false) || /swiftshader|llvmpipe|basic render/i.test(name);
}
