import type { RecordsTx } from '../utils/records';
import { checkKey, checkLength, LIMITS, refuse } from './keys';
import { getRun, noteChange } from './runs';
import type { Artifact, MetricHistory, Run } from './types';

/** Value, step and timestamp. */
const BYTES_OF_POINT = 24;

/** As getRun, but a sentence when there is none. */
export async function requireRun(tx: RecordsTx, runId: string): Promise<Run> {
  return (await getRun(tx, runId)) ?? refuse(`there is no run ${runId}; it may have been deleted for good`);
}

async function putRun(tx: RecordsTx, run: Run, now: number): Promise<void> {
  await tx.put('runs', run);
  await noteChange(tx, run.experiment_id, now);
}

/** Puts runs into the trash; one that is there stays as it is. */
export async function trashRuns(tx: RecordsTx, runIds: readonly string[], now: number): Promise<void> {
  for (const id of runIds) {
    const run = await requireRun(tx, id);
    if (run.lifecycle_stage === 'active')
      await putRun(tx, { ...run, lifecycle_stage: 'deleted', deleted_time: now }, now);
  }
}

/** Takes runs out of the trash; an active one stays as it is. */
export async function restoreRuns(tx: RecordsTx, runIds: readonly string[], now: number): Promise<void> {
  for (const id of runIds) {
    const run = await requireRun(tx, id);
    if (run.lifecycle_stage === 'deleted')
      await putRun(tx, { ...run, lifecycle_stage: 'active', deleted_time: null }, now);
  }
}

/** Bytes a run takes: its artifacts, its metric points, and its record as JSON. */
export async function runBytes(tx: RecordsTx, run: Run): Promise<number> {
  const artifacts = await tx.query<Artifact>('artifacts', { index: 'run_id', equals: run.run_id });
  const histories = await tx.query<MetricHistory>('metric_histories', { index: 'run_id', equals: run.run_id });
  const files = artifacts.reduce((sum, { content }) => sum + sizeOf(content), 0);
  return (
    files + sizeOf(JSON.stringify(run)) + histories.reduce((sum, { values }) => sum + BYTES_OF_POINT * values.length, 0)
  );
}

/** UTF-8 bytes of a text, or bytes. */
function sizeOf(content: string | Uint8Array): number {
  if (typeof content !== 'string') return content.byteLength;
  let bytes = content.length;
  for (let i = 0; i < content.length; i++) {
    const unit = content.charCodeAt(i);
    // A pair of units is 4 bytes: 2 more than its units.
    if (unit >= 0x80) bytes += unit >= 0x800 && (unit < 0xd800 || unit > 0xdfff) ? 2 : 1;
  }
  return bytes;
}

/** Deletes a run in the trash with its metric points and artifacts, and returns the bytes that frees. */
export async function deleteRun(tx: RecordsTx, runId: string, now: number): Promise<number> {
  const run = await requireRun(tx, runId);
  if (run.lifecycle_stage === 'active') refuse(`run ${run.run_name} is not in the trash; move it there first`);
  const bytes = await runBytes(tx, run);
  await tx.clear('metric_histories', { index: 'run_id', equals: runId });
  await tx.clear('artifacts', { index: 'run_id', equals: runId });
  await tx.delete('runs', runId);
  await noteChange(tx, run.experiment_id, now);
  return bytes;
}

/** Sets tags of a run, notes among them (`mlflow.note.content`); null takes one away. */
export async function setRunTags(
  tx: RecordsTx,
  runId: string,
  changes: Readonly<Record<string, string | null>>,
  now: number,
): Promise<Run> {
  const run = await requireRun(tx, runId);
  const tags = new Map(Object.entries(run.tags));
  for (const [key, value] of Object.entries(changes)) {
    checkKey('tag', key);
    if (value === null) tags.delete(key);
    else {
      checkLength(`tag ${key}`, value, LIMITS.tag);
      tags.set(key, value);
    }
  }
  const changed: Run = { ...run, tags: Object.fromEntries(tags) };
  await putRun(tx, changed, now);
  return changed;
}
