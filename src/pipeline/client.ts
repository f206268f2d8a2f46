import type {
  DataView,
  EntityTimeline,
  FeaturesView,
  FileModelRequest,
  FilePreview,
  InferenceView,
  MonitoringView,
  OnStageProgress,
  Overview,
  RegistryView,
  RunOptions,
  SearchUnderWay,
  Stage,
  TablePage,
  TrainingView,
} from './views';
import type { Signal } from '../utils/control';
import type { ExchangeClient } from './exchange/client';
import type { RegistryClient } from './registry/client';
import type { RunsClient } from './runs/client';
import type { FeatureStoreClient } from './store/client';
import type { Prediction } from '../inference/types';

/**
 * Everything the page, the embeds and the command line ask of a workspace. Calls that take `onProgress` and `signal`
 * may be long; cancelling one leaves every store as it was, but for stages of a `run` or `retrain` that had finished. A view is
 * null until its stage has run.
 */
export interface Workbench extends FeatureStoreClient, RegistryClient, ExchangeClient, RunsClient {
  overview(): Promise<Overview>;
  /** Runs `stages` in lifecycle order (all six when absent). */
  run(
    model: string,
    options: RunOptions & { readonly stages?: readonly Stage[] },
    onProgress?: OnStageProgress,
    signal?: Signal,
  ): Promise<void>;

  /** Reads a file without storing it; `types` are a person's changes to the inferred ones. */
  previewFile(fileName: string, bytes: Uint8Array, types?: FileModelRequest['types']): Promise<FilePreview>;
  /** Makes a model from a file and returns its name; nothing is run yet. */
  createModel(request: FileModelRequest): Promise<string>;
  deleteModel(model: string): Promise<void>;

  dataView(model: string): Promise<DataView | null>;
  tablePage(model: string, table: string, offset: number, limit: number): Promise<TablePage>;
  featuresView(model: string): Promise<FeaturesView | null>;
  entityTimeline(model: string, key: string, at?: number): Promise<EntityTimeline>;
  trainingView(model: string, runId?: string): Promise<TrainingView | null>;
  searchUnderWay(model: string): Promise<SearchUnderWay | null>;
  /** Ends the search of the run under way: the training goes on with the best configuration found so far. */
  finishSearch(): Promise<void>;
  registryView(model: string): Promise<RegistryView | null>;
  inferenceView(model: string): Promise<InferenceView | null>;
  monitoringView(model: string): Promise<MonitoringView | null>;

  approve(model: string, version: number, reason: string): Promise<void>;
  reject(model: string, version: number, reason: string): Promise<void>;
  findKeys(model: string, text: string): Promise<readonly string[]>;
  /** Serves one entity's online features to the champion, explains, logs. */
  predict(model: string, key: string): Promise<Prediction>;

  /** Lets a window of simulated time pass under a scenario, then runs the three drift checks on it. */
  simulate(model: string, scenario: string, onProgress?: OnStageProgress, signal?: Signal): Promise<void>;
  /** Trains a challenger on recent data and judges it on the newest labelled window neither model has seen. */
  retrain(model: string, options: RunOptions, onProgress?: OnStageProgress, signal?: Signal): Promise<void>;

  /** SHA-256 over every committed record and file: two equal workspaces have equal digests. */
  digest(): Promise<string>;
  modelFile(model: string, version?: number): Promise<{ readonly name: string; readonly content: string }>;
  reset(): Promise<void>;
}
