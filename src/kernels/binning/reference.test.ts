import fc from 'fast-check';
import { expect, it } from 'vitest';
import { makeCuts } from '../cuts/reference';
import { binColumn, makePackedBins, type PackedBins } from './reference';

function binOf(bins: PackedBins, feature: number, row: number): number {
  return ((bins.words[(feature >> 2) * bins.rowCount + row] ?? 0) >>> ((feature & 3) * 8)) & 255;
}

it('puts a value below the first cut strictly greater than it, missing values under their own code', () => {
  const column = fc.array(fc.oneof(fc.integer({ min: -6, max: 6 }), fc.constant(NaN)), { minLength: 8, maxLength: 8 });
  fc.assert(
    fc.property(fc.array(column, { minLength: 1, maxLength: 9 }), (table) => {
      const columns = table.map((values) => Float32Array.from(values));
      const cuts = columns.map((values) =>
        makeCuts(
          values.filter((value) => !Number.isNaN(value)),
          255,
        ),
      );
      const missing = Uint8Array.from(columns, (values) => (values.some(Number.isNaN) ? 1 : 0));
      const bins = makePackedBins(
        8,
        Int32Array.from(cuts, (cut) => cut.length),
        missing,
      );
      columns.forEach((values, f) => binColumn(bins, f, values, cuts[f] as Float32Array));
      columns.forEach((values, f) =>
        values.forEach((value, row) => {
          const expected = Number.isNaN(value) ? cuts[f]?.length : cuts[f]?.findIndex((cut) => cut > value);
          expect(binOf(bins, f, row)).toBe(expected);
        }),
      );
    }),
  );
});

it('keeps values beyond the cuts in the outer bins', () => {
  const bins = makePackedBins(3, Int32Array.of(2), Uint8Array.of(0));
  binColumn(bins, 0, Float32Array.of(-100, 1, 100), Float32Array.of(1, 5));
  expect([0, 1, 2].map((row) => binOf(bins, 0, row))).toEqual([0, 1, 1]);
});

it('reaches all 256 codes', () => {
  const values = Float32Array.from({ length: 256 }, (_, i) => i);
  const bins = makePackedBins(256, Int32Array.of(1, 1, 1, 256), new Uint8Array(4));
  binColumn(bins, 3, values, makeCuts(values, 256));
  expect(Array.from({ length: 256 }, (_, row) => binOf(bins, 3, row))).toEqual([...values]);
});
