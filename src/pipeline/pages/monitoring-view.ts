import { dueSchedules } from '../../monitoring/schedules';
import { listAudits, listReports, listScheduleRuns, monitoringTables } from '../../monitoring/store';
import { auditOf } from '../../registry/audit';
import { listVersions, registryTables } from '../../registry/versions';
import { listRuns, trackingTables } from '../../tracking/runs';
import type { Run } from '../../tracking/types';
import type { Platform } from '../platform';
import type { ModelSpec } from '../model-spec';
import { stageResult } from '../stage-results';
import type { MonitoringView } from '../views';

export async function monitoringView(platform: Platform, spec: ModelSpec): Promise<MonitoringView | null> {
  const model = spec.config.name;
  const record = await stageResult(platform.records, model, 'monitoring');
  const data = await stageResult(platform.records, model, 'data');
  if (!record || !data) return null;
  const tables = [...Object.keys(monitoringTables), ...Object.keys(registryTables), ...Object.keys(trackingTables)];
  return platform.records.read(tables, async (tx) => {
    const reports = await listReports(tx, model);
    const lastRuns = await listScheduleRuns(tx, model);
    const scheduled = new Set(spec.config.schedules.map((schedule) => schedule.name));
    const alerts = reports
      .filter((report) => !scheduled.has(report.label))
      .map((report) => ({
        at: report.at,
        kind: report.checks.some((check) => check.drifted) ? ('alert' as const) : ('report' as const),
        text: report.verdict,
      }));
    const runs = await listRuns(tx, model);
    const clockOf = new Map(runs.map((run) => [run.run_id, Number(run.tags['glasshouse.clock'] ?? NaN)]));
    const listed = await listVersions(tx, model);
    const versions = new Map(listed.map((version) => [version.version, version.run_id]));
    const promoted = (await auditOf(tx, model))
      .filter((entry) => entry.action === 'promoted')
      .map((entry) => ({
        at: clockOf.get(versions.get(entry.version ?? 0) ?? '') ?? NaN,
        kind: 'promoted' as const,
        text: `v${entry.version ?? '?'}: ${entry.reason}`,
      }));
    const retrained = runs
      .filter((run) => run.run_name.endsWith('-retrain') && isWinner(run))
      .map((run) => ({ at: clockOf.get(run.run_id) ?? NaN, kind: 'retrained' as const, text: run.run_name }));
    return {
      waiting: listed.find((version) => version.tags['status'] === 'awaiting_approval')?.version ?? null,
      reports,
      schedules: record.result.unavailable ? [] : dueSchedules(spec.config.schedules, lastRuns, data.result.clock),
      audits: await listAudits(tx, model),
      unavailable: record.result.unavailable,
      events: [...alerts, ...promoted, ...retrained].sort((a, b) => a.at - b.at),
    };
  });
}

/** Of the kinds that one training brought, the one that was registered. */
function isWinner({ run_id, tags }: Run): boolean {
  return (tags['glasshouse.chosen_run'] ?? run_id) === run_id;
}
