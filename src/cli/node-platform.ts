import { randomBytes } from 'node:crypto';
import { referenceKernels } from '../kernels/reference';
import type { Kernels } from '../kernels/types';
import { makeWasmKernels } from '../kernels/wasm';
import { kernelsWasm } from '../kernels/wasm-bytes';
import { allTables } from '../pipeline/storage';
import type { Host, OpenSqlEngine, Platform } from '../pipeline/platform';
import { DataService } from '../pipeline/services/data-service';
import { ExplainService } from '../pipeline/services/explain-service';
import { MonitoringService } from '../pipeline/services/monitoring-service';
import { TrainingService } from '../pipeline/services/training-service';
import { decodeArrow, encodeArrow } from '../platform/arrow/ipc';
import { openDuckDb } from '../platform/duckdb/node';
import { memoryFiles } from '../platform/memory/files';
import { memoryRecords } from '../platform/memory/records';
import { readParquet } from '../platform/parquet/read';
import { writeParquet } from '../platform/parquet/write';
import { dawn } from '../platform/webgpu/dawn';
import { gpuFinder, type GpuOptions } from '../platform/webgpu/gpu';
import { WebGpuGrowth } from '../platform/webgpu/growth-device';
import { instantiateWasm } from '../platform/wasm/host';
import type { GrowthDevice } from '../training/growth/device';
import type { Table } from '../utils/columns';
import { WorkbenchError } from '../utils/errors';

/** The table in the bytes of a file, by its ending. */
export async function decodeTable(ending: '.parquet' | '.arrow', bytes: Uint8Array): Promise<Table> {
  return ending === '.parquet' ? readParquet(bytes) : decodeArrow(bytes);
}

/** A table as the bytes of a file, by its ending. */
export function encodeTable(ending: '.parquet' | '.arrow', table: Table): Uint8Array {
  return ending === '.parquet' ? writeParquet(table) : encodeArrow(table);
}

/** The twin of the kernels that goes by that name; null where WebAssembly does not run. */
export function kernelsOf(backend: 'wasm' | 'js'): Kernels | null {
  if (backend === 'js') return referenceKernels;
  const module = instantiateWasm(kernelsWasm);
  return module ? makeWasmKernels(module) : null;
}

/** Tree growth on a GPU for tables of any size. Throws USAGE where there is none. */
export async function gpuGrowth(options: GpuOptions): Promise<{ readonly device: GrowthDevice; close(): void }> {
  const find = gpuFinder({ ...options, entry: await dawn() });
  const gpu = await find();
  if (!gpu) {
    throw new WorkbenchError('USAGE', '--backend is webgpu, and this machine offers no GPU; give --backend wasm.');
  }
  const device = new WebGpuGrowth(find, { leastCells: 0 });
  const close = () => {
    device.close();
    gpu.device.destroy();
  };
  return { device, close };
}

/** A SQL engine of this process. */
export function openSql(): Promise<OpenSqlEngine> {
  return openDuckDb();
}

/** The platform of a command: everything in this process and in memory, gone when the command ends. */
export function nodePlatform(): Platform {
  const files = memoryFiles();
  const pause = () => new Promise<void>((resolve) => setImmediate(resolve));
  const host: Host = {
    files,
    arrow: {
      encode: (table) => Promise.resolve(encodeArrow(table)),
      decode: (bytes) => Promise.resolve(decodeArrow(bytes)),
    },
    parquet: { encode: (table) => Promise.resolve(writeParquet(table)), decode: readParquet },
    pause,
    openSql,
  };
  const loadTrainer = async () => (await import('../platform/tfjs/trainer')).tfjsTrainer();
  const training = new TrainingService(pause, loadTrainer, kernelsOf('wasm') ?? undefined);
  return {
    records: memoryRecords(allTables),
    kernels: () => Promise.resolve(kernelsOf('wasm') ?? referenceKernels),
    files,
    arrow: host.arrow,
    pause,
    services: {
      data: new DataService(host),
      training: {
        concurrency: 1,
        load: (...args) => training.load(...args),
        trial: (...args) => training.trial(...args),
        fit: (...args) => training.fit(...args),
        networkTrial: (...args) => training.networkTrial(...args),
        networkFit: (...args) => training.networkFit(...args),
        evaluate: (...args) => training.evaluate(...args),
        judge: (...args) => training.judge(...args),
      },
      explain: new ExplainService(pause),
      monitoring: new MonitoringService(pause),
    },
    storage: { kind: 'memory', persistent: false, message: null },
    now: () => Date.now(),
    newId: () => randomBytes(16).toString('hex'),
    exclusive: (work) => work(),
    inTurn: oneByOne(),
    changed: () => undefined,
    storedBytes: () => Promise.resolve(0),
  };
}

function oneByOne(): Platform['inTurn'] {
  let last: Promise<unknown> = Promise.resolve();
  return (work) => {
    const turn = last.then(work);
    last = turn.catch(() => undefined);
    return turn;
  };
}
