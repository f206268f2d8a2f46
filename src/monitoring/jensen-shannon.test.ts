import fc from 'fast-check';
import { describe, expect, it } from 'vitest';
import evidently from '../../tests/reference/evidently/cases.json';
import scipy from '../../tests/reference/scipy/answers.json';
import { stringColumn, type Column } from '../utils/columns';
import { makeRandom } from '../utils/random';
import type { DriftColumn } from './binning';
import { jensenShannon, jensenShannonOfShares, noiseDistance } from './jensen-shannon';
import { ksTest } from './ks-test';

type Values = readonly (number | string | null)[];

function columnOf(values: Values, whole: boolean): DriftColumn {
  if (values.some((value) => typeof value === 'string'))
    return stringColumn(values.map((value) => (value === null ? null : String(value))));
  const numbers = Float64Array.from(values, (value) => (value === null ? NaN : Number(value)));
  return whole
    ? ({ type: 'int64', values: BigInt64Array.from(numbers, (value) => BigInt(value)) } satisfies Column)
    : numbers;
}

const numeric = evidently.cases.filter((entry) => entry.kind === 'numeric');

describe('jensenShannon against the references', () => {
  it.each(evidently.cases)('evidently mode: $name', (entry) => {
    const whole = entry.name.startsWith('integer');
    const kind = entry.kind === 'numeric' ? 'numeric' : 'categorical';
    const result = jensenShannon(columnOf(entry.reference, whole), columnOf(entry.current, whole), kind, 'evidently');
    expect(result.distance).toBeCloseTo(entry.evidently_jensenshannon, 12);
    expect(result.base).toBe('e');
  });

  it.each(numeric)('KS as Evidently and scipy have it: $name', (entry) => {
    const side = (values: Values) => Float64Array.from(values, (value) => (value === null ? NaN : Number(value)));
    const result = ksTest(side(entry.reference), side(entry.current));
    expect(result.p_value / (entry.evidently_ks_p_value ?? NaN)).toBeCloseTo(1, 9);
    expect(result.statistic).toBeCloseTo(entry.scipy_ks_statistic ?? NaN, 14);
  });

  it.each(scipy.jensenshannon)('shares $p and $q as scipy', ({ p, q, base2, base_e }) => {
    expect(Math.abs(jensenShannonOfShares(p, q) - base2)).toBeLessThan(1e-8);
    expect(Math.abs(jensenShannonOfShares(p, q, 'e') - base_e)).toBeLessThan(1e-8);
  });
});

describe('reference-quantile bins', () => {
  const random = makeRandom(3, 'test');
  const normal = (n: number, shift = 0) => Float64Array.from({ length: n }, () => random.normal() + shift);

  it('puts a twentieth of the reference into each bin and is 0 for equal sides', () => {
    const reference = normal(4000);
    const result = jensenShannon(reference, reference, 'numeric');
    expect(result.distance).toBe(0);
    expect(result.reference).toHaveLength(20);
    for (const share of result.reference) expect(share).toBeCloseTo(0.05, 10);
  });

  it('is not flattened by one outlier, as equal-width bins are', () => {
    const reference = normal(2000);
    const current = normal(2000, 1);
    const before = jensenShannon(reference, current, 'numeric').distance;
    current[0] = 1e9;
    expect(jensenShannon(reference, current, 'numeric').distance).toBeCloseTo(before, 2);
    expect(jensenShannon(reference, current, 'numeric', 'evidently').distance).toBeLessThan(0.1);
  });

  it('sees a common value lose its rows', () => {
    const reference = Float64Array.from({ length: 1000 }, (_, i) => (i < 970 ? 0 : 1 + i / 7));
    const current = Float64Array.from({ length: 1000 }, (_, i) => (i < 600 ? 0 : 1 + i / 7));
    expect(jensenShannon(reference, current, 'numeric').distance).toBeGreaterThan(0.3);
  });

  it('keeps values a constant reference never had apart from it', () => {
    const result = jensenShannon(new Float64Array(50).fill(2), normal(50), 'numeric');
    expect(result.distance).toBeCloseTo(1, 12);
    expect(result.labels).toEqual(['2', '(values not in the reference)']);
  });

  it('has shares that sum to 1, ascending edges, a symmetric bound and no negative distance', () => {
    const values = fc.array(fc.oneof(fc.integer({ min: 0, max: 5 }), fc.double({ min: -1e6, max: 1e6, noNaN: true })), {
      minLength: 1,
      maxLength: 120,
    });
    fc.assert(
      fc.property(values, values, (a, b) => {
        const result = jensenShannon(Float64Array.from(a), Float64Array.from(b), 'numeric');
        expect(result.distance).toBeGreaterThanOrEqual(0);
        expect(result.distance).toBeLessThanOrEqual(1 + 1e-12);
        for (const side of [result.reference, result.current]) {
          expect(side).toHaveLength(result.labels.length);
          expect(side.reduce((sum, share) => sum + share, 0)).toBeCloseTo(1, 10);
        }
        result.edges?.forEach((edge, i) => i > 0 && expect(edge).toBeGreaterThan(result.edges?.[i - 1] ?? -Infinity));
        const swapped = jensenShannonOfShares(result.current, result.reference);
        expect(swapped).toBeCloseTo(result.distance, 12);
      }),
    );
  });

  it('refuses a side without values by name', () => {
    expect(() => jensenShannon(normal(3), Float64Array.of(NaN), 'numeric')).toThrow(/current side has no values/);
    expect(() => jensenShannon(stringColumn([null]), stringColumn(['a']), 'categorical')).toThrow(
      /reference side has no values/,
    );
  });
});

describe('categories', () => {
  it('counts a new category and leaves missing out', () => {
    const result = jensenShannon(
      stringColumn(['a', 'a', 'b', null]),
      stringColumn(['a', 'c', null, null]),
      'categorical',
    );
    expect(result.labels).toEqual(['a', 'b', 'c']);
    expect(result.current).toEqual([0.5, 0, 0.5]);
  });

  it('joins the rest beyond the 50 largest', () => {
    const many = stringColumn(Array.from({ length: 200 }, (_, i) => `v${i % 100}`));
    const result = jensenShannon(many, many, 'categorical');
    expect(result.labels).toHaveLength(51);
    expect(result.reference[50]).toBeCloseTo(0.5, 12);
  });
});

describe('noiseDistance', () => {
  it('is passed by about 5 in 100 pairs from one distribution', () => {
    const random = makeRandom(11, 'noise');
    const draw = (n: number) => stringColumn(Array.from({ length: n }, () => 'abcde'[random.int(5)] ?? 'a'));
    let over = 0;
    for (let i = 0; i < 400; i++) {
      if (jensenShannon(draw(300), draw(60), 'categorical').distance > noiseDistance(300, 60, 5)) over++;
    }
    expect(over).toBeGreaterThan(8);
    expect(over).toBeLessThan(36);
  });

  it('shrinks with more rows', () => {
    expect(noiseDistance(100, 100, 10)).toBeGreaterThan(noiseDistance(1000, 1000, 10));
    expect(noiseDistance(100, 100, 1)).toBe(0);
  });
});
