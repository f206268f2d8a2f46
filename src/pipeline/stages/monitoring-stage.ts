import type { DriftReport } from '../../monitoring/types';
import { monitoringTables, saveReport } from '../../monitoring/store';
import type { StageState } from '../views';
import { putStage, requireStage } from '../stage-results';
import { compareWindow } from './compare-window';
import { beforeCommit, loadDataset, type StageContext } from './context';
import { requireChampion } from './inference-stage';
import { loadModel } from './registry-stage';
import { runDueSchedules, saveDue } from './schedules';

const DAY = 86_400_000_000;
const AT_REST_DAYS = 90;

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
  const due = await runDueSchedules(context, { dataset, booster, champion, clock: data.clock });
  await beforeCommit(context, 'monitoring');
  await platform.records.write(['stage_results', ...Object.keys(monitoringTables)], async (tx) => {
    await saveReport(tx, report);
    await saveDue(tx, model, data.clock, due);
    await putStage(tx, {
      model,
      stage: 'monitoring',
      state: monitoringState(report),
      result: { report_id: report.report_id, unavailable: null },
    });
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
