import type { ColumnProfile, ColumnRole, TableProfile } from './types';

/** Names a label often has, the likeliest first. */
const LABEL_NAMES = [
  'label',
  'target',
  'outcome',
  'class',
  'y',
  'heart_disease',
  'diagnosis',
  'disease',
  'num',
  'result',
  'response',
  'survived',
  'churn',
  'default',
  'readmitted',
  'died',
  'death',
  'mortality',
];
const ID_NAME = /(^|[_\s-])(id|key|uuid|guid|no|nr|number|index|row)$|^(id|row|index)([_\s-]|$)|[a-z]Id$/i;
/** Text with more different values than this is a note or a name, not a category. */
const MOST_CATEGORIES = 100;

/**
 * What each column is probably for. Ignored are columns without values or with one value, times, lists, columns that number or
 * name the rows, and free text. At most one column is the label: the one with a customary name, else the last one with two
 * values, else none; the others are features.
 */
export function suggestRoles(profile: TableProfile): ReadonlyMap<string, ColumnRole> {
  const usable = profile.columns.filter((column) => !ignored(column, profile.rows));
  const label = likelyLabel(usable);
  return new Map(
    profile.columns.map((column) => [
      column.name,
      column === label ? 'label' : usable.includes(column) ? 'feature' : 'ignore',
    ]),
  );
}

function ignored(column: ColumnProfile, rows: number): boolean {
  if (column.distinct <= 1 || column.type === 'timestamp' || column.type === 'list') return true;
  const present = rows - column.missing;
  const eachOnce = column.distinct === present && present >= 10;
  if (column.type === 'string') {
    return (
      eachOnce || column.distinct > MOST_CATEGORIES || (ID_NAME.test(column.name) && column.distinct > 0.5 * present)
    );
  }
  if (column.type !== 'int64' || !eachOnce) return false;
  const counted = column.min !== null && column.max !== null && column.max - column.min + 1 === column.distinct;
  return counted || ID_NAME.test(column.name);
}

function likelyLabel(columns: readonly ColumnProfile[]): ColumnProfile | undefined {
  const fewValues = columns.filter((column) => column.distinct <= 20);
  for (const name of LABEL_NAMES) {
    const found = fewValues.find((column) => column.name.toLowerCase().replace(/[\s-]/g, '_') === name);
    if (found) return found;
  }
  return fewValues.findLast((column) => column.distinct === 2);
}
