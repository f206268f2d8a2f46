import { describe, expect, it } from 'vitest';
import { compileSpace } from '../../../src/tuning/compile-space';
import { adaptiveParzen } from '../../../src/tuning/parzen';
import { densityOf, splitTrials } from '../../../src/tuning/tpe';
import type { SpaceExpression } from '../../../src/tuning/types';
import answers from './answers.json';

/** Written by make.py. */
interface Answers {
  readonly parzen: readonly {
    readonly observed: readonly number[];
    readonly prior: { readonly weight: number; readonly mu: number; readonly sigma: number };
    readonly weights: readonly number[];
    readonly mus: readonly number[];
    readonly sigmas: readonly number[];
  }[];
  readonly split: readonly {
    readonly losses: readonly (number | null)[];
    readonly good: readonly number[];
    readonly rest: readonly number[];
  }[];
  readonly density: readonly {
    readonly expression: SpaceExpression;
    readonly observed: readonly number[];
    readonly values: readonly number[];
    readonly log: readonly number[];
  }[];
}
const { parzen, split, density } = answers as unknown as Answers;

const near = (ours: number, theirs: number, where: string) =>
  expect(Math.abs(ours - theirs), `${where}: ${ours} against ${theirs}`).toBeLessThan(
    1e-9 * Math.max(1, Math.abs(theirs)),
  );

describe('as Hyperopt 0.3.0 has it', () => {
  it.each(parzen)('the mixture of $observed.length observations, prior $prior', ({ observed, prior, ...theirs }) => {
    const ours = adaptiveParzen(observed, prior);
    for (const part of ['weights', 'mus', 'sigmas'] as const) {
      expect(ours[part]).toHaveLength(theirs[part].length);
      theirs[part].forEach((value, i) => near(ours[part][i] ?? NaN, value, `${part}[${i}]`));
    }
  });

  it.each(split)('which of $losses.length trials are good', ({ losses, good, rest }) => {
    const observed = losses.map((loss, number) => ({ number, values: {}, loss: loss ?? Infinity }));
    const ours = splitTrials(observed, 0.25);
    expect(ours.good.map(({ number }) => number)).toEqual(good);
    expect(ours.rest.map(({ number }) => number)).toEqual(rest);
  });

  it.each(density)('the density of $expression after $observed.length trials', (given) => {
    const { expression, observed, values } = given;
    const [dimension] = compileSpace({ x: expression }).dimensions;
    if (!dimension) throw new Error('no dimension');
    const ours = densityOf(dimension.distribution, observed, 1);
    values.forEach((value, i) => near(ours.logAt(value), given.log[i] ?? NaN, `at ${value}`));
  });
});

it('a density integrates to 1 over its range', () => {
  const observed = [0.3, 0.35, 0.9, 0.31];
  const [dimension] = compileSpace({ x: { uniform: [0, 1] } }).dimensions;
  if (!dimension) throw new Error('no dimension');
  const density = densityOf(dimension.distribution, observed, 1);
  let sum = 0;
  for (let i = 0; i < 10_000; i++) sum += Math.exp(density.logAt((i + 0.5) / 10_000)) / 10_000;
  expect(sum).toBeCloseTo(1, 6);
});
