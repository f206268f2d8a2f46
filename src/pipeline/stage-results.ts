import type { Records, RecordsTx } from '../utils/records';
import { WorkbenchError } from '../utils/errors';
import type { Stage, StageState } from './views';
import type { Partition, StageRecord, StageResults } from './tables';

/** The committed result of a stage, or undefined before its first run. */
export async function stageResult<S extends Stage>(
  records: Records,
  model: string,
  stage: S,
): Promise<StageRecord<S> | undefined> {
  return records.read(['stage_results'], (tx) => tx.get<StageRecord<S>>('stage_results', [model, stage]));
}

/** As stageResult, but a sentence when the stage has not run. */
export async function requireStage<S extends Stage>(
  records: Records,
  model: string,
  stage: S,
  forWhat: string,
): Promise<StageResults[S]> {
  const found = await stageResult(records, model, stage);
  if (!found)
    throw new WorkbenchError(
      'USAGE',
      `${forWhat} needs the ${stage} stage of ${model}, which has not run yet. Run ${stage} first.`,
    );
  return found.result;
}

export async function putStage<S extends Stage>(tx: RecordsTx, record: StageRecord<S>): Promise<void> {
  await tx.put('stage_results', record);
}

/** Marks later stages as resting on older input, without touching what they hold. */
export async function markStale(tx: RecordsTx, model: string, stages: readonly Stage[], why: string): Promise<void> {
  for (const stage of stages) {
    const record = await tx.get<StageRecord>('stage_results', [model, stage]);
    if (record && !record.state.sentence.startsWith(why)) {
      const state: StageState = { ...record.state, status: 'attention', sentence: `${why} ${record.state.sentence}` };
      await tx.put('stage_results', { ...record, state });
    }
  }
}

/** A version took over: what the former champion served and was watched by no longer speaks of the one that serves. */
export async function markNewChampion(tx: RecordsTx, model: string, version: number): Promise<void> {
  const why = `v${version} is champion now; run this stage again to see it at work.`;
  await markStale(tx, model, ['inference', 'monitoring'], why);
}

export async function partitionsOf(records: Records, model: string): Promise<Partition[]> {
  return records.read(['partitions'], (tx) => tx.query<Partition>('partitions', { index: 'model', equals: model }));
}

/** 12345 as "12,345"; the page and the command line use the same form. */
export function count(value: number): string {
  return String(Math.round(value)).replace(/\B(?=(\d{3})+$)/g, ',');
}

/** A share as "40.2%". */
export function percent(share: number): string {
  return `${(100 * share).toFixed(1)}%`;
}
