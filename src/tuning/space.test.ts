import fc from 'fast-check';
import { describe, expect, it } from 'vitest';
import { compileSpace, pointOf } from './compile-space';
import { gridPoints } from './grid';
import { randomPoint } from './prior';
import type { SearchSpace } from './types';

const space: SearchSpace = {
  kind: { choice: ['a', 'b', true] },
  depth: { randint: [2, 5] },
  share: { uniform: [0.5, 1] },
  step: { quniform: [0, 1, 0.1] },
  eta: { loguniform: [-3, -1] },
  weight: { qloguniform: [0, 3, 2] },
};
const sampleSpace = (one: SearchSpace, seed: number, number: number) =>
  randomPoint(compileSpace(one), seed, number).params;
const draws = Array.from({ length: 2000 }, (_, number) => sampleSpace(space, 5, number));
const column = (name: string) => draws.map((params) => params[name]);
const numbers = (name: string) => column(name).map(Number);
const mean = (values: readonly number[]) => values.reduce((sum, value) => sum + value, 0) / values.length;

describe('randomPoint', () => {
  it("draws from Hyperopt's distributions", () => {
    for (const option of ['a', 'b', true]) {
      expect(column('kind').filter((value) => value === option).length / 2000).toBeCloseTo(1 / 3, 1);
    }
    expect([...new Set(numbers('depth'))].sort()).toEqual([2, 3, 4]);
    expect(Math.min(...numbers('share'))).toBeGreaterThanOrEqual(0.5);
    expect(Math.max(...numbers('share'))).toBeLessThan(1);
    expect(mean(numbers('share'))).toBeCloseTo(0.75, 1);
    expect([...new Set(numbers('step'))].sort()).toEqual([0, 0.1, 0.2, 0.3, 0.4, 0.5, 0.6, 0.7, 0.8, 0.9, 1]);
    expect(Math.min(...numbers('eta'))).toBeGreaterThan(Math.exp(-3) - 1e-9);
    expect(Math.max(...numbers('eta'))).toBeLessThan(Math.exp(-1));
    expect(mean(numbers('eta').map(Math.log))).toBeCloseTo(-2, 1);
    expect(numbers('weight').every((value) => value % 2 === 0 && value >= 0 && value <= 20)).toBe(true);
  });

  it('draws normal kinds, pchoice and randint with one bound', () => {
    const more: SearchSpace = {
      n: { normal: [3, 2] },
      l: { lognormal: [0.5, 0.8] },
      q: { qnormal: [3, 2, 0.5] },
      ql: { qlognormal: [0.5, 0.8, 1] },
      p: {
        pchoice: [
          [0.2, 'a'],
          [0.5, 'b'],
          [0.3, 'c'],
        ],
      },
      r: { randint: [3] },
    };
    const many = Array.from({ length: 4000 }, (_, number) => sampleSpace(more, 1, number));
    const of = (name: string) => many.map((params) => Number(params[name]));
    expect(mean(of('n'))).toBeCloseTo(3, 0);
    expect(mean(of('n').map((value) => (value - 3) ** 2))).toBeGreaterThan(3.6);
    expect(mean(of('l').map(Math.log))).toBeCloseTo(0.5, 1);
    expect(of('q').every((value) => Number.isInteger(value * 2))).toBe(true);
    expect(of('ql').every((value) => Number.isInteger(value) && value >= 0)).toBe(true);
    const share = (option: string) => many.filter(({ p }) => p === option).length / many.length;
    expect([share('a'), share('b'), share('c')].map((one) => Math.round(one * 10))).toEqual([2, 5, 3]);
    expect([...new Set(of('r'))].sort()).toEqual([0, 1, 2]);
  });

  it('depends on seed and number only, parameter by parameter', () => {
    expect(sampleSpace(space, 5, 77)).toEqual(draws[77]);
    expect(sampleSpace(space, 6, 77)).not.toEqual(draws[77]);
    expect(sampleSpace({ eta: { loguniform: [-3, -1] } }, 5, 77)).toEqual({ eta: draws[77]?.['eta'] });
  });

  it.each<[SearchSpace, RegExp]>([
    [{ a: { uniform: [1, 0] } }, /a has the bounds 1, 0/],
    [{ a: { choice: [] } }, /a has no options/],
    [{ a: { quniform: [0, 1, 0] } }, /a has the step q 0/],
    [{ a: { normal: [0, 0] } }, /a has the mean 0 and the deviation 0/],
    [{ a: { randint: [0, 1e6] } }, /1000000 whole numbers to choose from, more than 100000; use quniform/],
    [
      {
        a: {
          pchoice: [
            [0.5, 'x'],
            [0.4, 'y'],
          ],
        },
      },
      /a has probabilities that add up to 0.9, expected 1/,
    ],
    [{ a: { choice: [{ b: 1 }] }, b: { uniform: [0, 1] } }, /a:0\/b is set around this option already/],
  ])('refuses %o', (bad, message) => expect(() => sampleSpace(bad, 1, 0)).toThrow(message));
});

