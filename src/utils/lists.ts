import type { ListColumn, ScalarCell, ScalarColumn } from './columns';
import { invariant } from './errors';

/** Checks that offsets rise from 0 to the number of elements, and that missing lists hold none. */
export function checkList(name: string, { offsets, valid, items }: ListColumn): void {
  const rows = offsets.length - 1;
  const elements = items.type === 'string' ? items.codes.length : items.values.length;
  const spans = offsets[0] === 0 && offsets[rows] === elements && (valid?.length ?? rows) === rows;
  invariant(spans, () => `the lists of column ${name} do not span its ${elements} elements`);
  for (let row = 0; row < rows; row++) {
    const length = (offsets[row + 1] as number) - (offsets[row] as number);
    invariant(valid?.[row] === 0 ? length === 0 : length >= 0, () => `row ${row} of column ${name} is no list`);
  }
}

export function listAt(
  { offsets, valid, items }: ListColumn,
  row: number,
  itemAt: (items: ScalarColumn, at: number) => ScalarCell,
): readonly ScalarCell[] | null {
  if (row < 0 || row >= offsets.length - 1 || valid?.[row] === 0) return null;
  const begin = offsets[row] as number;
  return Array.from({ length: (offsets[row + 1] as number) - begin }, (_, at) => itemAt(items, begin + at));
}

export function presentLists({ offsets, valid }: ListColumn): number {
  return valid ? valid.reduce((sum, there) => sum + (there === 0 ? 0 : 1), 0) : offsets.length - 1;
}

/** Lists picked by row, in the order given; missing where the row is -1. */
export function takeLists(
  { offsets, valid, items }: ListColumn,
  rows: ArrayLike<number>,
  takeItems: (items: ScalarColumn, picked: Int32Array) => ScalarColumn,
): ListColumn {
  const taken = new Int32Array(rows.length + 1);
  const there = new Uint8Array(rows.length);
  let missing = 0;
  for (let i = 0; i < rows.length; i++) {
    const row = rows[i] as number;
    const absent = row < 0 || valid?.[row] === 0;
    if (absent) missing += 1;
    else there[i] = 1;
    const length = absent ? 0 : (offsets[row + 1] as number) - (offsets[row] as number);
    taken[i + 1] = (taken[i] as number) + length;
  }
  const picked = new Int32Array(taken[rows.length] as number);
  for (let i = 0; i < rows.length; i++) {
    if (there[i] === 0) continue;
    let from = offsets[rows[i] as number] as number;
    for (let at = taken[i] as number; at < (taken[i + 1] as number); at++) picked[at] = from++;
  }
  return listColumn(taken, missing > 0 ? there : undefined, takeItems(items, picked));
}

/** Lists one below the other. */
export function concatLists(
  columns: readonly ListColumn[],
  concatItems: (items: readonly ScalarColumn[]) => ScalarColumn,
): ListColumn {
  const rows = columns.reduce((sum, { offsets }) => sum + offsets.length - 1, 0);
  const offsets = new Int32Array(rows + 1);
  const there = new Uint8Array(rows).fill(1);
  let at = 0;
  for (const column of columns) {
    const before = offsets[at] as number;
    for (let row = 1; row < column.offsets.length; row++) offsets[at + row] = before + (column.offsets[row] as number);
    if (column.valid) there.set(column.valid, at);
    at += column.offsets.length - 1;
  }
  return listColumn(offsets, there.includes(0) ? there : undefined, concatItems(columns.map(({ items }) => items)));
}

/** A list as JSON text; `textOf` writes its elements. All digits of whole numbers stay, and infinities are texts. */
export function listText(list: readonly ScalarCell[], textOf: (item: ScalarCell) => string = itemText): string {
  return `[${list.map(textOf).join(',')}]`;
}

function itemText(item: ScalarCell): string {
  if (typeof item === 'bigint' || Object.is(item, -0)) return Object.is(item, -0) ? '-0' : String(item);
  return JSON.stringify(item === Infinity || item === -Infinity ? String(item) : item);
}

/** Lists from lists of cells; null is a missing one. */
export function listsOf(
  lists: readonly (readonly ScalarCell[] | null)[],
  itemsOf: (cells: readonly ScalarCell[]) => ScalarColumn,
): ListColumn {
  const offsets = new Int32Array(lists.length + 1);
  lists.forEach((list, row) => (offsets[row + 1] = (offsets[row] as number) + (list?.length ?? 0)));
  const valid = Uint8Array.from(lists, (list) => (list ? 1 : 0));
  return listColumn(offsets, valid.includes(0) ? valid : undefined, itemsOf(lists.flatMap((list) => list ?? [])));
}

function listColumn(offsets: Int32Array, valid: Uint8Array | undefined, items: ScalarColumn): ListColumn {
  return valid ? { type: 'list', offsets, valid, items } : { type: 'list', offsets, items };
}
