import {
  concatScalars,
  makeTable,
  takeOrMissing,
  type Column,
  type ScalarColumn,
  type Table,
} from '../../utils/columns';
import { WorkbenchError } from '../../utils/errors';
import { nanosToMicros, toInt64 } from '../../utils/int64';
import { noRows, type ArrowChunk, type ArrowVector } from './chunks';
import { readLists } from './read-lists';

const TYPE = {
  none: 1,
  int: 2,
  float: 3,
  utf8: 5,
  bool: 6,
  decimal: 7,
  date: 8,
  timestamp: 10,
  dictionary: -1,
  largeUtf8: 20,
  list: 12,
  fixedSizeList: 16,
  largeList: 21,
} as const;

/** Reads a vector into a column of ours, row by row over its chunks. */
export function readColumn(name: string, vector: unknown, rows: number): Column {
  const { data = [], type } = (vector ?? {}) as Partial<ArrowVector>;
  const chunks = data.length === 0 && type ? [noRows(type)] : data;
  switch (chunks[0]?.type.typeId) {
    case TYPE.list:
    case TYPE.largeList:
    case TYPE.fixedSizeList:
      return readLists(chunks, rows, (items, total) => readScalars(name, items, total));
    default:
      return readScalars(name, chunks, rows);
  }
}

function readScalars(name: string, chunks: readonly ArrowChunk[], rows: number): ScalarColumn {
  const type = chunks[0]?.type;
  switch (type?.typeId) {
    case undefined:
    case TYPE.none:
      return { type: 'float64', values: new Float64Array(rows).fill(NaN) };
    case TYPE.int:
      return type.bitWidth === 64 ? readInt64(name, chunks, rows) : readFloats('float64', chunks, rows, Number);
    case TYPE.float:
      if (type.precision === 0) throw unreadType(name, '16-bit floats');
      return readFloats('float64', chunks, rows, Number);
    case TYPE.decimal:
      return readDecimal(chunks, rows, type.scale ?? 0);
    case TYPE.timestamp:
      return readFloats('timestamp', chunks, rows, microsOf(type.unit ?? 2));
    case TYPE.date:
      return readFloats(
        'timestamp',
        chunks,
        rows,
        type.unit === 0 ? (value) => Number(value) * 86_400_000_000 : (value) => Number(value) * 1000,
      );
    case TYPE.bool:
      return readBool(chunks, rows);
    case TYPE.dictionary:
      return readDictionary(name, chunks, rows);
    case TYPE.utf8:
    case TYPE.largeUtf8:
      return readText(chunks, rows);
    case TYPE.list:
    case TYPE.largeList:
    case TYPE.fixedSizeList:
      throw unreadType(name, 'lists of lists');
    default:
      throw unreadType(name, `number ${type?.typeId ?? 'none'}`);
  }
}

function unreadType(name: string, type: string): WorkbenchError {
  return new WorkbenchError(
    'DATA_INVALID',
    `The column "${name}" has an Arrow type (${type}) that is not read here. Cast it to a number of 32 or 64 bits, text, truth value or timestamp, or to a list of one of them.`,
  );
}

export function tableFromColumns(columns: readonly (readonly [string, Column])[], rows: number): Table {
  return columns.length === 0 ? { rowCount: rows, columns: new Map() } : makeTable(columns);
}

/** Seconds, milliseconds, microseconds or nanoseconds (Arrow's units 0 to 3) to whole microseconds. */
function microsOf(unit: number): (value: number | bigint) => number {
  if (unit === 0) return (value) => Number(value) * 1_000_000;
  if (unit === 1) return (value) => Number(value) * 1000;
  if (unit === 3) return (value) => nanosToMicros(BigInt(value));
  return Number;
}

function forEachRow(
  chunks: readonly ArrowChunk[],
  visit: (chunk: ArrowChunk, index: number, row: number) => void,
): void {
  let row = 0;
  for (const chunk of chunks) {
    for (let index = 0; index < chunk.length; index++, row++)
      if (chunk.nullCount === 0 || chunk.getValid(index)) visit(chunk, index, row);
  }
}

/** int64 as float64 by its halves: a bigint for each is several times slower. */
function fillWhole(chunk: ArrowChunk, found: BigInt64Array, into: Float64Array): void {
  const halves = new Int32Array(found.buffer, found.byteOffset, 2 * found.length);
  for (let index = 0; index < chunk.length; index++) {
    if (chunk.nullCount > 0 && !chunk.getValid(index)) continue;
    into[index] = (halves[2 * index + 1] as number) * 4_294_967_296 + ((halves[2 * index] as number) >>> 0);
  }
}

