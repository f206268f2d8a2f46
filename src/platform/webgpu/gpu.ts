import { WorkbenchError } from '../../utils/errors';

/** What is asked of navigator.gpu; the types at hand are older than `info`. */
interface Adapter extends Pick<GPUAdapter, 'features' | 'limits' | 'requestDevice'> {
  readonly info: GPUAdapterInfo & { readonly isFallbackAdapter?: boolean };
}

/** navigator.gpu, or what stands for it. */
export interface GpuEntry {
  requestAdapter(options: { readonly powerPreference: 'high-performance' }): Promise<Adapter | null>;
}

/** The one GPU device of this worker. */
export interface Gpu {
  readonly device: GPUDevice;
  readonly info: GPUAdapterInfo;
  /** Why the device is gone; null while it is there. */
  readonly lost: () => string | null;
}

export interface GpuOptions {
  /** Lets a software GPU count as one: it is slower than the CPU. Tests ask for it. Default false. */
  readonly software?: boolean;
  /** navigator.gpu when left out. */
  readonly entry?: GpuEntry;
}

const WANTED_LIMITS = [
  'maxComputeWorkgroupStorageSize',
  'maxComputeWorkgroupsPerDimension',
  'maxStorageBufferBindingSize',
  'maxBufferSize',
  'maxComputeWorkgroupSizeX',
  'maxComputeInvocationsPerWorkgroup',
] as const;

/** Finds the GPU once; asks again after it was lost, or could not be had. Null where there is none. */
export function gpuFinder(options: GpuOptions = {}): () => Promise<Gpu | null> {
  let found: Promise<Gpu | null> | null = null;
  const ask = () => {
    const asked = findGpu(options);
    found = asked;
    asked.catch(() => (found = null));
    return asked;
  };
  return async () => {
    const known = await (found ?? ask());
    return known && known.lost() !== null ? ask() : known;
  };
}

async function findGpu({ software = false, entry = pageEntry() }: GpuOptions): Promise<Gpu | null> {
  const adapter = await entry?.requestAdapter({ powerPreference: 'high-performance' });
  if (!adapter || (!software && isSoftware(adapter))) return null;
  const { limits, features, info } = adapter;
  const device = await adapter.requestDevice({
    requiredFeatures: features.has('timestamp-query') ? ['timestamp-query'] : [],
    requiredLimits: Object.fromEntries(WANTED_LIMITS.map((name) => [name, limits[name]])),
  });
  let lost: string | null = null;
  void device.lost.then(({ reason, message }) => (lost ??= message || reason || 'no reason was given'));
  device.onuncapturederror = ({ error }) => {
    lost ??= error.message;
    device.destroy();
  };
  return { device, info, lost: () => lost };
}

function pageEntry(): GpuEntry | undefined {
  return (globalThis as { readonly navigator?: { readonly gpu?: GpuEntry } }).navigator?.gpu;
}

function isSoftware({ info }: Adapter): boolean {
  const name = `${info.architecture} ${info.description}`;
  return (info.isFallbackAdapter ?? false) || /swiftshader|llvmpipe|basic render/i.test(name);
}

/** What a step on a lost device fails with. */
export function deviceLost(why: string): WorkbenchError {
  return new WorkbenchError('DEVICE_LOST', `The GPU stopped answering (${why}).`, { why });
}
