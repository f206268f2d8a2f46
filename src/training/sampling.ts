import { makeRandom } from '../utils/random';
import type { BoosterParams } from './types';

/** What one tree may see. */
export interface RoundSample {
  /** Rows drawn and rows left out, in their former order; valid until the next round. */
  readonly drawn: Int32Array;
  readonly leftOut: Int32Array;
  /** Columns that were drawn, ascending. */
  readonly features: Int32Array;
}

/**
 * Draws the rows and columns of one round from streams named by seed and round: each row with probability
 * `subsample`, and floor(colsample_bytree * columns) columns, at least one, without replacement.
 */
export class RoundSampler {
  readonly #params: BoosterParams;
  readonly #rows: Int32Array;
  readonly #allFeatures: Int32Array;
  readonly #drawn: Int32Array;
  readonly #leftOut: Int32Array;

  constructor(params: BoosterParams, rows: Int32Array, featureCount: number) {
    this.#params = params;
    this.#rows = rows;
    this.#allFeatures = Int32Array.from({ length: featureCount }, (_, feature) => feature);
    const room = params.subsample < 1 ? rows.length : 0;
    this.#drawn = new Int32Array(room);
    this.#leftOut = new Int32Array(room);
  }

  draw(round: number): RoundSample {
    return { ...this.#drawRows(round), features: this.#drawFeatures(round) };
  }

  #drawRows(round: number): Pick<RoundSample, 'drawn' | 'leftOut'> {
    const rows = this.#rows;
    const { seed, subsample } = this.#params;
    if (subsample === 1) return { drawn: rows, leftOut: this.#leftOut };
    const random = makeRandom(seed, `subsample/${round}`);
    let drawn = 0;
    for (let i = 0; i < rows.length; i++) {
      const row = rows[i] as number;
      if (random.uniform() < subsample) this.#drawn[drawn++] = row;
      else this.#leftOut[i - drawn] = row;
    }
    return { drawn: this.#drawn.subarray(0, drawn), leftOut: this.#leftOut.subarray(0, rows.length - drawn) };
  }

  #drawFeatures(round: number): Int32Array {
    const all = this.#allFeatures;
    if (this.#params.colsample_bytree === 1) return all;
    const count = Math.max(1, Math.floor(this.#params.colsample_bytree * all.length));
    return makeRandom(this.#params.seed, `colsample_bytree/${round}`).shuffle(all.slice()).subarray(0, count).sort();
  }
}
