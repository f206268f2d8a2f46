/** Rows of a source by key, oldest first. Rows without a key or an event time are not in it. */
export interface TimeOrder {
  /** Rows of the source: those of key k stand at starts[k] to starts[k + 1]. */
  readonly rows: Int32Array;
  /** [keys + 1] */
  readonly starts: Int32Array;
  /** Event time of each place in `rows`. */
  readonly event: Float64Array;
  /** Created time of each place, NaN where missing; null where the source has none. */
  readonly created: Float64Array | null;
}

export interface TimedRows {
  /** Key number of each row, -1 for rows to leave out. */
  readonly codes: Int32Array;
  /** Different keys. */
  readonly size: number;
  readonly event: Float64Array;
  readonly created: Float64Array | null;
}

const BITS = 65536;
const WORD = 4294967296;

/** Orders by key, event time, created time (missing first) and place in the source. */
export function timeOrder({ codes, size, event, created }: TimedRows): TimeOrder {
  let rows = present(codes, event);
  if (created) rows = byTime(rows, created);
  rows = byTime(rows, event);
  const starts = new Int32Array(size + 1);
  for (let i = 0; i < rows.length; i++) (starts[(codes[rows[i] as number] as number) + 1] as number)++;
  for (let key = 0; key < size; key++) starts[key + 1] = (starts[key + 1] as number) + (starts[key] as number);
  const next = starts.slice();
  const ordered = new Int32Array(rows.length);
  for (let i = 0; i < rows.length; i++) {
    const row = rows[i] as number;
    ordered[(next[codes[row] as number] as number)++] = row;
  }
  return { rows: ordered, starts, event: pick(event, ordered), created: created && pick(created, ordered) };
}

function pick(values: Float64Array, rows: Int32Array): Float64Array {
  const picked = new Float64Array(rows.length);
  for (let i = 0; i < rows.length; i++) picked[i] = values[rows[i] as number] as number;
  return picked;
}

function present(codes: Int32Array, event: Float64Array): Int32Array {
  const rows = new Int32Array(codes.length);
  let count = 0;
  for (let row = 0; row < codes.length; row++) {
    if ((codes[row] as number) >= 0 && !Number.isNaN(event[row])) rows[count++] = row;
  }
  return rows.subarray(0, count);
}

/** A stable sort by whole microseconds, missing first: 16 bits at a time, and nothing where the order is right already. */
function byTime(rows: Int32Array, times: Float64Array): Int32Array {
  const bounds = boundsOf(rows, times);
  if (bounds.ordered) return rows;
  const low = new Uint32Array(times.length);
  const high = new Uint32Array(times.length);
  for (let i = 0; i < rows.length; i++) {
    const row = rows[i] as number;
    const time = times[row] as number;
    if (Number.isNaN(time)) continue;
    const offset = time - bounds.least + 1;
    const upper = Math.floor(offset / WORD);
    high[row] = upper;
    low[row] = offset - upper * WORD;
  }
  const span = bounds.most - bounds.least + 1;
  let sorted = pass(rows, low, 0);
  if (span >= BITS) sorted = pass(sorted, low, 16);
  if (span >= WORD) sorted = pass(sorted, high, 0);
  if (span >= WORD * BITS) sorted = pass(sorted, high, 16);
  return sorted;
}

function boundsOf(rows: Int32Array, times: Float64Array): { least: number; most: number; ordered: boolean } {
  let least = Infinity;
  let most = -Infinity;
  let before = -Infinity;
  let ordered = true;
  for (let i = 0; i < rows.length; i++) {
    const time = times[rows[i] as number] as number;
    const place = Number.isNaN(time) ? -Infinity : time;
    if (place < before) ordered = false;
    before = place;
    if (time < least) least = time;
    if (time > most) most = time;
  }
  return { least, most, ordered };
}

/** One round of a counting sort by the 16 bits of each row's word from `shift` on. */
function pass(rows: Int32Array, words: Uint32Array, shift: number): Int32Array {
  const next = new Int32Array(BITS + 1);
  for (let i = 0; i < rows.length; i++) {
    (next[(((words[rows[i] as number] as number) >>> shift) & 0xffff) + 1] as number)++;
  }
  for (let digit = 0; digit < BITS; digit++) next[digit + 1] = (next[digit + 1] as number) + (next[digit] as number);
  const out = new Int32Array(rows.length);
  for (let i = 0; i < rows.length; i++) {
    const row = rows[i] as number;
    out[(next[((words[row] as number) >>> shift) & 0xffff] as number)++] = row;
  }
  return out;
}
