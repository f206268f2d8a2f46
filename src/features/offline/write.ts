import { sha256Hex } from '../../utils/hash';
import { columnLength, makeTable, takeRows, type Column, type Table } from '../../utils/columns';
import { checkpoint, type Control } from '../../utils/control';
import { WorkbenchError } from '../../utils/errors';
import { chooseGranularity, rowsByDate, type DatedRows } from './dates';
import { compactTable } from './dictionaries';
import type { Partition, PartitionSink } from './types';

/** Rows that a raw table gets. */
export interface NewRows {
  readonly model: string;
  readonly table: string;
  /** Columns as the table has them; they are taken in its order. */
  readonly rows: Table;
  /** The table's partitions so far; none for a new table. */
  readonly before: readonly Partition[];
  /** The column of event times of a new table; null where it has none. Others keep theirs. */
  readonly timeColumn: string | null;
  /** Higher than those before. */
  readonly sequence: number;
}

/**
 * Writes rows as new partitions, one a date, and answers with their records. Nothing is committed: the caller puts the
 * records into the table `partitions` in one transaction, or deletes the files.
 */
export async function writePartitions(
  store: PartitionSink,
  call: NewRows,
  control: Control,
): Promise<readonly Partition[]> {
  const { model, table, before, sequence } = call;
  const rows = compactTable(call.rows);
  const known = before.find((partition) => partition.time_column !== null);
  const timeColumn = known?.time_column ?? call.timeColumn;
  const times = timesOf(call, timeColumn);
  const granularity = times === null ? null : (known?.granularity ?? chooseGranularity(times));
  const groups = times === null || granularity === null ? [undated(rows.rowCount)] : rowsByDate(times, granularity);
  const start = rowsIn(before);
  const made: Partition[] = [];
  for (const group of groups.length > 0 ? groups : [undated(0)]) {
    await checkpoint(control, {
      label: `storing ${table}${group.date === null ? '' : `, ${group.date}`}`,
      done: made.length,
      total: groups.length,
    });
    const numbers = Float64Array.from(group.rows, (row) => start + row);
    const part = groups.length === 1 ? rows : compactTable(takeRows(rows, group.rows));
    const place = { model, table, sequence, date: group.date, dated: granularity !== null };
    const file = await writeFile(store, place, { rows: part, numbers });
    const bounds = { from: group.from, to: group.to, first: file.first ?? start, last: file.last ?? start - 1 };
    made.push({ ...file.stored, ...bounds, time_column: timeColumn, granularity, date: group.date });
  }
  return made;
}

/** Rows there are in partitions of one table. */
export function rowsIn(partitions: readonly Partition[]): number {
  return partitions.reduce((sum, partition) => sum + partition.rows, 0);
}

function undated(count: number): DatedRows {
  return { date: null, rows: Int32Array.from({ length: count }, (_, row) => row), from: null, to: null };
}

function timesOf({ table, rows }: NewRows, timeColumn: string | null): Float64Array | null {
  if (timeColumn === null) return null;
  const column = rows.columns.get(timeColumn);
  if (column?.type === 'timestamp') return column.values;
  throw new WorkbenchError(
    'DATA_INVALID',
    `The table "${table}" is kept by the date of "${timeColumn}", which ${column ? `is ${column.type} here, not a time` : 'these rows do not have'}.`,
  );
}

/** Where a partition file goes. */
export interface PartitionPlace {
  readonly model: string;
  readonly table: string;
  readonly sequence: number;
  readonly date: string | null;
  /** Whether the table is kept by dates. */
  readonly dated: boolean;
}

/** Writes one file under its content's name; rows whose numbers have gaps take them along. */
export async function writeFile(
  { files, arrow }: PartitionSink,
  place: PartitionPlace,
  { rows, numbers }: { readonly rows: Table; readonly numbers: Float64Array },
): Promise<{
  readonly stored: Pick<Partition, 'model' | 'table' | 'path' | 'rows' | 'bytes' | 'digest' | 'sequence'>;
  readonly first: number | null;
  readonly last: number | null;
}> {
  const { model, table, sequence } = place;
  const first = numbers[0] ?? null;
  const last = numbers.at(-1) ?? null;
  const whole = first === null || last === null || last - first + 1 === numbers.length;
  const bytes = await arrow.encode(whole ? rows : withNumbers(rows, numbers));
  const digest = sha256Hex(bytes);
  const folder = `offline/${model}/raw/${table}/${place.dated ? `date=${place.date ?? 'none'}/` : ''}`;
  const path = `${folder}${String(sequence).padStart(4, '0')}-${digest.slice(0, 24)}.arrow`;
  await files.write(path, bytes);
  const stored = { model, table, path, rows: rows.rowCount, bytes: bytes.byteLength, digest, sequence };
  return { stored, first, last };
}

function withNumbers(table: Table, numbers: Float64Array): Table {
  let name = '__row';
  while (table.columns.has(name)) name = `_${name}`;
  return makeTable([...table.columns, [name, { type: 'float64', values: numbers }] as const]);
}

/** Bytes that a table takes in memory, about. */
export function tableBytes(table: Table): number {
  let bytes = 0;
  for (const column of table.columns.values()) bytes += columnBytes(column);
  return bytes;
}

function columnBytes(column: Column): number {
  switch (column.type) {
    case 'list':
      return column.offsets.byteLength + columnBytes(column.items);
    case 'string':
      return column.dictionary.reduce((sum, text) => sum + 32 + 2 * text.length, column.codes.byteLength);
    case 'int64':
      return column.values.byteLength + (column.valid ? columnLength(column) : 0);
    default:
      return column.values.byteLength;
  }
}
