import type { BinLayout } from '../types';

/**
 * Bins of a table, one byte a cell, four columns to a 32-bit word so that one load serves four histogram updates.
 * Column f sits in byte f % 4 (lowest first) of word (f >> 2) * rowCount + row. The last group is padded with columns
 * of bin 0 whose sums land in a slot of their own.
 */
export interface PackedBins extends BinLayout {
  /** [groupCount * rowCount] */
  readonly words: Int32Array;
}

/** Slots of a column where columns are padded: a code is a byte. */
const CODES = 256;
/** Padding may make histograms so many times longer. */
const MOST_PADDING = 1.5;

/**
 * Slots of columns with so many value bins each, and a slot more where values are missing. Where most columns need nearly
 * all 256, each gets 256: code c of column f is then slot 256 f + c without a look at any table.
 */
export function binLayout(rowCount: number, binCounts: Int32Array, hasMissing: Uint8Array): BinLayout {
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
  const padded = CODES * featureCount <= MOST_PADDING * slotCount;
  if (padded) {
    slotOffsets.forEach((_, f) => (slotOffsets[f] = CODES * f));
    slotCount = CODES * featureCount;
  }
  return { rowCount, featureCount, groupCount, slotOffsets, binCounts, missingCodes, slotCount, padded };
}

/** Room for all columns, all cells in bin 0. */
export function makePackedBins(layout: BinLayout): PackedBins {
  return { ...layout, words: new Int32Array(layout.groupCount * layout.rowCount) };
}

/** The code of one cell. */
export function codeAt({ words, rowCount }: PackedBins, feature: number, row: number): number {
  return ((words[(feature >> 2) * rowCount + row] as number) >>> ((feature & 3) << 3)) & 255;
}

/** Puts the codes of one column, which must not have any yet. */
export function setCodes({ words, rowCount }: PackedBins, feature: number, codes: Uint8Array): void {
  const base = (feature >> 2) * rowCount;
  const shift = (feature & 3) << 3;
  for (let row = 0; row < rowCount; row++) {
    words[base + row] = (words[base + row] as number) | ((codes[row] as number) << shift);
  }
}

/**
 * Bins one column in place: the index of the first cut strictly greater than the value, values past the last cut in
 * the last bin, NaN as the column's missing code. The column must not have been binned before. Returns whether a value
 * lies beyond the last cut.
 */
export function binColumn(packed: PackedBins, feature: number, values: Float32Array, cuts: Float32Array): boolean {
  const { words, rowCount } = packed;
  const base = (feature >> 2) * rowCount;
  const shift = (feature & 3) << 3;
  const missing = packed.missingCodes[feature] as number;
  const last = cuts.length - 1;
  const largest = cuts[last] as number;
  let beyond = false;
  for (let row = 0; row < rowCount; row++) {
    const value = values[row] as number;
    let bin = missing;
    if (value === value) {
      bin = 0;
      if (value >= largest) beyond = true;
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
  return beyond;
}
