import fc from 'fast-check';
import { expect, it } from 'vitest';
import { largestPair, quantisationFor, quantisePairs, sumPairs, summingUnits } from './reference';

const pair = fc.tuple(
  fc.float({ min: -4, max: 4, noNaN: true }),
  fc.float({ min: Math.fround(1e-16), max: 4, noNaN: true }),
);

function scalesOf(pairs: Float32Array, rows: Int32Array, count: number) {
  const units = summingUnits(largestPair(pairs, { rows, count }), count);
  return quantisationFor(sumPairs(pairs, { rows, count }, units), units, count);
}

it('scales by powers of two so that no subset of rows leaves 32 bits, and loses at most half a unit a value', () => {
  fc.assert(
    fc.property(fc.array(pair, { minLength: 1, maxLength: 50 }), (table) => {
      const pairs = Float32Array.from(table.flat());
      const rows = Int32Array.from(table, (_, row) => row);
      const scales = scalesOf(pairs, rows, rows.length);
      const whole = new Int32Array(pairs.length);
      const sum = quantisePairs(pairs, { rows, count: rows.length }, scales, whole);
      expect(sum.hessian).toBe(whole.reduce((total, value, i) => total + (i % 2 === 0 ? value : 0), 0));
      expect(sum.gradient).toBe(whole.reduce((total, value, i) => total + (i % 2 === 1 ? value : 0), 0));
      for (const parity of [0, 1]) {
        const scale = parity === 1 ? scales.gradientScale : scales.hessianScale;
        expect(Number.isInteger(Math.log2(scale))).toBe(true);
        const values = [...whole].filter((_, i) => i % 2 === parity);
        const above = values.reduce((sum, value) => sum + Math.max(0, value), 0);
        const below = values.reduce((sum, value) => sum + Math.max(0, -value), 0);
        expect(Math.max(above, below)).toBeLessThanOrEqual(2 ** 30 + table.length);
        values.forEach((value, row) =>
          expect(Math.abs(value / scale - (pairs[2 * row + 1 - parity] as number))).toBeLessThanOrEqual(0.5 / scale),
        );
      }
    }),
  );
});

it('uses the range: the larger sum comes to more than 2^29', () => {
  const pairs = Float32Array.of(0.3, 0.1, -0.4, 0.2, 0.05, 0.7);
  const { gradientScale, hessianScale } = scalesOf(pairs, Int32Array.of(0, 1, 2), 3);
  expect(0.4 * gradientScale).toBeGreaterThan(2 ** 29);
  expect(0.4 * gradientScale).toBeLessThanOrEqual(2 ** 30);
  expect(1 * hessianScale).toBeGreaterThan(2 ** 29);
});

it('looks only at the first rows and rounds halves upwards', () => {
  const pairs = Float32Array.of(1, 1, 1000, 1000);
  expect(scalesOf(pairs, Int32Array.of(0, 1), 1)).toEqual({ gradientScale: 2 ** 29, hessianScale: 2 ** 29 });
  const into = new Int32Array(4);
  quantisePairs(
    Float32Array.of(-0.5, 0.5, 9, 9),
    { rows: Int32Array.of(0), count: 1 },
    { gradientScale: 1, hessianScale: 1 },
    into,
  );
  expect([...into]).toEqual([1, 0, 0, 0]);
});

it('finds the same scales in any order of rows', () => {
  fc.assert(
    fc.property(fc.array(pair, { minLength: 2, maxLength: 50 }), (table) => {
      const pairs = Float32Array.from(table.flat());
      const rows = Int32Array.from(table, (_, row) => row);
      expect(scalesOf(pairs, rows.slice().reverse(), rows.length)).toEqual(scalesOf(pairs, rows, rows.length));
    }),
  );
});
