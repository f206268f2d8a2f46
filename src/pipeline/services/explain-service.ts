import type { Signal } from '../../utils/control';
import type { Model } from '../../training/model';
import { explainModel, type ModelExplanation } from '../../explain/explain-model';
import { controlOf, type OnProgress } from '../platform';

export interface ExplainCall {
  readonly model: Model;
  /** [n_features] columns of [n_rows]. */
  readonly columns: readonly Float32Array[];
  readonly rows: Int32Array;
}

/** SHAP values in log-odds, by the method of the model's kind. */
export class ExplainService {
  readonly #pause: () => Promise<void>;

  constructor(pause: () => Promise<void>) {
    this.#pause = pause;
  }

  async explain(call: ExplainCall, onProgress?: OnProgress, signal?: Signal): Promise<ModelExplanation> {
    return explainModel(call.model, call.columns, call.rows, controlOf(this.#pause, onProgress, signal));
  }
}
