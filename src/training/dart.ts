import { makeRandom } from '../utils/random';
import type { BoosterParams } from './types';

/**
 * Which trees a round of DART leaves out, and how they and the new ones are weighed
 * (dmlc/xgboost:src/gbm/gbtree.cc, NormalizeTrees).
 */
export class Dropout {
  /** Of each tree so far. */
  weights: number[] = [];
  dropped: readonly number[] = [];
  readonly #params: BoosterParams;

  constructor(params: BoosterParams) {
    this.#params = params;
  }

  /** Draws the trees that `round` leaves out. */
  draw(round: number): void {
    const { seed, skip_drop, one_drop } = this.#params;
    const random = makeRandom(seed, `dart/${round}`);
    this.dropped = [];
    if (this.weights.length === 0 || (skip_drop > 0 && random.uniform() < skip_drop)) return;
    const shares = this.#shares();
    this.dropped = shares.flatMap((share, tree) => (random.uniform() < share ? [tree] : []));
    if (this.dropped.length > 0 || one_drop === 0) return;
    const total = shares.reduce((sum, share) => sum + share, 0);
    let left = random.uniform() * (total > 0 ? total : shares.length);
    const one = shares.findIndex((share) => (left -= total > 0 ? share : 1) < 0);
    this.dropped = [Math.max(one, 0)];
  }

  /** Weighs `count` new trees and the dropped ones. */
  add(count: number): void {
    const { eta, normalize_type } = this.#params;
    const dropped = this.dropped.length;
    const fresh = dropped === 0 ? 1 : normalize_type === 'forest' ? 1 / (1 + eta) : 1 / (dropped + eta);
    const factor = normalize_type === 'forest' ? 1 / (1 + eta) : dropped / (dropped + eta);
    for (const tree of this.dropped) this.weights[tree] = Math.fround((this.weights[tree] ?? 1) * factor);
    for (let i = 0; i < count; i++) this.weights.push(Math.fround(fresh));
  }

  /** The probability that each tree is dropped. */
  #shares(): number[] {
    const { rate_drop, sample_type } = this.#params;
    if (sample_type === 'uniform') return this.weights.map(() => rate_drop);
    const total = this.weights.reduce((sum, weight) => sum + weight, 0);
    return this.weights.map((weight) => (rate_drop * this.weights.length * weight) / total);
  }
}
