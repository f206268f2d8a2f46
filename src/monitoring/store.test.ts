import { describe, expect, it } from 'vitest';
import { memoryRecords } from '../platform/memory/records';
import { dueSchedules } from './schedules';
import {
  deleteModelReports,
  listAudits,
  listReports,
  listScheduleRuns,
  monitoringTables,
  saveAudit,
  saveReport,
  saveScheduleRun,
} from './store';
import type { DriftReport } from './types';

const TABLES = Object.keys(monitoringTables);
const DAY = 86_400_000_000;

function report(model: string, id: string, at: number): DriftReport {
  return {
    report_id: id,
    model,
    version: 1,
    label: 'at_rest',
    at,
    reference: { description: '', rows: 1, from: 0, to: 1 },
    current: { description: '', rows: 1, labelled: 0, from: 0, to: 1 },
    checks: [],
    verdict: 'Quiet.',
    performance: null,
  };
}

describe('stored reports', () => {
  it('are listed newest first, by model, and deleted with it', async () => {
    const records = memoryRecords(monitoringTables);
    await records.write(TABLES, async (tx) => {
      await saveReport(tx, report('m', 'b', 20));
      await saveReport(tx, report('m', 'a', 30));
      await saveReport(tx, report('m', 'c', -5));
      await saveReport(tx, report('m2', 'd', 99));
      await saveAudit(tx, { model: 'm', at: 3, groups: [], rows: 9 });
      await saveAudit(tx, { model: 'm', at: 8, groups: [], rows: 9 });
      await saveScheduleRun(tx, { model: 'm', name: 'weekly', at: 4 });
      await saveScheduleRun(tx, { model: 'm', name: 'weekly', at: 6 });
    });
    await records.read(TABLES, async (tx) => {
      expect((await listReports(tx, 'm')).map(({ report_id }) => report_id)).toEqual(['a', 'b', 'c']);
      expect((await listReports(tx, 'm', 1)).map(({ report_id }) => report_id)).toEqual(['a']);
      expect((await listAudits(tx, 'm')).map(({ at }) => at)).toEqual([8, 3]);
      expect(await listScheduleRuns(tx, 'm')).toEqual(new Map([['weekly', 6]]));
    });
    await records.write(TABLES, (tx) => deleteModelReports(tx, 'm'));
    await records.read(TABLES, async (tx) => {
      expect(await listReports(tx, 'm')).toEqual([]);
      expect(await listAudits(tx, 'm')).toEqual([]);
      expect(await listScheduleRuns(tx, 'm')).toEqual(new Map());
      expect(await listReports(tx, 'm2')).toHaveLength(1);
    });
  });
});

describe('dueSchedules', () => {
  const weekly = { name: 'weekly', check: 'dataset_drift', every_days: 7, window_days: 7 } as const;

  it('is due when it never ran', () => {
    expect(dueSchedules([weekly], new Map(), 5)).toEqual([{ ...weekly, last: null, next: 5, due: true }]);
  });

  it('is due again from the day it falls on, once', () => {
    const at = (clock: number) => dueSchedules([weekly], new Map([['weekly', 10 * DAY]]), clock)[0];
    expect(at(17 * DAY - 1)).toMatchObject({ last: 10 * DAY, next: 17 * DAY, due: false });
    expect(at(17 * DAY)).toMatchObject({ due: true });
    expect(at(90 * DAY)).toMatchObject({ next: 17 * DAY, due: true });
  });
});
