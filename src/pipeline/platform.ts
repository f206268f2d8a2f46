import type { Kernels } from '../kernels/types';
import type { Control, Progress, Signal } from '../utils/control';
import type { FileStore, Records } from '../utils/records';
import type { ArrowCodec, TableCodec } from '../features/offline/types';
import type { SqlReader } from '../features/types';
import type { DataService } from './services/data-service';
import type { TrainingService } from './services/training-service';
import type { ExplainService } from './services/explain-service';
import type { MonitoringService } from './services/monitoring-service';

/** A SQL engine that was opened and can be closed. */
export interface OpenSqlEngine extends SqlReader {
  close(): Promise<void>;
}

/** What a stage's service needs of the machine it runs on. */
export interface Host {
  readonly files: FileStore;
  readonly arrow: ArrowCodec;
  readonly parquet: TableCodec;
  /** Lets the event loop turn now and then; cheap to call often. */
  readonly pause: () => Promise<void>;
  openSql(): Promise<OpenSqlEngine>;
}

export type OnProgress = (progress: Progress) => void;

/** Trainers that work side by side; the same answers for any number of them. */
export type TrainingPool = Pick<
  TrainingService,
  'load' | 'trial' | 'fit' | 'networkTrial' | 'networkFit' | 'evaluate' | 'judge'
> & {
  readonly concurrency: number;
};

/** The stages' heavy work, in this thread or behind workers. */
export interface Services {
  readonly data: Pick<
    DataService,
    | 'previewFile'
    | 'generate'
    | 'generateWindow'
    | 'importFile'
    | 'buildDataset'
    | 'profile'
    | 'tablePage'
    | 'timeline'
    | 'historicalAt'
    | 'viewProfiles'
    | 'tryDefinitions'
    | 'feastFiles'
    | 'querySql'
    | 'joinHistorical'
    | 'withTables'
    | 'scratch'
    | 'readFile'
    | 'storeRows'
    | 'compact'
    | 'tableFile'
    | 'fileBytes'
  >;
  readonly training: TrainingPool;
  readonly explain: Pick<ExplainService, 'explain'>;
  readonly monitoring: Pick<MonitoringService, 'report'>;
}

export interface StorageState {
  readonly kind: string;
  readonly persistent: boolean;
  /** Why nothing is kept, or null. */
  readonly message: string | null;
}

/** Everything a workspace needs, handed in at a composition root. */
export interface Platform {
  readonly records: Records;
  readonly files: FileStore;
  readonly arrow: ArrowCodec;
  readonly services: Services;
  readonly storage: StorageState;
  /** The fastest kernels that run here, for scoring. */
  readonly kernels: () => Promise<Kernels>;
  readonly pause: () => Promise<void>;
  /** Wall clock, milliseconds since 1970 UTC. */
  readonly now: () => number;
  /** 32 hex digits, never given twice. */
  readonly newId: () => string;
  /** Runs `work` while no other tab of this workspace runs any; throws BUSY when one does. */
  readonly exclusive: <T>(work: () => Promise<T>) => Promise<T>;
  /**
   * Runs a short write after those of this and other tabs; throws BUSY while one of them runs `exclusive` work, and with
   * `unlessBusy` also rather than wait.
   */
  readonly inTurn: <T>(work: () => Promise<T>, unlessBusy?: boolean) => Promise<T>;
  /** Tells every open page that something was committed. */
  readonly changed: () => void;
  readonly storedBytes: () => Promise<number>;
}

/** A Control for one service call. */
export function controlOf(pause: () => Promise<void>, onProgress?: OnProgress, signal?: Signal): Control {
  return { pause, onProgress, signal };
}
