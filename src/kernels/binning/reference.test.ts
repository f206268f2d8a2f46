import fc from 'fast-check';
import { expect, it } from 'vitest';
import { makeCuts } from '../cuts/reference';
import { binColumn, binLayout, codeAt, makePackedBins } from './reference';

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
      const counts = Int32Array.from(cuts, (cut) => cut.length);
      const bins = makePackedBins(binLayout(8, counts, missing));
      columns.forEach((values, f) => binColumn(bins, f, values, cuts[f] as Float32Array));
      columns.forEach((values, f) =>
        values.forEach((value, row) => {
          const expected = Number.isNaN(value) ? cuts[f]?.length : cuts[f]?.findIndex((cut) => cut > value);
          expect(codeAt(bins, f, row)).toBe(expected);
        }),
      );
    }),
  );
});

it('keeps values beyond the cuts in the outer bins, and tells of those past the last', () => {
  const bins = makePackedBins(binLayout(3, Int32Array.of(2), Uint8Array.of(0)));
  expect(binColumn(bins, 0, Float32Array.of(-100, 1, 100), Float32Array.of(1, 5))).toBe(true);
  expect([0, 1, 2].map((row) => codeAt(bins, 0, row))).toEqual([0, 1, 1]);
});

it('reaches all 256 codes', () => {
  const values = Float32Array.from({ length: 256 }, (_, i) => i);
  const bins = makePackedBins(binLayout(256, Int32Array.of(1, 1, 1, 256), new Uint8Array(4)));
  expect(binColumn(bins, 3, values, makeCuts(values, 256))).toBe(false);
  expect(Array.from({ length: 256 }, (_, row) => codeAt(bins, 3, row))).toEqual([...values]);
});
