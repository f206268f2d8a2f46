import { onlineTables, writeOnline } from '../../features/online';
import { inferenceTables, logBatch } from '../../inference/log';
import { monitoringTables, saveReport } from '../../monitoring/store';
import { modelDefinitions } from '../../models/catalog';
import { WorkbenchError } from '../../utils/errors';
import { readDataset, type Dataset, type DatasetFile } from '../services/dataset';
import { probabilities } from '../services/training-service';
import type { DataResult, Partition } from '../tables';
import { shortName } from '../model-spec';
import { partitionsOf, putStage, requireStage, stageResult } from '../stage-results';
import { beforeCommit, pickColumns, pickValues, progressOf, type StageContext } from './context';
import { dataState, digestOf } from './data-stage';
import { featuresResult, featuresState } from './features-stage';
import { histogram20, inferenceState, makeBatch, requireChampion } from './inference-stage';
import { compareWindow, monitoringState } from './monitoring-stage';
import { loadModel } from './registry-stage';

const DAY = 86_400_000_000;

/**
 * Lets one window pass under a scenario: new visits arrive and are served, their labels become known, and the three
 * drift checks run. All of it is committed at once, or nothing.
 */
export async function simulateWindow(context: StageContext, scenario: string): Promise<void> {
  const { platform, spec } = context;
  const model = spec.config.name;
  const definition = modelDefinitions().get(model);
  if (!definition || spec.file) {
    throw new WorkbenchError('USAGE', `${model} was made from a file, and nothing is simulated for your own data. Open a newer table to compare with this one.`);
  }
  if (scenario !== 'at_rest' && !definition.scenarios.some((known) => known.name === scenario)) {
    throw new WorkbenchError('USAGE', `${model} has no scenario "${scenario}"; it has at_rest, ${definition.scenarios.map((known) => known.name).join(', ')}.`);
  }
  const champion = await requireChampion(context);
  const data = await requireStage(platform.records, model, 'data', 'Simulating time');
  const features = await requireStage(platform.records, model, 'features', 'Simulating time');
  const old = await partitionsOf(platform.records, model);
  const from = data.clock;
  const to = from + definition.windowDays * DAY;
  const clock = to + definition.labelDelayDays * DAY;
  const progress = progressOf(context, 'monitoring');
  const { services } = platform;
  const created: string[] = [];
  try {
    const sequence = Math.max(...old.map((partition) => partition.sequence)) + 1;
    const window = await services.data.generateWindow(
      { model, seed: context.seed + sequence, rows: windowRows(data, spec.labels.table, definition.windowDays), from, to, scenario, sequence },
      progress,
      context.signal,
    );
    created.push(...window.partitions.map((partition) => partition.path));
    const partitions: Partition[] = [...old, ...window.partitions];
    const built = await services.data.buildDataset({ spec, partitions, clock, materializeFrom: from }, progress, context.signal);
    created.push(built.path);
    const profiles = await services.data.profile(partitions, progress, context.signal);
    const newData: DataResult = {
      ...data,
      clock,
      profiles,
      digest: digestOf(partitions),
      windows: [...data.windows, { scenario, from, to }],
    };
    const dataset = await readBuilt(context, built);
    const { booster } = await loadModel(platform.records, champion.run_id);
    const served = serveWindow(dataset, from, to);
    const p = probabilities(booster, served.columns);
    const { batch, bytes } = makeBatch(context, { champion, scored: served, p, source: 'window', to });
    await platform.files.write(batch.path, bytes);
    created.push(batch.path);
    const report = await compareWindow(context, { dataset, booster, champion, from, to, label: scenario, at: clock });
    const inference = await stageResult(platform.records, model, 'inference');
    await beforeCommit(context, 'monitoring');
    await platform.records.write(
      ['partitions', 'stage_results', ...Object.keys(onlineTables), ...Object.keys(inferenceTables), ...Object.keys(monitoringTables)],
      async (tx) => {
        await tx.putAll('partitions', window.partitions);
        await writeOnline(tx, built.online);
        await putStage(tx, { model, stage: 'data', state: dataState(spec, newData), result: newData });
        const online = await tx.count('online_rows', { index: 'model', equals: model });
        const newFeatures = featuresResult(built, newData, online);
        await putStage(tx, { model, stage: 'features', state: featuresState(spec, newFeatures), result: newFeatures });
        await logBatch(tx, batch);
        await putStage(tx, {
          model,
          stage: 'inference',
          state: inferenceState(batch, context),
          result: { batch_id: batch.batch_id, version: champion.version, histogram: histogram20(p), importance: inference?.result.importance ?? [] },
        });
        await saveReport(tx, report);
        await putStage(tx, { model, stage: 'monitoring', state: monitoringState(report), result: { report_id: report.report_id, unavailable: null } });
      },
    );
  } catch (error) {
    for (const path of created) if (path !== features.path) await platform.files.delete(path);
    throw error;
  }
  if (!created.includes(features.path)) await platform.files.delete(features.path);
}

/** As many visits a day as the built-in history has over its two years. */
function windowRows(data: DataResult, table: string, days: number): number {
  const profile = data.profiles.find((candidate) => candidate.table === table);
  const first = data.windows.length;
  const historyDays = 730 + first * days;
  return Math.max(200, Math.round(((profile?.rows ?? 0) * days) / historyDays));
}

async function readBuilt(context: StageContext, built: DatasetFile): Promise<Dataset> {
  const bytes = await context.platform.files.read(built.path);
  if (!bytes) throw new WorkbenchError('STORAGE_CORRUPT', `The data set just written (${built.path}) cannot be read back. Check the free space of this browser's storage.`);
  return readDataset(context.platform.arrow.decode(bytes), context.spec, shortName);
}

function serveWindow(dataset: Dataset, from: number, to: number) {
  const rows: number[] = [];
  dataset.times.forEach((time, row) => {
    if (time >= from && time < to) rows.push(row);
  });
  return {
    keys: pickValues(dataset.keys, rows),
    times: Float64Array.from(pickValues(dataset.times, rows)),
    columns: pickColumns(dataset.features, rows),
  };
}