function readFloats(
  type: 'float64' | 'timestamp',
  chunks: readonly ArrowChunk[],
  rows: number,
  convert: (value: number | bigint) => number,
): ScalarColumn {
  const values = new Float64Array(rows).fill(NaN);
  let first = 0;
  for (const chunk of chunks) {
    const found = chunk.values;
    if (convert === Number && found instanceof BigInt64Array) fillWhole(chunk, found, values.subarray(first));
    else if (convert === Number && found instanceof Float64Array && chunk.nullCount === 0)
      values.set(found.subarray(0, chunk.length), first);
    else
      forEachRow([chunk], (_, index) => {
        values[first + index] = convert((found as ArrayLike<number | bigint>)[index] ?? NaN);
      });
    first += chunk.length;
  }
  return { type, values };
}

function readInt64(name: string, chunks: readonly ArrowChunk[], rows: number): ScalarColumn {
  const values = new BigInt64Array(rows);
  const valid = new Uint8Array(rows);
  forEachRow(chunks, (chunk, index, row) => {
    values[row] = toInt64(name, (chunk.values as ArrayLike<number | bigint>)[index] ?? 0);
    valid[row] = 1;
  });
  return valid.includes(0) ? { type: 'int64', values, valid } : { type: 'int64', values };
}

/** 128-bit decimals (sums of whole numbers in DuckDB) as float64. */
function readDecimal(chunks: readonly ArrowChunk[], rows: number, scale: number): ScalarColumn {
  const values = new Float64Array(rows).fill(NaN);
  forEachRow(chunks, (chunk, index, row) => {
    const words = chunk.values as Uint32Array;
    let whole = 0n;
    for (let word = 3; word >= 0; word--) whole = (whole << 32n) | BigInt(words[4 * index + word] ?? 0);
    values[row] = Number(BigInt.asIntN(128, whole)) / Number(10n ** BigInt(scale));
  });
  return { type: 'float64', values };
}

function readBool(chunks: readonly ArrowChunk[], rows: number): ScalarColumn {
  const values = new Int8Array(rows).fill(-1);
  forEachRow(chunks, (chunk, index, row) => {
    const bit = chunk.offset + index;
    values[row] = (((chunk.values as Uint8Array)[bit >> 3] ?? 0) >> (bit & 7)) & 1;
  });
  return { type: 'bool', values };
}

/** Dictionaries of texts stay; those of other values are looked up, so that each row has its value. */
function readDictionary(name: string, chunks: readonly ArrowChunk[], rows: number): ScalarColumn {
  const known = new Map<ArrowChunk['dictionary'], ScalarColumn>();
  const parts = chunks.map((chunk): ScalarColumn => {
    const { dictionary } = chunk;
    const data = dictionary?.data ?? (chunk.type.dictionary ? [noRows(chunk.type.dictionary)] : []);
    const values = known.get(dictionary) ?? readScalars(name, data, dictionary?.length ?? 0);
    known.set(dictionary, values);
    return takeOrMissing(values, placesOf(chunk));
  });
  const [only, ...more] = parts;
  if (!only) return readScalars(name, [], rows);
  return more.length === 0 ? only : concatScalars(parts);
}

function placesOf(chunk: ArrowChunk): Int32Array {
  const places = new Int32Array(chunk.length).fill(-1);
  forEachRow([chunk], (_, index, row) => {
    places[row] = Number((chunk.values as ArrayLike<number | bigint>)[index]);
  });
  return places;
}

const DECODER = new TextDecoder();

function readText(chunks: readonly ArrowChunk[], rows: number): ScalarColumn {
  const codeOf = new Map<string, number>();
  const codes = new Int32Array(rows).fill(-1);
  forEachRow(chunks, (chunk, index, row) => {
    const { values, valueOffsets } = chunk;
    const bytes = (values as Uint8Array).subarray(Number(valueOffsets[index]), Number(valueOffsets[index + 1]));
    codes[row] = codeFor(codeOf, DECODER.decode(bytes));
  });
  return { type: 'string', codes, dictionary: [...codeOf.keys()] };
}

function codeFor(codeOf: Map<string, number>, text: string): number {
  let code = codeOf.get(text);
  if (code === undefined) codeOf.set(text, (code = codeOf.size));
  return code;
}
