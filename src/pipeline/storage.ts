import { bytesToHex } from '@noble/hashes/utils.js';
import { sha256 } from '@noble/hashes/sha2.js';
import { canonicalJson, sha256Hex } from '../utils/hash';
import type { RecordsTx, StoredRecord, TableSchema } from '../utils/records';
import { inferenceTables } from '../inference/log';
import { monitoringTables } from '../monitoring/store';
import { registryTables } from '../registry/versions';
import { trackingTables } from '../tracking/runs';
import { tuningTables } from '../tuning/study-records';
import { onlineTables } from '../features/online/tables';
import { featureTables } from '../features/tables';
import type { PredictionBatch } from '../inference/types';
import type { Platform } from './platform';
import type { SavedDatasetRecord } from './store/dataset-records';
import { pipelineTables, type Partition, type StageRecord, type StoredModel } from './tables';

/** Every table of a workspace, for the database that holds them. */
export const allTables: Readonly<Record<string, TableSchema>> = {
  ...onlineTables,
  ...featureTables,
  ...tuningTables,
  ...trackingTables,
  ...registryTables,
  ...inferenceTables,
  ...monitoringTables,
  ...pipelineTables,
};

/** SHA-256 over every record and file of the workspace. */
export async function workspaceDigest(platform: Platform): Promise<string> {
  const names = Object.keys(allTables).sort();
  const hash = sha256.create();
  const encode = (text: string) => hash.update(hexBytes(sha256Hex(text)));
  await platform.records.read(names, async (tx) => {
    for (const name of names) {
      encode(name);
      for (const record of await tx.query<StoredRecord>(name)) encode(recordText(record));
    }
  });
  for (const path of (await platform.files.list()).sort()) {
    encode(path);
    const bytes = await platform.files.read(path);
    if (bytes) hash.update(sha256(bytes));
  }
  return bytesToHex(hash.digest());
}

function recordText(record: StoredRecord): string {
  return canonicalJson(
    JSON.parse(
      JSON.stringify(record, (_key, value: unknown) =>
        typeof value === 'bigint'
          ? `${value}n`
          : ArrayBuffer.isView(value)
            ? [...new Uint8Array(value.buffer, value.byteOffset, value.byteLength)]
            : value,
      ),
    ),
  );
}

function hexBytes(hex: string): Uint8Array {
  return Uint8Array.from({ length: hex.length / 2 }, (_, i) => parseInt(hex.slice(2 * i, 2 * i + 2), 16));
}

/** A file that a record names, and what it should be where the record says so. */
export interface NamedFile {
  readonly path: string;
  /** "the table visits of heart_disease". */
  readonly what: string;
  readonly model: string;
  readonly kind: 'raw table' | 'data set' | 'predictions' | 'file opened';
  readonly bytes?: number;
  readonly digest?: string;
}

/** Every file that a record of the workspace names. */
export function namedFiles(platform: Pick<Platform, 'records'>): Promise<readonly NamedFile[]> {
  return platform.records.read(Object.keys(allTables), filesNamedBy);
}

/** Every file that a record of these tables names. */
export async function filesNamedBy(tx: Pick<RecordsTx, 'query'>): Promise<readonly NamedFile[]> {
  return [
    ...(await tx.query<Partition>('partitions')).map(partitionFile),
    ...(await tx.query<PredictionBatch>('prediction_batches')).map(({ path, model }): NamedFile => ({
      path,
      model,
      kind: 'predictions',
      what: `predictions of ${model}`,
    })),
    ...(await tx.query<StoredModel>('workspace_models')).flatMap(({ name, spec }): NamedFile[] =>
      spec.file
        ? [
            {
              path: spec.file.path,
              model: name,
              kind: 'file opened',
              what: `the file ${spec.file.fileName} of ${name}`,
            },
          ]
        : [],
    ),
    ...(await tx.query<StageRecord<'features'>>('stage_results')).flatMap(({ stage, model, result }): NamedFile[] =>
      stage === 'features'
        ? [{ path: result.path, digest: result.digest, model, kind: 'data set', what: `the data set of ${model}` }]
        : [],
    ),
    ...(await tx.query<SavedDatasetRecord>('saved_datasets')).flatMap(
      ({ model, name, path, digest, automatic }): NamedFile[] =>
        path === null || automatic
          ? []
          : [{ path, digest, model, kind: 'data set', what: `the data set ${name} of ${model}` }],
    ),
  ];
}

function partitionFile({ path, model, table, bytes, digest }: Partition): NamedFile {
  return { path, bytes, digest, model, kind: 'raw table', what: `the table ${table} of ${model}` };
}

/** Deletes files no record names. */
export async function collectGarbage(platform: Platform): Promise<void> {
  const keep = new Set((await namedFiles(platform)).map(({ path }) => path));
  for (const path of await platform.files.list()) if (!keep.has(path)) await platform.files.delete(path);
}

/** Empties every table, then deletes every file. */
export async function eraseAll(platform: Platform): Promise<void> {
  const names = Object.keys(allTables);
  await platform.records.write(names, async (tx) => {
    for (const name of names) await tx.clear(name);
  });
  for (const path of await platform.files.list()) await platform.files.delete(path);
}
