import { toFloat64, type Column, type Table } from '../utils/columns';
import { WorkbenchError } from '../utils/errors';
import { columnNamed } from './feature-columns';

/** Labels in float32. Throws USAGE for text, dates, and a row without one. */
export function labelColumn(table: Table, name: string): Float32Array {
  const values = numbersOf(table, name, '--label', 'the label');
  const row = values.findIndex((value) => !Number.isFinite(Math.fround(value)));
  if (row >= 0) {
    const value = values[row] ?? NaN;
    const what = Number.isNaN(value) ? 'has no label' : `has the label ${value}`;
    throw new WorkbenchError(
      'USAGE',
      `row ${row + 1} ${what} (column "${name}"); expected finite numbers. Leave such rows out, or mend them.`,
      { row },
    );
  }
  return Float32Array.from(values);
}

/** Weights in float32. Throws USAGE where one is missing, negative or not finite, or all are 0. */
export function weightColumn(table: Table, name: string): Float32Array {
  const values = numbersOf(table, name, '--weight', 'the weight');
  const row = values.findIndex((value) => !(value >= 0 && Math.fround(value) < Infinity));
  if (row >= 0) {
    const value = values[row] ?? NaN;
    const what = Number.isNaN(value) ? 'has no weight' : `has the weight ${value}`;
    throw new WorkbenchError(
      'USAGE',
      `row ${row + 1} ${what} (column "${name}"); expected finite numbers, at least 0.`,
      {
        row,
      },
    );
  }
  const weights = Float32Array.from(values);
  if (!weights.some((weight) => weight > 0)) {
    throw new WorkbenchError('USAGE', `all weights (column "${name}") are 0; give some row a weight above 0.`);
  }
  return weights;
}

/**
 * Where queries begin in the rows, and the end: [queries + 1]. A query is a run of rows with one id, a number or a text.
 * Throws USAGE where an id is missing or comes again after another one.
 */
export function queryBounds(table: Table, name: string): Int32Array {
  const column = columnNamed(table, name, '--group');
  const idAt = idReader(name, column);
  const bounds = [0];
  const ended = new Map<number | bigint, number>();
  for (let row = 0; row < table.rowCount; row++) {
    const id = idAt(row);
    if (id === null) {
      throw new WorkbenchError('USAGE', `row ${row + 1} has no group (column "${name}"); expected an id in every row.`);
    }
    const before = row === 0 ? null : idAt(row - 1);
    if (before === null || before === id) continue;
    ended.set(before, row);
    const last = ended.get(id);
    if (last !== undefined) {
      throw new WorkbenchError(
        'USAGE',
        `row ${row + 1} is of the group ${shownId(column, id)} again (column "${name}"), which ended in row ${last}; rows of one group must stand together. Sort the file by this column.`,
        { row },
      );
    }
    bounds.push(row);
  }
  return Int32Array.from([...bounds, table.rowCount]);
}

function idReader(name: string, column: Column): (row: number) => number | bigint | null {
  switch (column.type) {
    case 'string':
      return (row) => orNull((column.codes[row] ?? -1) >= 0, column.codes[row]);
    case 'int64':
      return (row) => orNull(!column.valid || column.valid[row] === 1, column.values[row]);
    case 'bool':
      return (row) => orNull((column.values[row] ?? -1) >= 0, column.values[row]);
    case 'float64':
    case 'timestamp':
      return (row) => orNull(!Number.isNaN(column.values[row]), column.values[row]);
    case 'list':
      throw new WorkbenchError('USAGE', `the groups (column "${name}") are lists; give a column with one id a row.`);
  }
}

function orNull(present: boolean, id: number | bigint | undefined): number | bigint | null {
  return present ? (id ?? null) : null;
}

function shownId(column: Column, id: number | bigint): string {
  return column.type === 'string' ? JSON.stringify(column.dictionary[Number(id)] ?? '') : String(id);
}

function numbersOf(table: Table, name: string, flag: string, what: string): Float64Array {
  const column = columnNamed(table, name, flag);
  if (column.type === 'string' || column.type === 'timestamp' || column.type === 'list') {
    const row = column.type === 'string' ? column.codes.findIndex((code) => code >= 0) : 0;
    const others = { timestamp: 'dates', list: 'lists' };
    const text =
      column.type === 'string' ? JSON.stringify(column.dictionary[column.codes[row] ?? 0] ?? '') : others[column.type];
    throw new WorkbenchError(
      'USAGE',
      `${what} (column "${name}") is no number: ${text} in row ${row + 1}. Code it as numbers, for example 0 and 1.`,
    );
  }
  return Float64Array.from(toFloat64(column));
}
