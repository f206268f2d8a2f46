import type { PackedBins } from '../binning/reference';
import type { BinLayout } from '../types';

/** A stretch of a row list: rows[begin..end). */
export interface RowSegment {
  readonly rows: Int32Array;
  begin: number;
  end: number;
}

/** Length of a histogram: one (hessian, gradient) pair of whole numbers a slot, and those that padding columns fall into. */
export function histogramLength({ slotCount, slotOffsets }: BinLayout): number {
  return 2 * (Math.max(slotCount, slotOffsets.at(-1) ?? 0) + 1);
}

/**
 * Adds the quantised pairs of a segment to the histogram of the four columns of `group`. Sums of whole numbers are
 * exact, so the order of rows and any split of them between workers do not matter.
 */
export function accumulateGroup(
  histogram: Int32Array,
  { words, rowCount, slotOffsets }: PackedBins,
  { quantised, group }: { readonly quantised: Int32Array; readonly group: number },
  { rows, begin, end }: RowSegment,
): void {
  const base = group * rowCount;
  const slot0 = 2 * (slotOffsets[4 * group] as number);
  const slot1 = 2 * (slotOffsets[4 * group + 1] as number);
  const slot2 = 2 * (slotOffsets[4 * group + 2] as number);
  const slot3 = 2 * (slotOffsets[4 * group + 3] as number);
  for (let i = begin; i < end; i++) {
    const row = rows[i] as number;
    const h = quantised[2 * row] as number;
    const g = quantised[2 * row + 1] as number;
    const word = words[base + row] as number;
    const a = slot0 + ((word & 255) << 1);
    const b = slot1 + ((word >>> 7) & 510);
    const c = slot2 + ((word >>> 15) & 510);
    const d = slot3 + ((word >>> 23) & 510);
    histogram[a] = (histogram[a] as number) + h;
    histogram[a + 1] = (histogram[a + 1] as number) + g;
    histogram[b] = (histogram[b] as number) + h;
    histogram[b + 1] = (histogram[b + 1] as number) + g;
    histogram[c] = (histogram[c] as number) + h;
    histogram[c + 1] = (histogram[c + 1] as number) + g;
    histogram[d] = (histogram[d] as number) + h;
    histogram[d + 1] = (histogram[d + 1] as number) + g;
  }
}

/** parent -= child, in place: what is left is the other child. */
export function subtractHistogram(parent: Int32Array, child: Int32Array): void {
  for (let i = 0; i < parent.length; i++) parent[i] = (parent[i] as number) - (child[i] as number);
}
