import { makeRandom } from '../utils/random';

/** Rows numbered by entity, entities in order of first appearance. */
export interface Clusters {
  readonly entityOf: Int32Array;
  readonly count: number;
}

export function clustersOf(keys: readonly string[]): Clusters {
  const numbers = new Map<string, number>();
  const entityOf = Int32Array.from(keys, (key) => {
    const known = numbers.get(key);
    if (known !== undefined) return known;
    numbers.set(key, numbers.size);
    return numbers.size - 1;
  });
  return { entityOf, count: numbers.size };
}

/**
 * Row weights of bootstrap resample `number`: as many entities as there are, drawn with replacement; each row counts as
 * often as its entity was drawn (Field & Welsh 2007, cluster bootstrap). A resample depends only on seed and number.
 */
export function resampleWeights(clusters: Clusters, seed: number, number: number, into: Int32Array): void {
  const random = makeRandom(seed, `bootstrap/${number}`);
  const drawn = new Int32Array(clusters.count);
  for (let i = 0; i < clusters.count; i++) {
    const entity = random.int(clusters.count);
    drawn[entity] = (drawn[entity] as number) + 1;
  }
  for (let row = 0; row < into.length; row++) into[row] = drawn[clusters.entityOf[row] as number] as number;
}
