import { describe, expect, it } from 'vitest';
import { makeRandom } from '../utils/random';
import { benjaminiHochberg } from './multiple-testing';
import { isChange, shareChange } from './share-change';

describe('shareChange', () => {
  it("has Newcombe's published interval for 56/70 and 48/80", () => {
    const change = shareChange({ count: 48, n: 80 }, { count: 56, n: 70 });
    expect(change.change).toBeCloseTo(0.2, 12);
    expect(change.low).toBeCloseTo(0.0524, 4);
    expect(change.high).toBeCloseTo(0.3339, 4);
  });

  it("has Newcombe's published interval for 10/10 and 0/10", () => {
    const change = shareChange({ count: 0, n: 10 }, { count: 10, n: 10 });
    expect(change.low).toBeCloseTo(0.6075, 4);
    expect(change.high).toBeCloseTo(1, 12);
  });

  it('covers the true change about 95 times in 100', () => {
    const random = makeRandom(5, 'coverage');
    const draw = (n: number, p: number) => ({
      n,
      count: Array.from({ length: n }, () => random.chance(p)).filter(Boolean).length,
    });
    let covered = 0;
    for (let i = 0; i < 500; i++) {
      const change = shareChange(draw(120, 0.35), draw(60, 0.5));
      if (change.low <= 0.15 && change.high >= 0.15) covered++;
    }
    expect(covered).toBeGreaterThan(460);
    expect(covered).toBeLessThan(494);
  });

  it('is a change only from the least size on and beyond chance', () => {
    const large = (p: number, q: number, n: number) => shareChange({ count: p * n, n }, { count: q * n, n });
    expect(isChange(large(0.4, 0.6, 1000), 0.1)).toBe(true);
    expect(isChange(large(0.4, 0.45, 100000), 0.1)).toBe(false);
    expect(isChange(large(0.4, 0.5, 50), 0.1)).toBe(false);
    expect(isChange(large(0.6, 0.4, 1000), 0.1)).toBe(true);
  });
});

describe('benjaminiHochberg', () => {
  it('equals p.adjust(method = "BH")', () => {
    const adjusted = benjaminiHochberg([0.01, 0.04, 0.03, 0.005, 0.9]);
    [0.025, 0.05, 0.05, 0.025, 0.9].forEach((expected, i) => expect(adjusted[i]).toBeCloseTo(expected, 12));
  });

  it('keeps single and no p-values', () => {
    expect(benjaminiHochberg([0.2])).toEqual([0.2]);
    expect(benjaminiHochberg([])).toEqual([]);
  });
});
