import {
  Bool,
  Dictionary,
  Field,
  Float64,
  Int32,
  Int64,
  List,
  RecordBatch,
  Schema,
  Struct,
  Table as ArrowTable,
  TimestampMicrosecond,
  Utf8,
  makeData,
  tableFromIPC,
  tableToIPC,
  vectorFromArray,
  type Data,
} from 'apache-arrow';
import type { Column, ListColumn, ScalarColumn, Table } from '../../utils/columns';
import { WorkbenchError } from '../../utils/errors';
import { readColumn, tableFromColumns } from './read-column';

/** A table as Arrow IPC stream bytes. Equal tables give equal bytes; missing values become nulls. */
export function encodeArrow(table: Table): Uint8Array {
  const names = [...table.columns.keys()];
  const data = [...table.columns.values()].map((column, id) => encodeColumn(column, table.rowCount, id));
  const fields = names.map((name, i) => new Field(name, (data[i] as Data).type, true));
  const schema = new Schema(fields);
  const struct = makeData({ type: new Struct(fields), length: table.rowCount, nullCount: 0, children: data });
  return tableToIPC(new ArrowTable(schema, [new RecordBatch(schema, struct)]), 'stream');
}

/** The table in Arrow IPC bytes. Throws STORAGE_CORRUPT for bytes that are not Arrow or hold other types. */
export function decodeArrow(bytes: Uint8Array): Table {
  let table: ArrowTable;
  try {
    if (!endsWhole(bytes)) throw new Error('the end is missing');
    table = tableFromIPC(bytes);
  } catch (error) {
    const compressed = error instanceof Error && error.message.includes('is compressed');
    const text = compressed
      ? "The Arrow table is compressed, which is not read here; write it without (pandas: to_feather(path, compression='uncompressed'))."
      : 'These bytes are not an Arrow table, or are cut short.';
    throw new WorkbenchError('STORAGE_CORRUPT', text, {}, { cause: error });
  }
  return tableFromColumns(
    table.schema.fields.map(
      (field, i) => [field.name, readColumn(field.name, table.getChildAt(i), table.numRows)] as const,
    ),
    table.numRows,
  );
}

const TWO_32 = 4_294_967_296;
const MAGIC = [0x41, 0x52, 0x52, 0x4f, 0x57, 0x31];
const CONTINUES = [0xff, 0xff, 0xff, 0xff];
const NO_MORE = [0, 0, 0, 0];

/**
 * Whether the bytes end as a file (magic) or a stream (a message of length 0) does. What is cut between two batches reads
 * as a shorter table otherwise.
 */
function endsWhole(bytes: Uint8Array): boolean {
  const begins = (marks: readonly number[]) => marks.every((byte, i) => bytes[i] === byte);
  const ends = (marks: readonly number[]) => marks.every((byte, i) => bytes[bytes.length - marks.length + i] === byte);
  if (begins(MAGIC)) return bytes.length > 2 * MAGIC.length && ends(MAGIC);
  return bytes.length > 8 && ends(begins(CONTINUES) ? [...CONTINUES, ...NO_MORE] : NO_MORE);
}

function encodeColumn(column: Column, length: number, id: number): Data {
  switch (column.type) {
    case 'list':
      return encodeLists(column, length);
    case 'string':
      return encodeDictionary(column, length, id);
    default:
      return encodeNumbers(column, length);
  }
}

/** Texts in lists are plain: DuckDB and Parquet writers take no dictionaries there. */
function encodeLists({ offsets, valid, items }: ListColumn, length: number): Data {
  const count = offsets[length] as number;
  const child = items.type === 'string' ? encodeTexts(items, count) : encodeNumbers(items, count);
  return makeData({
    type: new List(new Field('item', child.type, true)),
    length,
    valueOffsets: offsets,
    child,
    ...nulls(length, (row) => valid?.[row] === 0),
  });
}

function encodeTexts({ codes, dictionary }: TextColumn, length: number): Data {
  const encoder = new TextEncoder();
  const texts = dictionary.map((text) => encoder.encode(text));
  const valueOffsets = new Int32Array(length + 1);
  codes.forEach((code, row) => (valueOffsets[row + 1] = (valueOffsets[row] as number) + (texts[code]?.length ?? 0)));
  const data = new Uint8Array(valueOffsets[length] as number);
  codes.forEach((code, row) => data.set(texts[code] ?? [], valueOffsets[row]));
  return makeData({ type: new Utf8(), length, valueOffsets, data, ...nulls(length, (row) => (codes[row] ?? -1) < 0) });
}

function encodeDictionary({ codes, dictionary }: TextColumn, length: number, id: number): Data {
  return makeData({
    type: new Dictionary(new Utf8(), new Int32(), id),
    length,
    data: codes.map((code) => Math.max(code, 0)),
    dictionary: vectorFromArray([...dictionary], new Utf8()),
    ...nulls(length, (row) => (codes[row] ?? -1) < 0),
  });
}

/** Whole numbers as int64 without a bigint for each, which is several times slower; NaN becomes 0. */
function wholeInt64(values: Float64Array): BigInt64Array {
  const halves = new Int32Array(2 * values.length);
  for (let row = 0; row < values.length; row++) {
    const value = values[row] as number;
    if (Number.isNaN(value)) continue;
    const high = Math.floor(value / TWO_32);
    halves[2 * row] = value - high * TWO_32;
    halves[2 * row + 1] = high;
  }
  return new BigInt64Array(halves.buffer);
}

type TextColumn = Extract<Column, { type: 'string' }>;

function encodeNumbers(column: Exclude<ScalarColumn, TextColumn>, length: number): Data {
  switch (column.type) {
    case 'float64':
      return makeData({
        type: new Float64(),
        length,
        data: column.values,
        ...nulls(length, (row) => Number.isNaN(column.values[row])),
      });
    case 'timestamp':
      return makeData({
        type: new TimestampMicrosecond(),
        length,
        data: wholeInt64(column.values),
        ...nulls(length, (row) => Number.isNaN(column.values[row])),
      });
    case 'int64': {
      const { valid } = column;
      return makeData({
        type: new Int64(),
        length,
        data: column.values,
        ...nulls(length, (row) => valid !== undefined && !valid[row]),
      });
    }
    case 'bool': {
      const packed = new Uint8Array(Math.ceil(length / 8));
      column.values.forEach((value, row) => {
        if (value === 1) packed[row >> 3] = (packed[row >> 3] ?? 0) | (1 << (row & 7));
      });
      return makeData({
        type: new Bool(),
        length,
        data: packed,
        ...nulls(length, (row) => (column.values[row] ?? -1) < 0),
      });
    }
  }
}

function nulls(length: number, isNull: (row: number) => boolean): { nullCount: number; nullBitmap?: Uint8Array } {
  const bitmap = new Uint8Array(Math.ceil(length / 64) * 8);
  let nullCount = 0;
  for (let row = 0; row < length; row++) {
    if (isNull(row)) nullCount += 1;
    else bitmap[row >> 3] = (bitmap[row >> 3] ?? 0) | (1 << (row & 7));
  }
  return nullCount === 0 ? { nullCount: 0 } : { nullCount, nullBitmap: bitmap };
}
