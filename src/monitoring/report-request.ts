import type { DriftTestConfig } from '../config/schema';
import { WorkbenchError } from '../utils/errors';
import { rowsOf, type DriftColumn } from './binning';

/** One side of a report: the same rows in every array. */
export interface DriftSide {
  /** "rows before 2026-05-01". */
  readonly description: string;
  /** [n_features], in the order of `featureNames`; both sides in the same precision. */
  readonly columns: readonly DriftColumn[];
  /** [n_rows] of the model that serves. */
  readonly probabilities: ArrayLike<number>;
  /** [n_rows] 1, 0, or NaN where the outcome is not known yet; null when none is. */
  readonly labels: ArrayLike<number> | null;
  /** [n_rows] 1 where the model was not trained on the row's entity. */
  readonly unseen: ArrayLike<number>;
  /** Event times in microseconds, [from, to). */
  readonly from: number;
  readonly to: number;
}

/** Everything a drift report is made of. */
export interface DriftReportRequest {
  readonly report_id: string;
  readonly model: string;
  readonly version: number | null;
  readonly label: string;
  /** Microseconds, simulated clock. */
  readonly at: number;
  readonly featureNames: readonly string[];
  /** What `unseen` is about, for people: "patient_id". */
  readonly entity: string;
  readonly reference: DriftSide;
  readonly current: DriftSide;
  readonly config: DriftTestConfig;
  /** Probability from which a row is predicted high-risk. */
  readonly highRisk: number;
}

/** Fewer rows than this on a side say nothing about drift. */
export const MINIMUM_ROWS = 30;

/** Why two sides cannot be compared, or null. */
export function tooFew(reference: number, current: number, what = 'rows'): string | null {
  if (reference >= MINIMUM_ROWS && current >= MINIMUM_ROWS) return null;
  const side = reference < MINIMUM_ROWS ? 'reference' : 'current';
  const n = reference < MINIMUM_ROWS ? reference : current;
  return `Not compared: the ${side} side has ${n} ${what}, and fewer than ${MINIMUM_ROWS} say nothing about drift.`;
}

/** Refuses arrays that do not belong together, by name. */
export function checkRequest(request: DriftReportRequest): void {
  for (const name of ['reference', 'current'] as const) {
    const side = request[name];
    const rows = side.probabilities.length;
    const refuse = (what: string, found: number, expected: number): never => {
      throw new WorkbenchError(
        'MONITORING_INVALID',
        `the ${name} side has ${found} ${what}, expected ${expected}; give one a row, and one column a feature`,
      );
    };
    if (side.columns.length !== request.featureNames.length)
      refuse('columns', side.columns.length, request.featureNames.length);
    if (side.labels && side.labels.length !== rows) refuse('labels', side.labels.length, rows);
    if (side.unseen.length !== rows) refuse('marks of unseen entities', side.unseen.length, rows);
    side.columns.forEach((column, i) => {
      if (rowsOf(column) !== rows) refuse(`values in ${request.featureNames[i] ?? ''}`, rowsOf(column), rows);
    });
  }
}
