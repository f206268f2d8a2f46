import { viewsWithin } from '../../features/online/read';
import { onlineTables } from '../../features/online/tables';
import { writeOnline } from '../../features/online/write';
import { inferenceTables, logBatch } from '../../inference/log';
import type { PredictionBatch } from '../../inference/types';
import { monitoringTables, saveReport } from '../../monitoring/store';
import type { DriftReport } from '../../monitoring/types';
import { modelDefinitions } from '../../models/catalog';
import type { GenerateRequest, ModelDefinition } from '../../models/types';
import type { ModelVersion } from '../../registry/types';
import { WorkbenchError } from '../../utils/errors';
import type { Ingested } from '../services/data-calls';
import { readDataset, type Dataset, type DatasetFile } from '../services/dataset';
import type { DataResult, Partition } from '../tables';
import { folderOf, shortName, withFeatures } from '../model-spec';
import { checkRows, keepCheck, withWarnings } from '../store/check-quality';
import type { QualityCheck } from '../store/types';
import { partitionsOf, putStage, requireStage, stageResult } from '../stage-results';
import { compareWindow } from './compare-window';
import { beforeCommit, pickColumns, pickValues, progressOf, storeContext, type StageContext } from './context';
import { dataState, grownDigest } from './data-stage';
import { checkMaterialized, featuresResult, featuresState } from './features-stage';
import { histogram20, inferenceState, makeBatch, requireChampion } from './inference-stage';
import { monitoringState } from './monitoring-stage';
import { loadModel } from './registry-stage';
import { recordTrainingSet } from '../store/dataset-records';
import { runDueSchedules, saveDue, type DueOutcome } from './schedules';
import { score } from './score';
import { servedFeatures } from './trained-features';

const DAY = 86_400_000_000;
const HISTORY_DAYS = 730;

/**
 * Lets one window pass under a scenario: new visits arrive and are served, their labels become known, and the three
 * drift checks run. All of it is committed at once, or nothing.
 */
export async function simulateWindow(context: StageContext, scenario: string): Promise<void> {
  const { platform, spec } = context;
  const definition = requireScenario(context, scenario);
  const features = await requireStage(platform.records, spec.config.name, 'features', 'Simulating time');
  const created: string[] = [];
  try {
    const passed = await passWindow(context, { scenario, definition, created });
    await beforeCommit(context, 'monitoring');
    await commitWindow(context, passed);
  } catch (error) {
    for (const path of created) if (path !== features.path) await platform.files.delete(path);
    throw error;
  }
  if (!created.includes(features.path)) await platform.files.delete(features.path);
}

function requireScenario(context: StageContext, scenario: string): ModelDefinition {
  const model = context.spec.config.name;
  const definition = modelDefinitions().get(folderOf(context.spec));
  if (!definition || context.spec.file) {
    throw new WorkbenchError(
      'USAGE',
      `${model} was made from a file, and nothing is simulated for your own data. Open a newer table to compare with this one.`,
    );
  }
  if (scenario !== 'at_rest' && !definition.scenarios.some((known) => known.name === scenario)) {
    throw new WorkbenchError(
      'USAGE',
      `${model} has no scenario "${scenario}"; it has at_rest, ${definition.scenarios.map((known) => known.name).join(', ')}.`,
    );
  }
  return definition;
}

interface PassCall {
  readonly scenario: string;
  readonly definition: ModelDefinition;
  /** Paths written so far, for cleaning up. */
  readonly created: string[];
}

/** Everything a window brought, not yet committed. */
interface PassedWindow {
  readonly data: DataResult;
  /** The clock before. */
  readonly from: number;
  readonly built: DatasetFile;
  readonly partitions: readonly Partition[];
  readonly checks: { readonly ingested: QualityCheck; readonly materialized: QualityCheck };
  readonly champion: ModelVersion;
  readonly batch: PredictionBatch;
  readonly histogram: readonly number[];
  readonly report: DriftReport;
  readonly due: DueOutcome;
}

async function passWindow(context: StageContext, call: PassCall): Promise<PassedWindow> {
  const { platform, spec, signal } = context;
  const { definition, scenario, created } = call;
  const { services } = platform;
  const model = spec.config.name;
  const progress = progressOf(context, 'monitoring');
  const champion = await requireChampion(context);
  const before = await requireStage(platform.records, model, 'data', 'Simulating time');
  const old = await partitionsOf(platform.records, model);
  const from = before.clock;
  const to = from + definition.windowDays * DAY;
  const clock = to + definition.labelDelayDays * DAY;
  const window = await arrivals(context, { definition, scenario, from, to, before, old });
  created.push(...window.partitions.map((partition) => partition.path));
  const partitions = [...old, ...window.partitions];
  const rows = { partitions: window.partitions, clock, occasion: 'ingest' } as const;
  const ingested = await checkRows(storeContext(context, 'monitoring'), rows);
  const also = await servedFeatures(platform.records, spec);
  const built = await services.data.buildDataset(
    { spec, partitions, clock, materializeFrom: from, also },
    progress,
    signal,
  );
  created.push(built.path);
  const materialized = await checkMaterialized(context, { built, clock }, 'monitoring');
  const profiles = await services.data.profile(partitions, progress, signal);
  const data = {
    ...before,
    clock,
    profiles,
    digest: grownDigest(before.digest, window.partitions),
    windows: [...before.windows, { scenario, from, to }],
  };
  const trained = await loadModel(platform.records, spec, champion.run_id);
  const dataset = await readBuilt({ platform, spec: withFeatures(spec, trained.features) }, built);
  const served = serveWindow(dataset, from, to);
  const p = await score(context, trained.model, served.columns);
  const { batch, bytes } = await makeBatch(context, { champion, scored: served, p, source: 'window', to });
  await platform.files.write(batch.path, bytes);
  created.push(batch.path);
  const report = await compareWindow(context, { dataset, trained, champion, from, to, label: scenario, at: clock });
  const due = await runDueSchedules(context, { dataset, trained, champion, clock });
  const checks = { ingested, materialized };
  const histogram = histogram20(p);
  return { data, from, built, partitions: window.partitions, checks, champion, batch, histogram, report, due };
}

