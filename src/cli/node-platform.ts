import { randomBytes } from 'node:crypto';
import { makeWasmKernels } from '../kernels/wasm';
import { kernelsWasm } from '../kernels/wasm-bytes';
import { allTables } from '../pipeline/storage';
import type { Host, Platform } from '../pipeline/platform';
import { DataService } from '../pipeline/services/data-service';
import { ExplainService } from '../pipeline/services/explain-service';
import { MonitoringService } from '../pipeline/services/monitoring-service';
import { TrainingService } from '../pipeline/services/training-service';
import { decodeArrow, encodeArrow } from '../platform/arrow/ipc';
import { openDuckDb } from '../platform/duckdb/node';
import { memoryFiles } from '../platform/memory/files';
import { memoryRecords } from '../platform/memory/records';
import { instantiateWasm } from '../platform/wasm/host';

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
    pause,
    openSql: () => openDuckDb(),
  };
  const module = instantiateWasm(kernelsWasm);
  const loadTrainer = async () => (await import('../platform/tfjs/trainer')).tfjsTrainer();
  const training = new TrainingService(pause, loadTrainer, module ? makeWasmKernels(module) : undefined);
  return {
    records: memoryRecords(allTables),
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
    changed: () => undefined,
    storedBytes: () => Promise.resolve(0),
  };
}
