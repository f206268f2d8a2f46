import duckdbWasm from '@duckdb/duckdb-wasm/dist/duckdb-eh.wasm?url';
import duckdbWorker from '@duckdb/duckdb-wasm/dist/duckdb-browser-eh.worker.js?url';
import type { Kernels } from '../src/kernels/types';
import type { FileStore, Records } from '../src/utils/records';
import { allTables } from '../src/pipeline/storage';
import { storeVersions } from '../src/pipeline/store-versions';
import type { Host, Platform, Services, StorageState } from '../src/pipeline/platform';
import type { DataService } from '../src/pipeline/services/data-service';
import type { ExplainService } from '../src/pipeline/services/explain-service';
import type { MonitoringService } from '../src/pipeline/services/monitoring-service';
import { openIndexedDb } from '../src/platform/indexeddb/records';
import { indexedDbFiles } from '../src/platform/indexeddb/files';
import { memoryFiles } from '../src/platform/memory/files';
import { memoryRecords } from '../src/platform/memory/records';
import { opfsFiles } from '../src/platform/opfs/files';
import { pause } from './rpc/pause';
import { lazyRemote } from './lazy-remote';
import { lazyService } from './lazy-service';
import { trainingPool } from './training-pool';
import { exclusiveWork, inTurn } from './turns';

const DATABASE = 'glasshouse';
const CHANNEL = 'glasshouse-changed';
const MOST_TRAINERS = 8;

/** Arrow and DuckDB are loaded when data is first touched, not before the page is usable. */
const arrowIpc = () => import('../src/platform/arrow/ipc');

/** Builds the platform of a browser: IndexedDB and OPFS where they are allowed, workers for the heavy stages. */
export async function browserPlatform(): Promise<Platform> {
  const { records, files, storage } = await openStores();
  const channel = new BroadcastChannel(CHANNEL);
  const host: Host = {
    files,
    arrow: {
      encode: async (table) => (await arrowIpc()).encodeArrow(table),
      decode: async (bytes) => (await arrowIpc()).decodeArrow(bytes),
    },
    parquet: {
      encode: async (table) => (await import('../src/platform/parquet/write')).writeParquet(table),
      decode: async (bytes) => (await import('../src/platform/parquet/read')).readParquet(bytes),
    },
    pause,
    openSql: async () => {
      const { openDuckDb } = await import('../src/platform/duckdb/browser');
      const engine = await openDuckDb({
        wasmUrl: new URL(duckdbWasm, self.location.href).href,
        workerUrl: new URL(duckdbWorker, self.location.href).href,
      });
      await keepEngineOffline();
      return engine;
    },
  };
  return {
    records,
    kernels: scoringKernels,
    files,
    arrow: host.arrow,
    pause,
    storage,
    services: browserServices(host),
    now: () => Date.now(),
    newId: () =>
      Array.from(crypto.getRandomValues(new Uint8Array(16)), (byte) => byte.toString(16).padStart(2, '0')).join(''),
    exclusive: exclusiveWork,
    inTurn,
    changed: () => channel.postMessage('changed'),
    storedBytes: async () => (await navigator.storage?.estimate?.())?.usage ?? 0,
  };
}

let kernels: Promise<Kernels> | null = null;

/** Loaded when rows are first scored. */
function scoringKernels(): Promise<Kernels> {
  kernels ??= import('./kernels').then(({ loadKernels }) => loadKernels());
  return kernels;
}

function browserServices(host: Host): Services {
  const cores = Math.max(1, Math.min(MOST_TRAINERS, navigator.hardwareConcurrency || 2));
  return {
    data: lazyService<DataService>(async () => {
      const { DataService: Service } = await import('../src/pipeline/services/data-service');
      return new Service(host);
    }),
    training: trainingPool(cores),
    explain: lazyRemote<ExplainService>(
      'explain',
      (name) => new Worker(new URL('./explain.worker.ts', import.meta.url), { type: 'module', name }),
    ),
    monitoring: lazyRemote<MonitoringService>(
      'monitoring',
      (name) => new Worker(new URL('./monitoring.worker.ts', import.meta.url), { type: 'module', name }),
    ),
  };
}

async function openStores(): Promise<{ records: Records; files: FileStore; storage: StorageState }> {
  try {
    const records = await openIndexedDb(DATABASE, allTables, storeVersions);
    const opfs = await opfsFiles('glasshouse').catch(() => null);
    return opfs
      ? { records, files: opfs, storage: { kind: 'IndexedDB and OPFS', persistent: true, message: null } }
      : {
          records,
          files: await indexedDbFiles(`${DATABASE}-files`),
          storage: { kind: 'IndexedDB', persistent: true, message: null },
        };
  } catch (error) {
    const message =
      `This browser refuses to store anything (${error instanceof Error ? error.message : String(error)}). ` +
      'Everything works, but it is gone when the tab closes: take models away as files, or open the page in a normal window.';
    return {
      records: memoryRecords(allTables),
      files: memoryFiles(),
      storage: { kind: 'memory only', persistent: false, message },
    };
  }
}

/** Puts the SQL engine into the offline cache after its first use; the service worker serves it from there. */
async function keepEngineOffline(): Promise<void> {
  if (!('caches' in self)) return;
  try {
    const cache = await caches.open('glasshouse-engine');
    for (const url of [duckdbWasm, duckdbWorker]) {
      const absolute = new URL(url, self.location.href).href;
      if (!(await cache.match(absolute))) await cache.add(absolute);
    }
  } catch {
    // Offline use is an extra: a full disk must not stop the run.
  }
}
