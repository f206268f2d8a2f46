import { WorkbenchError } from '../utils/errors';
import { exp, log } from '../utils/math';
import { makeRandom } from '../utils/random';
import { normalQuantile } from '../utils/statistics';
import { pointOf, type CompiledSpace, type Point } from './compile-space';
import { outward } from './prior';
import type { Assignment, Dimension, Distribution } from './space-types';

const MOST_POINTS = 100_000;

/** Values a grid has of one dimension: every whole number and multiple of q, else `points` of equal prior mass. */
export function gridValues(distribution: Distribution, points: number): readonly number[] {
  switch (distribution.kind) {
    case 'categorical':
      return distribution.p.flatMap((share, index) => (share > 0 ? [index] : []));
    case 'randint':
      return Array.from({ length: distribution.high - distribution.low }, (_, i) => distribution.low + i);
    case 'uniform':
      return distribution.q === undefined
        ? spread(points, (share) =>
            outward(distribution, distribution.low + share * (distribution.high - distribution.low)),
          )
        : stepsOf({ ...distribution, q: distribution.q });
    case 'normal':
      return [
        ...new Set(
          Array.from({ length: points }, (_, i) =>
            outward(distribution, distribution.mu + distribution.sigma * normalQuantile((i + 0.5) / points)),
          ),
        ),
      ];
  }
}

/** From the lower bound to the upper one. */
function spread(points: number, at: (share: number) => number): number[] {
  if (points === 1) return [at(0.5)];
  return Array.from({ length: points }, (_, i) => at(i / (points - 1)));
}

function stepsOf(distribution: {
  readonly log: boolean;
  readonly low: number;
  readonly high: number;
  readonly q: number;
}): number[] {
  const { log: isLog, low, high, q } = distribution;
  const first = Math.round((isLog ? exp(low) : low) / q);
  const last = Math.round((isLog ? exp(high) : high) / q);
  checkSize(last - first + 1);
  // Through the parameter's own rounding, so that a grid holds what a random draw gives.
  return Array.from({ length: last - first + 1 }, (_, i) => {
    const value = (first + i) * q;
    return value <= 0 ? outward({ log: false, q }, value) : outward({ log: isLog, q }, isLog ? log(value) : value);
  });
}

/**
 * Every point of the grid in an order drawn from the seed, so that a search that ends early has covered all of it
 * evenly. A branch counts only where its option is chosen. Throws TRAINING_INVALID for a grid of more than 100,000.
 */
export function gridPoints(space: CompiledSpace, seed: number, pointsEach: number): readonly Point[] {
  const values = new Map(
    space.dimensions.map(({ label, distribution }) => [label, gridValues(distribution, pointsEach)]),
  );
  checkSize(sizeOf(space.assignments, values));
  const points: Point[] = [];
  const chosen: number[] = [];
  for (;;) {
    const active: number[] = [];
    points.push(
      pointOf(space, ({ label }) => {
        const all = values.get(label) ?? [];
        active.push(all.length);
        return all[chosen[active.length - 1] ?? 0] ?? NaN;
      }),
    );
    // The next point changes the last dimension that has a value left; those after it start anew.
    let last = active.length - 1;
    while (last >= 0 && (chosen[last] ?? 0) + 1 >= (active[last] as number)) last--;
    if (last < 0) break;
    for (let i = 0; i < last; i++) chosen[i] ??= 0;
    chosen[last] = (chosen[last] ?? 0) + 1;
    chosen.length = last + 1;
  }
  return makeRandom(seed, 'grid').shuffle(points);
}

function sizeOf(assignments: readonly Assignment[], values: ReadonlyMap<string, readonly number[]>): number {
  return assignments.reduce((product, { value }) => {
    if (typeof value !== 'object') return product;
    return product * dimensionSize(value, values);
  }, 1);
}

function dimensionSize({ label, options }: Dimension, values: ReadonlyMap<string, readonly number[]>): number {
  const own = values.get(label) ?? [];
  if (!options) return own.length;
  return own.reduce((sum, index) => sum + sizeOf(options[index] ?? [], values), 0);
}

function checkSize(size: number): void {
  if (size <= MOST_POINTS) return;
  throw new WorkbenchError(
    'TRAINING_INVALID',
    `The grid of the search space has ${size.toLocaleString('en')} points, more than ${MOST_POINTS.toLocaleString('en')}; give a greater q or fewer options, or search with tpe or random.`,
  );
}
