import { makeRandom, type Random } from '../../utils/random';
import type { NetworkParams } from './types';

/** One step: positions of its rows, and for each hidden layer what its units are multiplied with. */
export interface Batch {
  readonly picked: Int32Array;
  /** [rows * units] a hidden layer: 0 where left out, else 1 / (1 - dropout); none without dropout. */
  readonly masks: readonly Float32Array[];
}

/** Batches of shuffled rows; the last of an epoch may be smaller. Streams "network.shuffle" and "network.dropout". */
export class Batches {
  readonly #params: NetworkParams;
  readonly #order: Int32Array;
  readonly #shuffle: Random;
  readonly #dropout: Random;

  constructor(params: NetworkParams, rows: number) {
    this.#params = params;
    this.#order = Int32Array.from({ length: rows }, (_, row) => row);
    this.#shuffle = makeRandom(params.seed, 'network.shuffle');
    this.#dropout = makeRandom(params.seed, 'network.dropout');
  }

  *epoch(): Generator<Batch> {
    const size = this.#params.batch_size;
    this.#shuffle.shuffle(this.#order);
    for (let from = 0; from < this.#order.length; from += size) {
      const picked = this.#order.slice(from, from + size);
      yield { picked, masks: this.#masks(picked.length) };
    }
  }

  #masks(rows: number): readonly Float32Array[] {
    const params = this.#params;
    if (params.kind === 'logistic' || params.dropout === 0) return [];
    const kept = 1 / (1 - params.dropout);
    return params.hidden_units.map((units) =>
      Float32Array.from({ length: rows * units }, () => (this.#dropout.chance(params.dropout) ? 0 : kept)),
    );
  }
}
