import { exp, log } from '../utils/math';
import { makeRandom, type Random } from '../utils/random';
import { normalCdf } from '../utils/statistics';
import { pointOf, type CompiledSpace, type Point } from './compile-space';
import { drawIndex, outward, randomPoint } from './prior';
import type { Dimension, Distribution } from './space-types';
import { splitTrials, suggestTpe, type Proposal } from './tpe';
import type { Observation } from './types';

/** Optuna's width of a kernel beside the range, before it shrinks with the number of trials. */
const SIGMA0 = 0.2;

/**
 * Proposes a point by TPE with one joint density over the parameters that every trial has, as Optuna's multivariate
 * Parzen estimator has it (optuna 4, samplers/_tpe/parzen_estimator.py): a kernel for each trial over all of them
 * together and one for the prior, each as wide as 0.2 * range * n^(-1 / (d + 4)), so that parameters that must fit each
 * other are drawn together. Parameters that only some trials have are proposed each by itself, as by `suggestTpe`.
 *
 * @param observed every trial before this one, oldest first
 */
export function suggestMultivariate(space: CompiledSpace, observed: readonly Observation[], proposal: Proposal): Point {
  const { seed, number, settings } = proposal;
  if (observed.length < settings.n_startup_jobs) return randomPoint(space, seed, number);
  const shared = space.dimensions.filter(({ label }) => observed.every(({ values }) => Object.hasOwn(values, label)));
  const { good, rest } = splitTrials(observed, settings.gamma);
  const random = makeRandom(seed, `tpe/${number}`);
  const below = jointOf(shared, good, settings.prior_weight);
  const above = jointOf(shared, rest, settings.prior_weight);
  let best: readonly number[] = [];
  let most = -Infinity;
  for (let i = 0; i < settings.n_EI_candidates; i++) {
    const drawn = below.draw(random);
    const score = below.logAt(drawn) - above.logAt(drawn);
    if (i > 0 && !(score > most)) continue;
    best = drawn;
    most = score;
  }
  const together = new Map(shared.map(({ label }, i) => [label, best[i] as number]));
  const alone = suggestTpe(space, observed, proposal);
  return pointOf(space, (dimension) => {
    const value = together.get(dimension.label) ?? alone.values[dimension.label];
    return value ?? aloneIn(space, observed, { proposal, dimension });
  });
}

/** A dimension of a branch that `suggestTpe` did not choose. */
function aloneIn(
  space: CompiledSpace,
  observed: readonly Observation[],
  { proposal, dimension }: { readonly proposal: Proposal; readonly dimension: Dimension },
): number {
  const only: CompiledSpace = {
    assignments: [{ parameter: dimension.label, value: dimension }],
    dimensions: [dimension],
  };
  const { values } = suggestTpe(only, observed, proposal);
  return values[dimension.label] ?? randomPoint(space, proposal.seed, proposal.number).values[dimension.label] ?? 0;
}

interface Joint {
  draw(random: Random): readonly number[];
  logAt(point: readonly number[]): number;
}

/** One dimension of all kernels. The last kernel is the prior's. */
interface Kernels {
  draw(kernel: number, random: Random): number;
  logAt(kernel: number, value: number): number;
}

function jointOf(dimensions: readonly Dimension[], trials: readonly Observation[], priorWeight: number): Joint {
  const count = trials.length + 1;
  const weights = new Float64Array(count).fill(1);
  weights[count - 1] = priorWeight;
  const total = weights.reduce((sum, weight) => sum + weight, 0);
  const kernels = dimensions.map(({ label, distribution }) =>
    kernelsOf(
      distribution,
      trials.map(({ values }) => values[label] as number),
      { priorWeight, dimensions: dimensions.length },
    ),
  );
  return {
    draw(random) {
      const kernel = drawIndex(weights, random);
      return kernels.map((one) => one.draw(kernel, random));
    },
    logAt(point) {
      const parts = weights.map(
        (weight, kernel) =>
          log(weight / total) + kernels.reduce((sum, one, d) => sum + one.logAt(kernel, point[d] as number), 0),
      );
      const most = parts.reduce((a, b) => Math.max(a, b), -Infinity);
      return most + log(parts.reduce((sum, part) => sum + exp(part - most), 0));
    },
  };
}

