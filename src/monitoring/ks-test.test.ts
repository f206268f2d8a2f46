import fc from 'fast-check';
import { describe, expect, it } from 'vitest';
import answers from '../../tests/reference/scipy/answers.json';
import { sortedPresent } from '../utils/statistics';
import { kolmogorovSurvival } from './kolmogorov';
import { ksTest, ksTestSorted } from './ks-test';

/** The generator of tests/reference/scipy/make.py. */
function sample(seed: number, size: number, shift: number, quantum: number): Float64Array {
  let state = seed;
  return Float64Array.from({ length: size }, () => {
    state = Number((BigInt(state) * 1664525n + 1013904223n) % 4294967296n);
    const value = state / 4294967296 + shift;
    return quantum ? Math.floor(value / quantum) * quantum : value;
  });
}

function survival(n: number, x: number): number {
  const steps = kolmogorovSurvival(n, x);
  for (;;) {
    const step = steps.next();
    if (step.done) return step.value;
  }
}

/** Relative difference, absolute below 1e-14 (scipy subtracts some of these from 1). */
function distance(ours: number, theirs: number): number {
  return Math.abs(ours - theirs) / Math.max(Math.abs(theirs), 1e-300) < 1e-9 || Math.abs(ours - theirs) < 1e-14
    ? 0
    : Math.abs(ours - theirs) / Math.max(Math.abs(theirs), 1e-300);
}

describe('ksTest against scipy', () => {
  it.each(answers.ks_2samp)('n $n1 and $n2, shift $shift, quantum $quantum: $mode', (expected) => {
    const result = ksTest(
      sample(1, expected.n1, 0, expected.quantum),
      sample(2, expected.n2, expected.shift, expected.quantum),
    );
    expect(result.statistic).toBeCloseTo(expected.statistic, 14);
    expect(distance(result.p_value, expected.p_value)).toBe(0);
    expect(result.mode).toBe(expected.mode);
  });

  it('has the tail of kstwo', () => {
    const wrong = answers.kstwo_sf
      .map(([n = 0, x = 0, p = 0]) => ({ n, x, p, ours: survival(n, x) }))
      .filter((entry) => distance(entry.ours, entry.p) > 0);
    expect(wrong).toEqual([]);
    expect(answers.kstwo_sf.length).toBeGreaterThan(300);
  });
});

describe('ksTest', () => {
  it('drops missing values', () => {
    const a = Float64Array.of(1, NaN, 2, 3, NaN);
    expect(ksTest(a, Float64Array.of(4, NaN, 5))).toEqual(ksTest(Float64Array.of(1, 2, 3), Float64Array.of(4, 5)));
  });

  it('ranks infinities as values', () => {
    expect(ksTest(Float64Array.of(-Infinity, 0, 1), Float64Array.of(2, Infinity, Infinity)).statistic).toBe(1);
  });

  it('refuses an empty side by name', () => {
    expect(() => ksTest(Float64Array.of(1), Float64Array.of(NaN))).toThrow(/the current side has no values/);
    expect(() => ksTest(new Float64Array(0), Float64Array.of(1))).toThrow(/the reference side has no values/);
  });

  it('is symmetric, within 0..1, and unmoved by order or by a monotone map', () => {
    const values = fc.array(fc.integer({ min: -20, max: 20 }), { minLength: 1, maxLength: 40 });
    fc.assert(
      fc.property(values, values, (a, b) => {
        const result = ksTest(Float64Array.from(a), Float64Array.from(b));
        expect(result.p_value).toBeGreaterThanOrEqual(0);
        expect(result.p_value).toBeLessThanOrEqual(1);
        const swapped = ksTest(Float64Array.from(b), Float64Array.from(a));
        expect(swapped.statistic).toBe(result.statistic);
        expect(swapped.p_value).toBeCloseTo(result.p_value, 12);
        const mapped = ksTest(
          Float64Array.from([...a].reverse(), (v) => v ** 3),
          Float64Array.from(b, (v) => v ** 3),
        );
        expect(mapped).toEqual(result);
      }),
    );
  });

  it('stops when cancelled in the middle of a long exact sum', async () => {
    const signal = { aborted: false };
    let turns = 0;
    const pause = (): Promise<void> => {
      turns += 1;
      signal.aborted = true;
      return Promise.resolve();
    };
    const reference = sortedPresent(sample(1, 9999, 0, 0));
    const current = sortedPresent(sample(2, 9000, 0.4, 0));
    await expect(ksTestSorted(reference, current, { signal, pause })).rejects.toThrow(/cancelled/);
    expect(turns).toBe(1);
  });
});
