import type { Signal } from '../../utils/control';
import type { OnProgress } from '../platform';
import { FeatureStoreDoor } from '../store/door';
import type { ExchangeClient } from './client';
import type { ExchangeContext } from './context';
import type { ImportChoices, ModelChoice, ModelFormat } from './types';

/** A workspace's exports and imports; what each does is loaded when it is first asked for. */
export abstract class ExchangeDoor extends FeatureStoreDoor implements ExchangeClient {
  async exportModel(model: string, choice: ModelChoice & { readonly format: ModelFormat }) {
    const { exportModel } = await import('./export-model');
    return exportModel(this.#exchange(), model, choice);
  }

  async exportStore(onProgress?: OnProgress, signal?: Signal) {
    const { exportStore } = await import('./export-store');
    return exportStore(this.#exchange(onProgress, signal));
  }

  async exportBundle(model: string | null, onProgress?: OnProgress, signal?: Signal) {
    const bundles = await import('./export-bundle');
    const context = this.#exchange(onProgress, signal);
    return model === null
      ? bundles.exportWorkspace(context)
      : bundles.exportModelBundle(context, await this.specOf(model));
  }

  async inspectBundle(bytes: Uint8Array, onProgress?: OnProgress, signal?: Signal) {
    const { inspectBundle } = await import('./import-bundle');
    return inspectBundle(this.#exchange(onProgress, signal), bytes);
  }

  importBundle(bytes: Uint8Array, choices: ImportChoices = {}, onProgress?: OnProgress, signal?: Signal) {
    return this.alone(async () => {
      const { importBundle } = await import('./import-bundle');
      return importBundle(this.#exchange(onProgress, signal), bytes, choices);
    });
  }

  #exchange(onProgress?: OnProgress, signal?: Signal): ExchangeContext {
    return { platform: this.platform, config: this.requireConfig(), onProgress, signal };
  }
}
