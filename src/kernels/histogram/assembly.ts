// Histograms of packed pairs. A slot is 8 bytes: the hessian sum in the low half, the gradient sum in the high half.
// One 64-bit addition serves both: hessians are never negative and stay below 2^31, so nothing carries over.

/** Rows whose cells are asked for together before they are added. */
const BLOCK: usize = 32;

/** Keeps what `touch` reads from being optimised away. */
let touched: i64 = 0;

/**
 * Reads a byte of the first and the last cell line and the pair of each row. Rows of a deep node lie far apart: asked
 * for one by one, each would wait for memory; asked for together they wait once.
 */
function touch(bins: usize, stride: usize, from: usize, to: usize, pairs: usize): void {
  let sum: i64 = 0;
  for (let at = from; at < to; at += 4) {
    const row: usize = load<u32>(at);
    const cells = bins + row * stride;
    sum += <i64>load<u8>(cells) + <i64>load<u8>(cells + stride - 1) + load<i64>(pairs + (row << 3));
  }
  touched = sum;
}

/** Adds rows[begin..end) to `histogram`. `offsets` holds the first byte of each column's slots, padding columns too. */
export function buildHistogram(
  bins: usize,
  stride: usize,
  rows: usize,
  begin: usize,
  end: usize,
  pairs: usize,
  offsets: usize,
  histogram: usize,
): void {
  const last = rows + (end << 2);
  for (let block = rows + (begin << 2); block < last; block += BLOCK << 2) {
    const stop = min(block + (BLOCK << 2), last);
    touch(bins, stride, block, stop, pairs);
    addRows(bins, stride, block, stop, pairs, offsets, histogram);
  }
}

function addRows(
  bins: usize,
  stride: usize,
  from: usize,
  to: usize,
  pairs: usize,
  offsets: usize,
  histogram: usize,
): void {
  for (let at = from; at < to; at += 4) {
    const row: usize = load<u32>(at);
    const pair = load<i64>(pairs + (row << 3));
    let cell = bins + row * stride;
    const stop = cell + stride;
    let offset = offsets;
    while (cell < stop) {
      const word = load<u32>(cell);
      const a: usize = histogram + <usize>load<u32>(offset) + (((<usize>word) & 255) << 3);
      store<i64>(a, load<i64>(a) + pair);
      const b: usize = histogram + <usize>load<u32>(offset, 4) + ((((<usize>word) >> 8) & 255) << 3);
      store<i64>(b, load<i64>(b) + pair);
      const c: usize = histogram + <usize>load<u32>(offset, 8) + ((((<usize>word) >> 16) & 255) << 3);
      store<i64>(c, load<i64>(c) + pair);
      const d: usize = histogram + <usize>load<u32>(offset, 12) + (((<usize>word) >> 24) << 3);
      store<i64>(d, load<i64>(d) + pair);
      cell += 4;
      offset += 16;
    }
  }
}

/** The same where each column has 256 slots: 2048 bytes. */
export function buildPaddedHistogram(
  bins: usize,
  stride: usize,
  rows: usize,
  begin: usize,
  end: usize,
  pairs: usize,
  histogram: usize,
): void {
  const last = rows + (end << 2);
  for (let block = rows + (begin << 2); block < last; block += BLOCK << 2) {
    const stop = min(block + (BLOCK << 2), last);
    touch(bins, stride, block, stop, pairs);
    addPaddedRows(bins, stride, block, stop, pairs, histogram);
  }
}

function addPaddedRows(bins: usize, stride: usize, from: usize, to: usize, pairs: usize, histogram: usize): void {
  for (let at = from; at < to; at += 4) {
    const row: usize = load<u32>(at);
    const pair = load<i64>(pairs + (row << 3));
    let cell = bins + row * stride;
    const stop = cell + stride;
    let slots = histogram;
    while (cell < stop) {
      const a: usize = slots + ((<usize>load<u8>(cell)) << 3);
      store<i64>(a, load<i64>(a) + pair);
      const b: usize = slots + ((<usize>load<u8>(cell, 1)) << 3);
      store<i64>(b, load<i64>(b, 2048) + pair, 2048);
      const c: usize = slots + ((<usize>load<u8>(cell, 2)) << 3);
      store<i64>(c, load<i64>(c, 4096) + pair, 4096);
      const d: usize = slots + ((<usize>load<u8>(cell, 3)) << 3);
      store<i64>(d, load<i64>(d, 6144) + pair, 6144);
      cell += 4;
      slots += 8192;
    }
  }
}

/** The same for some groups of four columns: groups[0..count). */
export function buildHistogramOfGroups(
  bins: usize,
  stride: usize,
  rows: usize,
  begin: usize,
  end: usize,
  pairs: usize,
  offsets: usize,
  histogram: usize,
  groups: usize,
  count: usize,
): void {
  const last = rows + (end << 2);
  const lastGroup = groups + (count << 2);
  for (let at = rows + (begin << 2); at < last; at += 4) {
    const row: usize = load<u32>(at);
    const pair = load<i64>(pairs + (row << 3));
    const cells = bins + row * stride;
    for (let group = groups; group < lastGroup; group += 4) {
      const g: usize = load<u32>(group);
      const word = load<u32>(cells + (g << 2));
      const offset = offsets + (g << 4);
      const a: usize = histogram + <usize>load<u32>(offset) + (((<usize>word) & 255) << 3);
      store<i64>(a, load<i64>(a) + pair);
      const b: usize = histogram + <usize>load<u32>(offset, 4) + ((((<usize>word) >> 8) & 255) << 3);
      store<i64>(b, load<i64>(b) + pair);
      const c: usize = histogram + <usize>load<u32>(offset, 8) + ((((<usize>word) >> 16) & 255) << 3);
      store<i64>(c, load<i64>(c) + pair);
      const d: usize = histogram + <usize>load<u32>(offset, 12) + (((<usize>word) >> 24) << 3);
      store<i64>(d, load<i64>(d) + pair);
    }
  }
}

/** parent -= child over `bytes` bytes, a multiple of 16. */
export function subtractHistogram(parent: usize, child: usize, bytes: usize): void {
  for (let at: usize = 0; at < bytes; at += 16) {
    v128.store(parent + at, i64x2.sub(v128.load(parent + at), v128.load(child + at)));
  }
}

/** into += from over `bytes` bytes, a multiple of 16. */
export function addHistogram(into: usize, from: usize, bytes: usize): void {
  for (let at: usize = 0; at < bytes; at += 16) {
    v128.store(into + at, i64x2.add(v128.load(into + at), v128.load(from + at)));
  }
}

/** Zeros. */
export function clearBytes(start: usize, bytes: usize): void {
  memory.fill(start, 0, bytes);
}
