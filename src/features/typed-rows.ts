import { nearest } from '../config/suggest';
import { parseTimestamp } from '../data/csv/timestamps';
import { makeTable, type Cell, type ScalarCell, type Table } from '../utils/columns';
import { WorkbenchError } from '../utils/errors';
import { utf8Bytes } from '../utils/utf8';
import type { ScalarValueType, ValueType } from './types';
import { columnFromCells, itemType } from './value-types';

export type GivenRow = Readonly<Record<string, Cell>>;

export interface GivenColumn {
  readonly name: string;
  readonly dtype: ValueType;
  /** required: each row brings a value; named: each row brings a value or null (default: null where it is left out). */
  readonly given?: 'required' | 'named';
}

const EXPECTED: Readonly<Record<ScalarValueType, string>> = {
  bool: 'true or false',
  int32: 'a whole number of 32 bits',
  int64: 'a whole number',
  float32: 'a number',
  float64: 'a number',
  string: 'text',
  timestamp: 'a time, as ISO text (2026-03-01T12:00:00Z) or whole microseconds since 1970',
};

const INT32 = 2147483648n;
const INT64 = 9223372036854775808n;

/**
 * Rows that a person or a program gave, as a table of these columns. `what` names them in sentences: "the push". Throws
 * FEATURES_INVALID naming row and column.
 */
export function tableFromRows(rows: readonly GivenRow[], columns: readonly GivenColumn[], what: string): Table {
  const names = new Set(columns.map(({ name }) => name));
  rows.forEach((row, at) => {
    const unknown = Object.keys(row).find((name) => !names.has(name));
    if (unknown !== undefined) throw unknownColumn(unknown, [...names], `Row ${at + 1} of ${what}`);
  });
  const made = columns.map(({ name, dtype, given }) => {
    const cells = rows.map((row, at) => {
      const cell = row[name];
      const where = `Row ${at + 1} of ${what}`;
      if (cell === undefined && given !== undefined) {
        throw fault(`${where} lacks "${name}"; it has ${Object.keys(row).join(', ') || 'nothing'}.`);
      }
      if (given === 'required' && cell === null) throw fault(`${where} has no value of "${name}", which it needs.`);
      return cellOfType(cell ?? null, dtype, `${where}: "${name}"`);
    });
    return [name, columnFromCells(dtype, cells)] as const;
  });
  return { rowCount: rows.length, columns: makeTable(made).columns };
}

function fault(text: string): WorkbenchError {
  return new WorkbenchError('FEATURES_INVALID', text);
}

function unknownColumn(name: string, known: readonly string[], where: string): WorkbenchError {
  const near = nearest(name, known);
  const advice = near === null ? `expected ${known.join(', ')}` : `did you mean "${near}"?`;
  return fault(`${where} has a column "${name}" that is not known here; ${advice}`);
}

/** A value as a type keeps it; throws FEATURES_INVALID, beginning with `where`, when it is of another kind. */
export function cellOfType(cell: Cell, dtype: ValueType, where: string): Cell {
  if (cell === null) return null;
  const item = itemType(dtype);
  if (item === null) {
    const fits = typeof cell === 'object' ? undefined : scalarOfType(cell, dtype as ScalarValueType);
    if (fits === undefined) throw mismatch(cell, EXPECTED[dtype as ScalarValueType], where);
    return fits;
  }
  if (typeof cell !== 'object') throw mismatch(cell, `a list, each ${EXPECTED[item]}`, where);
  return cell.map((one, at) => {
    const fits = one === null ? null : scalarOfType(one, item);
    if (fits === undefined) throw mismatch(one, EXPECTED[item], `${where}, element ${at + 1},`);
    return fits;
  });
}

function scalarOfType(cell: Exclude<ScalarCell, null>, dtype: ScalarValueType): ScalarCell | undefined {
  switch (dtype) {
    case 'bool':
      return typeof cell === 'boolean' ? cell : undefined;
    case 'string':
      return typeof cell === 'string' ? cell : undefined;
    case 'int32':
      return wholeWithin(cell, INT32);
    case 'int64':
      return wholeWithin(cell, INT64);
    case 'timestamp':
      return timeOf(cell);
    case 'float32':
    case 'float64': {
      const value = typeof cell === 'bigint' ? Number(cell) : cell;
      if (typeof value !== 'number' || Number.isNaN(value)) return undefined;
      return dtype === 'float32' ? Math.fround(value) : value;
    }
  }
}

/** Digits as text are taken too, since JSON has no numbers beyond 2^53. */
function wholeWithin(cell: Exclude<ScalarCell, null>, limit: bigint): bigint | undefined {
  if (typeof cell === 'boolean') return undefined;
  if (typeof cell === 'number' && !Number.isSafeInteger(cell)) return undefined;
  if (typeof cell === 'string' && !/^-?\d{1,19}$/.test(cell)) return undefined;
  const whole = BigInt(cell);
  return whole >= -limit && whole < limit ? whole : undefined;
}

function timeOf(cell: Exclude<ScalarCell, null>): number | undefined {
  if (typeof cell === 'string') {
    const bytes = utf8Bytes(cell.trim());
    const time = parseTimestamp(bytes, 0, bytes.length);
    return Number.isNaN(time) ? undefined : time;
  }
  const micros = typeof cell === 'boolean' ? NaN : Number(cell);
  return Number.isSafeInteger(micros) ? micros : undefined;
}

function mismatch(cell: Cell, expected: string, where: string): WorkbenchError {
  const shown = typeof cell === 'string' ? `"${cell.slice(0, 60)}"` : Array.isArray(cell) ? 'a list' : String(cell);
  return fault(`${where} is ${shown}; expected ${expected}.`);
}
