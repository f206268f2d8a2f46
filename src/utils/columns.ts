import { WorkbenchError, invariant } from './errors';
import { checkList, concatLists, listAt, listText, presentLists, takeLists } from './lists';

/**
 * A column of single values. Missing values are: NaN in `float64` and `timestamp`, -1 in `bool` and in the codes of
 * `string`, and 0 in the `valid` mask of `int64` (no mask means all present).
 */
export type ScalarColumn =
  | { readonly type: 'float64'; readonly values: Float64Array }
  | { readonly type: 'int64'; readonly values: BigInt64Array; readonly valid?: Uint8Array }
  /** Whole microseconds since 1970-01-01 UTC, exact in float64 until the year 2255. */
  | { readonly type: 'timestamp'; readonly values: Float64Array }
  | { readonly type: 'bool'; readonly values: Int8Array }
  | { readonly type: 'string'; readonly codes: Int32Array; readonly dictionary: readonly string[] };

/** A column of lists, whose elements lie one after the other in `items`. */
export interface ListColumn {
  readonly type: 'list';
  /** [rows + 1], from 0 to the length of `items`: the list of a row is items offsets[row] to offsets[row + 1]. */
  readonly offsets: Int32Array;
  /** 0 where the list itself is missing, which is no empty list; it holds no elements then. Absent: all are there. */
  readonly valid?: Uint8Array;
  /** Elements, which may be missing. */
  readonly items: ScalarColumn;
}

/** One column of a table. */
export type Column = ScalarColumn | ListColumn;

export type ScalarType = ScalarColumn['type'];
export type ColumnType = Column['type'];
export type ScalarCell = number | bigint | boolean | string | null;
/** A value, a list of values (of which some may be null), or null. */
export type Cell = ScalarCell | readonly ScalarCell[];

/** Columns of equal length, in order. A Map, so that a column may be called `__proto__`. */
export interface Table {
  readonly rowCount: number;
  readonly columns: ReadonlyMap<string, Column>;
}

export function columnLength(column: Column): number {
  if (column.type === 'list') return column.offsets.length - 1;
  return column.type === 'string' ? column.codes.length : column.values.length;
}

/** Checks that all columns are equally long. */
export function makeTable(columns: Iterable<readonly [string, Column]>): Table {
  const given = [...columns];
  const map = new Map(given);
  invariant(map.size === given.length, () => `two columns of one name among ${given.map(([name]) => name).join(', ')}`);
  let rowCount = -1;
  for (const [name, column] of map) {
    if (column.type === 'list') checkList(name, column);
    const length = columnLength(column);
    invariant(rowCount === -1 || rowCount === length, () => `column ${name} has ${length} rows, expected ${rowCount}`);
    rowCount = length;
  }
  return { rowCount: Math.max(rowCount, 0), columns: map };
}

/** The value at `row`, null when missing; bool as boolean, timestamp in microseconds. */
export function cellAt(column: ScalarColumn, row: number): ScalarCell;
export function cellAt(column: Column, row: number): Cell;
export function cellAt(column: Column, row: number): Cell {
  return column.type === 'list' ? listAt(column, row, scalarAt) : scalarAt(column, row);
}

function scalarAt(column: ScalarColumn, row: number): ScalarCell {
  switch (column.type) {
    case 'float64':
    case 'timestamp': {
      const value = column.values[row] ?? NaN;
      return Number.isNaN(value) ? null : value;
    }
    case 'int64':
      return column.valid && !column.valid[row] ? null : (column.values[row] ?? null);
    case 'bool': {
      const value = column.values[row] ?? -1;
      return value < 0 ? null : value === 1;
    }
    case 'string':
      return column.dictionary[column.codes[row] ?? -1] ?? null;
  }
}

/** A value as people read it: lists as JSON, times in microseconds; null as "missing". */
export function cellText(cell: Cell): string {
  if (cell === null) return 'missing';
  return typeof cell === 'object' ? listText(cell) : String(cell);
}

/** Whether two values are the same; lists are when their elements are, in order. */
export function sameCell(a: Cell, b: Cell): boolean {
  if (a === null || b === null || typeof a !== 'object' || typeof b !== 'object') return a === b;
  return a.length === b.length && a.every((item, at) => item === b[at]);
}

