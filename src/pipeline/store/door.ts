import type { Config } from '../../config/schema';
import type { Signal } from '../../utils/control';
import type { ModelSpec } from '../model-spec';
import type { Platform } from '../platform';
import type { FeatureStoreClient } from './client';
import type { StoreContext } from './context';
import type {
  HistoricalCall,
  IncrementalCall,
  MaterializeCall,
  OnlineCall,
  OnStoreProgress,
  PushCall,
  ServingFault,
  SkewCall,
  SqlRequest,
  TableFormat,
  TakenFile,
  WantedDefinitions,
} from './types';

type Long = readonly [onProgress?: OnStoreProgress, signal?: Signal];

/** The feature store's calls of a workspace; what each does is loaded when it is first made. */
export abstract class FeatureStoreDoor implements FeatureStoreClient {
  protected abstract get platform(): Platform;
  protected abstract requireConfig(): Config;
  protected abstract specOf(model: string): Promise<ModelSpec>;
  /** Runs work that writes while no other does, and tells pages afterwards. */
  protected abstract alone<T>(work: () => Promise<T>): Promise<T>;
  /** The same for short writes, which wait for each other. */
  protected abstract afterOthers<T>(work: () => Promise<T>): Promise<T>;

  async featureRegistry(model: string) {
    const { featureRegistry } = await import('./definitions');
    return featureRegistry(await this.#context(model));
  }

  async planFeatures(model: string, wanted: WantedDefinitions) {
    const { planFeatures } = await import('./definitions');
    return planFeatures(await this.#context(model), wanted);
  }

  applyFeatures(model: string, wanted: WantedDefinitions, baseVersion: number, message = '') {
    return this.alone(async () => {
      const { applyFeatures } = await import('./definitions');
      return applyFeatures(await this.#context(model), { wanted, baseVersion, message });
    });
  }

  revertFeatures(model: string, toVersion: number) {
    return this.alone(async () => {
      const { revertFeatures } = await import('./definitions');
      return revertFeatures(await this.#context(model), toVersion);
    });
  }

  appendFile(model: string, table: string, file: TakenFile, ...long: Long) {
    return this.alone(async () => {
      const { appendFile } = await import('./offline');
      return appendFile(await this.#context(model, ...long), table, file);
    });
  }

  async exportTable(model: string, name: string, format: TableFormat) {
    const { exportTable } = await import('./offline');
    return exportTable(await this.#context(model), name, format);
  }

  compact(model: string, ...long: Long) {
    return this.alone(async () => {
      const { compact } = await import('./offline');
      return compact(await this.#context(model, ...long));
    });
  }

  async verifyStore(onProgress?: OnStoreProgress, signal?: Signal) {
    const { verifyStore } = await import('./verify');
    return verifyStore(this.platform, { onProgress, signal, pause: this.platform.pause });
  }

  async sqlSchema(model: string) {
    const { sqlSchema } = await import('./console');
    return sqlSchema(await this.#context(model));
  }

  async querySql(model: string, request: SqlRequest, ...long: Long) {
    const { querySql } = await import('./console');
    return querySql(await this.#context(model, ...long), request);
  }

  async sqlFile(model: string, sql: string, format: TableFormat, ...long: Long) {
    const { sqlFile } = await import('./console');
    return sqlFile(await this.#context(model, ...long), sql, format);
  }

  async historicalFeatures(model: string, call: HistoricalCall, ...long: Long) {
    const { historicalFeatures } = await import('./datasets');
    return historicalFeatures(await this.#context(model, ...long), call);
  }

  saveDataset(model: string, name: string, call: HistoricalCall, ...long: Long) {
    return this.alone(async () => {
      const { saveDataset } = await import('./datasets');
      return saveDataset(await this.#context(model, ...long), name, call);
    });
  }

  async savedDatasets(model: string) {
    const { savedDatasets } = await import('./datasets');
    return savedDatasets(await this.#context(model));
  }

  deleteDataset(model: string, name: string) {
    return this.alone(async () => {
      const { deleteDataset } = await import('./datasets');
      return deleteDataset(await this.#context(model), name);
    });
  }

  async lineage(model: string) {
    const { lineage } = await import('./lineage');
    return lineage(await this.#context(model));
  }

  materialize(model: string, call: MaterializeCall, ...long: Long) {
    return this.afterOthers(async () => {
      const { materializeViews } = await import('./online');
      return materializeViews(await this.#context(model, ...long), call);
    });
  }

  materializeIncremental(model: string, call: IncrementalCall = {}, ...long: Long) {
    return this.afterOthers(async () => {
      const { materializeIncremental } = await import('./online');
      return materializeIncremental(await this.#context(model, ...long), call);
    });
  }

  push(model: string, call: PushCall) {
    return this.afterOthers(async () => {
      const { push } = await import('./push');
      return push(await this.#context(model), call);
    });
  }

  writeToOnlineStore(model: string, view: string, rows: PushCall['rows']) {
    return this.afterOthers(async () => {
      const { writeToOnlineStore } = await import('./push');
      return writeToOnlineStore(await this.#context(model), view, rows);
    });
  }

  async getOnlineFeatures(model: string, call: OnlineCall) {
    const { readOnline } = await import('./online');
    return readOnline(await this.#context(model), call);
  }

  async onlineStore(model: string) {
    const { onlineStore } = await import('./online');
    return onlineStore(await this.#context(model));
  }

  async quality(model: string) {
    const { quality } = await import('./quality');
    return quality(await this.#context(model));
  }

  async compareServing(model: string, call: SkewCall = {}) {
    const { skewOf } = await import('./skew');
    return skewOf(await this.#context(model), call);
  }

  setServingFault(model: string, fault: ServingFault | null) {
    return this.alone(async () => {
      const { setServingFault } = await import('./skew');
      return setServingFault(await this.#context(model), fault);
    });
  }

  async exportFeast(model: string, options: Parameters<FeatureStoreClient['exportFeast']>[1] = {}) {
    const { exportFeast } = await import('./export-feast');
    return exportFeast(await this.#context(model), options);
  }

  async #context(model: string, onProgress?: OnStoreProgress, signal?: Signal): Promise<StoreContext> {
    return {
      platform: this.platform,
      config: this.requireConfig(),
      spec: await this.specOf(model),
      onProgress,
      signal,
    };
  }
}
