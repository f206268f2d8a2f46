import { makeWasmKernels } from '../../src/kernels/wasm';
import { kernelsWasm } from '../../src/kernels/wasm-bytes';
import { instantiateWasm } from '../../src/platform/wasm/host';
import { binMatrix } from '../../src/training/bin-matrix';
import { parseBoosterParams } from '../../src/training/params';
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

/** What is measured, here as in the page: from columns in memory to a booster. Training has one thread so far. */
export async function train({ columns, labels, depth, trees, pause }: Task): Promise<Trained> {
  const params = parseBoosterParams({ eta: 0.1, max_depth: depth, max_bin: 256, lambda: 1 });
  const matrix = { featureNames: columns.map((_, column) => `f${column}`), columns, labels };
  const started = performance.now();
  const binned = await binMatrix(matrix, params.max_bin, { pause }, { kernels });
  const { booster } = await trainBooster({ binned, params, numBoostRound: trees }, { pause });
  const seconds = (performance.now() - started) / 1000;
  binned.bins.close();
  return { booster, seconds, threads: 1 };
}

export { predict } from '../../src/training/predict';
