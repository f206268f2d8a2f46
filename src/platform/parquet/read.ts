import {
  parquetMetadata,
  parquetRead,
  parquetSchema,
  type DecodedArray,
  type FileMetaData,
  type SchemaElement,
  type SchemaTree,
} from 'hyparquet';
import { compressors } from 'hyparquet-compressors';
import {
  makeTable,
  type Column,
  type ListColumn,
  type ScalarColumn,
  type ScalarType,
  type Table,
} from '../../utils/columns';
import { WorkbenchError } from '../../utils/errors';
import { nanosToMicros, toInt64 } from '../../utils/int64';

const MOST_ROWS = 1_000_000_000;

/** Dates and times as whole microseconds since 1970. */
const PARSERS = {
  timestampFromMilliseconds: (millis: bigint) => Number(millis) * 1000,
  timestampFromMicroseconds: Number,
  timestampFromNanoseconds: nanosToMicros,
  dateFromDays: (days: number) => days * 86_400_000_000,
};

/**
 * The table in a Parquet file of plain columns and of lists of plain values, whatever its compression (snappy, gzip,
 * brotli, zstd, LZ4). Null is missing. Throws DATA_INVALID for bytes that are no Parquet, and by name for a column that is
 * nested deeper or holds structures.
 */
export async function readParquet(bytes: Uint8Array): Promise<Table> {
  const file = bytes.buffer.slice(bytes.byteOffset, bytes.byteOffset + bytes.byteLength) as ArrayBuffer;
  const metadata = readMetadata(file);
  const rows = Number(metadata.num_rows);
  const inGroups = metadata.row_groups.reduce((sum, group) => sum + Number(group.num_rows), 0);
  if (rows !== inGroups || !(rows >= 0 && rows <= MOST_ROWS)) {
    throw unreadable(`it says that it has ${rows} rows, and its parts have ${inGroups}`);
  }
  const columns = columnsOf(metadata).map(
    ({ name, element, isList }) =>
      [name, isList ? listSink(element, name, rows) : makeSink(element, name, rows)] as const,
  );
  const sinks = new Map(columns);
  if (sinks.size < columns.length) throw unreadable('two columns have one name');
  // What a callback throws is lost on the way.
  const faults: Error[] = [];
  try {
    await parquetRead({
      file: { byteLength: file.byteLength, slice: (start, end) => file.slice(start, end) },
      metadata,
      compressors,
      parsers: PARSERS,
      geoparquet: false,
      onChunk: ({ columnName, columnData, rowStart }) => {
        try {
          sinks.get(columnName)?.put(rowStart, columnData);
        } catch (error) {
          faults.push(error instanceof Error ? error : new Error(String(error)));
        }
      },
    });
  } catch (error) {
    if (error instanceof WorkbenchError) throw error;
    throw unreadable(error instanceof Error ? error.message : String(error));
  }
  const [fault] = faults;
  if (fault) throw fault;
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

function readSchema(metadata: FileMetaData): SchemaTree {
  try {
    return parquetSchema(metadata);
  } catch (error) {
    throw unreadable(error instanceof Error ? error.message : String(error));
  }
}

interface FileColumn {
  readonly name: string;
  /** Of the column's values, or of the elements of its lists. */
  readonly element: SchemaElement;
  readonly isList: boolean;
}

/** The columns below the root of the schema, in order. */
function columnsOf(metadata: FileMetaData): readonly FileColumn[] {
  return readSchema(metadata).children.map((tree): FileColumn => {
    const { name } = tree.element;
    if (isPlain(tree)) return { name, element: tree.element, isList: false };
    const item = itemOf(tree);
    if (item) return { name, element: item, isList: true };
    throw new WorkbenchError(
      'DATA_INVALID',
      `The column "${name}" holds structures or lists of lists; only plain columns and lists of plain values are read. Flatten it, or leave it out.`,
    );
  });
}

function isPlain({ element, children }: SchemaTree): boolean {
  return children.length === 0 && element.num_children === undefined && element.repetition_type !== 'REPEATED';
}

/** The element of a list in three levels, or in the two that older writers made; undefined for anything else. */
function itemOf({ element, children }: SchemaTree): SchemaElement | undefined {
  const [repeated, ...others] = children;
  const isList = element.converted_type === 'LIST' || element.logical_type?.type === 'LIST';
  if (!isList || !repeated || others.length > 0 || repeated.element.repetition_type !== 'REPEATED') return undefined;
  if (repeated.children.length === 0) return repeated.element;
  const [item, ...more] = repeated.children;
  return item && more.length === 0 && isPlain(item) ? item.element : undefined;
}

interface Sink<C extends Column = Column> {
  readonly column: C;
  put(rowStart: number, values: DecodedArray): void;
}

/** Keeps the lists until all are there, since elements lie one after the other. */
function listSink(element: SchemaElement, name: string, rows: number): Sink {
  const lists = Array.from<DecodedArray | null>({ length: rows }).fill(null);
  return {
    put: (rowStart, values) => {
      for (let i = 0; i < values.length; i++) {
        const list: unknown = values[i];
        if (Array.isArray(list)) lists[rowStart + i] = list;
        else if (list !== null && list !== undefined) throw noPlainValues(name);
      }
    },
    get column(): ListColumn {
      const offsets = new Int32Array(rows + 1);
      lists.forEach((list, row) => (offsets[row + 1] = (offsets[row] as number) + (list?.length ?? 0)));
      const items = makeSink(element, name, offsets[rows] as number);
      lists.forEach((list, row) => list && items.put(offsets[row] as number, list));
      const valid = Uint8Array.from(lists, (list) => (list ? 1 : 0));
      return { type: 'list', offsets, items: items.column, ...(valid.includes(0) ? { valid } : {}) };
    },
  };
}

function makeSink(element: SchemaElement, name: string, rows: number): Sink<ScalarColumn> {
  const type = typeOf(element);
  switch (type) {
    case 'float64':
    case 'timestamp': {
      const values = new Float64Array(rows).fill(NaN);
      const cells = filler(name, (row, value) => (values[row] = Number(value)));
      return {
        column: { type, values },
        put: (rowStart, found) =>
          found instanceof Float64Array ? values.set(found, rowStart) : cells(rowStart, found),
      };
    }
    case 'int64': {
      const values = new BigInt64Array(rows);
      const valid = new Uint8Array(rows);
      const cells = filler(name, (row, value) => {
        values[row] = toInt64(name, value as number | bigint);
        valid[row] = 1;
      });
      const put: Sink['put'] = (rowStart, found) => {
        if (!(found instanceof BigInt64Array)) {
          cells(rowStart, found);
          return;
        }
        values.set(found, rowStart);
        valid.fill(1, rowStart, rowStart + found.length);
      };
      return { column: { type, values, valid }, put };
    }
    case 'bool': {
      const values = new Int8Array(rows).fill(-1);
      return { column: { type, values }, put: filler(name, (row, value) => (values[row] = value ? 1 : 0)) };
    }
    case 'string':
      return textSink(name, rows);
  }
}

function textSink(name: string, rows: number): Sink<ScalarColumn> {
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
      if (typeof value === 'object') throw noPlainValues(name);
      take(rowStart + i, value);
    }
  };
}

function noPlainValues(name: string): WorkbenchError {
  return new WorkbenchError('DATA_INVALID', `The column "${name}" holds values that are no plain numbers or texts.`);
}

function typeOf({ type, converted_type: converted, logical_type: logical }: SchemaElement): ScalarType {
  const isTime = converted === 'DATE' || converted?.startsWith('TIMESTAMP') === true || type === 'INT96';
  if (isTime || logical?.type === 'TIMESTAMP' || logical?.type === 'DATE') return 'timestamp';
  if (converted === 'DECIMAL' || logical?.type === 'DECIMAL' || logical?.type === 'FLOAT16') return 'float64';
  if (type === 'BOOLEAN') return 'bool';
  if (type === 'BYTE_ARRAY' || type === 'FIXED_LEN_BYTE_ARRAY') return 'string';
  return type === 'INT64' ? 'int64' : 'float64';
}
