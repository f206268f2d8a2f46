import fc from 'fast-check';
import { describe, expect, it } from 'vitest';
import { rowWindow, TALLEST } from './row-window';

const ROW = 28;

describe('rows in sight of a scrolled table', () => {
  it('starts at the first and ends at the last row', () => {
    expect(rowWindow(0, 480, 31_204, ROW)).toMatchObject({ first: 0, above: 0 });
    const last = rowWindow(31_204 * ROW - 480, 480, 31_204, ROW);
    expect(last.first + last.count).toBe(31_204);
    expect(last.below).toBe(0);
  });

  it('reaches the last of five million rows although no element is that tall', () => {
    const last = rowWindow(TALLEST - 480, 480, 5_000_000, ROW);
    expect(last.first + last.count).toBe(5_000_000);
  });

  it('always fills its height and stays inside the table', () => {
    fc.assert(
      fc.property(
        fc.nat(6_000_000),
        fc.double({ min: 0, max: 1, noNaN: true }),
        fc.integer({ min: 50, max: 2000 }),
        (total, share, viewport) => {
          const height = Math.min(total * ROW, TALLEST);
          const { first, count, above, below } = rowWindow(
            share * Math.max(0, height - viewport),
            viewport,
            total,
            ROW,
          );
          expect(first).toBeGreaterThanOrEqual(0);
          expect(first + count).toBeLessThanOrEqual(total);
          expect(count).toBeGreaterThanOrEqual(Math.min(total, Math.ceil(viewport / ROW)));
          expect(above + below + count * ROW).toBeGreaterThanOrEqual(height - 1e-6);
        },
      ),
    );
  });
});
