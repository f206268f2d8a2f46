import { stringColumn, type Cell, type Column } from '../utils/columns';
import type { Field, ValueType } from './types';

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

function wholeOf(cell: Cell): bigint {
  return cell === null ? 0n : typeof cell === 'bigint' ? cell : BigInt(Math.round(Number(cell)));
}
