import { expect, test } from 'vitest';
import { makeRandom } from './random';
import { mean, variance } from './statistics';

test('the same seed and stream give the numbers they always gave', () => {
  const random = makeRandom(7, 'split');
  expect([random.uniform(), random.uniform(), random.normal(), random.normal(), random.int(1000)])
    .toMatchInlineSnapshot(`
    [
      0.4986219690181315,
      0.1722288872115314,
      -1.7990337341627824,
      -1.4040049845130007,
      323,
    ]
  `);
  expect([...makeRandom(4294967295, 'x').shuffle(Array.from({ length: 8 }, (_, i) => i))]).toMatchInlineSnapshot(`
    [
      2,
      5,
      4,
      0,
      1,
      3,
      7,
      6,
    ]
  `);
});

test('seeds and streams are apart, also seeds past 32 bits', () => {
  const first = (seed: number, stream: string) => makeRandom(seed, stream).uniform();
  const drawn = [first(1, 'a'), first(2, 'a'), first(1, 'b'), first(1, 'aa'), first(4294967297, 'a')];
  expect(new Set(drawn).size).toBe(drawn.length);
});

const N = 100_000;

test('uniform numbers are even and uncorrelated', () => {
  const random = makeRandom(11, 'even');
  const values = Float64Array.from({ length: N }, () => random.uniform());
  expect(mean(values)).toBeCloseTo(0.5, 2);
  expect(variance(values)).toBeCloseTo(1 / 12, 2);
  const bins = new Float64Array(100);
  for (const value of values) {
    expect(value >= 0 && value < 1).toBe(true);
    const bin = Math.floor(value * 100);
    bins[bin] = (bins[bin] ?? 0) + 1;
  }
  const chiSquare = bins.reduce((sum, count) => sum + (count - N / 100) ** 2 / (N / 100), 0);
  expect(chiSquare).toBeLessThan(149);
  const products = values.slice(1).map((value, i) => (value - 0.5) * ((values[i] ?? 0) - 0.5));
  expect(Math.abs(mean(products)) * 12).toBeLessThan(0.015);
});

test('normal numbers have the normal moments', () => {
  const random = makeRandom(12, 'bell');
  const values = Float64Array.from({ length: N }, () => random.normal());
  expect(Math.abs(mean(values))).toBeLessThan(0.015);
  expect(Math.abs(variance(values) - 1)).toBeLessThan(0.02);
  expect(values.filter((value) => Math.abs(value) > 1.96).length / N).toBeCloseTo(0.05, 2);
});

test('int, chance and shuffle stay in their bounds', () => {
  const random = makeRandom(13, 'bounds');
  const drawn = Array.from({ length: 1000 }, () => random.int(6));
  expect(new Set(drawn)).toEqual(new Set([0, 1, 2, 3, 4, 5]));
  expect([random.chance(0), random.chance(1)]).toEqual([false, true]);
  expect(random.shuffle([1, 2, 3, 4]).sort()).toEqual([1, 2, 3, 4]);
});

test('shuffle reaches every order equally often', () => {
  const random = makeRandom(14, 'orders');
  const seen = new Map<string, number>();
  for (let i = 0; i < 6000; i++) {
    const order = random.shuffle(['a', 'b', 'c']).join('');
    seen.set(order, (seen.get(order) ?? 0) + 1);
  }
  expect(seen.size).toBe(6);
  for (const count of seen.values()) expect(Math.abs(count - 1000)).toBeLessThan(130);
});
