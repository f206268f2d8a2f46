import { exp, log } from '../utils/math';
import type { Random } from '../utils/random';
import { normalCdf } from '../utils/statistics';
import type { Mixture } from './parzen';
import { drawIndex } from './prior';

/** Where a mixture lives: log kinds are mixtures of the logarithm, bounds cut it off, a q rounds what is drawn. */
export interface MixtureRange {
  readonly log: boolean;
  /** [low, high), in the space of the mixture. */
  readonly bounds: readonly [low: number, high: number] | null;
  readonly q: number | undefined;
}

const LEAST = 1e-12;
const ROOT_2_PI = Math.sqrt(2 * Math.PI);

/** A draw in the space of the mixture, before log and q; outside the bounds it is drawn again. */
export function drawFrom({ weights, mus, sigmas }: Mixture, { bounds }: MixtureRange, random: Random): number {
  for (;;) {
    const i = drawIndex(weights, random);
    const drawn = (mus[i] as number) + random.normal() * (sigmas[i] as number);
    if (!bounds || (drawn >= bounds[0] && drawn < bounds[1])) return drawn;
  }
}

/**
 * Log density of a value (log probability with a q) as Hyperopt 0.3.0's GMM1_lpdf and LGMM1_lpdf have it, the value in
 * the parameter's own space. Like there, the density of a log mixture without q is not divided by the mass inside the
 * bounds.
 */
export function logDensity(mixture: Mixture, range: MixtureRange, value: number): number {
  const { log: isLog, bounds, q } = range;
  if (q !== undefined) return log(stepMass(mixture, range, value, q)) - log(massInside(mixture, bounds));
  const density = logOfMixture(mixture, isLog ? log(value) : value);
  return isLog ? density - log(value) : density - log(massInside(mixture, bounds));
}

function logOfMixture({ weights, mus, sigmas }: Mixture, x: number): number {
  const parts = mus.map((mu, i) => {
    const sigma = Math.max(sigmas[i] as number, LEAST);
    const z = (x - mu) / sigma;
    return log((weights[i] as number) / (ROOT_2_PI * sigma)) - 0.5 * z * z;
  });
  const most = parts.reduce((a, b) => Math.max(a, b), -Infinity);
  return log(parts.reduce((sum, part) => sum + exp(part - most), 0)) + most;
}

/** Share of the mixture inside the bounds. */
function massInside({ weights, mus, sigmas }: Mixture, bounds: MixtureRange['bounds']): number {
  if (!bounds) return 1;
  const [low, high] = bounds;
  return weights.reduce((sum, weight, i) => {
    const at = (x: number) => normalCdf((x - (mus[i] as number)) / (sigmas[i] as number));
    return sum + weight * (at(high) - at(low));
  }, 0);
}

/** Share of the mixture that is rounded to the value, within the bounds. */
function stepMass({ weights, mus, sigmas }: Mixture, { log: isLog, bounds }: MixtureRange, value: number, q: number) {
  const outer = bounds && (isLog ? ([exp(bounds[0]), exp(bounds[1])] as const) : bounds);
  const [low, high] = outer ?? [-Infinity, Infinity];
  const from = Math.max(value - q / 2, low);
  const to = Math.min(value + q / 2, high);
  const inside = (x: number) => (isLog ? log(Math.max(x, 0, LEAST)) : x);
  return weights.reduce((sum, weight, i) => {
    const at = (x: number) => normalCdf((inside(x) - (mus[i] as number)) / Math.max(sigmas[i] as number, LEAST));
    return sum + weight * (at(to) - at(from));
  }, 0);
}
