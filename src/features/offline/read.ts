import { sha256Hex } from '../../utils/hash';
import { columnOf, concatTables, makeTable, takeRows, type Column, type Table } from '../../utils/columns';
import { WorkbenchError } from '../../utils/errors';
import { compactTable } from './dictionaries';
import { rowsIn } from './write';
import type { Partition, PartitionSource } from './types';

/** Rows with the number that each has in its table; ascending. */
export interface NumberedRows {
  readonly rows: Table;
  readonly numbers: Float64Array;
}

/**
 * The rows of partitions of one table, in the order in which they came. Each file is held against its hash. Throws
 * STORAGE_CORRUPT for what is damaged or missing; `details.missing` is true where a file is gone, which is no damage when
 * another tab has put partitions together since their list was read.
 */
export async function readPartitions(store: PartitionSource, partitions: readonly Partition[]): Promise<NumberedRows> {
  const parts: NumberedRows[] = [];
  for (const partition of placeRows(partitions)) parts.push(await readPart(store, partition));
  return mergeParts(parts);
}

/** Partitions in order, with the first row's number of those that do not say it. */
export function placeRows(partitions: readonly Partition[]): readonly (Partition & { readonly first: number })[] {
  const sorted = [...partitions].sort(
    (a, b) => (a.first ?? -1) - (b.first ?? -1) || a.sequence - b.sequence || (a.path < b.path ? -1 : 1),
  );
  let next = 0;
  return sorted.map((partition) => {
    const first = partition.first ?? next;
    next += partition.rows;
    return { ...partition, first };
  });
}

async function readPart(
  { files, arrow }: PartitionSource,
  partition: Partition & { readonly first: number },
): Promise<NumberedRows> {
  const bytes = await files.read(partition.path);
  if (!bytes || sha256Hex(bytes) !== partition.digest) throw corrupt(partition, bytes === undefined);
  const table = await arrow.decode(bytes);
  const { first, rows: count } = partition;
  if (table.rowCount !== count) throw corrupt(partition, false);
  if (isWhole(partition))
    return { rows: table, numbers: Float64Array.from({ length: count }, (_, row) => first + row) };
  const columns = [...table.columns];
  const numbers = columns.pop()?.[1];
  if (numbers?.type !== 'float64') throw corrupt(partition, false);
  return { rows: makeTable(columns), numbers: numbers.values };
}

/** Whether no other partition holds rows between its first and its last. */
function isWhole({ first, last, rows }: Partition): boolean {
  return first === null || last === null || last - first + 1 === rows;
}

function corrupt(partition: Partition, missing: boolean): WorkbenchError {
  return new WorkbenchError(
    'STORAGE_CORRUPT',
    `Part of the table ${partition.table} of ${partition.model} is ${missing ? 'missing' : 'damaged'} in this browser's storage (${partition.path}). Run the Data stage again to make it anew.`,
    { missing, path: partition.path },
  );
}

function mergeParts(parts: readonly NumberedRows[]): NumberedRows {
  const [only] = parts;
  if (only && parts.length === 1) return only;
  const order = mergedOrder(parts);
  const names = [...(only?.rows.columns.keys() ?? [])];
  // Column by column, so that only one is in memory twice.
  const columns = names.map((name): readonly [string, Column] => {
    const one = parts.map(({ rows }) => makeTable([[name, columnOf(rows, name)] as const]));
    const joined = concatTables(one);
    const sorted = order === null ? joined : takeRows(joined, order);
    return [name, columnOf(compactTable(sorted), name)];
  });
  return { rows: makeTable(columns), numbers: mergedNumbers(parts, order) };
}

function mergedNumbers(parts: readonly NumberedRows[], order: Int32Array | null): Float64Array {
  const numbers = new Float64Array(parts.reduce((sum, part) => sum + part.numbers.length, 0));
  let next = 0;
  for (const part of parts) {
    numbers.set(part.numbers, next);
    next += part.numbers.length;
  }
  return order === null ? numbers : numbers.sort();
}

/** For each row, where it stands in the parts one after the other; null when they are in order as they are. */
function mergedOrder(parts: readonly NumberedRows[]): Int32Array | null {
  let [rows, most, inOrder] = [0, -1, true];
  for (const { numbers } of parts) {
    rows += numbers.length;
    if (numbers.length === 0) continue;
    inOrder &&= (numbers[0] as number) > most;
    most = Math.max(most, numbers[numbers.length - 1] as number);
  }
  if (inOrder) return null;
  const at = new Int32Array(most + 1).fill(-1);
  let next = 0;
  for (const { numbers } of parts) for (let i = 0; i < numbers.length; i++) at[numbers[i] as number] = next++;
  const order = new Int32Array(rows);
  let found = 0;
  for (const place of at) if (place >= 0 && found < rows) order[found++] = place;
  if (found === rows) return order;
  throw new WorkbenchError(
    'STORAGE_CORRUPT',
    "Two partitions of a table hold the same rows in this browser's storage. Run the Data stage again to make it anew.",
  );
}

/** Whether the partitions hold the table's first rows, every one of them. */
export function isBeginning(partitions: readonly Partition[]): boolean {
  const last = placeRows(partitions).reduce((most, one) => Math.max(most, one.last ?? one.first + one.rows - 1), -1);
  return last + 1 === rowsIn(partitions);
}
