import fc from 'fast-check';
import { describe, expect, it } from 'vitest';
import { makeRandom } from '../../utils/random';
import { pairedDelong } from './delong';
import { rocAuc } from './ranking';

/** The definition, pair by pair (DeLong et al. 1988, eq. 4 to 8). */
function byPairs(labels: readonly number[], first: readonly number[], second: readonly number[]) {
  const rows = labels.map((label, row) => ({ label, scores: [first[row] ?? 0, second[row] ?? 0] as const }));
  const [positives, negatives] = [rows.filter((row) => row.label === 1), rows.filter((row) => row.label !== 1)];
  const kernel = (x: number, y: number) => (x > y ? 1 : x === y ? 0.5 : 0);
  const mean = (values: readonly number[]) => values.reduce((sum, value) => sum + value, 0) / values.length;
  const parts = ([0, 1] as const).map((at) => ({
    v10: positives.map((p) => mean(negatives.map((q) => kernel(p.scores[at], q.scores[at])))),
    v01: negatives.map((q) => mean(positives.map((p) => kernel(p.scores[at], q.scores[at])))),
  }));
  const covariance = (x: readonly number[] = [], y: readonly number[] = []) =>
    x.reduce((sum, value, i) => sum + (value - mean(x)) * ((y[i] ?? 0) - mean(y)), 0) / (x.length - 1);
  const entry = (a: number, b: number) =>
    covariance(parts[a]?.v10, parts[b]?.v10) / positives.length +
    covariance(parts[a]?.v01, parts[b]?.v01) / negatives.length;
  return [entry(0, 0), entry(0, 1), entry(1, 1)];
}

describe('pairedDelong', () => {
  it('is what the definition gives pair by pair, ties included', () => {
    const row = fc.record({
      label: fc.constantFrom(0, 1),
      a: fc.integer({ min: 0, max: 6 }),
      b: fc.integer({ min: 0, max: 6 }),
    });
    fc.assert(
      fc.property(fc.array(row, { minLength: 4, maxLength: 40 }), (rows) => {
        const labels = [...rows.map((one) => one.label), 0, 0, 1, 1];
        const first = [...rows.map((one) => one.a), 1, 3, 2, 5];
        const second = [...rows.map((one) => one.b), 4, 1, 2, 6];
        const { areas, covariance } = pairedDelong(labels, first, second);
        expect(areas[0]).toBeCloseTo(rocAuc(labels, first), 12);
        expect(areas[1]).toBeCloseTo(rocAuc(labels, second), 12);
        byPairs(labels, first, second).forEach((value, at) => expect(covariance[at]).toBeCloseTo(value, 12));
      }),
    );
  });

  it('covers the true difference about 95 times in 100', () => {
    const random = makeRandom(5, 'delong.test');
    let covered = 0;
    for (let i = 0; i < 400; i++) {
      const labels = Uint8Array.from({ length: 120 }, (_, at) => (at < 50 ? 1 : 0));
      const shared = Float64Array.from(labels, (label) => random.normal() + label);
      const scores = () => shared.map((value) => value + random.normal());
      // Both scores are made alike, so the true difference of their areas is 0.
      const { areas, covariance } = pairedDelong(labels, scores(), scores());
      const spread = 1.96 * Math.sqrt(covariance[0] - 2 * covariance[1] + covariance[2]);
      if (Math.abs(areas[0] - areas[1]) <= spread) covered++;
    }
    expect(covered).toBeGreaterThan(366);
    expect(covered).toBeLessThan(396);
  });
});
