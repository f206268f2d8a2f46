/** A one-dimensional mixture of normal distributions, by ascending mean. */
export interface Mixture {
  /** Add up to 1. */
  readonly weights: Float64Array;
  readonly mus: Float64Array;
  readonly sigmas: Float64Array;
}

export interface ParzenPrior {
  /** Beside an observation's weight of 1. */
  readonly weight: number;
  readonly mu: number;
  readonly sigma: number;
}

/** Observations that count fully; older ones count less the older they are. */
export const LINEAR_FORGETTING = 25;

/**
 * The adaptive Parzen estimator of Bergstra et al. 2011 as Hyperopt 0.3.0 has it (hyperopt/tpe.py,
 * adaptive_parzen_normal): a normal on each observation and one for the prior, each as wide as the greater gap to its
 * neighbours, within [sigma / min(100, 1 + m), sigma] for m components; the prior keeps its own width. A single
 * observation is half as wide as the prior.
 *
 * @param observed oldest first
 */
export function adaptiveParzen(observed: ArrayLike<number>, prior: ParzenPrior): Mixture {
  const n = observed.length;
  const age = linearForgetting(n);
  // The prior stands before observations equal to its mean, as numpy.searchsorted has it.
  const order = Array.from({ length: n }, (_, i) => i).sort(
    (a, b) => (observed[a] as number) - (observed[b] as number) || a - b,
  );
  let place = 0;
  while (place < n && (observed[order[place] as number] as number) < prior.mu) place++;
  order.splice(place, 0, -1);
  const mus = Float64Array.from(order, (i) => (i < 0 ? prior.mu : (observed[i] as number)));
  const weights = Float64Array.from(order, (i) => (i < 0 ? prior.weight : (age[i] as number)));
  const total = weights.reduce((sum, weight) => sum + weight, 0);
  const sigmas = n === 1 ? new Float64Array(2).fill(prior.sigma / 2) : gapsOf(mus);
  const narrowest = prior.sigma / Math.min(100, 1 + mus.length);
  for (let i = 0; i < mus.length; i++) {
    sigmas[i] = i === place ? prior.sigma : Math.min(prior.sigma, Math.max(narrowest, sigmas[i] as number));
    weights[i] = (weights[i] as number) / total;
  }
  return { weights, mus, sigmas };
}

/** The greater of the gaps to both neighbours; at the ends there is one. */
function gapsOf(sorted: Float64Array): Float64Array {
  const last = sorted.length - 1;
  return sorted.map((mu, i) =>
    Math.max(i > 0 ? mu - (sorted[i - 1] as number) : 0, i < last ? (sorted[i + 1] as number) - mu : 0),
  );
}

/** Weights of n observations, oldest first: the newest 25 have 1, older ones rise to it in a line from 1/n. */
export function linearForgetting(n: number): Float64Array {
  const ramp = Math.max(0, n - LINEAR_FORGETTING);
  return Float64Array.from({ length: n }, (_, i) => {
    if (i >= ramp) return 1;
    return ramp === 1 ? 1 / n : 1 / n + (i * (1 - 1 / n)) / (ramp - 1);
  });
}
