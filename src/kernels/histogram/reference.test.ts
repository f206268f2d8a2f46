import fc from 'fast-check';
import { expect, it } from 'vitest';
import { binLayout, makePackedBins } from '../binning/reference';
import { accumulateGroup, histogramLength, subtractHistogram } from './reference';

const ROWS = 40;

function randomBins(codes: readonly (readonly number[])[]) {
  const counts = Int32Array.from(codes, () => 8);
  const bins = makePackedBins(binLayout(ROWS, counts, new Uint8Array(codes.length)));
  codes.forEach((column, f) =>
    column.forEach((code, row) => {
      const at = (f >> 2) * ROWS + row;
      bins.words[at] = (bins.words[at] ?? 0) | (code << ((f & 3) * 8));
    }),
  );
  return bins;
}

const columns = fc.array(fc.array(fc.integer({ min: 0, max: 7 }), { minLength: ROWS, maxLength: ROWS }), {
  minLength: 1,
  maxLength: 6,
});
const sums = fc.array(fc.integer({ min: -1000, max: 1000 }), { minLength: 2 * ROWS, maxLength: 2 * ROWS });

function build(bins: ReturnType<typeof randomBins>, quantised: Int32Array, rows: Int32Array): Int32Array {
  const histogram = new Int32Array(histogramLength(bins));
  for (let group = 0; group < bins.groupCount; group++) {
    accumulateGroup(histogram, bins, { quantised, group }, { rows, begin: 0, end: rows.length });
  }
  return histogram;
}

it('sums pairs by slot', () => {
  fc.assert(
    fc.property(columns, sums, fc.subarray([...Array(ROWS).keys()]), (codes, values, picked) => {
      const bins = randomBins(codes);
      const histogram = build(bins, Int32Array.from(values), Int32Array.from(picked));
      codes.forEach((column, f) => {
        for (let code = 0; code < 8; code++) {
          const rows = picked.filter((row) => column[row] === code);
          const at = 2 * ((bins.slotOffsets[f] ?? 0) + code);
          expect(histogram[at]).toBe(rows.reduce((sum, row) => sum + (values[2 * row] ?? 0), 0));
          expect(histogram[at + 1]).toBe(rows.reduce((sum, row) => sum + (values[2 * row + 1] ?? 0), 0));
        }
      });
    }),
  );
});

it('is the same in any order of rows, and parent minus child is the other child', () => {
  fc.assert(
    fc.property(columns, sums, fc.shuffledSubarray([...Array(ROWS).keys()]), (codes, values, picked) => {
      const bins = randomBins(codes);
      const quantised = Int32Array.from(values);
      const child = build(bins, quantised, Int32Array.from(picked));
      expect(build(bins, quantised, Int32Array.from(picked).sort())).toEqual(child);
      const rest = Int32Array.from([...Array(ROWS).keys()].filter((row) => !picked.includes(row)));
      const parent = build(bins, quantised, Int32Array.from(Array(ROWS).keys()));
      subtractHistogram(parent, child);
      expect(parent).toEqual(build(bins, quantised, rest));
    }),
  );
});
