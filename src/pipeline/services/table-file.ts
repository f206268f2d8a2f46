import { castColumn, textAt } from '../../data/cast-column';
import { readCsv } from '../../data/csv/read-csv';
import { csvPieces } from '../../data/csv/write-csv';
import type { CsvOptions, CsvResult } from '../../data/types';
import type { Table } from '../../utils/columns';
import { checkpoint, type Control } from '../../utils/control';
import { WorkbenchError } from '../../utils/errors';
import { utf8Bytes } from '../../utils/utf8';
import type { Host } from '../platform';
import type { TableFormat } from '../store/types';

/** Files larger than this are not read: the table made of one would not fit into a tab's memory. */
export const LARGEST_FILE = 2_000_000_000;
const FIRST_ROWS = 20;
const CSV_ENDINGS = ['csv', 'tsv', 'txt'];
const ARROW_ENDINGS = ['arrow', 'feather', 'ipc'];

/** What `readTableFile` found; the CSV's own facts are null for other formats. */
export interface ReadTable extends Pick<CsvResult, 'table' | 'warnings' | 'firstRows'> {
  readonly format: TableFormat;
  readonly csv: Pick<CsvResult, 'delimiter' | 'encoding' | 'decimal'> | null;
}

/** `knownTypes` counts for CSV only: in other formats columns have types of their own. */
export interface TableFileCall extends Pick<
  CsvOptions,
  'types' | 'knownTypes' | 'mixedZones' | 'textColumns' | 'singleColumn'
> {
  readonly fileName: string;
  readonly bytes: Uint8Array;
}

/** What a file holds: by the ending of its name, else by its first bytes, else CSV. */
export function formatOf({ fileName, bytes }: Pick<TableFileCall, 'fileName' | 'bytes'>): TableFormat {
  const ending = /\.([^.]*)$/.exec(fileName.toLowerCase())?.[1] ?? '';
  if (CSV_ENDINGS.includes(ending)) return 'csv';
  if (ARROW_ENDINGS.includes(ending)) return 'arrow';
  if (ending === 'parquet' || ending === 'pq') return 'parquet';
  const magic = String.fromCharCode(...bytes.subarray(0, 6));
  return magic.startsWith('PAR1') ? 'parquet' : magic === 'ARROW1' ? 'arrow' : 'csv';
}

/** The table in a file: CSV, Parquet or Arrow by its ending. Throws a sentence that begins with the file's name. */
export async function readTableFile(host: Host, call: TableFileCall, control: Control): Promise<ReadTable> {
  const { fileName, bytes, types } = call;
  const format = formatOf(call);
  refuseLarge(fileName, bytes.byteLength);
  if (format === 'csv') {
    const read = await readCsv(bytes, call, control);
    const { table, warnings, firstRows, delimiter, encoding, decimal } = read;
    return { format, table, warnings, firstRows, csv: { delimiter, encoding, decimal } };
  }
  await checkpoint(control, { label: `reading ${fileName}`, done: 0, total: 0 });
  const codec = format === 'parquet' ? host.parquet : host.arrow;
  const decoded = await about(fileName, () => codec.decode(bytes));
  if (decoded.rowCount === 0 || decoded.columns.size === 0) {
    throw new WorkbenchError('DATA_INVALID', `${fileName} holds no rows. Bring a table with at least one.`);
  }
  const table = casted(decoded, types);
  return { format, table, warnings: [], firstRows: textRows(table), csv: null };
}

function refuseLarge(fileName: string, size: number): void {
  if (size <= LARGEST_FILE) return;
  throw new WorkbenchError(
    'DATA_INVALID',
    `${fileName} has ${(size / 1e9).toFixed(1)} GB; at most ${LARGEST_FILE / 1e9} GB are read in one tab. Split the file, or keep the columns that matter.`,
  );
}

async function about<T>(fileName: string, work: () => Promise<T>): Promise<T> {
  try {
    return await work();
  } catch (error) {
    if (!(error instanceof WorkbenchError)) throw error;
    throw new WorkbenchError('DATA_INVALID', `${fileName}: ${error.message}`, error.details, { cause: error });
  }
}

function casted(table: Table, types: CsvOptions['types'] = {}): Table {
  const columns = [...table.columns].map(([name, column]) => {
    const type = Object.hasOwn(types, name) ? types[name] : undefined;
    return [name, type === undefined ? column : castColumn(name, column, type)] as const;
  });
  return { rowCount: table.rowCount, columns: new Map(columns) };
}

function textRows(table: Table): readonly (readonly string[])[] {
  return Array.from({ length: Math.min(table.rowCount, FIRST_ROWS) }, (_, row) =>
    [...table.columns.values()].map((column) => textAt(column, row) ?? ''),
  );
}

/** A table as the bytes of a file. */
export async function tableFileBytes(host: Host, table: Table, format: TableFormat): Promise<Uint8Array> {
  if (format !== 'csv') return (format === 'parquet' ? host.parquet : host.arrow).encode(table);
  const pieces: Uint8Array[] = [];
  for (const text of csvPieces(table)) {
    await host.pause();
    pieces.push(utf8Bytes(text));
  }
  const bytes = new Uint8Array(pieces.reduce((sum, piece) => sum + piece.byteLength, 0));
  let at = 0;
  for (const piece of pieces) {
    bytes.set(piece, at);
    at += piece.byteLength;
  }
  return bytes;
}
