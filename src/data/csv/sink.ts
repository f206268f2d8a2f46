import type { Column, ScalarType } from '../../utils/columns';
import { isMissing, lastNumber, parseInt64, parseLooseBool, parseNumber } from './cells';
import { ByteInterner } from './interner';
import { parseTimestamp } from './timestamps';

/** Takes a column's cells row by row. */
export interface ColumnSink {
  /** False when the value does not fit the type; the cell then stays missing. */
  put(row: number, bytes: Uint8Array, start: number, end: number): boolean;
  finish(): Column;
}

/** A sink for `rows` cells, all missing at first. `decimal` is the byte before a fraction. */
export function makeSink(type: ScalarType, rows: number, decimal: number): ColumnSink {
  switch (type) {
    case 'float64':
      return numberSink('float64', rows, (bytes, start, end) => parseNumber(bytes, start, end, decimal));
    case 'timestamp':
      return numberSink('timestamp', rows, parseTimestamp);
    case 'int64':
      return int64Sink(rows, decimal);
    case 'bool':
      return boolSink(rows);
    case 'string':
      return stringSink(rows);
  }
}

type Parse = (bytes: Uint8Array, start: number, end: number) => number;

function numberSink(type: 'float64' | 'timestamp', rows: number, parse: Parse): ColumnSink {
  const values = new Float64Array(rows).fill(NaN);
  return {
    put(row, bytes, start, end) {
      if (isMissing(bytes, start, end)) return true;
      const value = parse(bytes, start, end);
      values[row] = value;
      return !Number.isNaN(value);
    },
    finish: () => ({ type, values }),
  };
}

function int64Sink(rows: number, decimal: number): ColumnSink {
  const values = new BigInt64Array(rows);
  const valid = new Uint8Array(rows);
  let present = 0;
  return {
    put(row, bytes, start, end) {
      if (isMissing(bytes, start, end)) return true;
      const value = parseNumber(bytes, start, end, decimal);
      const whole = lastNumber.integer
        ? parseInt64OrNull(bytes, start, end, value)
        : Number.isSafeInteger(value)
          ? BigInt(value)
          : null;
      if (whole === null) return false;
      values[row] = whole;
      valid[row] = 1;
      present++;
      return true;
    },
    finish: () => (present === rows ? { type: 'int64', values } : { type: 'int64', values, valid }),
  };
}

function parseInt64OrNull(bytes: Uint8Array, start: number, end: number, value: number): bigint | null {
  return Number.isNaN(value) ? null : parseInt64(bytes, start, end, value);
}

function boolSink(rows: number): ColumnSink {
  const values = new Int8Array(rows).fill(-1);
  return {
    put(row, bytes, start, end) {
      if (isMissing(bytes, start, end)) return true;
      values[row] = parseLooseBool(bytes, start, end);
      return values[row] !== -1;
    },
    finish: () => ({ type: 'bool', values }),
  };
}

function stringSink(rows: number): ColumnSink {
  const codes = new Int32Array(rows).fill(-1);
  const interner = new ByteInterner();
  return {
    put(row, bytes, start, end) {
      if (!isMissing(bytes, start, end)) codes[row] = interner.intern(bytes, start, end);
      return true;
    },
    finish: () => ({ type: 'string', codes, dictionary: interner.dictionary }),
  };
}
