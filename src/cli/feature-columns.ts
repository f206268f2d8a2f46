import { nearest } from '../config/suggest';
import { codesByNumber, codesByText, codeTexts } from '../training/category-codes';
import type { Booster, CategoryValue, FeatureCategories, FeatureType } from '../training/types';
import { cellAt, cellText, columnLength, toFloat64, type Column, type Table } from '../utils/columns';
import { WorkbenchError } from '../utils/errors';

/** Features column by column, as training takes them. */
export interface Features {
  readonly featureNames: readonly string[];
  readonly featureTypes: readonly FeatureType[];
  /** Absent where no column is text. */
  readonly categories?: FeatureCategories;
  /** [n_features] arrays of [n_rows]. */
  readonly columns: readonly Float32Array[];
}

/** The column of that name. Throws USAGE, with the nearest name there is; `role` says what it was wanted for. */
export function columnNamed(table: Table, name: string, role: string): Column {
  const column = table.columns.get(name);
  if (column) return column;
  const near = nearest(name, table.columns.keys());
  const names = [...table.columns.keys()];
  const shown = `${names.slice(0, 20).join(', ')}${names.length > 20 ? ', …' : ''}`;
  throw new WorkbenchError(
    'USAGE',
    `there is no column "${name}" (${role})${near === null ? `; there are ${shown}.` : `; did you mean "${near}"?`}`,
  );
}

/**
 * Every column but `left` as a feature. Text is coded where it is named as categorical and refused elsewhere, as XGBoost
 * refuses it; numbers named as categorical are codes already.
 */
export function featuresToTrain(
  table: Table,
  { categorical, left }: { readonly categorical: readonly string[]; readonly left: ReadonlySet<string> },
): Features {
  for (const name of categorical) columnNamed(table, name, '--categorical');
  const names = [...table.columns.keys()].filter((name) => !left.has(name));
  if (names.length === 0) {
    throw new WorkbenchError('USAGE', 'no column is left to learn from; give a file with at least one feature column.');
  }
  const coded = names.map((name) => {
    const column = columnNamed(table, name, 'feature');
    const isCoded = column.type === 'string' && categorical.includes(name);
    return isCoded ? codeTexts(name, column) : { values: floatColumn(name, column, wayToTrain) };
  });
  const hasTexts = coded.some((one) => 'categories' in one);
  return {
    featureNames: names,
    featureTypes: names.map((name) => (categorical.includes(name) ? 'c' : 'float')),
    ...(hasTexts
      ? {
          categories: coded.map((one, i) =>
            'categories' in one
              ? one.categories
              : categorical.includes(names[i] ?? '')
                ? codesThemselves(one.values)
                : undefined,
          ),
        }
      : {}),
    columns: coded.map(({ values }) => values),
  };
}

/** Numbers that are codes stand for themselves; undefined where they are none, which training refuses by row. */
function codesThemselves(values: Float32Array): readonly number[] | undefined {
  let most = -1;
  for (const value of values) {
    if (Number.isNaN(value)) continue;
    if (!Number.isInteger(value) || value < 0 || value > 0xffff) return undefined;
    most = Math.max(most, value);
  }
  return Array.from({ length: most + 1 }, (_, code) => code);
}

/** Columns of a model that are text whatever their values look like. */
export function textFeatures({
  featureNames,
  categories,
}: Pick<Booster, 'featureNames' | 'categories'>): ReadonlySet<string> {
  return new Set(featureNames.filter((_, i) => categories?.[i]?.some((value) => typeof value === 'string') === true));
}

export interface ModelColumns {
  /** [n_features] arrays of [n_rows], in the model's order. */
  readonly columns: readonly Float32Array[];
  /** Columns that are no features of the model. */
  readonly others: readonly string[];
}

