import { WorkbenchError } from '../../utils/errors';
import type { LabelledRows, ObjectiveName } from './types';

/** Throws TRAINING_INVALID. */
export function refuseRow(row: number, text: string): never {
  throw new WorkbenchError('TRAINING_INVALID', text, { row });
}

/**
 * Throws TRAINING_INVALID at the first listed row whose label is not finite or fails `fits`; `expected` ends the
 * sentence "Row 7 has the label 2, but binary:logistic needs ...".
 */
export function checkLabels(
  name: ObjectiveName,
  { labels }: LabelledRows,
  rows: Int32Array,
  range: { readonly expected: string; readonly fits: (label: number) => boolean },
): void {
  for (const row of rows) {
    const label = labels[row] ?? NaN;
    if (!Number.isFinite(label)) {
      refuseRow(
        row,
        `Row ${row + 1} has the label ${label}, but ${name} needs finite numbers. Leave the row out or mend it.`,
      );
    }
    if (!range.fits(label))
      refuseRow(row, `Row ${row + 1} has the label ${label}, but ${name} needs ${range.expected}.`);
  }
}

/** Any finite label. */
export const ANY_LABEL = { expected: 'finite numbers', fits: () => true };
