import type { DriftReport } from '../../monitoring/types';
import { monitoringTables, saveReport } from '../../monitoring/store';
import type { StageState } from '../views';
import { putStage, requireStage } from '../stage-results';
import { MINIMUM_ROWS } from '../../monitoring/report-request';
import { withFeatures } from '../model-spec';
import type { Dataset } from '../services/dataset';
import { canCompare, compareWindow, type TimeSpan } from './compare-window';
import { beforeCommit, loadDataset, type StageContext } from './context';
import { requireChampion } from './inference-stage';
import { loadModel, type LoadedModel } from './registry-stage';
import { runDueSchedules, saveDue } from './schedules';

const DAY = 86_400_000_000;
const AT_REST_DAYS = 90;
const AT_REST_SHARE = 0.2;

/** Compares the newest window with what came before it. */
export async function runMonitoringStage(context: StageContext): Promise<void> {
  const { platform, spec } = context;
  const model = spec.config.name;
  const data = await requireStage(platform.records, model, 'data', 'Monitoring');
  if (!data.hasHistory) {
    await commitUnavailable(
      context,
      `Drift compares a newer window with an older one, and ${spec.file?.fileName ?? 'this table'} has no time column, so there is no before and after. ` +
        'Nothing is simulated for your own data. Open a table with an event time to watch it.',
    );
    return;
  }
  const champion = await requireChampion(context);
  const features = await requireStage(platform.records, model, 'features', 'Monitoring');
  const trained = await loadModel(platform.records, spec, champion.run_id);
  const dataset = await loadDataset({ platform, spec: withFeatures(spec, trained.features) }, features);
  const last = data.windows.at(-1);
  const window = last ?? restWindow(dataset, trained);
  if (!window) {
    await commitUnavailable(
      context,
      `Drift compares a newer window with an older one, and ${spec.file?.fileName ?? 'this table'} has too few rows to cut into two of at least ${MINIMUM_ROWS}. Open a table with more rows to watch it.`,
    );
    return;
  }
  const label = last?.scenario ?? 'at_rest';
  const report = await compareWindow(context, { dataset, trained, champion, ...window, label, at: data.clock });
  const due = await runDueSchedules(context, { dataset, trained, champion, clock: data.clock });
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

/** The newest 90 days, or the newest fifth of the rows where 90 days are too much or too little; null when neither will do. */
function restWindow(dataset: Dataset, trained: LoadedModel): TimeSpan | null {
  const times = Float64Array.from(dataset.times).sort();
  const newest = times.at(-1) ?? 0;
  const to = newest + 1;
  const starts = [newest - AT_REST_DAYS * DAY, times[Math.floor(times.length * (1 - AT_REST_SHARE))] ?? newest];
  const from = starts.find((start) => canCompare({ dataset, trained, from: start, to }));
  return from === undefined ? null : { from, to };
}

async function commitUnavailable(context: StageContext, unavailable: string): Promise<void> {
  const { platform, spec } = context;
  const model = spec.config.name;
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
