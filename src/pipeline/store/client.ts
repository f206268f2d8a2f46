import type { Signal } from '../../utils/control';
import type {
  AppendResult,
  CompactResult,
  FeaturePlan,
  FeatureRegistryView,
  HistoricalAnswer,
  HistoricalCall,
  IncrementalCall,
  LineageGraph,
  MaterializeCall,
  Materialized,
  OnlineAnswer,
  OnlineCall,
  OnlineStoreView,
  OnStoreProgress,
  PushCall,
  PushResult,
  QualityView,
  SavedDataset,
  ServingFault,
  SkewCall,
  SkewView,
  SqlAnswer,
  SqlRequest,
  SqlSchema,
  StoreCheck,
  TableFormat,
  TakenFile,
  WantedDefinitions,
} from './types';

/** The feature store's part of a workspace. Calls that take `onProgress` and `signal` may be long. */
export interface FeatureStoreClient {
  featureRegistry(model: string): Promise<FeatureRegistryView>;
  /** Says what an apply would do; changes nothing. Throws FEATURES_INVALID with every fault of the definitions. */
  planFeatures(model: string, wanted: WantedDefinitions): Promise<FeaturePlan>;
  /** Applies what was planned on `baseVersion`; refused when something was applied since, or is blocked. */
  applyFeatures(
    model: string,
    wanted: WantedDefinitions,
    baseVersion: number,
    message?: string,
  ): Promise<FeatureRegistryView>;
  /** Applies the definitions of an earlier version again, as a new version. */
  revertFeatures(model: string, toVersion: number): Promise<FeatureRegistryView>;

  /** Appends a file's rows to a raw table (CSV, Parquet or Arrow by its ending); all of them or none. */
  appendFile(
    model: string,
    table: string,
    file: TakenFile,
    onProgress?: OnStoreProgress,
    signal?: Signal,
  ): Promise<AppendResult>;
  /** A raw table, a feature view or a saved data set as a file. */
  exportTable(model: string, name: string, format: TableFormat): Promise<TakenFile>;
  /** Rewrites partitions of the same dates as one. */
  compact(model: string, onProgress?: OnStoreProgress, signal?: Signal): Promise<CompactResult>;
  verifyStore(onProgress?: OnStoreProgress, signal?: Signal): Promise<StoreCheck>;

  sqlSchema(model: string): Promise<readonly SqlSchema[]>;
  /** A read-only statement over raw tables, feature views and saved data sets. */
  querySql(model: string, request: SqlRequest, onProgress?: OnStoreProgress, signal?: Signal): Promise<SqlAnswer>;
  /** The same as a file of all its rows (2 million at most). */
  sqlFile(
    model: string,
    sql: string,
    format: TableFormat,
    onProgress?: OnStoreProgress,
    signal?: Signal,
  ): Promise<TakenFile>;

  /** The first rows of the answer (1,000); `saveDataset` keeps all of it. */
  historicalFeatures(
    model: string,
    call: HistoricalCall,
    onProgress?: OnStoreProgress,
    signal?: Signal,
  ): Promise<HistoricalAnswer>;
  saveDataset(
    model: string,
    name: string,
    call: HistoricalCall,
    onProgress?: OnStoreProgress,
    signal?: Signal,
  ): Promise<SavedDataset>;
  /** Newest first. */
  savedDatasets(model: string): Promise<readonly SavedDataset[]>;
  /** Frees a data set's file; its record stays where a registered version was trained on it. Says what became of it. */
  deleteDataset(model: string, name: string): Promise<string>;
  lineage(model: string): Promise<LineageGraph>;

  materialize(
    model: string,
    call: MaterializeCall,
    onProgress?: OnStoreProgress,
    signal?: Signal,
  ): Promise<Materialized>;
  materializeIncremental(
    model: string,
    call?: IncrementalCall,
    onProgress?: OnStoreProgress,
    signal?: Signal,
  ): Promise<Materialized>;
  push(model: string, call: PushCall): Promise<PushResult>;
  /** Writes feature values of a view as they are: join keys, event_timestamp, features; late ones are not written. */
  writeToOnlineStore(model: string, view: string, rows: PushCall['rows']): Promise<number>;
  getOnlineFeatures(model: string, call: OnlineCall): Promise<OnlineAnswer>;
  onlineStore(model: string): Promise<OnlineStoreView>;

  quality(model: string): Promise<QualityView>;
  compareServing(model: string, call?: SkewCall): Promise<SkewView>;
  /** Switches the lesson's fault on, or off with null. */
  setServingFault(model: string, fault: ServingFault | null): Promise<void>;

  /** The definitions and data as a Feast repository, zipped. */
  exportFeast(
    model: string,
    options?: { readonly online?: 'sqlite' | 'redis'; readonly redis?: string; readonly offline?: 'dask' | 'duckdb' },
  ): Promise<TakenFile>;
}
