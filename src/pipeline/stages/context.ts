import type { Progress, Signal } from '../../utils/control';
import { checkpoint, throwIfAborted, type Control } from '../../utils/control';
import { WorkbenchError } from '../../utils/errors';
import { sha256Hex } from '../../utils/hash';
import type { Platform } from '../platform';
import type { ModelSpec } from '../model-spec';
import { shortName } from '../model-spec';
import type { OnStageProgress, Stage } from '../views';
import type { StoreContext } from '../store/context';
import type { FeaturesResult } from '../tables';
import { readDataset, type Dataset } from '../services/dataset';

/** What one stage's run knows. */
export interface StageContext {
  readonly platform: Platform;
  readonly spec: ModelSpec;
  readonly seed: number;
  readonly rows: number;
  readonly maxEvals: number;
  readonly signal?: Signal;
  /** When it is raised a search tries nothing further, and the stage goes on with the best it found. */
  readonly enough?: Signal;
  readonly onProgress?: OnStageProgress;
}

/** Progress of this stage, for services. */
export function progressOf(context: StageContext, stage: Stage): (progress: Progress) => void {
  return (progress) => context.onProgress?.({ ...progress, stage });
}

/** The same for calls of the feature store. */
export function storeContext(context: StageContext, stage: Stage): Omit<StoreContext, 'config'> {
  const { platform, spec, signal } = context;
  return { platform, spec, signal, onProgress: progressOf(context, stage) };
}

export function controlFor(context: StageContext, stage: Stage): Control {
  return { signal: context.signal, pause: context.platform.pause, onProgress: progressOf(context, stage) };
}

/** The last moment a cancel counts: right before the one transaction that commits a stage. */
export async function beforeCommit(context: StageContext, stage: Stage): Promise<void> {
  await checkpoint(controlFor(context, stage), { label: 'saving', done: 1, total: 1 });
  throwIfAborted({ signal: context.signal });
}

/** Reads the stored data set back and checks that it is the one recorded, made with the definitions that hold. */
export async function loadDataset(
  context: Pick<StageContext, 'platform' | 'spec'>,
  features: FeaturesResult,
): Promise<Dataset> {
  const { platform, spec } = context;
  if ((features.definitions_version ?? 0) < spec.computedSince) {
    throw new WorkbenchError(
      'USAGE',
      `The definitions of ${spec.config.name} changed in version ${spec.computedSince}, and its data set was made before. Run the Features stage first.`,
    );
  }
  const bytes = await platform.files.read(features.path);
  if (!bytes || sha256Hex(bytes) !== features.digest) {
    throw new WorkbenchError(
      'STORAGE_CORRUPT',
      `The data set of ${spec.config.name} (${features.path}) is ${bytes ? 'damaged' : 'missing'} in this browser's storage. Run the Features stage again.`,
    );
  }
  return readDataset(await platform.arrow.decode(bytes), spec, shortName);
}

/** Rows of a data set whose label is known. */
export function labelledRows(dataset: Dataset): Int32Array {
  const rows: number[] = [];
  for (let row = 0; row < dataset.rows; row++) if (!Number.isNaN(dataset.labels[row])) rows.push(row);
  return Int32Array.from(rows);
}

/** The columns of `rows`, in order. */
export function pickColumns(columns: readonly Float32Array[], rows: ArrayLike<number>): Float32Array[] {
  return columns.map((column) => {
    const picked = new Float32Array(rows.length);
    for (let i = 0; i < picked.length; i++) picked[i] = column[rows[i] ?? 0] ?? NaN;
    return picked;
  });
}

export function pickValues<T>(
  values: { readonly [index: number]: T; readonly length: number },
  rows: ArrayLike<number>,
): T[] {
  return Array.from({ length: rows.length }, (_, i) => values[rows[i] as number] as T);
}

/** Labels of rows that all have one, as 0 and 1. */
export function pickLabels(dataset: Dataset, rows: ArrayLike<number>): Uint8Array {
  return Uint8Array.from(pickValues(dataset.labels, rows));
}

/** Names a list of rows. */
export function rowsDigest(rows: Int32Array): string {
  return sha256Hex(new Uint8Array(rows.buffer, rows.byteOffset, rows.byteLength));
}
