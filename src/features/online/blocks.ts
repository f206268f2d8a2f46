import {
  columnOf,
  concatTables,
  makeTable,
  takeRows,
  type Column,
  type ScalarColumn,
  type Table,
} from '../../utils/columns';
import { hash32 } from '../../utils/hash';
import type { OnlineRows } from './tables';

/** Rows a block holds on average at most. */
const FULL = 96;

/** Blocks for so many rows: the least power of two that keeps them from being too full. */
export function blocksFor(rows: number): number {
  let blocks = 1;
  while (rows > FULL * blocks) blocks *= 2;
  return blocks;
}

/** The block of a key among `blocks`, a power of two. */
export function blockOf(key: string, blocks: number): number {
  return hash32(key) & (blocks - 1);
}

/** Row numbers by part; those of part p stand at starts[p] to starts[p + 1]. */
export function partRows(
  keys: readonly string[],
  parts: number,
  partOf: (key: string) => number,
): { readonly rows: Int32Array; readonly starts: Int32Array } {
  const own = Int32Array.from(keys, partOf);
  const starts = new Int32Array(parts + 1);
  for (let row = 0; row < own.length; row++) (starts[(own[row] as number) + 1] as number)++;
  for (let part = 0; part < parts; part++) starts[part + 1] = (starts[part + 1] as number) + (starts[part] as number);
  const next = starts.slice();
  const rows = new Int32Array(own.length);
  for (let row = 0; row < own.length; row++) rows[(next[own[row] as number] as number)++] = row;
  return { rows, starts };
}

/** The place of a key in a block; -1 when it is not there. */
export function findKey(keys: readonly string[], key: string): number {
  let low = 0;
  let high = keys.length;
  while (low < high) {
    const middle = (low + high) >>> 1;
    if ((keys[middle] as string) < key) low = middle + 1;
    else high = middle;
  }
  return keys[low] === key ? low : -1;
}

/**
 * Rows of both in order of their keys, the newest of each key: by event time, then created time, then the moment its
 * windows end at; where all are equal, the last one written. `written` counts those that came in.
 */
export function mergeRows(
  before: OnlineRows | null,
  incoming: OnlineRows,
): { readonly rows: OnlineRows; readonly written: number } {
  const all = before ? joinRows(before, incoming) : incoming;
  const held = before?.keys.length ?? 0;
  const order = Int32Array.from(all.keys.keys()).sort((a, b) => compare(all, a, b));
  let count = 0;
  let written = 0;
  order.forEach((row, place) => {
    if (all.keys[row] === all.keys[order[place + 1] ?? -1]) return;
    order[count++] = row;
    if (row >= held) written += 1;
  });
  return { rows: copyRows(all, order.subarray(0, count)), written };
}

function compare({ keys, event, created, asOf }: OnlineRows, a: number, b: number): number {
  const one = keys[a] as string;
  const other = keys[b] as string;
  if (one !== other) return one < other ? -1 : 1;
  return (
    (event[a] as number) - (event[b] as number) ||
    (created[a] as number) - (created[b] as number) ||
    (asOf ? (asOf[a] as number) - (asOf[b] as number) : 0) ||
    a - b
  );
}

/** Rows one below the other, with the columns of the second. */
function joinRows(first: OnlineRows, second: OnlineRows): OnlineRows {
  const keys = [...first.keys, ...second.keys];
  const asOf =
    first.asOf || second.asOf ? joined(first.asOf ?? first.created, second.asOf ?? second.created, keys.length) : null;
  return {
    keys,
    event: joined(first.event, second.event, keys.length),
    created: joined(first.created, second.created, keys.length),
    asOf,
    values: concatTables([likeColumns(first.values, second.values), second.values]),
  };
}

function joined(first: Float64Array, second: Float64Array, length: number): Float64Array {
  const all = new Float64Array(length);
  all.set(first);
  all.set(second, first.length);
  return all;
}

/** The same columns in the order of `model`; those that hold numbers take its type, which may be times. */
function likeColumns(table: Table, model: Table): Table {
  return makeTable(
    [...model.columns].map(([name, { type }]) => {
      const column = columnOf(table, name);
      const retyped = type === 'timestamp' && column.type === 'float64' ? { type, values: column.values } : column;
      return [name, retyped] as const;
    }),
  );
}

/** Rows picked by number, in arrays and dictionaries of their own: a stored view would drag along all that it shares. */
export function copyRows(rows: OnlineRows, picked: Int32Array): OnlineRows {
  const times = (from: Float64Array) => Float64Array.from(picked, (row) => from[row] as number);
  return {
    keys: Array.from(picked, (row) => rows.keys[row] as string),
    event: times(rows.event),
    created: times(rows.created),
    asOf: rows.asOf && times(rows.asOf),
    values: ownTexts(takeRows(rows.values, picked)),
  };
}

/** The same table, its dictionaries without texts that no row has. */
export function ownTexts({ rowCount, columns }: Table): Table {
  const own = [...columns].map(([name, column]): [string, Column] => [
    name,
    column.type === 'list' ? { ...column, items: ownItems(column.items) } : ownItems(column),
  ]);
  return { rowCount, columns: new Map(own) };
}

function ownItems(column: ScalarColumn): ScalarColumn {
  if (column.type !== 'string') return column;
  const codeOf = new Map<number, number>();
  const codes = column.codes.map((code) => {
    if (code < 0) return -1;
    const known = codeOf.get(code);
    if (known === undefined) codeOf.set(code, codeOf.size);
    return known ?? codeOf.size - 1;
  });
  return { type: 'string', codes, dictionary: Array.from(codeOf.keys(), (code) => column.dictionary[code] ?? '') };
}
