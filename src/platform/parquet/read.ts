import { parquetMetadata, parquetRead, type DecodedArray, type FileMetaData, type SchemaElement } from 'hyparquet';
import { compressors } from 'hyparquet-compressors';
import { makeTable, type Column, type ColumnType, type Table } from '../../utils/columns';
import { WorkbenchError } from '../../utils/errors';

const MOST_ROWS = 1_000_000_000;

/** Dates and times as whole microseconds since 1970. */
const PARSERS = {
  timestampFromMilliseconds: (millis: bigint) => Number(millis) * 1000,
  timestampFromMicroseconds: Number,
  timestampFromNanoseconds: (nanos: bigint) => Number(nanos / 1000n),
  dateFromDays: (days: number) => days * 86_400_000_000,
};

/**
 * The table in a Parquet file of flat columns, whatever its compression (snappy, gzip, brotli, zstd, LZ4). Null is
 * missing. Throws DATA_INVALID for bytes that are no Parquet, and by name for a column of lists or structures.
 */
export async function readParquet(bytes: Uint8Array): Promise<Table> {
  const file = bytes.buffer.slice(bytes.byteOffset, bytes.byteOffset + bytes.byteLength) as ArrayBuffer;
  const metadata = readMetadata(file);
  const rows = Number(metadata.num_rows);
  const inGroups = metadata.row_groups.reduce((sum, group) => sum + Number(group.num_rows), 0);
  if (rows !== inGroups || !(rows >= 0 && rows <= MOST_ROWS)) {
    throw unreadable(`it says that it has ${rows} rows, and its parts have ${inGroups}`);
  }
  const columns = columnElements(metadata).map((element) => [element.name, makeSink(element, rows)] as const);
  const sinks = new Map(columns);
  if (sinks.size < columns.length) throw unreadable('two columns have one name');
  try {
    await parquetRead({
      file: { byteLength: file.byteLength, slice: (start, end) => file.slice(start, end) },
      metadata,
      compressors,
      parsers: PARSERS,
      geoparquet: false,
      onChunk: ({ columnName, columnData, rowStart }) => sinks.get(columnName)?.put(rowStart, columnData),
    });
  } catch (error) {
    if (error instanceof WorkbenchError) throw error;
    throw unreadable(error instanceof Error ? error.message : String(error));
  }
  return makeTable(columns.map(([name, sink]) => [name, sink.column] as const));
}

function readMetadata(file: ArrayBuffer): FileMetaData {
  try {
    return parquetMetadata(file, { geoparquet: false });
  } catch (error) {
    throw unreadable(error instanceof Error ? error.message : String(error));
  }
}

function unreadable(why: string): WorkbenchError {
  return new WorkbenchError('DATA_INVALID', `The bytes are no Parquet file, or are cut short: ${why}.`);
}

/** The columns below the root of the schema, in order. */
function columnElements({ schema }: FileMetaData): readonly SchemaElement[] {
  const columns = schema.slice(1);
  const nested = columns.find(
    (element) => element.num_children !== undefined || element.repetition_type === 'REPEATED',
  );
  if (nested) {
    throw new WorkbenchError(
      'DATA_INVALID',
      `The column "${nested.name}" holds lists or structures; only plain columns are read. Flatten it, or leave it out.`,
    );
  }
  return columns;
}

interface Sink {
  readonly column: Column;
  put(rowStart: number, values: DecodedArray): void;
}

function makeSink(element: SchemaElement, rows: number): Sink {
  const type = typeOf(element);
  switch (type) {
    case 'float64':
    case 'timestamp': {
      const values = new Float64Array(rows).fill(NaN);
      return { column: { type, values }, put: filler(element.name, (row, value) => (values[row] = Number(value))) };
    }
    case 'int64': {
      const values = new BigInt64Array(rows);
      const valid = new Uint8Array(rows);
      const put = filler(element.name, (row, value) => {
        values[row] = BigInt(value as number | bigint);
        valid[row] = 1;
      });
      return { column: { type, values, valid }, put };
    }
    case 'bool': {
      const values = new Int8Array(rows).fill(-1);
      return { column: { type, values }, put: filler(element.name, (row, value) => (values[row] = value ? 1 : 0)) };
    }
    case 'string':
      return textSink(element.name, rows);
  }
}

function textSink(name: string, rows: number): Sink {
  const codes = new Int32Array(rows).fill(-1);
  const codeOf = new Map<string, number>();
  const dictionary: string[] = [];
  const put = filler(name, (row, value) => {
    const text = String(value);
    const known = codeOf.get(text);
    if (known === undefined) {
      codeOf.set(text, dictionary.length);
      dictionary.push(text);
    }
    codes[row] = known ?? dictionary.length - 1;
  });
  return { column: { type: 'string', codes, dictionary }, put };
}

/** Hands on what is present. */
function filler(name: string, take: (row: number, value: unknown) => void): Sink['put'] {
  return (rowStart, values) => {
    for (let i = 0; i < values.length; i++) {
      const value: unknown = values[i];
      if (value === null || value === undefined) continue;
      if (typeof value === 'object') {
        throw new WorkbenchError(
          'DATA_INVALID',
          `The column "${name}" holds values that are no plain numbers or texts.`,
        );
      }
      take(rowStart + i, value);
    }
  };
}

function typeOf({ type, converted_type: converted, logical_type: logical }: SchemaElement): ColumnType {
  const isTime = converted === 'DATE' || converted?.startsWith('TIMESTAMP') === true || type === 'INT96';
  if (isTime || logical?.type === 'TIMESTAMP' || logical?.type === 'DATE') return 'timestamp';
  if (converted === 'DECIMAL' || logical?.type === 'DECIMAL' || logical?.type === 'FLOAT16') return 'float64';
  if (type === 'BOOLEAN') return 'bool';
  if (type === 'BYTE_ARRAY' || type === 'FIXED_LEN_BYTE_ARRAY') return 'string';
  return type === 'INT64' ? 'int64' : 'float64';
}
