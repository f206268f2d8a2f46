import { sha256Hex } from '../../utils/hash';
import { modelDefinitions } from '../../models/catalog';
import type { TableProfile } from '../../data/types';
import { folderOf, type ModelSpec } from '../model-spec';
import type { DataResult, Partition } from '../tables';
import { checkRows, keepCheck, withWarnings } from '../store/check-quality';
import type { StageState } from '../views';
import { count, markStale, partitionsOf, percent, putStage, stageResult } from '../stage-results';
import { beforeCommit, progressOf, storeContext, type StageContext } from './context';
import type { Ingested } from '../services/data-calls';

/** Generates or reads the raw tables and makes them this model's data, replacing what was there. */
export async function runDataStage(context: StageContext): Promise<void> {
  const { platform, spec } = context;
  const model = spec.config.name;
  const ingested = await ingest(context);
  const digest = grownDigest(null, ingested.partitions);
  const old = await partitionsOf(platform.records, model);
  const before = await stageResult(platform.records, model, 'data');
  const unchanged = before?.result.digest === digest;
  const result: DataResult = {
    source: sourceOf(context),
    seed: context.seed,
    clock: spec.file ? clockOfFile(ingested.profiles, spec) : (modelDefinitions().get(folderOf(spec))?.clock ?? 0),
    hasHistory: spec.file ? spec.file.hasTime : true,
    profiles: ingested.profiles,
    digest,
    generated: ingested.profiles.find(({ table }) => table === spec.labels.table)?.rows ?? 0,
    windows: [],
  };
  try {
    const check = await checkRows(storeContext(context, 'data'), {
      partitions: ingested.partitions,
      clock: result.clock,
      occasion: 'ingest',
    });
    const state = withWarnings(dataState(spec, result), [check]);
    await beforeCommit(context, 'data');
    await platform.records.write(['partitions', 'stage_results', 'quality_checks'], async (tx) => {
      await keepCheck(tx, check);
      for (const partition of old) await tx.delete('partitions', partition.path);
      await tx.putAll('partitions', ingested.partitions);
      await putStage(tx, { model, stage: 'data', state, result });
      if (!unchanged)
        await markStale(tx, model, ['features', 'training', 'inference', 'monitoring'], 'The data changed since.');
    });
  } catch (error) {
    await forget(context, ingested.partitions, old);
    throw error;
  }
  await forget(context, old, ingested.partitions);
}

async function ingest(context: StageContext): Promise<Ingested> {
  const { platform, spec } = context;
  const model = spec.config.name;
  const progress = progressOf(context, 'data');
  const { file } = spec;
  return file
    ? platform.services.data.importFile({ ...spec, file }, progress, context.signal)
    : platform.services.data.generate(
        { model, folder: folderOf(spec), seed: context.seed, rows: context.rows },
        progress,
        context.signal,
      );
}

/** Deletes the files of `partitions` that `kept` does not share. */
async function forget(
  context: StageContext,
  partitions: readonly Partition[],
  kept: readonly Partition[],
): Promise<void> {
  const paths = new Set(kept.map((partition) => partition.path));
  for (const { path } of partitions) if (!paths.has(path)) await context.platform.files.delete(path);
}

/** Names a model's rows: what they were called before, and the partitions that came. */
export function grownDigest(before: string | null, partitions: readonly Partition[]): string {
  const digests = [...partitions].sort((a, b) => (a.path < b.path ? -1 : 1)).map((partition) => partition.digest);
  return sha256Hex([...(before === null ? [] : [before]), ...digests].join('\n'));
}

function sourceOf(context: StageContext): string {
  const { file, config } = context.spec;
  return file
    ? `the file ${file.fileName}`
    : `the ${config.title} generator, seed ${context.seed}, ${count(context.rows)} visits asked for`;
}

/** Newest event time of a file with times, else the import time. */
export function clockOfFile(profiles: readonly TableProfile[], spec: ModelSpec): number {
  const column = profiles
    .flatMap((profile) => profile.columns)
    .find((profile) => profile.name === spec.labels.event_timestamp);
  return column?.max ?? spec.file?.importedAt ?? 0;
}

/** The sentence and figure of the Data stage. */
export function dataState(spec: ModelSpec, result: DataResult): StageState {
  const main = result.profiles.find((profile) => profile.table === spec.labels.table);
  const rows = main?.rows ?? 0;
  const columns = result.profiles.flatMap((profile) =>
    profile.columns.map((column) => ({ ...column, rows: profile.rows })),
  );
  const [worst] = [...columns].sort((a, b) => b.missing / Math.max(b.rows, 1) - a.missing / Math.max(a.rows, 1));
  const missing =
    worst && worst.missing > 0
      ? `${worst.name} is missing in ${percent(worst.missing / Math.max(worst.rows, 1))}, more than any other column.`
      : 'No value is missing.';
  const entity = main?.columns.find((column) => column.name === spec.config.entity);
  const what = spec.file
    ? `${count(rows)} ${rows === 1 ? 'row' : 'rows'} and ${(main?.columns.length ?? 2) - 2} columns from ${spec.file.fileName}.`
    : `${count(rows)} visits of ${count(entity?.distinct ?? 0)} patients in ${result.profiles.length} raw tables.`;
  return { status: 'good', figure: count(rows), caption: 'rows', sentence: `${what} ${missing}` };
}
