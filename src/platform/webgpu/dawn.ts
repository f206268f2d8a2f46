import { WorkbenchError } from '../../utils/errors';
import type { GpuEntry } from './gpu';

/** What is used of the npm package `webgpu`: Dawn, Chromium's WebGPU, for Node. */
interface Dawn {
  create(flags: readonly string[]): GpuEntry;
  readonly globals: Readonly<Record<string, unknown>>;
}

/** Kept apart so that no bundler looks for it: the package is 130 MB and installed by those who want it. */
const PACKAGE = 'webgpu';

/** WebGPU for Node. Throws USAGE when its package is not installed or does not start. */
export async function dawn(): Promise<GpuEntry> {
  try {
    const loaded = (await import(/* @vite-ignore */ PACKAGE)) as Dawn;
    Object.assign(globalThis, loaded.globals);
    return loaded.create([]);
  } catch (error) {
    const why = error instanceof Error ? error.message.split('\n')[0] : String(error);
    throw new WorkbenchError(
      'USAGE',
      `--backend webgpu needs the package webgpu, which could not be loaded (${why}). Run npm install --no-save webgpu where Glasshouse is, or give --backend wasm.`,
      {},
      { cause: error },
    );
  }
}
