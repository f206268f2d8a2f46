import fc from 'fast-check';
import { describe, expect, test } from 'vitest';
import elementary from '../../tests/reference/mpmath/elementary.json';
import reference from '../../tests/reference/scipy/statistics.json';
import {
  countInEdges,
  equalWidthEdges,
  histogram,
  mean,
  normalCdf,
  normalQuantile,
  quantile,
  quantileSorted,
  sortedPresent,
  variance,
  wilsonInterval,
} from './statistics';

const { sample } = reference;

describe('against scipy, numpy and mpmath', () => {
  test('mean and variance, also far from zero', () => {
    expect(mean(sample)).toBeCloseTo(reference.mean, 12);
    expect(variance(sample)).toBeCloseTo(reference.variance, 9);
    expect(variance(sample.map((x) => x + 1e9)) / reference.variance_far).toBeCloseTo(1, 7);
    expect(variance(sample, 0) / (reference.variance * (10 / 11))).toBeCloseTo(1, 12);
  });

  test('quantiles', () => {
    for (const [q = NaN, value = NaN] of reference.quantiles) expect(quantile(sample, q)).toBeCloseTo(value, 10);
  });

  test('histogram', () => {
    const { edges, counts } = histogram(sample, 7);
    expect([...counts]).toEqual(reference.histogram.counts);
    reference.histogram.edges.forEach((edge, i) => expect(edges[i]).toBeCloseTo(edge, 10));
  });

  test('Wilson intervals', () => {
    for (const [successes = NaN, n = NaN, low = NaN, high = NaN] of reference.wilson) {
      const interval = wilsonInterval(successes, n);
      expect(interval.low).toBeCloseTo(low, 12);
      expect(interval.high).toBeCloseTo(high, 12);
    }
  });

  test('normal distribution, tails included, and its inverse', () => {
    for (const [x = NaN, p = NaN] of elementary.normal_cdf) {
      expect(Math.abs(normalCdf(x) / p - 1), `cdf(${x})`).toBeLessThan(x < -8 ? 1e-12 : 2e-13);
    }
    for (const [p = NaN, x = NaN] of elementary.normal_quantile) {
      expect(Math.abs(normalQuantile(p) - x), `quantile(${p})`).toBeLessThan(1e-13 * Math.max(1, Math.abs(x)));
    }
  });
});

test('missing values are left out, and nothing gives NaN', () => {
  expect(mean([1, NaN, 3])).toBe(2);
  expect(variance([1, NaN, 3])).toBe(2);
  expect([...sortedPresent([3, NaN, 1])]).toEqual([1, 3]);
  expect([mean([]), mean([NaN]), variance([5]), quantile([NaN], 0.5)]).toEqual([NaN, NaN, NaN, NaN]);
  expect(histogram([NaN, Infinity], 5).counts).toHaveLength(0);
});

test('edges of the normal distribution', () => {
  expect([normalCdf(40), normalCdf(-40), normalCdf(0), normalCdf(NaN)]).toEqual([1, 0, 0.5, NaN]);
  expect([normalQuantile(0), normalQuantile(1), normalQuantile(0.5), normalQuantile(1.5)]).toEqual([
    -Infinity,
    Infinity,
    0,
    NaN,
  ]);
});

test('a constant column has one bin-width of room', () => {
  expect([...equalWidthEdges(4, 4, 2)]).toEqual([3.5, 4, 4.5]);
});

test('counts over edges are complete and hold what each bin says', () => {
  const values = fc.array(fc.double({ min: -10, max: 10, noNaN: true }), { maxLength: 50 });
  fc.assert(
    fc.property(values, fc.integer({ min: 1, max: 9 }), (numbers, bins) => {
      const edges = equalWidthEdges(-5, 5, bins);
      const counts = countInEdges(numbers, edges);
      expect(counts.reduce((sum, count) => sum + count, 0)).toBe(numbers.length);
      counts.forEach((count, bin) => {
        const low = bin === 0 ? -Infinity : (edges[bin] ?? NaN);
        const high = bin === bins - 1 ? Infinity : (edges[bin + 1] ?? NaN);
        expect(count).toBe(numbers.filter((value) => value >= low && value < high).length);
      });
    }),
  );
});

test('quantiles rise with q and stay inside the sample', () => {
  const values = fc.array(fc.double({ min: -1e6, max: 1e6, noNaN: true }), { minLength: 1, maxLength: 30 });
  fc.assert(
    fc.property(
      values,
      fc.double({ min: 0, max: 1, noNaN: true }),
      fc.double({ min: 0, max: 1, noNaN: true }),
      (numbers, a, b) => {
        const sorted = sortedPresent(numbers);
        const [low, high] = [Math.min(a, b), Math.max(a, b)];
        expect(quantileSorted(sorted, low)).toBeLessThanOrEqual(quantileSorted(sorted, high) + 1e-9);
        expect(quantileSorted(sorted, 0)).toBe(sorted[0]);
        expect(quantileSorted(sorted, 1)).toBe(sorted.at(-1));
      },
    ),
  );
});
