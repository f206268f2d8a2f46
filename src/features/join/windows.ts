import { checkpoint, type Control } from '../../utils/control';
import { columnLength, takeOrMissing, toFloat64, type Column } from '../../utils/columns';
import type { AggregateFunction, Micros } from '../types';
import { KeyIndex } from './key-index';
import { lastAtOrBefore, type Moments } from './pick';
import type { TimeOrder } from './time-order';

export interface Window {
  readonly function: AggregateFunction;
  /** Microseconds: events in (moment - length, moment] count. */
  readonly length: Micros;
  /** Whether an event counts only if its created time is at or before the moment. */
  readonly leakSafe: boolean;
}

/** Events by key and time, and what is aggregated of each row of the source. */
export interface WindowSource {
  readonly order: TimeOrder;
  readonly values: Column;
}

const CHUNK = 65536;

/**
 * A window's value at each moment, exact: every event of the window is looked at, oldest first. Missing values are
 * passed over as SQL's aggregates do; of nothing, count and distinct are 0 and the rest is missing. Missing where the
 * moment has no key or no time.
 */
export async function aggregateWindows(
  source: WindowSource,
  moments: Moments,
  window: Window,
  control: Control,
): Promise<Column> {
  const reducer = reducerOf(source.values, window.function, moments.codes.length);
  const events = new WindowEvents(source, window);
  for (let at = 0; at < moments.codes.length; at++) {
    if (at % CHUNK === 0) await checkpoint(control);
    const code = moments.codes[at] as number;
    const time = moments.times[at] as number;
    if (code >= 0 && !Number.isNaN(time)) reducer.put(at, events.of(code, time));
  }
  return reducer.column();
}

/** Finds the rows of a window. */
class WindowEvents {
  readonly #order: TimeOrder;
  readonly #window: Window;
  readonly #present: Uint8Array;
  #rows = new Int32Array(256);

  constructor({ order, values }: WindowSource, window: Window) {
    this.#order = order;
    this.#window = window;
    this.#present = presence(values);
  }

  /** Rows of the source with a value, oldest first; good until the next call. */
  of(code: number, time: Micros): Int32Array {
    const { starts, event, created, rows } = this.#order;
    const { length, leakSafe } = this.#window;
    const segment = { begin: starts[code] as number, end: starts[code + 1] as number };
    const last = lastAtOrBefore(event, segment, time);
    const before = lastAtOrBefore(event, segment, time - length);
    const first = before < 0 ? segment.begin : before + 1;
    if (last - first >= this.#rows.length) this.#rows = new Int32Array(2 * (last - first + 1));
    let count = 0;
    for (let place = first; place <= last; place++) {
      if (leakSafe && created && !((created[place] as number) <= time)) continue;
      const row = rows[place] as number;
      if (this.#present[row]) this.#rows[count++] = row;
    }
    return this.#rows.subarray(0, count);
  }
}

function presence(column: Column): Uint8Array {
  switch (column.type) {
    case 'int64':
      return column.valid ?? new Uint8Array(column.values.length).fill(1);
    case 'string':
      return Uint8Array.from(column.codes, (code) => (code < 0 ? 0 : 1));
    case 'bool':
      return Uint8Array.from(column.values, (value) => (value < 0 ? 0 : 1));
    case 'list':
      return column.valid ?? new Uint8Array(columnLength(column)).fill(1);
    default:
      return Uint8Array.from(column.values, (value) => (Number.isNaN(value) ? 0 : 1));
  }
}

interface Reducer {
  put(at: number, rows: Int32Array): void;
  column(): Column;
}

function reducerOf(column: Column, what: AggregateFunction, moments: number): Reducer {
  switch (what) {
    case 'count':
      return numbers(moments, (rows) => rows.length);
    case 'distinct':
      return numbers(moments, distinctIn(new KeyIndex([column], presence(column).length).codes));
    case 'sum':
      return column.type === 'int64' ? wholeSums(column.values, moments) : numbers(moments, sumOf(toFloat64(column)));
    case 'mean': {
      const sum = sumOf(toFloat64(column));
      return numbers(moments, (rows) => sum(rows) / rows.length);
    }
    case 'last':
      return picks(column, moments, (rows) => rows[rows.length - 1] ?? -1);
    case 'min':
      return picks(column, moments, extreme(column, -1));
    case 'max':
      return picks(column, moments, extreme(column, 1));
  }
}

function numbers(moments: number, reduce: (rows: Int32Array) => number): Reducer {
  const values = new Float64Array(moments).fill(NaN);
  return { put: (at, rows) => (values[at] = reduce(rows)), column: () => ({ type: 'float64', values }) };
}

function picks(column: Column, moments: number, pick: (rows: Int32Array) => number): Reducer {
  const picked = new Int32Array(moments).fill(-1);
  return { put: (at, rows) => (picked[at] = pick(rows)), column: () => takeOrMissing(column, picked) };
}

function wholeSums(values: BigInt64Array, moments: number): Reducer {
  const sums = new BigInt64Array(moments);
  const valid = new Uint8Array(moments);
  const put = (at: number, rows: Int32Array) => {
    valid[at] = rows.length > 0 ? 1 : 0;
    for (const row of rows) sums[at] = (sums[at] as bigint) + (values[row] as bigint);
  };
  return { put, column: () => ({ type: 'int64', values: sums, valid }) };
}

function sumOf(values: Float64Array): (rows: Int32Array) => number {
  return (rows) => {
    let sum = 0;
    for (const row of rows) sum += values[row] as number;
    return rows.length === 0 ? NaN : sum;
  };
}

function distinctIn(codes: Int32Array): (rows: Int32Array) => number {
  return (rows) => new Set(Array.from(rows, (row) => codes[row])).size;
}

/** The row with the least (-1) or greatest (1) value, the oldest of equal ones. */
function extreme(column: Column, side: -1 | 1): (rows: Int32Array) => number {
  const values: ArrayLike<number | bigint> = column.type === 'int64' ? column.values : toFloat64(column);
  return (rows) => {
    let best = rows[0] ?? -1;
    for (const row of rows) {
      const value = values[row] as number | bigint;
      const held = values[best] as number | bigint;
      if (side < 0 ? value < held : value > held) best = row;
    }
    return best;
  };
}
