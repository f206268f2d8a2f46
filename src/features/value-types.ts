import {
  stringColumn,
  type Cell,
  type Column,
  type ColumnType,
  type ScalarCell,
  type ScalarColumn,
  type ScalarType,
} from '../utils/columns';
import { listsOf } from '../utils/lists';
import { invariant } from '../utils/errors';
import type { Field, ScalarValueType, ValueType } from './types';

/** What columns hold a value type. */
const COLUMN_TYPE: Readonly<Record<ScalarValueType, ScalarType>> = {
  bool: 'bool',
  int32: 'int64',
  int64: 'int64',
  float32: 'float64',
  float64: 'float64',
  string: 'string',
  timestamp: 'timestamp',
};

/** The type of a list's elements; null for single values. */
export function itemType(dtype: ValueType): ScalarValueType | null {
  return dtype.endsWith('[]') ? (dtype.slice(0, -2) as ScalarValueType) : null;
}

/** The value type that a column is of without narrowing. */
export function typeOf(column: Column): ValueType {
  return column.type === 'list' ? `${column.items.type}[]` : column.type;
}

/** Whether a column is what holds a value type here. */
export function isOfType(column: Column, dtype: ValueType): boolean {
  const item = itemType(dtype);
  if (item === null) return column.type === COLUMN_TYPE[dtype as ScalarValueType];
  return column.type === 'list' && column.items.type === COLUMN_TYPE[item];
}

/** Numbers that an aggregate made, in the column type of its field. Whole numbers of counts become int64. */
export function castNumbers(column: Column, field: Field): Column {
  switch (field.dtype) {
    case 'int32':
    case 'int64':
      return column.type === 'float64' ? wholeNumbers(column.values) : column;
    case 'float32':
      return column.type === 'float64' ? { type: 'float64', values: column.values.map(Math.fround) } : column;
    default:
      return column;
  }
}

function wholeNumbers(values: Float64Array): Column {
  const valid = new Uint8Array(values.length);
  const whole = new BigInt64Array(values.length);
  values.forEach((value, row) => {
    if (Number.isNaN(value)) return;
    whole[row] = BigInt(Math.round(value));
    valid[row] = 1;
  });
  return valid.includes(0) ? { type: 'int64', values: whole, valid } : { type: 'int64', values: whole };
}

/** A column of a value type from single values; numbers and truth values stand for each other as SQL casts them. */
export function columnFromCells(dtype: ValueType, cells: readonly Cell[]): Column {
  const item = itemType(dtype);
  if (item !== null) return listsOf(cells.map(asList), (items) => scalarColumn(item, items));
  return scalarColumn(dtype as ScalarValueType, cells.map(single));
}

/** A single value stands for the list of it. */
function asList(cell: Cell): readonly ScalarCell[] | null {
  return cell === null || typeof cell === 'object' ? cell : [cell];
}

function single(cell: Cell): ScalarCell {
  invariant(cell === null || typeof cell !== 'object', () => 'a list stands where a single value is expected');
  return cell;
}

function scalarColumn(dtype: ScalarValueType, cells: readonly ScalarCell[]): ScalarColumn {
  const numbers = () => Float64Array.from(cells, (cell) => (cell === null ? NaN : Number(cell)));
  switch (dtype) {
    case 'string':
      return stringColumn(cells.map((cell) => (cell === null ? null : String(cell))));
    case 'bool':
      return { type: 'bool', values: Int8Array.from(cells, (cell) => (cell === null ? -1 : Number(Boolean(cell)))) };
    case 'int32':
    case 'int64':
      return {
        type: 'int64',
        values: BigInt64Array.from(cells, (cell) => wholeOf(cell)),
        valid: Uint8Array.from(cells, (cell) => (cell === null ? 0 : 1)),
      };
    case 'timestamp':
      return { type: 'timestamp', values: numbers() };
    default:
      return { type: 'float64', values: numbers() };
  }
}

function wholeOf(cell: ScalarCell): bigint {
  return cell === null ? 0n : typeof cell === 'bigint' ? cell : BigInt(Math.round(Number(cell)));
}

/** What columns hold a value type. */
export function columnTypeOf(dtype: ValueType): ColumnType {
  return itemType(dtype) === null ? COLUMN_TYPE[dtype as ScalarValueType] : 'list';
}
