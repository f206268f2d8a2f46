import type { Booster } from '../../training/types';
import type { DriftReport } from '../../monitoring/types';
import { monitoringTables, saveReport } from '../../monitoring/store';
import type { ModelVersion } from '../../registry/types';
import { WorkbenchError } from '../../utils/errors';
import { probabilities } from '../services/training-service';
import type { Dataset } from '../services/dataset';
import type { StageState } from '../views';
import { putStage, requireStage } from '../stage-results';
import { beforeCommit, loadDataset, pickColumns, pickValues, progressOf, type StageContext } from './context';
import { requireChampion } from './inference-stage';
import { isoDay, loadModel } from './registry-stage';

const DAY = 86_400_000_000;
const AT_REST_DAYS = 90;
/** A window needs this many rows before it is compared with anything. */
const MINIMUM_ROWS = 30;

/** Compares the newest window with what came before it. */
export async function runMonitoringStage(context: StageContext): Promise<void> {
  const { platform, spec } = context;
  const model = spec.config.name;
  const data = await requireStage(platform.records, model, 'data', 'Monitoring');
  if (!data.hasHistory) {
    await commitUnavailable(context);
    return;
  }
  const champion = await requireChampion(context);
  const features = await requireStage(platform.records, model, 'features', 'Monitoring');
  const dataset = await loadDataset(context, features);
  const window = data.windows.at(-1);
  const newest = dataset.times.reduce((most, time) => Math.max(most, time), 0);
  const from = window?.from ?? newest - AT_REST_DAYS * DAY;
  const to = window ? window.to : newest + 1;
  const { booster } = await loadModel(platform.records, champion.run_id);
  const label = window?.scenario ?? 'at_rest';
  const report = await compareWindow(context, { dataset, booster, champion, from, to, label, at: data.clock });
  await beforeCommit(context, 'monitoring');
  await platform.records.write(['stage_results', ...Object.keys(monitoringTables)], async (tx) => {
    await saveReport(tx, report);
    await putStage(tx, { model, stage: 'monitoring', state: monitoringState(report), result: { report_id: report.report_id, unavailable: null } });
  });
}

async function commitUnavailable(context: StageContext): Promise<void> {
  const { platform, spec } = context;
  const model = spec.config.name;
  const unavailable =
    `Drift compares a newer window with an older one, and ${spec.file?.fileName ?? 'this table'} has no time column, so there is no before and after. ` +
    'Nothing is simulated for your own data. Open a table with an event time to watch it.';
  await beforeCommit(context, 'monitoring');
  await platform.records.write(['stage_results'], async (tx) => {
    const state: StageState = { status: 'good', figure: '–', caption: 'needs history', sentence: unavailable };
    await putStage(tx, { model, stage: 'monitoring', state, result: { report_id: null, unavailable } });
  });
}

export interface WindowCall {
  readonly dataset: Dataset;
  readonly booster: Booster;
  readonly champion: ModelVersion;
  /** Microseconds, [from, to). */
  readonly from: number;
  readonly to: number;
  readonly label: string;
  /** Microseconds on the simulated clock. */
  readonly at: number;
}

/** Drift of the rows in [from, to) against the rows before the model's first window. */
export async function compareWindow(context: StageContext, call: WindowCall): Promise<DriftReport> {
  const { dataset, booster } = call;
  const { config } = context.spec;
  const referenceEnd = await referenceUntil(context, call.from);
  const reference = rowsBetween(dataset, -Infinity, referenceEnd);
  const current = rowsBetween(dataset, call.from, call.to);
  requireRows(reference, `before ${isoDay(referenceEnd)}`, config.name);
  requireRows(current, `from ${isoDay(call.from)} to ${isoDay(call.to)}`, config.name);
  return context.platform.services.monitoring.report(
    {
      report_id: context.platform.newId(),
      model: config.name,
      version: call.champion.version,
      label: call.label,
      at: call.at,
      featureNames: dataset.featureNames,
      reference: side(dataset, booster, reference, `rows before ${isoDay(referenceEnd)}`),
      current: { ...side(dataset, booster, current, `rows from ${isoDay(call.from)} to ${isoDay(call.to)}`), from: call.from, to: call.to },
      config: config.drift,
      highRisk: config.risk_bands.high,
    },
    progressOf(context, 'monitoring'),
    context.signal,
  );
}

/** Event time after which nothing is reference: the window's start, or that of the first simulated window before it. */
export async function referenceUntil(context: Pick<StageContext, 'platform' | 'spec'>, from: number): Promise<number> {
  const data = await requireStage(context.platform.records, context.spec.config.name, 'data', 'Monitoring');
  return Math.min(from, data.windows[0]?.from ?? from);
}

/** Rows of a data set with event time in [from, to). */
export function rowsBetween(dataset: Dataset, from: number, to: number): Int32Array {
  const rows: number[] = [];
  for (let row = 0; row < dataset.rows; row++) {
    const time = dataset.times[row] ?? NaN;
    if (time >= from && time < to) rows.push(row);
  }
  return Int32Array.from(rows);
}

function requireRows(rows: Int32Array, what: string, model: string): void {
  if (rows.length < MINIMUM_ROWS) {
    throw new WorkbenchError(
      'MONITORING_INVALID',
      `${model} has ${rows.length} rows ${what}; drift needs at least ${MINIMUM_ROWS} on each side. Let more time pass, or generate more rows.`,
    );
  }
}

function side(dataset: Dataset, booster: Booster, rows: Int32Array, description: string) {
  const columns = pickColumns(dataset.features, rows);
  return {
    description,
    columns: columns.map((column) => Float64Array.from(column)),
    probabilities: probabilities(booster, columns),
    labels: Float64Array.from(pickValues(dataset.labels, rows)),
  };
}

/** The sentence and figure of the Monitoring stage. */
export function monitoringState(report: DriftReport): StageState {
  const columns = report.checks.find((check) => check.check === 'dataset_drift')?.columns ?? [];
  const drifted = columns.filter((column) => column.drifted).length;
  const alert = report.checks.some((check) => check.drifted);
  return {
    status: alert ? 'alert' : 'good',
    figure: `${drifted} of ${columns.length}`,
    caption: 'inputs drifted',
    sentence: report.verdict,
  };
}