/** What a model reads of a table: its features by name, coded as it was trained. Throws where some are missing. */
export function columnsForModel(
  table: Table,
  booster: Pick<Booster, 'featureNames' | 'featureTypes' | 'categories'>,
): ModelColumns {
  const { featureNames } = booster;
  const missing = featureNames.filter((name) => !table.columns.has(name));
  if (missing.length > 0) {
    const known = new Set(featureNames);
    throw missingColumns(
      missing,
      [...table.columns.keys()].filter((name) => !known.has(name)),
    );
  }
  const columns = featureNames.map((name, i) => {
    const column = columnNamed(table, name, 'feature');
    const categories = booster.featureTypes?.[i] === 'c' ? booster.categories?.[i] : undefined;
    return categories ? codedColumn(name, column, categories) : floatColumn(name, column, asTrained);
  });
  const known = new Set(featureNames);
  return { columns, others: [...table.columns.keys()].filter((name) => !known.has(name)) };
}

/** @param others columns that may have been meant. */
function missingColumns(missing: readonly string[], others: readonly string[]): WorkbenchError {
  const shown = missing.slice(0, 20).map((name) => {
    const near = nearest(name, others);
    return near === null ? `"${name}"` : `"${name}" (did you mean "${near}"?)`;
  });
  const more = missing.length > shown.length ? ` and ${missing.length - shown.length} more` : '';
  return new WorkbenchError(
    'USAGE',
    `columns that the model was trained on are missing: ${shown.join(', ')}${more}. Give a file that has them.`,
    { missing },
  );
}

function codedColumn(name: string, column: Column, categories: readonly CategoryValue[]): Float32Array {
  const texts = categories.some((value) => typeof value === 'string');
  if (texts && column.type === 'string') return codesByText(name, column, categories);
  const isNumber = column.type !== 'string' && column.type !== 'list';
  const numbers = isNumber ? toFloat64(column) : floatColumn(name, column, asTrained);
  if (!texts && column.type !== 'timestamp') return codesByNumber(name, Float64Array.from(numbers), categories);
  if (numbers.every(Number.isNaN)) return new Float32Array(numbers.length).fill(NaN);
  throw new WorkbenchError(
    'USAGE',
    `the column "${name}" holds no text (${shownCell(column)}), but the model has texts such as ${JSON.stringify(categories[0])} for it. Give the column as it was trained on.`,
  );
}

/** What to do about a column of a training file that holds no numbers. */
function wayToTrain(name: string, { type }: Column): string {
  const better =
    type === 'string'
      ? 'Name it in --categorical if it holds categories'
      : type === 'list'
        ? 'Write a column of its own for each element, or make a number of each list, such as its length'
        : 'Make it a number';
  return `which trees do not take as a number. ${better}, or leave it out with --ignore ${name}.`;
}

/** The same where a model says what it takes. */
function asTrained(): string {
  return 'but the model takes numbers there. Give the column as it was trained on.';
}

/**
 * A column of numbers in float32, true as 1. Throws USAGE for text and dates; `advice` ends the sentence.
 */
function floatColumn(name: string, column: Column, advice: (name: string, column: Column) => string): Float32Array {
  if (column.type === 'string' && column.codes.every((code) => code < 0)) {
    return new Float32Array(column.codes.length).fill(NaN);
  }
  if (column.type === 'string' || column.type === 'timestamp' || column.type === 'list') {
    const what = { string: 'text', timestamp: 'dates', list: 'lists' }[column.type];
    throw new WorkbenchError(
      'USAGE',
      `the column "${name}" holds ${what} (${shownCell(column)}), ${advice(name, column)}`,
    );
  }
  const numbers = toFloat64(column);
  const values = Float32Array.from(numbers);
  const row = values.findIndex((value) => value === Infinity || value === -Infinity);
  if (row < 0) return values;
  throw new WorkbenchError(
    'USAGE',
    `row ${row + 1} of the column "${name}" holds ${numbers[row] ?? NaN}, beyond the range of 32-bit numbers (±3.4e38). Mend it, or leave the cell empty to have it taken as missing.`,
    { row },
  );
}

/** The first value there is, and its row. */
function shownCell(column: Column): string {
  for (let row = 0; row < columnLength(column); row++) {
    const cell = cellAt(column, row);
    if (cell === null) continue;
    const text =
      column.type === 'timestamp'
        ? new Date(Number(cell) / 1000).toISOString()
        : typeof cell === 'object'
          ? cellText(cell)
          : JSON.stringify(String(cell));
    return `${text.slice(0, 60)} in row ${row + 1}`;
  }
  return 'no value at all';
}
