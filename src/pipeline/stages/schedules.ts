import { MINIMUM_ROWS } from '../../monitoring/report-request';
import { decisionThreshold } from '../../config/schema';
import { dueSchedules } from '../../monitoring/schedules';
import {
  listScheduleRuns,
  monitoringTables,
  saveAudit,
  saveReport,
  saveScheduleRun,
  type BiasAudit,
} from '../../monitoring/store';
import type { DriftReport } from '../../monitoring/types';
import type { ModelVersion } from '../../registry/types';
import type { RecordsTx } from '../../utils/records';
import type { Dataset } from '../services/dataset';
import { pickColumns, pickLabels, pickValues, progressOf, type StageContext } from './context';
import { canCompare, compareWindow } from './compare-window';
import { unseenRows, type LoadedModel } from './registry-stage';
import { score } from './score';

const DAY = 86_400_000_000;

export interface DueCall {
  readonly dataset: Dataset;
  readonly trained: LoadedModel;
  readonly champion: ModelVersion;
  /** Microseconds on the simulated clock. */
  readonly clock: number;
}

/** What the schedules that fell due found; saved with the stage's own result. */
export interface DueOutcome {
  readonly reports: readonly DriftReport[];
  readonly audits: readonly BiasAudit[];
  readonly ran: readonly string[];
}

/** Runs every check of config.yaml that is due, each over its own window back from the newest row. */
export async function runDueSchedules(context: StageContext, call: DueCall): Promise<DueOutcome> {
  const { platform, spec } = context;
  const lastRuns = await platform.records.read(Object.keys(monitoringTables), (tx) =>
    listScheduleRuns(tx, spec.config.name),
  );
  const due = dueSchedules(spec.config.schedules, lastRuns, call.clock).filter((schedule) => schedule.due);
  const newest = call.dataset.times.reduce((most, time) => Math.max(most, time), 0) + 1;
  const reports: DriftReport[] = [];
  const audits: BiasAudit[] = [];
  const ran: string[] = [];
  for (const schedule of due) {
    const from = newest - schedule.window_days * DAY;
    progressOf(context, 'monitoring')({ label: `scheduled: ${schedule.name}`, done: ran.length, total: due.length });
    if (schedule.check === 'bias_audit') {
      const audit = await auditWindow(context, call, from, newest);
      if (audit) audits.push(audit);
    } else if (canCompare({ ...call, from, to: newest })) {
      reports.push(await compareWindow(context, { ...call, from, to: newest, label: schedule.name, at: newest }));
    }
    ran.push(schedule.name);
  }
  return { reports, audits, ran };
}

/** Metrics by group on the window's labelled rows of entities new to the champion; null when they are too few. */
async function auditWindow(context: StageContext, call: DueCall, from: number, to: number): Promise<BiasAudit | null> {
  const { config } = context.spec;
  const { dataset } = call;
  const rows = unseenRows(dataset, [call.trained], from).filter((row) => (dataset.times[row] ?? 0) < to);
  if (rows.length < MINIMUM_ROWS || config.sensitive.length === 0) return null;
  const { groups } = await context.platform.services.training.evaluate(
    {
      labels: pickLabels(dataset, rows),
      probabilities: await score(context, call.trained.model, pickColumns(dataset.features, rows)),
      keys: pickValues(dataset.keys, rows),
      entity: config.entity,
      groups: Object.fromEntries(
        Object.entries(dataset.groups).map(([name, values]) => [name, pickValues(values, rows)]),
      ),
      threshold: decisionThreshold(config),
      maximumGap: config.maximum_gap,
      seed: context.seed,
    },
    undefined,
    context.signal,
  );
  return { model: config.name, at: call.clock, groups, rows: rows.length };
}

/** Saves what the due schedules found, inside the stage's own transaction. */
export async function saveDue(tx: RecordsTx, model: string, clock: number, outcome: DueOutcome): Promise<void> {
  for (const report of outcome.reports) await saveReport(tx, report);
  for (const audit of outcome.audits) await saveAudit(tx, audit);
  for (const name of outcome.ran) await saveScheduleRun(tx, { model, name, at: clock });
}
