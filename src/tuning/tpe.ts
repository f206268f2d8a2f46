import { exp, log } from '../utils/math';
import { makeRandom, type Random } from '../utils/random';
import { pointOf, type CompiledSpace, type Point } from './compile-space';
import { drawFrom, logDensity, type MixtureRange } from './mixture';
import { adaptiveParzen, LINEAR_FORGETTING, linearForgetting, type Mixture, type ParzenPrior } from './parzen';
import { drawIndex, outward, randomPoint } from './prior';
import type { Dimension, Distribution } from './space-types';
import type { Observation, TpeSettings } from './types';

const LEAST = 1e-12;

export interface Proposal {
  readonly seed: number;
  /** Of the trial that is proposed. */
  readonly number: number;
  readonly settings: TpeSettings;
}

/**
 * Proposes a point by the tree-structured Parzen estimator after Hyperopt 0.3.0 (hyperopt/tpe.py, suggest): for each
 * dimension by itself, the values of good trials and of the others are two densities; of `n_EI_candidates` draws from
 * the first, the one with the greatest ratio to the second is taken. The first `n_startup_jobs` trials are random.
 *
 * @param observed every trial before this one, oldest first
 */
export function suggestTpe(space: CompiledSpace, observed: readonly Observation[], proposal: Proposal): Point {
  const { seed, number, settings } = proposal;
  if (observed.length < settings.n_startup_jobs) return randomPoint(space, seed, number);
  const { good, rest } = splitTrials(observed, settings.gamma);
  return pointOf(space, (dimension) => {
    const random = makeRandom(seed, `tpe/${number}/${dimension.label}`);
    const below = densityOf(dimension.distribution, valuesOf(good, dimension), settings.prior_weight);
    const above = densityOf(dimension.distribution, valuesOf(rest, dimension), settings.prior_weight);
    return bestOf(below, above, settings.n_EI_candidates, random);
  });
}

/**
 * The best ceil(gamma * sqrt(N)) trials, at most 25, and the others; each oldest first. Of equal losses the older trial
 * is the better.
 */
export function splitTrials(
  observed: readonly Observation[],
  gamma: number,
): { readonly good: readonly Observation[]; readonly rest: readonly Observation[] } {
  const count = Math.min(Math.ceil(gamma * Math.sqrt(observed.length)), LINEAR_FORGETTING);
  const ranked = observed.map((_, i) => i).sort((a, b) => compare(lossAt(observed, a), lossAt(observed, b)) || a - b);
  const best = new Set(ranked.slice(0, count));
  return { good: observed.filter((_, i) => best.has(i)), rest: observed.filter((_, i) => !best.has(i)) };
}

function lossAt(observed: readonly Observation[], i: number): number {
  return observed[i]?.loss ?? Infinity;
}

/** Infinity equals itself, which a difference does not say. */
function compare(a: number, b: number): number {
  return a < b ? -1 : a > b ? 1 : 0;
}

function valuesOf(trials: readonly Observation[], { label }: Dimension): number[] {
  return trials.flatMap(({ values }) => (Object.hasOwn(values, label) ? [values[label] as number] : []));
}

/** What can be drawn from and asked for the log of its density. */
export interface Density {
  draw(random: Random): number;
  logAt(value: number): number;
}

/** The density of a dimension's values, oldest first, with the prior beside them. */
export function densityOf(distribution: Distribution, values: readonly number[], priorWeight: number): Density {
  switch (distribution.kind) {
    case 'randint':
      return countsOf(
        values,
        distribution.low,
        new Float64Array(distribution.high - distribution.low).fill(priorWeight),
      );
    case 'categorical': {
      const { p } = distribution;
      return countsOf(
        values,
        0,
        Float64Array.from(p, (share) => p.length * priorWeight * share),
      );
    }
    case 'uniform': {
      const { low, high } = distribution;
      const prior = { weight: priorWeight, mu: 0.5 * (low + high), sigma: high - low };
      return mixtureOf(distribution, values, { prior, bounds: [low, high] });
    }
    case 'normal':
      return mixtureOf(distribution, values, { prior: { ...distribution, weight: priorWeight }, bounds: null });
  }
}

function countsOf(values: readonly number[], low: number, counts: Float64Array): Density {
  const age = linearForgetting(values.length);
  values.forEach((value, i) => {
    counts[value - low] = (counts[value - low] ?? 0) + (age[i] as number);
  });
  const total = counts.reduce((sum, count) => sum + count, 0);
  return {
    draw: (random) => low + drawIndex(counts, random),
    logAt: (value) => log((counts[value - low] ?? 0) / total),
  };
}

function mixtureOf(
  { log: isLog, q }: { readonly log: boolean; readonly q?: number },
  values: readonly number[],
  { prior, bounds }: { readonly prior: ParzenPrior; readonly bounds: MixtureRange['bounds'] },
): Density {
  const mixture: Mixture = adaptiveParzen(isLog ? values.map((value) => inward(value, bounds)) : values, prior);
  const range: MixtureRange = { log: isLog, bounds, q };
  return {
    draw: (random) => outward({ log: isLog, ...(q === undefined ? {} : { q }) }, drawFrom(mixture, range, random)),
    logAt: (value) => logDensity(mixture, range, value),
  };
}

/** A value's logarithm; one that was rounded below the lower bound stands at it. */
function inward(value: number, bounds: MixtureRange['bounds']): number {
  return log(Math.max(value, LEAST, bounds ? exp(bounds[0]) : 0));
}

/** Of draws from the first density, the one likeliest under it against the second. */
function bestOf(below: Density, above: Density, draws: number, random: Random): number {
  let best = NaN;
  let most = -Infinity;
  for (let i = 0; i < draws; i++) {
    const drawn = below.draw(random);
    const score = below.logAt(drawn) - above.logAt(drawn);
    if (i === 0 || score > most) {
      best = drawn;
      most = score;
    }
  }
  return best;
}
