import type { Signal } from '../../utils/control';
import type { OnProgress } from '../platform';
import type { TakenFile } from '../store/types';
import type { BundleView, ImportChoices, ImportResult, ModelChoice, ModelFormat } from './types';

/** What a workspace gives away and takes in. Calls that take `onProgress` and `signal` may be long. */
export interface ExchangeClient {
  /** A version (the champion when none is named) or a run as one file: MLflow's folder as a zip, model.json or model.onnx. */
  exportModel(model: string, choice: ModelChoice & { readonly format: ModelFormat }): Promise<TakenFile>;
  /** Experiments, runs, versions and aliases as a zip that MLflow imports. */
  exportStore(onProgress?: OnProgress, signal?: Signal): Promise<TakenFile>;
  /** One model with its lineage, or everything, as a zip that `importBundle` takes. */
  exportBundle(model: string | null, onProgress?: OnProgress, signal?: Signal): Promise<TakenFile>;
  /** Checks every byte of a bundle and says what it holds and which names are taken; changes nothing. */
  inspectBundle(bytes: Uint8Array, onProgress?: OnProgress, signal?: Signal): Promise<BundleView>;
  /** Brings a bundle's models in beside what is here, all that was chosen or nothing. */
  importBundle(
    bytes: Uint8Array,
    choices?: ImportChoices,
    onProgress?: OnProgress,
    signal?: Signal,
  ): Promise<ImportResult>;
}
