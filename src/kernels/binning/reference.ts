/**
 * Bins of a table, one byte a cell, four columns to a 32-bit word so that one load serves four histogram updates.
 * Column f sits in byte f % 4 (lowest first) of word (f >> 2) * rowCount + row. The last group is padded with columns
 * of bin 0 whose sums land in a slot of their own.
 */
export interface PackedBins {
  readonly rowCount: number;
  readonly featureCount: number;
  /** [groupCount * rowCount] */
  readonly words: Int32Array;
  readonly groupCount: number;
  /** [4 * groupCount] first histogram slot of each column; padding points at slot `slotCount`. */
  readonly slotOffsets: Int32Array;
  /** [featureCount] value bins of each column; a column with missing values keeps the code after them for "missing". */
  readonly binCounts: Int32Array;
  /** [featureCount] the code that means missing, -1 where the column has none. */
  readonly missingCodes: Int32Array;
  /** Slots of all columns together, without the one for padding. */
  readonly slotCount: number;
}

/** Room for `binCounts.length` columns, all cells in bin 0. */
export function makePackedBins(rowCount: number, binCounts: Int32Array, hasMissing: Uint8Array): PackedBins {
  const featureCount = binCounts.length;
  const groupCount = Math.ceil(featureCount / 4);
  const slotOffsets = new Int32Array(4 * groupCount);
  const missingCodes = new Int32Array(featureCount).fill(-1);
  let slotCount = 0;
  for (let f = 0; f < featureCount; f++) {
    const bins = binCounts[f] as number;
    slotOffsets[f] = slotCount;
    slotCount += bins;
    if (hasMissing[f]) {
      missingCodes[f] = bins;
      slotCount++;
    }
  }
  slotOffsets.fill(slotCount, featureCount);
  const words = new Int32Array(groupCount * rowCount);
  return { rowCount, featureCount, words, groupCount, slotOffsets, binCounts, missingCodes, slotCount };
}

/**
 * Bins one column in place: the index of the first cut strictly greater than the value, values past the last cut in
 * the last bin, NaN as the column's missing code. The column must not have been binned before.
 */
export function binColumn(packed: PackedBins, feature: number, values: Float32Array, cuts: Float32Array): void {
  const { words, rowCount } = packed;
  const base = (feature >> 2) * rowCount;
  const shift = (feature & 3) << 3;
  const missing = packed.missingCodes[feature] as number;
  const last = cuts.length - 1;
  for (let row = 0; row < rowCount; row++) {
    const value = values[row] as number;
    let bin = missing;
    if (value === value) {
      bin = 0;
      let length = last;
      while (length > 0) {
        const half = length >>> 1;
        if ((cuts[bin + half] as number) <= value) {
          bin += half + 1;
          length -= half + 1;
        } else length = half;
      }
    }
    words[base + row] = (words[base + row] as number) | (bin << shift);
  }
}
