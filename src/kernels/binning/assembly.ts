// Bins of one column, in both layouts: row by row for histograms, column by column for partitions.

/** Writes byte `feature` of each row of `rowMajor` from `column`. */
export function spreadCodes(column: usize, count: usize, rowMajor: usize, stride: usize): void {
  for (let i: usize = 0; i < count; i++) store<u8>(rowMajor + i * stride, load<u8>(column + i));
}

/** The upper 16 bits of a number that is ordered as the float is; -0 counts as 0. */
function prefix(value: f32): usize {
  const bits = reinterpret<u32>(value + <f32>0);
  return <usize>((bits ^ ((<u32>((<i32>bits) >> 31)) | 0x80000000)) >> 16);
}

/** For each prefix p, at `first` + 2 * p, how many cuts have a smaller one; 65537 entries of 16 bits. */
function indexCuts(cuts: usize, last: i32, first: usize): void {
  let next: usize = 0;
  for (let i = 0; i < last; i++) {
    const until = prefix(load<f32>(cuts + ((<usize>i) << 2)));
    for (; next <= until; next++) store<u16>(first + (next << 1), <u16>i);
  }
  for (; next <= 65536; next++) store<u16>(first + (next << 1), <u16>last);
}

/**
 * The number of cuts at or below each value, at most `last`; NaN gets `missing`. Writes byte `feature` of each row of
 * `rowMajor` and all of `column`. Returns 1 when a value lies beyond the last cut. Only the cuts that share a value's
 * prefix are compared with it; `first` has room for 65537 numbers of 16 bits.
 */
export function binColumn(
  values: usize,
  count: usize,
  cuts: usize,
  last: i32,
  missing: i32,
  rowMajor: usize,
  stride: usize,
  column: usize,
  first: usize,
): i32 {
  indexCuts(cuts, last, first);
  let beyond: i32 = 0;
  const largest = load<f32>(cuts + ((<usize>last) << 2));
  let cell = rowMajor;
  for (let i: usize = 0; i < count; i++) {
    const value = load<f32>(values + (i << 2));
    const place = first + (prefix(value) << 1);
    let at = cuts + ((<usize>load<u16>(place)) << 2);
    let length = (((<usize>load<u16>(place, 2)) << 2) + cuts - at) >> 2;
    while (length > 0) {
      const half = length >> 1;
      const above: bool = load<f32>(at + (half << 2)) <= value;
      at = select<usize>(at + ((half + 1) << 2), at, above);
      length = select<usize>(length - half - 1, half, above);
    }
    const code = select<i32>(<i32>((at - cuts) >> 2), missing, value == value);
    beyond |= <i32>(value >= largest);
    store<u8>(cell, <u8>code);
    store<u8>(column + i, <u8>code);
    cell += stride;
  }
  return beyond;
}
