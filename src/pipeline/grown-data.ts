import { markStale, putStage, stageResult } from './stage-results';
import { WorkbenchError } from '../utils/errors';
import type { RecordsTx } from '../utils/records';
import type { TableProfile } from '../data/types';
import type { ModelSpec } from './model-spec';
import { clockOfFile, dataState, grownDigest } from './stages/data-stage';
import { checkRows, keepCheck, withWarnings } from './store/check-quality';
import type { StoreContext } from './store/context';
import type { QualityCheck } from './store/types';
import type { DataResult, Partition } from './tables';

/** Tables that `commitGrownData` writes to. */
export const GROWN_TABLES = ['partitions', 'stage_results', 'quality_checks'] as const;

/** Rows stored beside those a model has, and what the Data stage says with them; nothing is committed yet. */
export interface GrownData {
  readonly partitions: readonly Partition[];
  readonly data: DataResult;
  /** What was expected of the new rows. */
  readonly check: QualityCheck;
}

/**
 * What the Data stage says once partitions (of `storeRows`) are added: profiles of the tables that grew, read whole again,
 * the digest, and the clock, which moves on with the newest event where it comes from the data.
 * Throws FEATURES_INVALID where the new rows are not as expected and are to be refused.
 */
export async function grownData(context: StoreContext, { before, added, occasion }: Growing): Promise<GrownData> {
  const { platform, spec, onProgress, signal } = context;
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
  const check = await checkRows(context, { partitions: added, clock, occasion });
  return { partitions: added, data, check };
}

interface Growing {
  readonly before: readonly Partition[];
  readonly added: readonly Partition[];
  readonly occasion: QualityCheck['occasion'];
}

/** Commits what `grownData` found, within a transaction over GROWN_TABLES; later stages then rest on older data. */
export async function commitGrownData(
  tx: RecordsTx,
  spec: ModelSpec,
  { partitions, data, check }: GrownData,
): Promise<void> {
  const model = spec.config.name;
  await tx.putAll('partitions', partitions);
  await keepCheck(tx, check);
  const state = withWarnings(dataState(spec, data), [check]);
  await putStage(tx, { model, stage: 'data', state, result: data });
  await markStale(tx, model, ['features', 'training', 'inference', 'monitoring'], 'The data changed since.');
}

export function noData(spec: ModelSpec): WorkbenchError {
  return new WorkbenchError('USAGE', `${spec.config.name} has no tables yet. Run the Data stage first.`);
}
