import { makeWasmKernels } from '../../src/kernels/wasm';
import { kernelsWasm } from '../../src/kernels/wasm-bytes';
import { instantiateWasm } from '../../src/platform/wasm/host';
import { parseBoosterParams } from '../../src/training/params';
import type { ShardHost } from '../../src/training/shards/types';
import { trainBooster } from '../../src/training/train';
import type { Booster } from '../../src/training/types';
import type { Control } from '../../src/utils/control';

export interface Task {
  /** [n_features] arrays of [n_rows]. */
  readonly columns: readonly Float32Array[];
  readonly labels: Uint8Array;
  /** Threads offered. */
  readonly threads: number;
  readonly depth: number;
  readonly trees: number;
  /** Other workers of the host. */
  readonly shards?: (most: number) => ShardHost;
  /** As the host hands it to training; none when absent. */
  readonly pause?: Control['pause'];
}

export interface Trained {
  readonly booster: Booster;
  readonly seconds: number;
  /** Threads made use of. */
  readonly threads: number;
}

/** The library, loaded before the clock starts as every peer's is. */
const module = instantiateWasm(kernelsWasm);
if (!module) throw new Error('this host does not run the WebAssembly module');
const kernels = makeWasmKernels(module);

/** What is measured, here as in the page: from columns in memory to a booster, other workers started on the way. */
export async function train({ columns, labels, threads, depth, trees, pause, shards }: Task): Promise<Trained> {
  const params = parseBoosterParams({ eta: 0.1, max_depth: depth, max_bin: 256, lambda: 1 });
  const matrix = { featureNames: columns.map((_, column) => `f${column}`), columns, labels };
  const started = performance.now();
  const request = {
    matrix,
    params,
    numBoostRound: trees,
    kernels,
    shards: threads > 1 ? shards?.(threads - 1) : undefined,
  };
  const { booster } = await trainBooster(request, { pause });
  return { booster, seconds: (performance.now() - started) / 1000, threads: request.shards ? threads : 1 };
}

export { predict } from '../../src/training/predict';
