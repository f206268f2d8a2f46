import fc from 'fast-check';
import { expect, it } from 'vitest';
import { equallyWide, rebin } from './rebin';

it('spreads a wide bin and keeps a narrow one in its place', () => {
  expect(rebin([0, 1, 4], [0.5, 0.5], 4)).toEqual([
    0.5,
    expect.closeTo(1 / 6, 12),
    expect.closeTo(1 / 6, 12),
    expect.closeTo(1 / 6, 12),
  ]);
});

it('leaves nothing out and adds nothing', () => {
  const widths = fc.array(fc.double({ min: 1e-3, max: 100, noNaN: true }), { minLength: 1, maxLength: 30 });
  fc.assert(
    fc.property(
      widths,
      fc.double({ min: -1e3, max: 1e3, noNaN: true }),
      fc.integer({ min: 1, max: 40 }),
      (steps, start, bins) => {
        const edges = [start];
        for (const step of steps) edges.push((edges.at(-1) ?? 0) + step);
        const shares = steps.map(() => 1 / steps.length);
        expect(rebin(edges, shares, bins).reduce((sum, share) => sum + share, 0)).toBeCloseTo(1, 6);
      },
    ),
  );
});

it('tells equal bins from others', () => {
  expect(equallyWide([0, 0.1, 0.2, 0.30000000000000004])).toBe(true);
  expect(equallyWide([20, 41, 44, 95])).toBe(false);
});
