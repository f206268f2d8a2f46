import { exp } from '../utils/math';
import { makeRandom, type Random } from '../utils/random';
import { pointOf, type CompiledSpace, type Point } from './compile-space';
import type { Distribution } from './space-types';

/**
 * One random configuration. Trial `number` depends only on seed, number and each dimension's label, so trials can be
 * drawn in any order and a parameter added to the space leaves the others as they were. The words mean what they mean
 * in Hyperopt (hyperopt 0.3.0, hyperopt/pyll_utils.py); randint leaves out its upper bound.
 */
export function randomPoint(space: CompiledSpace, seed: number, number: number): Point {
  return pointOf(space, ({ label, distribution }) =>
    drawPrior(distribution, makeRandom(seed, `trial/${number}/${label}`)),
  );
}

function drawPrior(distribution: Distribution, random: Random): number {
  switch (distribution.kind) {
    case 'randint':
      return distribution.low + random.int(distribution.high - distribution.low);
    case 'categorical':
      return drawIndex(distribution.p, random);
    case 'uniform': {
      const { low, high } = distribution;
      return outward(distribution, low + random.uniform() * (high - low));
    }
    case 'normal':
      return outward(distribution, distribution.mu + random.normal() * distribution.sigma);
  }
}

/** From the space a number is drawn in to the parameter's own. */
export function outward({ log, q }: { readonly log: boolean; readonly q?: number }, drawn: number): number {
  const value = log ? exp(drawn) : drawn;
  return q === undefined ? value : toStep(value, q);
}

/** An index with the probability that stands there; weights need not add up to 1. */
export function drawIndex(weights: ArrayLike<number>, random: Random): number {
  let total = 0;
  for (let i = 0; i < weights.length; i++) total += weights[i] as number;
  let left = random.uniform() * total;
  let last = 0;
  for (let i = 0; i < weights.length; i++) {
    const weight = weights[i] as number;
    if (weight <= 0) continue;
    last = i;
    left -= weight;
    if (left < 0) return i;
  }
  return last;
}

/** The nearest multiple of q, without the last digits' noise (0.3, not 0.30000000000000004). */
function toStep(value: number, q: number): number {
  return Number((Math.round(value / q) * q).toPrecision(12)) + 0;
}
