import { codeAt, type PackedBins } from '../binning/reference';
import type { RowSegment } from '../histogram/reference';
import type { BinSplit } from '../types';

/**
 * Stable partition of a row segment in place: rows that go left first, both sides in their former order. `spare` is at
 * least as long as the segment. Returns where the right side begins.
 */
export function partitionRows(bins: PackedBins, split: BinSplit, segment: RowSegment, spare: Int32Array): number {
  const { rows, begin, end } = segment;
  const { words } = bins;
  const base = (split.feature >> 2) * bins.rowCount;
  const shift = (split.feature & 3) << 3;
  const missing = bins.missingCodes[split.feature] as number;
  const missingAs = split.defaultLeft ? 0 : 256;
  const last = split.bin;
  let left = begin;
  let right = 0;
  for (let i = begin; i < end; i++) {
    const row = rows[i] as number;
    let bin = ((words[base + row] as number) >>> shift) & 255;
    if (bin === missing) bin = missingAs;
    if (bin <= last) rows[left++] = row;
    else spare[right++] = row;
  }
  for (let i = 0; i < right; i++) rows[left + i] = spare[i] as number;
  return left;
}

/** The same by a table of 256: codes with a 1 go right. */
export function partitionRowsByCode(
  bins: PackedBins,
  { feature, right }: { readonly feature: number; readonly right: Uint8Array },
  { rows, begin, end }: RowSegment,
  spare: Int32Array,
): number {
  let left = begin;
  let count = 0;
  for (let i = begin; i < end; i++) {
    const row = rows[i] as number;
    if (right[codeAt(bins, feature, row)] === 1) spare[count++] = row;
    else rows[left++] = row;
  }
  for (let i = 0; i < count; i++) rows[left + i] = spare[i] as number;
  return left;
}