/** How many values are not missing. */
export function presentIn(column: Column): number {
  let present = 0;
  switch (column.type) {
    case 'list':
      return presentLists(column);
    case 'int64': {
      if (!column.valid) return column.values.length;
      for (let row = 0; row < column.valid.length; row++) present += column.valid[row] === 0 ? 0 : 1;
      return present;
    }
    case 'string': {
      for (let row = 0; row < column.codes.length; row++) present += (column.codes[row] as number) < 0 ? 0 : 1;
      return present;
    }
    case 'bool': {
      for (let row = 0; row < column.values.length; row++) present += (column.values[row] as number) < 0 ? 0 : 1;
      return present;
    }
    default: {
      for (let row = 0; row < column.values.length; row++) present += Number.isNaN(column.values[row]) ? 0 : 1;
      return present;
    }
  }
}

/** The column called `name`; throws a bug when absent, so check user input first. */
export function columnOf(table: Table, name: string): Column {
  const column = table.columns.get(name);
  invariant(column, () => `no column ${name}; there are ${[...table.columns.keys()].join(', ')}`);
  return column;
}

/** A float64 view of a number-like column: bool as 0/1, missing as NaN. Strings are a bug; lists throw DATA_INVALID. */
export function toFloat64(column: Column): Float64Array {
  switch (column.type) {
    case 'float64':
    case 'timestamp':
      return column.values;
    case 'bool':
      return Float64Array.from(column.values, (value) => (value < 0 ? NaN : value));
    case 'int64':
      return Float64Array.from(column.values, (value, row) =>
        column.valid && !column.valid[row] ? NaN : Number(value),
      );
    case 'string':
      throw new Error('invariant: a string column has no numbers');
    case 'list':
      throw new WorkbenchError(
        'DATA_INVALID',
        'A column of lists has no single numbers. Take a number of each list by an expression: an element (name[1]), its length (len(name)) or its mean (list_avg(name)).',
      );
  }
}

/** Rows picked by index, in the order given; dictionaries are shared. */
export function takeRows(table: Table, rows: ArrayLike<number>): Table {
  return makeTable([...table.columns].map(([name, column]) => [name, takeColumn(column, rows)] as const));
}

function takeColumn(column: ScalarColumn, rows: ArrayLike<number>): ScalarColumn;
function takeColumn(column: Column, rows: ArrayLike<number>): Column;
function takeColumn(column: Column, rows: ArrayLike<number>): Column {
  if (column.type === 'list') return takeLists(column, rows, takeColumn);
  const pick = <A extends { [index: number]: unknown }>(from: A, into: A): A => {
    for (let i = 0; i < rows.length; i++) into[i] = from[rows[i] as number];
    return into;
  };
  const n = rows.length;
  switch (column.type) {
    case 'float64':
    case 'timestamp':
      return { type: column.type, values: pick(column.values, new Float64Array(n)) };
    case 'int64':
      return column.valid
        ? {
            type: 'int64',
            values: pick(column.values, new BigInt64Array(n)),
            valid: pick(column.valid, new Uint8Array(n)),
          }
        : { type: 'int64', values: pick(column.values, new BigInt64Array(n)) };
    case 'bool':
      return { type: 'bool', values: pick(column.values, new Int8Array(n)) };
    case 'string':
      return { type: 'string', codes: pick(column.codes, new Int32Array(n)), dictionary: column.dictionary };
  }
}

/** Rows picked by index, in the order given; missing where the index is -1. Dictionaries are shared. */
export function takeOrMissing(column: ScalarColumn, rows: Int32Array): ScalarColumn;
export function takeOrMissing(column: Column, rows: Int32Array): Column;
export function takeOrMissing(column: Column, rows: Int32Array): Column {
  const n = rows.length;
  switch (column.type) {
    case 'float64':
    case 'timestamp':
      return { type: column.type, values: pickOr(NaN, column.values, rows, new Float64Array(n)) };
    case 'bool':
      return { type: 'bool', values: pickOr(-1, column.values, rows, new Int8Array(n)) };
    case 'string':
      return {
        type: 'string',
        codes: pickOr(-1, column.codes, rows, new Int32Array(n)),
        dictionary: column.dictionary,
      };
    case 'int64':
      return takeWholeOrMissing(column, rows);
    case 'list':
      return takeLists(column, rows, takeOrMissing);
  }
}

/** Plain loops: `from` with a function is several times slower on a million rows. */
function pickOr<A extends Float64Array | Int32Array | Int8Array>(
  missing: number,
  from: A,
  rows: Int32Array,
  into: A,
): A {
  for (let i = 0; i < rows.length; i++) {
    const row = rows[i] as number;
    into[i] = row < 0 ? missing : (from[row] as number);
  }
  return into;
}

