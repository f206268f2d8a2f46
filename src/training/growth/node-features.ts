import { WorkbenchError } from '../../utils/errors';
import { makeRandom } from '../../utils/random';
import type { BoosterParams } from '../types';

/** Places are whole numbers below this; deeper ones share them. */
const MOST_PLACES = 4503599627370496;

/**
 * Columns that a node may split on: a sample of the tree's columns for its level, of that for itself
 * (colsample_bylevel, colsample_bynode, each floor(share * columns), at least one), less those that the interaction
 * constraints of its path rule out (dmlc/xgboost:src/tree/constraints.cc).
 */
export class NodeFeatures {
  readonly #params: BoosterParams;
  readonly #groups: readonly ReadonlySet<number>[] | null;
  #all: Int32Array = new Int32Array();
  #tree = 0;
  readonly #levels = new Map<number, Int32Array>();
  /** 1 for the root, then 2 p and 2 p + 1: names a node whatever the order in which nodes are made. */
  readonly #places = new Map<number, number>();
  /** Columns split on above each node. */
  readonly #paths = new Map<number, readonly number[]>();

  /** Throws TRAINING_INVALID when a constraint names a feature there is not. */
  constructor(params: BoosterParams, featureCount: number) {
    this.#params = params;
    const groups = params.interaction_constraints;
    const beyond = groups?.flat().find((feature) => feature >= featureCount);
    if (beyond !== undefined) {
      throw new WorkbenchError(
        'TRAINING_INVALID',
        `interaction_constraints names feature ${beyond}, but there are ${featureCount} features, numbered 0 to ${featureCount - 1}.`,
      );
    }
    this.#groups = groups && groups.length > 0 ? groups.map((group) => new Set(group)) : null;
  }

  /** True when every node may split on all columns of its tree. */
  get unrestricted(): boolean {
    const { colsample_bylevel, colsample_bynode } = this.#params;
    return colsample_bylevel === 1 && colsample_bynode === 1 && this.#groups === null;
  }

  /** @param tree number of the tree in the model: it names the random streams. */
  begin(tree: number, features: Int32Array): void {
    this.#tree = tree;
    this.#all = features;
    this.#levels.clear();
    this.#paths.clear();
    this.#places.clear();
  }

  /** Remembers a split for the nodes below it. */
  split(node: number, feature: number, children: readonly number[]): void {
    const place = this.#placeOf(node);
    children.forEach((child, side) => this.#places.set(child, (2 * place + side) % MOST_PLACES));
    if (!this.#groups) return;
    const above = this.#paths.get(node) ?? [];
    const path = above.includes(feature) ? above : [...above, feature];
    for (const child of children) this.#paths.set(child, path);
  }

  of(node: number, depth: number): Int32Array {
    const sampled = this.#sample(
      this.#level(depth),
      this.#params.colsample_bynode,
      `colsample_bynode/${this.#placeOf(node)}`,
    );
    const path = this.#paths.get(node);
    if (!this.#groups || !path) return sampled;
    const allowed = new Set(path);
    for (const group of this.#groups) {
      if (path.every((feature) => group.has(feature))) for (const feature of group) allowed.add(feature);
    }
    return sampled.filter((feature) => allowed.has(feature));
  }

  #level(depth: number): Int32Array {
    const known = this.#levels.get(depth);
    if (known) return known;
    const level = this.#sample(this.#all, this.#params.colsample_bylevel, `colsample_bylevel/${depth}`);
    this.#levels.set(depth, level);
    return level;
  }

  #sample(from: Int32Array, share: number, stream: string): Int32Array {
    if (share === 1) return from;
    const count = Math.max(1, Math.floor(share * from.length));
    const random = makeRandom(this.#params.seed, `${stream}/${this.#tree}`);
    return random.shuffle(from.slice()).subarray(0, count).sort();
  }

  #placeOf(node: number): number {
    return this.#places.get(node) ?? 1;
  }
}
