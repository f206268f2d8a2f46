// Stable partition of a row segment by one column of bins.

/**
 * Rows whose code is at most `lastLeft`, or missing where `missingLeft` says so, come first; both sides keep their
 * order. `missing` is a code, 256 for none. Returns where the right side begins. `spare` has room for the segment.
 */
export function partitionRows(
  column: usize,
  rows: usize,
  begin: usize,
  end: usize,
  lastLeft: i32,
  missing: i32,
  missingLeft: i32,
  spare: usize,
): usize {
  const last = rows + (end << 2);
  let left = rows + (begin << 2);
  let right = spare;
  const missingAs: i32 = missingLeft ? 0 : 256;
  for (let at = left; at < last; at += 4) {
    const row = load<u32>(at);
    const code = <i32>load<u8>(column + <usize>row);
    const goesLeft: usize = <usize>(select<i32>(missingAs, code, code == missing) <= lastLeft);
    store<u32>(left, row);
    store<u32>(right, row);
    left += goesLeft << 2;
    right += (1 - goesLeft) << 2;
  }
  memory.copy(left, spare, right - spare);
  return (left - rows) >> 2;
}

/** The same by a table of 256 bytes: codes with a 1 go right. */
export function partitionRowsByCode(
  column: usize,
  rows: usize,
  begin: usize,
  end: usize,
  codesRight: usize,
  spare: usize,
): usize {
  const last = rows + (end << 2);
  let left = rows + (begin << 2);
  let right = spare;
  for (let at = left; at < last; at += 4) {
    const row = load<u32>(at);
    const goesRight: usize = <usize>load<u8>(codesRight + <usize>load<u8>(column + <usize>row));
    store<u32>(left, row);
    store<u32>(right, row);
    left += (1 - goesRight) << 2;
    right += goesRight << 2;
  }
  memory.copy(left, spare, right - spare);
  return (left - rows) >> 2;
}