function takeWholeOrMissing({ values, valid }: Extract<Column, { type: 'int64' }>, rows: Int32Array): Column {
  const taken = new BigInt64Array(rows.length);
  const there = new Uint8Array(rows.length);
  let missing = 0;
  for (let i = 0; i < rows.length; i++) {
    const row = rows[i] as number;
    if (row < 0 || valid?.[row] === 0) {
      missing += 1;
      continue;
    }
    taken[i] = values[row] as bigint;
    there[i] = 1;
  }
  return missing > 0 ? { type: 'int64', values: taken, valid: there } : { type: 'int64', values: taken };
}

/** A string column from text values, dictionary in order of first appearance. */
export function stringColumn(values: Iterable<string | null>): Extract<Column, { type: 'string' }> {
  const codeOf = new Map<string, number>();
  const codes: number[] = [];
  for (const value of values) {
    if (value === null) {
      codes.push(-1);
      continue;
    }
    let code = codeOf.get(value);
    if (code === undefined) codeOf.set(value, (code = codeOf.size));
    codes.push(code);
  }
  return { type: 'string', codes: Int32Array.from(codes), dictionary: [...codeOf.keys()] };
}

/** Tables with the same columns, one below the other. A single table is returned as it is. */
export function concatTables(tables: readonly Table[]): Table {
  const [first, ...rest] = tables;
  invariant(first, () => 'no tables to join');
  if (rest.length === 0) return first;
  return makeTable(
    [...first.columns.keys()].map(
      (name) => [name, concatColumns(tables.map((table) => columnOf(table, name)))] as const,
    ),
  );
}

function concatColumns(columns: readonly Column[]): Column {
  const lists = columns.flatMap((column) => (column.type === 'list' ? [column] : []));
  const scalars = columns.flatMap((column) => (column.type === 'list' ? [] : [column]));
  invariant(lists.length === 0 || scalars.length === 0, () => 'columns of different types');
  return lists.length > 0 ? concatLists(lists, concatScalars) : concatScalars(scalars);
}

/** Columns of single values, one below the other. */
export function concatScalars(columns: readonly ScalarColumn[]): ScalarColumn {
  const total = columns.reduce((sum, column) => sum + columnLength(column), 0);
  const [first] = columns;
  invariant(first && columns.every((column) => column.type === first.type), () => 'columns of different types');
  switch (first.type) {
    case 'float64':
    case 'timestamp':
      return {
        type: first.type,
        values: joinArrays(
          columns.flatMap((c) => (c.type === first.type ? [c.values] : [])),
          new Float64Array(total),
        ),
      };
    case 'bool':
      return {
        type: 'bool',
        values: joinArrays(
          columns.flatMap((c) => (c.type === 'bool' ? [c.values] : [])),
          new Int8Array(total),
        ),
      };
    case 'int64': {
      const parts = columns.flatMap((c) => (c.type === 'int64' ? [c] : []));
      const values = joinArrays(
        parts.map((part) => part.values),
        new BigInt64Array(total),
      );
      if (parts.every((part) => !part.valid)) return { type: 'int64', values };
      const valid = joinArrays(
        parts.map((part) => part.valid ?? new Uint8Array(part.values.length).fill(1)),
        new Uint8Array(total),
      );
      return { type: 'int64', values, valid };
    }
    case 'string':
      return concatStrings(columns, total);
  }
}

function joinArrays<A extends { set(from: A, offset: number): void; readonly length: number }>(
  parts: readonly A[],
  into: A,
): A {
  let offset = 0;
  for (const part of parts) {
    into.set(part, offset);
    offset += part.length;
  }
  return into;
}

function concatStrings(columns: readonly ScalarColumn[], total: number): ScalarColumn {
  const codeOf = new Map<string, number>();
  const codes = new Int32Array(total);
  let at = 0;
  for (const column of columns) {
    if (column.type !== 'string') continue;
    const map = column.dictionary.map((value) => {
      const known = codeOf.get(value);
      if (known !== undefined) return known;
      codeOf.set(value, codeOf.size);
      return codeOf.size - 1;
    });
    for (const code of column.codes) codes[at++] = code < 0 ? -1 : (map[code] ?? -1);
  }
  return { type: 'string', codes, dictionary: [...codeOf.keys()] };
}