interface Joined {
  readonly priorWeight: number;
  /** How many are drawn together. */
  readonly dimensions: number;
}

function kernelsOf(distribution: Distribution, values: readonly number[], joined: Joined): Kernels {
  if (distribution.kind === 'categorical') return categories(values, 0, distribution.p, joined);
  if (distribution.kind === 'randint') {
    const { low, high } = distribution;
    return categories(values, low, new Array<number>(high - low).fill(1 / (high - low)), joined);
  }
  return normals(distribution, values, joined);
}

function categories(values: readonly number[], low: number, p: readonly number[], { priorWeight }: Joined): Kernels {
  const kernels = values.length + 1;
  const shares = (kernel: number): Float64Array => {
    const seen = values[kernel];
    const share = Float64Array.from(p, (one) => (one * p.length * priorWeight) / kernels);
    if (seen !== undefined) share[seen - low] = (share[seen - low] ?? 0) + 1;
    const total = share.reduce((sum, one) => sum + one, 0);
    return share.map((one) => one / total);
  };
  const all = Array.from({ length: kernels }, (_, kernel) =>
    kernel < values.length ? shares(kernel) : Float64Array.from(p),
  );
  return {
    draw: (kernel, random) => low + drawIndex(all[kernel] ?? p, random),
    logAt: (kernel, value) => log(all[kernel]?.[value - low] ?? 0),
  };
}

function normals(
  distribution: Extract<Distribution, { readonly kind: 'uniform' | 'normal' }>,
  values: readonly number[],
  { dimensions }: Joined,
): Kernels {
  const { log: isLog, q } = distribution;
  const step = q === undefined ? {} : { q };
  // A normal prior stands on its own mean and deviation; twice that each way holds what is likely.
  const prior =
    distribution.kind === 'uniform'
      ? { mu: 0.5 * (distribution.low + distribution.high), sigma: distribution.high - distribution.low }
      : distribution;
  const low = distribution.kind === 'uniform' ? distribution.low : -Infinity;
  const high = distribution.kind === 'uniform' ? distribution.high : Infinity;
  const range = distribution.kind === 'uniform' ? prior.sigma : 4 * prior.sigma;
  const n = values.length;
  const narrowest = range / Math.min(100, 2 + n);
  const width = Math.min(range, Math.max(narrowest, SIGMA0 * exp(-log(Math.max(n, 1)) / (dimensions + 4)) * range));
  const inward = (value: number) => (isLog ? log(Math.max(value, 1e-12, exp(low))) : value);
  const mus = [...values.map(inward), prior.mu];
  const sigmaOf = (kernel: number) => (kernel < n ? width : prior.sigma);
  return {
    draw(kernel, random) {
      for (;;) {
        const drawn = (mus[kernel] as number) + random.normal() * sigmaOf(kernel);
        if (drawn >= low && drawn < high) return outward({ log: isLog, ...step }, drawn);
      }
    },
    logAt(kernel, value) {
      const sigma = sigmaOf(kernel);
      const at = (x: number) => normalCdf((x - (mus[kernel] as number)) / sigma);
      const inside = at(high) - at(low);
      if (q === undefined) {
        const z = (inward(value) - (mus[kernel] as number)) / sigma;
        return -0.5 * z * z - log(sigma * inside);
      }
      const edge = (x: number) => Math.min(high, Math.max(low, isLog ? log(Math.max(x, 1e-12)) : x));
      return log((at(edge(value + q / 2)) - at(edge(value - q / 2))) / inside);
    },
  };
}
