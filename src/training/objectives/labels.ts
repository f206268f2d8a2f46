import { WorkbenchError } from '../../utils/errors';
import type { LabelledRows, ObjectiveName } from './types';

/** Refuses the first label that does not fit, by row and value. */
export function requireLabels(
  { labels }: LabelledRows,
  rows: Int32Array,
  rule: { readonly objective: ObjectiveName; readonly expected: string; readonly fits: (label: number) => boolean },
): void {
  const bad = rows.find((row) => !rule.fits(labels[row] as number));
  if (bad === undefined) return;
  throw new WorkbenchError(
    'TRAINING_INVALID',
    `The label in row ${bad + 1} is ${labels[bad] ?? NaN}; ${rule.objective} expects ${rule.expected}.`,
    { row: bad },
  );
}

export const isFiniteLabel = (label: number): boolean => Number.isFinite(label);
