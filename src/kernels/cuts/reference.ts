const RADIX_FROM = 2048;
const BUCKETS = 2048;
const MASK = 2047;

/**
 * Cut values of one column, ascending. Bin(x) is the index of the first cut strictly greater than x, and `x < cut` goes
 * left at a split (XGBoost, dmlc/xgboost:src/common/hist_util.h). The last cut is a sentinel above every value:
 * max + (|max| + 1e-5) in float32.
 *
 * - At most `maxBin` different values: every value but the smallest, then the sentinel.
 * - More: the values at ranks i * n / maxBin, i = 1..maxBin - 1, of the exactly sorted column, kept strictly increasing
 *   (the rule of XGBoost 3.3, dmlc/xgboost:src/common/quantile.h, on an exact summary).
 * - No value at all: one cut, 1e-5.
 *
 * @param present values without NaN, any order; left unchanged. Finite.
 * @param maxBin most bins, 2..256.
 * @param sort the twin of `sortFloat32` to use.
 */
export function makeCuts(
  present: Float32Array,
  maxBin: number,
  sort: (values: Float32Array) => Float32Array = sortFloat32,
): Float32Array {
  const n = present.length;
  if (n === 0) return Float32Array.of(1e-5);
  const sorted = sort(present);
  const cuts = distinctCuts(sorted, maxBin) ?? quantileCuts(sorted, maxBin);
  const largest = sorted[n - 1] as number;
  cuts.push(Math.fround(largest + Math.fround(Math.abs(largest) + Math.fround(1e-5))));
  return Float32Array.from(cuts);
}

function distinctCuts(sorted: Float32Array, maxBin: number): number[] | null {
  const cuts: number[] = [];
  let last = sorted[0] as number;
  for (let i = 1; i < sorted.length; i++) {
    const value = sorted[i] as number;
    if (value === last) continue;
    if (cuts.length === maxBin - 1) return null;
    cuts.push(value);
    last = value;
  }
  return cuts;
}

function quantileCuts(sorted: Float32Array, maxBin: number): number[] {
  const cuts: number[] = [];
  let last = sorted[0] as number;
  for (let i = 1; i < maxBin; i++) {
    const value = sorted[Math.floor((i * sorted.length) / maxBin)] as number;
    if (value > last) cuts.push((last = value));
  }
  return cuts;
}

/** A sorted copy, ascending; -0 before 0. Radix sort on the bits, 11 at a time, for long arrays. No NaN. */
export function sortFloat32(values: Float32Array): Float32Array {
  if (values.length < RADIX_FROM) return values.slice().sort();
  const keys = new Uint32Array(values.slice().buffer);
  const spare = new Uint32Array(keys.length);
  const counts = [new Uint32Array(BUCKETS), new Uint32Array(BUCKETS), new Uint32Array(BUCKETS)] as const;
  for (let i = 0; i < keys.length; i++) {
    const bits = keys[i] as number;
    const key = bits >>> 31 ? ~bits >>> 0 : (bits | 0x80000000) >>> 0;
    keys[i] = key;
    add(counts[0], key & MASK);
    add(counts[1], (key >>> 11) & MASK);
    add(counts[2], key >>> 22);
  }
  for (const digit of counts) toStarts(digit);
  scatter(keys, spare, counts[0], 0);
  scatter(spare, keys, counts[1], 11);
  scatter(keys, spare, counts[2], 22);
  for (let i = 0; i < spare.length; i++) {
    const key = spare[i] as number;
    spare[i] = key >>> 31 ? (key ^ 0x80000000) >>> 0 : ~key >>> 0;
  }
  return new Float32Array(spare.buffer);
}

function add(counts: Uint32Array, at: number): void {
  counts[at] = (counts[at] as number) + 1;
}

function toStarts(counts: Uint32Array): void {
  let sum = 0;
  for (let i = 0; i < counts.length; i++) {
    const count = counts[i] as number;
    counts[i] = sum;
    sum += count;
  }
}

function scatter(from: Uint32Array, into: Uint32Array, starts: Uint32Array, shift: number): void {
  for (let i = 0; i < from.length; i++) {
    const key = from[i] as number;
    const bucket = (key >>> shift) & MASK;
    const at = starts[bucket] as number;
    into[at] = key;
    starts[bucket] = at + 1;
  }
}
