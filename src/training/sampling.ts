import { makeRandom } from '../utils/random';
import type { BoosterParams } from './types';

/** What one tree may see. */
export interface RoundSample {
  /** Rows that were drawn, in their former order: drawn[0..count). */
  readonly count: number;
  /** Columns that were drawn, ascending. */
  readonly features: Int32Array;
}

/**
 * Draws the rows and columns of one round from streams named by seed and round: each row with probability
 * `subsample`, and floor(colsample_bytree * columns) columns, at least one, without replacement.
 */
export class RoundSampler {
  /** Rows left out in the last round: leftOut[0..leftOutCount). */
  readonly leftOut: Int32Array;
  leftOutCount = 0;
  readonly #params: BoosterParams;
  readonly #rows: Int32Array;
  readonly #allFeatures: Int32Array;

  constructor(params: BoosterParams, rows: Int32Array, featureCount: number) {
    this.#params = params;
    this.#rows = rows;
    this.#allFeatures = Int32Array.from({ length: featureCount }, (_, feature) => feature);
    this.leftOut = new Int32Array(params.subsample < 1 ? rows.length : 0);
  }

  /** Fills `drawn` and `leftOut` for `round`. */
  draw(round: number, drawn: Int32Array): RoundSample {
    return { count: this.#drawRows(round, drawn), features: this.#drawFeatures(round) };
  }

  #drawRows(round: number, drawn: Int32Array): number {
    const rows = this.#rows;
    this.leftOutCount = 0;
    if (this.#params.subsample === 1) {
      drawn.set(rows);
      return rows.length;
    }
    const random = makeRandom(this.#params.seed, `subsample/${round}`);
    let count = 0;
    for (let i = 0; i < rows.length; i++) {
      const row = rows[i] as number;
      if (random.uniform() < this.#params.subsample) drawn[count++] = row;
      else this.leftOut[this.leftOutCount++] = row;
    }
    return count;
  }

  #drawFeatures(round: number): Int32Array {
    const all = this.#allFeatures;
    if (this.#params.colsample_bytree === 1) return all;
    const count = Math.max(1, Math.floor(this.#params.colsample_bytree * all.length));
    return makeRandom(this.#params.seed, `colsample_bytree/${round}`).shuffle(all.slice()).subarray(0, count).sort();
  }
}
