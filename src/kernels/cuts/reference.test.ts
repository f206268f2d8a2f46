import fc from 'fast-check';
import { describe, expect, it } from 'vitest';
import { makeCuts, sortFloat32 } from './reference';

const finite = fc.float({ noNaN: true, noDefaultInfinity: true, min: Math.fround(-1e30), max: Math.fround(1e30) });
const floats = fc.float32Array({
  minLength: 1,
  maxLength: 300,
  noNaN: true,
  noDefaultInfinity: true,
  min: Math.fround(-1e30),
  max: Math.fround(1e30),
});

describe('makeCuts', () => {
  it('takes every different value but the smallest, then a sentinel', () => {
    expect([...makeCuts(Float32Array.of(3, 1, 2, 1, 3), 256)]).toEqual(
      [2, 3, Math.fround(6 + Math.fround(1e-5))].map(Math.fround),
    );
  });

  it('gives a constant column one bin and an empty one the cut 1e-5', () => {
    expect(makeCuts(Float32Array.of(-4, -4), 256)).toEqual(
      Float32Array.of(Math.fround(-4 + Math.fround(4 + Math.fround(1e-5)))),
    );
    expect(makeCuts(new Float32Array(), 256)).toEqual(Float32Array.of(1e-5));
  });

  it('rises strictly, has at most maxBin cuts and ends above every value', () => {
    fc.assert(
      fc.property(floats, fc.integer({ min: 2, max: 256 }), (values, maxBin) => {
        const cuts = makeCuts(values, maxBin);
        expect(cuts.length).toBeLessThanOrEqual(maxBin);
        for (let i = 1; i < cuts.length; i++) expect(cuts[i]).toBeGreaterThan(cuts[i - 1] as number);
        expect(cuts.at(-1)).toBeGreaterThan(values.reduce((most, value) => Math.max(most, value)));
      }),
    );
  });

  it('keeps the rank error of many different values within n / maxBin', () => {
    const values = Float32Array.from({ length: 5000 }, (_, i) => ((i * 7919) % 5000) ** 2);
    const sorted = values.slice().sort();
    const cuts = makeCuts(values, 64);
    expect(cuts).toHaveLength(64);
    const ranks = [0, ...[...cuts.subarray(0, -1)].map((cut) => sorted.indexOf(cut)), 5000];
    for (let i = 1; i < ranks.length; i++)
      expect((ranks[i] as number) - (ranks[i - 1] as number)).toBeLessThanOrEqual(5000 / 64 + 1);
  });
});

describe('sortFloat32', () => {
  it('sorts long arrays as the built-in does', () => {
    fc.assert(
      fc.property(fc.array(finite, { minLength: 1, maxLength: 40 }), (few) => {
        const values = Float32Array.from({ length: 2500 }, (_, i) => (few[i % few.length] as number) * ((i % 5) - 2));
        expect(sortFloat32(values)).toEqual(values.slice().sort());
      }),
      { numRuns: 30 },
    );
  });
});
