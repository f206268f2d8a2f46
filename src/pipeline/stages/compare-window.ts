import { MINIMUM_ROWS } from '../../monitoring/report-request';
import type { DriftReport } from '../../monitoring/types';
import type { ModelVersion } from '../../registry/types';
import { keyHash } from '../../training/split';
import { WorkbenchError } from '../../utils/errors';
import type { Dataset } from '../services/dataset';
import { pickColumns, pickValues, progressOf, type StageContext } from './context';
import { isoDay, type LoadedModel } from './registry-stage';
import { score } from './score';

export interface WindowCall {
  readonly dataset: Dataset;
  readonly champion: ModelVersion;
  readonly trained: LoadedModel;
  /** Microseconds, [from, to). */
  readonly from: number;
  readonly to: number;
  readonly label: string;
  /** Microseconds on the simulated clock. */
  readonly at: number;
}

/** Event times in microseconds, [from, to). */
export interface TimeSpan {
  readonly from: number;
  readonly to: number;
}

/**
 * What is compared with what: the period the champion learned from, and the window. A retrained champion may have learned
 * from the window's first part; only what came after counts as new to it.
 */
export function spansOf({ trained, from, to }: Pick<WindowCall, 'trained' | 'from' | 'to'>): {
  readonly reference: TimeSpan;
  readonly current: TimeSpan;
} {
  const { judgeFrom, learnedFrom, learnedTo } = trained.record;
  const current = { from: Math.max(from, judgeFrom ?? from), to };
  return { reference: { from: learnedFrom ?? 0, to: Math.min(learnedTo ?? current.from, current.from) }, current };
}

/** Whether both sides have enough rows to say anything. */
export function canCompare(call: Pick<WindowCall, 'dataset' | 'trained' | 'from' | 'to'>): boolean {
  const { reference, current } = spansOf(call);
  return [reference, current].every((span) => rowsBetween(call.dataset, span).length >= MINIMUM_ROWS);
}

/** Drift of the rows in [from, to) against the rows of the period that the champion learned from. */
export async function compareWindow(context: StageContext, call: WindowCall): Promise<DriftReport> {
  const { dataset, champion } = call;
  const { config } = context.spec;
  const spans = spansOf(call);
  const reference = rowsBetween(dataset, spans.reference);
  const current = rowsBetween(dataset, spans.current);
  requireRows(reference, spans.reference, config.name);
  requireRows(current, spans.current, config.name);
  return context.platform.services.monitoring.report(
    {
      report_id: context.platform.newId(),
      model: config.name,
      version: champion.version,
      label: call.label,
      at: call.at,
      featureNames: dataset.featureNames,
      entity: config.entity,
      reference: {
        ...(await side(context, call, reference)),
        ...spans.reference,
        description: `what v${champion.version} learned from, ${isoDay(spans.reference.from)} to ${isoDay(spans.reference.to)}`,
      },
      current: { ...(await side(context, call, current)), ...spans.current, description: days(spans.current) },
      config: config.drift,
      highRisk: config.risk_bands.high,
    },
    progressOf(context, 'monitoring'),
    context.signal,
  );
}

/** Rows of a data set with event time in [from, to). */
export function rowsBetween(dataset: Dataset, { from, to }: TimeSpan): Int32Array {
  const rows: number[] = [];
  for (let row = 0; row < dataset.rows; row++) {
    const time = dataset.times[row] ?? NaN;
    if (time >= from && time < to) rows.push(row);
  }
  return Int32Array.from(rows);
}

function days({ from, to }: TimeSpan): string {
  return `rows from ${isoDay(from)} to ${isoDay(to)}`;
}

function requireRows(rows: Int32Array, span: TimeSpan, model: string): void {
  if (rows.length < MINIMUM_ROWS) {
    throw new WorkbenchError(
      'MONITORING_INVALID',
      `${model} has ${rows.length} ${days(span)}; drift needs at least ${MINIMUM_ROWS} on each side. Let more time pass, or generate more rows.`,
    );
  }
}

async function side(context: StageContext, { dataset, trained }: WindowCall, rows: Int32Array) {
  const columns = pickColumns(dataset.features, rows);
  const seen = new Map<string, boolean>();
  const isSeen = (key: string): boolean => {
    const known = seen.get(key) ?? trained.trainKeyHashes.has(keyHash(key));
    seen.set(key, known);
    return known;
  };
  return {
    columns: columns.map((column) => Float64Array.from(column)),
    probabilities: await score(context, trained.model, columns),
    labels: Float64Array.from(pickValues(dataset.labels, rows)),
    unseen: Uint8Array.from(rows, (row) => (isSeen(dataset.keys[row] ?? '') ? 0 : 1)),
  };
}