interface Arriving {
  readonly definition: ModelDefinition;
  readonly scenario: string;
  readonly from: number;
  readonly to: number;
  readonly before: DataResult;
  readonly old: readonly Partition[];
}

/** The rows that a window brings, as new partitions. */
function arrivals(context: StageContext, { old, before, definition, ...window }: Arriving): Promise<Ingested> {
  const { platform, spec, signal } = context;
  const sequence = Math.max(...old.map((partition) => partition.sequence)) + 1;
  const call = {
    ...window,
    model: spec.config.name,
    folder: folderOf(spec),
    seed: context.seed + sequence,
    rows: windowRows(before, spec.labels.table, definition),
    before: old,
    history: historyOf(before, old, spec.labels.table),
  };
  return platform.services.data.generateWindow(call, progressOf(context, 'monitoring'), signal);
}

async function commitWindow(context: StageContext, passed: PassedWindow): Promise<void> {
  const { platform, spec } = context;
  const model = spec.config.name;
  const { data, built, batch, report, checks } = passed;
  const interval = { from: passed.from, to: data.clock };
  const inference = await stageResult(platform.records, model, 'inference');
  const tables = [
    'partitions',
    'stage_results',
    'quality_checks',
    'saved_datasets',
    'feature_definitions',
    ...Object.keys(onlineTables),
    ...Object.keys(inferenceTables),
    ...Object.keys(monitoringTables),
  ];
  await platform.records.write(tables, async (tx) => {
    await tx.putAll('partitions', passed.partitions);
    await keepCheck(tx, checks.ingested);
    await keepCheck(tx, checks.materialized);
    for (const batch of built.online) await writeOnline(tx, model, batch, { interval });
    const online = (await viewsWithin(tx, model)).reduce((sum, view) => sum + view.rows, 0);
    const all = await tx.query<Partition>('partitions', { index: 'model', equals: model });
    await recordTrainingSet(tx, spec, built, { partitions: all, now: platform.now() });
    const dataWarned = withWarnings(dataState(spec, data), [checks.ingested]);
    await putStage(tx, { model, stage: 'data', state: dataWarned, result: data });
    const features = featuresResult(built, { data, spec }, online);
    const featuresWarned = withWarnings(featuresState(spec, features), [checks.materialized]);
    await putStage(tx, { model, stage: 'features', state: featuresWarned, result: features });
    await logBatch(tx, batch);
    await putStage(tx, {
      model,
      stage: 'inference',
      state: inferenceState(batch, context),
      result: {
        batch_id: batch.batch_id,
        version: passed.champion.version,
        histogram: passed.histogram,
        importance: inference?.result.importance ?? [],
      },
    });
    await saveReport(tx, report);
    await saveDue(tx, model, data.clock, passed.due);
    await putStage(tx, {
      model,
      stage: 'monitoring',
      state: monitoringState(report),
      result: { report_id: report.report_id, unavailable: null },
    });
  });
}

/** What the built-in history was made from, so that known patients can come back. */
function historyOf(data: DataResult, partitions: readonly Partition[], table: string): GenerateRequest {
  const first = partitions.find((partition) => partition.table === table && partition.sequence === 0);
  return { seed: data.seed, rows: data.generated ?? first?.rows ?? 0 };
}

/** As many visits a day as there were on average before. */
function windowRows(data: DataResult, table: string, definition: ModelDefinition): number {
  const profile = data.profiles.find((candidate) => candidate.table === table);
  const days = HISTORY_DAYS + data.windows.length * definition.windowDays;
  return Math.max(200, Math.round(((profile?.rows ?? 0) * definition.windowDays) / days));
}

async function readBuilt(context: Pick<StageContext, 'platform' | 'spec'>, built: DatasetFile): Promise<Dataset> {
  const bytes = await context.platform.files.read(built.path);
  if (!bytes)
    throw new WorkbenchError(
      'STORAGE_CORRUPT',
      `The data set just written (${built.path}) cannot be read back. Check the free space of this browser's storage.`,
    );
  return readDataset(await context.platform.arrow.decode(bytes), context.spec, shortName);
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
