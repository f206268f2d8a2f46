/** Follows the watched loss: strict improvement, stop after `patience` rounds without one (XGBoost's rule). */
export class EarlyStopping {
  bestRound = 0;
  #bestLoss = Infinity;
  readonly #patience: number;

  constructor(patience: number) {
    this.#patience = patience;
  }

  /** Takes the loss of `round` (0-based); true when training should stop. */
  seen(round: number, loss: number): boolean {
    if (loss < this.#bestLoss) {
      this.#bestLoss = loss;
      this.bestRound = round;
    }
    return round - this.bestRound >= this.#patience;
  }
}
