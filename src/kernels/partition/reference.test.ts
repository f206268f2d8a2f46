import fc from 'fast-check';
import { expect, it } from 'vitest';
import { binLayout, makePackedBins } from '../binning/reference';
import { partitionRows } from './reference';

it('is stable, keeps to its segment and sends missing where the split says', () => {
  const codes = fc.array(fc.integer({ min: 0, max: 4 }), { minLength: 12, maxLength: 12 });
  fc.assert(
    fc.property(
      codes,
      fc.integer({ min: 0, max: 3 }),
      fc.boolean(),
      fc.nat(5),
      fc.nat(6),
      (column, bin, defaultLeft, begin, length) => {
        const bins = makePackedBins(binLayout(12, Int32Array.of(1, 1, 4), Uint8Array.of(0, 0, 1)));
        column.forEach((code, row) => (bins.words[row] = code << 16));
        const before = Array.from({ length: 12 }, (_, i) => (i * 5) % 12);
        const rows = Int32Array.from(before);
        const end = begin + length;
        const middle = partitionRows(bins, { feature: 2, bin, defaultLeft }, { rows, begin, end }, new Int32Array(12));
        const goesLeft = (row: number) => (column[row] === 4 ? defaultLeft : (column[row] ?? 0) <= bin);
        const segment = before.slice(begin, end);
        const expected = [...segment.filter(goesLeft), ...segment.filter((row) => !goesLeft(row))];
        expect([...rows]).toEqual([...before.slice(0, begin), ...expected, ...before.slice(end)]);
        expect(middle).toBe(begin + segment.filter(goesLeft).length);
      },
    ),
  );
});
