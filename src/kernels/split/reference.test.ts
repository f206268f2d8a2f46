import fc from 'fast-check';
import { describe, expect, it } from 'vitest';
import { binLayout } from '../binning/reference';
import type { BestSplit } from '../types';
import { findBestSplit, gainOf, weightOf, type SplitTask } from './reference';

const BINS = 4;

interface Candidate {
  readonly lossChange: number;
  readonly feature: number;
  readonly bin: number;
  readonly defaultLeft: boolean;
}

const pair = fc.tuple(fc.integer({ min: -8, max: 8 }), fc.integer({ min: 0, max: 6 }));
/** Per feature: four value bins and the missing one. */
const table = fc.array(fc.array(pair, { minLength: BINS + 1, maxLength: BINS + 1 }), { minLength: 1, maxLength: 3 });

function makeTask(features: readonly (readonly (readonly [number, number])[])[], limits: SplitTask['limits']) {
  const bins = binLayout(
    1,
    Int32Array.from(features, () => BINS),
    new Uint8Array(features.length).fill(1),
  );
  const node = features[0]?.reduce(([g, h], [pg, ph]) => [g + pg, h + ph] as const, [0, 0] as readonly [
    number,
    number,
  ]) ?? [0, 0];
  const histogram = Int32Array.from([...features.flat().flatMap(([g, h]) => [h, g]), 0, 0]);
  const task: SplitTask = {
    bins,
    limits,
    features: Int32Array.from(features, (_, f) => f),
    gradientUnit: 0.5,
    hessianUnit: 0.25,
    nodeGradient: node[0],
    nodeHessian: node[1],
    nodeGain: Math.fround(gainOf(node[0] * 0.5, node[1] * 0.25, limits)),
  };
  return { histogram, task };
}

/** All candidates in the order XGBoost meets them; the first of the greatest wins. */
function bruteForce(
  features: readonly (readonly (readonly [number, number])[])[],
  { limits, nodeGradient, nodeHessian, nodeGain }: SplitTask,
): Candidate | null {
  const candidates: Candidate[] = [];
  const consider = (feature: number, bin: number, defaultLeft: boolean) => {
    const left = features[feature]?.filter((_, code) => (code === BINS ? defaultLeft : code <= bin)) ?? [];
    const g = left.reduce((sum, [value]) => sum + value, 0);
    const h = left.reduce((sum, [, value]) => sum + value, 0);
    const [hl, hr] = [h * 0.25, (nodeHessian - h) * 0.25];
    if (hl < limits.minChildWeight || hr < limits.minChildWeight || hl <= 0 || hr <= 0) return;
    const gain = gainOf(g * 0.5, hl, limits) + gainOf((nodeGradient - g) * 0.5, hr, limits);
    candidates.push({ lossChange: Math.fround(gain - nodeGain), feature, bin, defaultLeft });
  };
  features.forEach((_, feature) => {
    for (let bin = 0; bin < BINS; bin++) consider(feature, bin, false);
    for (let bin = BINS - 2; bin >= 0; bin--) consider(feature, bin, true);
  });
  return candidates.reduce<Candidate | null>(
    (best, next) => (next.lossChange > (best?.lossChange ?? 0) ? next : best),
    null,
  );
}

describe('findBestSplit', () => {
  it('finds what trying every candidate finds, ties included', () => {
    const limits = fc.record({
      lambda: fc.constantFrom(0, 1),
      alpha: fc.constantFrom(0, 0.5),
      minChildWeight: fc.constantFrom(0, 0.5, 1),
    });
    fc.assert(
      fc.property(table, limits, (features, limit) => {
        // Every feature must add up to the same node: the first sets it, the others put the rest into "missing".
        const total = features[0]?.reduce(([g, h], [pg, ph]) => [g + pg, h + ph] as const, [0, 0] as readonly [
          number,
          number,
        ]) ?? [0, 0];
        const even = features.map((bins) => {
          const [g, h] = bins
            .slice(0, BINS)
            .reduce(([sg, sh], [pg, ph]) => [sg + pg, sh + ph] as const, [0, 0] as readonly [number, number]);
          return [...bins.slice(0, BINS), [total[0] - g, total[1] - h] as const];
        });
        fc.pre(even.every((bins) => (bins[BINS]?.[1] ?? 0) >= 0));
        const { histogram, task } = makeTask(even, limit);
        const best: BestSplit = {
          lossChange: 9,
          feature: -1,
          bin: -1,
          defaultLeft: false,
          leftGradient: 0,
          leftHessian: 0,
        };
        findBestSplit(histogram, task, best);
        const expected = bruteForce(even, task);
        expect(best.lossChange).toBe(expected?.lossChange ?? 0);
        if (!expected) return;
        expect(best.feature).toBe(expected.feature);
        // Bins without rows change nothing, so the same partition may carry another bin number: compare the sums.
        const sums = (bin: number, defaultLeft: boolean) =>
          even[best.feature]
            ?.filter((_, code) => (code === BINS ? defaultLeft : code <= bin))
            .reduce((sum, [, h]) => sum + h, 0);
        expect(best.leftHessian).toBe(sums(expected.bin, expected.defaultLeft));
        expect([best.bin, best.defaultLeft]).toEqual([expected.bin, expected.defaultLeft]);
      }),
      { numRuns: 500 },
    );
  });
});

describe('gain and weight', () => {
  it('shrink by alpha, add lambda and are 0 without hessian', () => {
    const limits = { lambda: 1, alpha: 0.5, minChildWeight: 0 };
    expect(gainOf(-2.5, 3, limits)).toBe(1);
    expect(weightOf(-2.5, 3, limits)).toBe(0.5);
    expect(weightOf(0.4, 3, limits)).toBe(-0);
    expect(gainOf(2, 0, limits)).toBe(0);
    expect(weightOf(2, 0, limits)).toBe(0);
  });
});
