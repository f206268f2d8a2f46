import type { EvalMetric } from './objectives/types';

/** Follows the watched metric: strict improvement, stop after `patience` rounds without one (XGBoost's rule). */
export class EarlyStopping {
  bestRound: number;
  #best = Infinity;
  readonly #patience: number;

  /** @param firstRound the first that will be seen. */
  constructor(patience: number, firstRound: number) {
    this.#patience = patience;
    this.bestRound = firstRound;
  }

  /** Takes the value of `round` (0-based); true when training should stop. */
  seen(round: number, value: number, direction: EvalMetric['direction']): boolean {
    const loss = direction === 'minimize' ? value : -value;
    if (loss < this.#best) {
      this.#best = loss;
      this.bestRound = round;
    }
    return round - this.bestRound >= this.#patience;
  }
}