const nested: SearchSpace = {
  booster: {
    choice: [
      'gbtree',
      { booster: 'dart', rate_drop: { choice: [0, 0.5] }, one_drop: 1 },
      { booster: 'dart', skip_drop: { quniform: [0, 1, 0.5] } },
    ],
  },
  depth: { randint: [2, 4] },
};

describe('branches of a choice', () => {
  it('are drawn only where their option is chosen', () => {
    const seen = new Set<string>();
    for (let number = 0; number < 200; number++) {
      const { params, values } = randomPoint(compileSpace(nested), 3, number);
      const option = values['booster'];
      seen.add(String(option));
      expect(params['booster']).toBe(option === 0 ? 'gbtree' : 'dart');
      expect(Object.hasOwn(params, 'rate_drop')).toBe(option === 1);
      expect(Object.hasOwn(values, 'booster:1/rate_drop')).toBe(option === 1);
      expect(params['one_drop']).toBe(option === 1 ? 1 : undefined);
      expect(Object.hasOwn(values, 'booster:2/skip_drop')).toBe(option === 2);
    }
    expect([...seen].sort()).toEqual(['0', '1', '2']);
  });
});

describe('a grid', () => {
  it('holds every point of branches once, in an order of the seed', () => {
    const points = gridPoints(compileSpace(nested), 7, 5);
    // gbtree, dart with 2 rates, dart with 3 shares; each with 2 depths.
    expect(points).toHaveLength((1 + 2 + 3) * 2);
    expect(new Set(points.map(({ params }) => JSON.stringify(params))).size).toBe(points.length);
    expect(gridPoints(compileSpace(nested), 7, 5)).toEqual(points);
    expect(gridPoints(compileSpace(nested), 8, 5)).not.toEqual(points);
  });

  it('holds what its size says, on any space', () => {
    const plain = fc.record({
      a: fc.integer({ min: 1, max: 4 }),
      b: fc.integer({ min: 1, max: 4 }),
      each: fc.integer({ min: 1, max: 5 }),
    });
    fc.assert(
      fc.property(plain, ({ a, b, each }) => {
        const one = compileSpace({
          x: { randint: [0, a] },
          y: { choice: [...Array(b).keys()] },
          z: { loguniform: [-2, 1] },
        });
        const points = gridPoints(one, 1, each);
        expect(points).toHaveLength(a * b * each);
        expect(new Set(points.map(({ params }) => JSON.stringify(params))).size).toBe(points.length);
      }),
    );
  });

  it('goes from bound to bound, and by q', () => {
    const values = (one: SearchSpace, each: number) =>
      gridPoints(compileSpace(one), 1, each)
        .map(({ params }) => Number(params['x']))
        .sort((a, b) => a - b);
    expect(values({ x: { uniform: [0, 1] } }, 3)).toEqual([0, 0.5, 1]);
    expect(values({ x: { quniform: [0, 0.3, 0.1] } }, 9)).toEqual([0, 0.1, 0.2, 0.3]);
    expect(values({ x: { qloguniform: [0, Math.log(6), 2] } }, 9)).toEqual([2, 4, 6]);
    const normal = values({ x: { normal: [0, 1] } }, 3);
    expect(normal[1]).toBeCloseTo(0, 12);
    expect(normal[2]).toBeCloseTo(-(normal[0] ?? 0), 12);
  });

  it('of more than 100,000 points is refused', () => {
    const wide = compileSpace({ a: { randint: [0, 1000] }, b: { randint: [0, 1000] } });
    expect(() => gridPoints(wide, 1, 5)).toThrow(/1,000,000 points, more than 100,000/);
  });
});

it('pointOf asks for a choice before what its option sets', () => {
  const asked: string[] = [];
  pointOf(compileSpace(nested), ({ label }) => {
    asked.push(label);
    return label === 'booster' ? 1 : 0;
  });
  expect(asked).toEqual(['booster', 'booster:1/rate_drop', 'depth']);
});
