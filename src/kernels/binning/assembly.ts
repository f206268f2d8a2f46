// Bins of one column, in both layouts: row by row for histograms, column by column for partitions.

/** Writes byte `feature` of each row of `rowMajor` from `column`. */
export function spreadCodes(column: usize, count: usize, rowMajor: usize, stride: usize): void {
  for (let i: usize = 0; i < count; i++) store<u8>(rowMajor + i * stride, load<u8>(column + i));
}

/**
 * The number of cuts at or below each value, at most `last`; NaN gets `missing`. Writes byte `feature` of each row of
 * `rowMajor` and all of `column`. Returns 1 when a value lies beyond the last cut.
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
): i32 {
  let beyond: i32 = 0;
  const end = cuts + ((<usize>last) << 2);
  const largest = load<f32>(end);
  let cell = rowMajor;
  for (let i: usize = 0; i < count; i++) {
    const value = load<f32>(values + (i << 2));
    let at = cuts;
    let length = <usize>last;
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
