import fc from 'fast-check';
import { expect, it } from 'vitest';
import { exp, log } from '../../utils/math';
import { logisticGradients, logLossSum, sigmoidFloat32 } from './reference';

it('is the float32 sigmoid, step by step', () => {
  fc.assert(
    fc.property(fc.float({ min: -80, max: 90, noNaN: true }), (margin) => {
      const exact = Math.fround(1 / Math.fround(Math.fround(exp(-margin)) + 1));
      expect(Math.abs(sigmoidFloat32(margin) - exact)).toBeLessThanOrEqual(exact * 1.2e-7);
    }),
    { numRuns: 2000 },
  );
});

it('stays finite at the ends', () => {
  expect(sigmoidFloat32(1000)).toBe(1);
  expect(sigmoidFloat32(-1000)).toBe(sigmoidFloat32(-88.7));
  expect(sigmoidFloat32(-1000)).toBeGreaterThan(0);
  expect(sigmoidFloat32(0)).toBe(0.5);
});

it('gives p - y and p (1 - p), scaled for positives and by weight, for the rows asked for', () => {
  const task = {
    rows: Int32Array.of(2, 0),
    margins: Float32Array.of(0, 9, 0),
    labels: Float32Array.of(1, 1, 0),
    positiveWeight: 3,
    weights: Float32Array.of(2, 9, 0.5),
  };
  const pairs = new Float32Array(6);
  logisticGradients(task, pairs, 0, 2);
  expect([...pairs]).toEqual([-3, 1.5, 0, 0, 0.25, 0.125]);
});

it('keeps hessians above zero', () => {
  const pairs = new Float32Array(2);
  logisticGradients(
    { rows: Int32Array.of(0), margins: Float32Array.of(200), labels: Float32Array.of(1), positiveWeight: 1 },
    pairs,
    0,
    1,
  );
  expect(pairs[1]).toBe(Math.fround(1e-16));
});

it('sums log losses as one by one, with and without weights', () => {
  const margins = Float32Array.from({ length: 3000 }, (_, i) => ((i * 37) % 400) / 10 - 20);
  const labels = Float32Array.from(margins, (_, i) => (i % 3 === 0 ? 1 : 0));
  const rows = Int32Array.from(margins, (_, i) => i);
  const one = (row: number) => {
    const p = sigmoidFloat32(margins[row] ?? 0);
    return -log(Math.max(labels[row] === 1 ? p : 1 - p, 1e-16));
  };
  const expected = rows.reduce((sum, row) => sum + one(row), 0);
  expect(logLossSum({ rows, margins, labels }, 0, 3000) / expected).toBeCloseTo(1, 12);
  const doubled = logLossSum({ rows, margins, labels, weights: new Float32Array(3000).fill(2) }, 0, 3000);
  expect(doubled / expected).toBeCloseTo(2, 12);
});
