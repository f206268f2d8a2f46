import type { Signal } from '../../utils/control';
import type { Booster } from '../../training/types';
import { explainRows } from '../../explain/tree-shap';
import { controlOf, type OnProgress } from '../platform';

export interface ExplainCall {
  readonly booster: Booster;
  /** [n_features] columns of [n_rows]. */
  readonly columns: readonly Float32Array[];
  readonly rows: Int32Array;
}

export interface Explained {
  /** One array of [n_features] a row, log-odds. */
  readonly values: readonly Float64Array[];
  /** base + sum of a row's values = its margin. */
  readonly base: number;
}

/** Exact path-dependent SHAP values. */
export class ExplainService {
  readonly #pause: () => Promise<void>;

  constructor(pause: () => Promise<void>) {
    this.#pause = pause;
  }

  async explain(call: ExplainCall, onProgress?: OnProgress, signal?: Signal): Promise<Explained> {
    return explainRows(call.booster, call.columns, call.rows, controlOf(this.#pause, onProgress, signal));
  }
}
