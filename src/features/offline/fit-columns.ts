import { nearest } from '../../config/suggest';
import { castColumn } from '../../data/cast-column';
import type { Column, ColumnType, Table } from '../../utils/columns';
import { presentIn } from '../../utils/columns';
import { WorkbenchError } from '../../utils/errors';

/** Columns a table has, in order. */
export type TableShape = readonly { readonly name: string; readonly type: ColumnType }[];

/**
 * Rows with exactly the columns of a table: found by name, in its order and types. Whole numbers and others fit each
 * other where no digit is lost, columns without any value fit every type. Throws DATA_INVALID naming what is missing or of
 * another kind. Also answers with the columns the table does not have.
 */
export function fitColumns(
  rows: Table,
  shape: TableShape,
  words: { readonly source: string; readonly table: string },
): { readonly table: Table; readonly extra: readonly string[] } {
  const missing = shape.filter(({ name }) => !rows.columns.has(name)).map(({ name }) => name);
  const wanted = new Set(shape.map(({ name }) => name));
  const extra = [...rows.columns.keys()].filter((name) => !wanted.has(name));
  if (missing.length > 0) throw missingColumns(missing, extra, words);
  const columns = shape.map(({ name, type }) => {
    return [name, fitted(name, rows.columns.get(name), type, words)] as const;
  });
  return { table: { rowCount: rows.rowCount, columns: new Map(columns) }, extra };
}

function fitted(
  name: string,
  column: Column | undefined,
  type: ColumnType,
  { source, table }: { readonly source: string; readonly table: string },
): Column {
  if (!column) throw new Error(`invariant: no column ${name}`);
  if (column.type === type) return column;
  const numbers = ['float64', 'int64'];
  const fits = numbers.includes(column.type) && numbers.includes(type);
  if (type !== 'list' && (fits || presentIn(column) === 0)) return castColumn(name, column, type);
  throw new WorkbenchError(
    'DATA_INVALID',
    `The column "${name}" of ${source} is ${column.type}, and that of the table "${table}" is ${type}. Write it as ${type}, as it was at first.`,
  );
}

function missingColumns(
  missing: readonly string[],
  extra: readonly string[],
  { source, table }: { readonly source: string; readonly table: string },
): WorkbenchError {
  const named = missing.slice(0, 12).map((name) => {
    const near = nearest(name, extra);
    return near === null ? `"${name}"` : `"${name}" (is it "${near}"?)`;
  });
  const more = missing.length > named.length ? ` and ${missing.length - named.length} more` : '';
  return new WorkbenchError(
    'DATA_INVALID',
    `${source} lacks ${missing.length === 1 ? 'the column' : 'the columns'} ${named.join(', ')}${more} of the table "${table}". Nothing was added; bring every column of the table, under its name.`,
  );
}
