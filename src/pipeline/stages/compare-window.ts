import type { Booster } from '../../training/types';
import { MINIMUM_ROWS } from '../../monitoring/report-request';
import type { DriftReport } from '../../monitoring/types';
import type { ModelVersion } from '../../registry/types';
import { WorkbenchError } from '../../utils/errors';
import { probabilities } from '../services/training-service';
import type { Dataset } from '../services/dataset';
import { requireStage } from '../stage-results';
import { pickColumns, pickValues, progressOf, type StageContext } from './context';
import { isoDay } from './registry-stage';

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
      current: {
        ...side(dataset, booster, current, `rows from ${isoDay(call.from)} to ${isoDay(call.to)}`),
        from: call.from,
        to: call.to,
      },
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
