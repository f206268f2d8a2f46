import type { MetricFrame } from '../fairness/types';
import type { RecordsTx, TableSchema } from '../utils/records';
import type { DriftReport } from './types';

/** Tables of this room, for the database that holds them. */
export const monitoringTables = {
  drift_reports: { key: ['model', 'report_id'], indexes: { model: 'model', model_at: ['model', 'at'] } },
  bias_audits: { key: ['model', 'at'], indexes: { model: 'model' } },
  schedule_runs: { key: ['model', 'name'], indexes: { model: 'model' } },
} as const satisfies Readonly<Record<string, TableSchema>>;

/** Metrics by group over a window, as a schedule or a person asked for them. */
export interface BiasAudit {
  readonly model: string;
  /** Microseconds, simulated clock. */
  readonly at: number;
  readonly groups: readonly MetricFrame[];
  readonly rows: number;
}

interface ScheduleRun {
  readonly model: string;
  readonly name: string;
  readonly at: number;
}

/** Keeps a report; one with the same id is replaced. */
export async function saveReport(tx: RecordsTx, report: DriftReport): Promise<void> {
  await tx.put('drift_reports', report);
}

/** Reports of a model by simulated time, newest first; all of them without `limit`. */
export async function listReports(tx: RecordsTx, model: string, limit?: number): Promise<DriftReport[]> {
  return tx.query<DriftReport>('drift_reports', { index: 'model_at', ...wholeModel(model), reverse: true, limit });
}

/** Keeps an audit; one of the same model and moment is replaced. */
export async function saveAudit(tx: RecordsTx, audit: BiasAudit): Promise<void> {
  await tx.put('bias_audits', audit);
}

/** Audits of a model by simulated time, newest first. */
export async function listAudits(tx: RecordsTx, model: string): Promise<BiasAudit[]> {
  return tx.query<BiasAudit>('bias_audits', { ...wholeModel(model), reverse: true });
}

/** Notes that a schedule ran at `at` (microseconds, simulated clock). */
export async function saveScheduleRun(tx: RecordsTx, run: ScheduleRun): Promise<void> {
  await tx.put('schedule_runs', run);
}

/** When each schedule of a model last ran, by schedule name: what `dueSchedules` reads. */
export async function listScheduleRuns(tx: RecordsTx, model: string): Promise<Map<string, number>> {
  const runs = await tx.query<ScheduleRun>('schedule_runs', { index: 'model', equals: model });
  return new Map(runs.map((run) => [run.name, run.at]));
}

/** Deletes everything this room keeps of a model. */
export async function deleteModelReports(tx: RecordsTx, model: string): Promise<void> {
  for (const table of Object.keys(monitoringTables)) await tx.clear(table, { index: 'model', equals: model });
}

function wholeModel(model: string): {
  readonly from: readonly [string, number];
  readonly to: readonly [string, number];
} {
  return { from: [model, -Number.MAX_VALUE], to: [model, Number.MAX_VALUE] };
}
