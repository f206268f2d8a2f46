import { markStale, putStage, stageResult } from './stage-results';
import { WorkbenchError } from '../utils/errors';
import type { RecordsTx } from '../utils/records';
import type { TableProfile } from '../data/types';
import type { ModelSpec } from './model-spec';
import { clockOfFile, dataState, grownDigest } from './stages/data-stage';
import type { StoreContext } from './store/context';
import type { DataResult, Partition } from './tables';

/** Tables that `commitGrownData` writes to. */
export const GROWN_TABLES = ['partitions', 'stage_results'] as const;

/** Rows stored beside those a model has, and what the Data stage says with them; nothing is committed yet. */
export interface GrownData {
  readonly partitions: readonly Partition[];
  readonly data: DataResult;
}

/**
 * What the Data stage says once partitions (of `storeRows`) are added: profiles of the tables that grew, read whole again,
 * the digest, and the clock, which moves on with the newest event where it comes from the data.
 */
export async function grownData(
  { platform, spec, onProgress, signal }: StoreContext,
  before: readonly Partition[],
  added: readonly Partition[],
): Promise<GrownData> {
  const stage = await stageResult(platform.records, spec.config.name, 'data');
  if (!stage) throw noData(spec);
  const { result } = stage;
  const grown = new Set(added.map(({ table }) => table));
  const all = [...before, ...added].filter(({ table }) => grown.has(table));
  const anew = await platform.services.data.profile(all, onProgress, signal);
  const profiles: readonly TableProfile[] = result.profiles.map(
    (profile) => anew.find(({ table }) => table === profile.table) ?? profile,
  );
  const clock = spec.file ? Math.max(result.clock, clockOfFile(profiles, spec)) : result.clock;
  const data = { ...result, profiles, clock, digest: grownDigest(result.digest, added) };
  return { partitions: added, data };
}

/** Commits what `grownData` found, within a transaction over GROWN_TABLES; later stages then rest on older data. */
export async function commitGrownData(tx: RecordsTx, spec: ModelSpec, { partitions, data }: GrownData): Promise<void> {
  const model = spec.config.name;
  await tx.putAll('partitions', partitions);
  await putStage(tx, { model, stage: 'data', state: dataState(spec, data), result: data });
  await markStale(tx, model, ['features', 'training', 'inference', 'monitoring'], 'The data changed since.');
}

export function noData(spec: ModelSpec): WorkbenchError {
  return new WorkbenchError('USAGE', `${spec.config.name} has no tables yet. Run the Data stage first.`);
}
