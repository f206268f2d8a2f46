import type { TableSchema } from '../utils/records';
import type { DefinitionChange } from '../features/definition-changes';
import type { FeatureDefinitions, LeakReport, PointInTimeMode } from '../features/types';
import type { Partition } from '../features/offline/types';
import type { TableProfile } from '../data/types';
import type { StageState, Stage } from './views';
import type { DeclaredModel } from './model-spec';

/** Tables this room keeps; the other rooms declare their own. */
export const pipelineTables: Readonly<Record<string, TableSchema>> = {
  workspace_models: { key: 'name' },
  stage_results: { key: ['model', 'stage'], indexes: { model: 'model' } },
  partitions: { key: 'path', indexes: { model: 'model' } },
};

/** A model made from a file. Built-in models are not stored: config.yaml and their folder are the truth. */
export interface StoredModel {
  readonly name: string;
  readonly spec: DeclaredModel;
  readonly created: number;
}

/** Definitions of a model as they were applied, a version each; the newest holds. */
export interface DefinitionsRecord {
  readonly model: string;
  /** From 1 on. */
  readonly version: number;
  readonly definitions: FeatureDefinitions;
  /** What the model is trained on, "view:feature" in order. */
  readonly features: readonly string[];
  /** The last version, this one included, that changed what features hold or which are trained on; 0 for none. */
  readonly computed_since: number;
  readonly changes: readonly DefinitionChange[];
  readonly message: string;
  /** Wall clock, milliseconds. */
  readonly applied_at: number;
}

export type { Partition };

export interface DataResult {
  readonly source: string;
  readonly seed: number;
  /** Simulated "now", microseconds. */
  readonly clock: number;
  readonly hasHistory: boolean;
  readonly profiles: readonly TableProfile[];
  /** Names the rows: the digest before the newest append and its partitions' digests, hashed. Compaction leaves it. */
  readonly digest: string;
  /** Rows of the label table as first generated; absent in older stores. */
  readonly generated?: number;
  readonly windows: readonly { readonly scenario: string; readonly from: number; readonly to: number }[];
}

export interface FeaturesResult {
  /** Version of the definitions that it was made with; absent where it was made before they had versions. */
  readonly definitions_version?: number;
  readonly path: string;
  readonly digest: string;
  readonly dataDigest: string;
  readonly rows: number;
  readonly labelled: number;
  readonly entities: number;
  readonly coverage: Readonly<Record<string, number>>;
  readonly mode: PointInTimeMode;
  readonly leaks: readonly LeakReport[];
  readonly profile: TableProfile;
  readonly onlineRows: number;
  readonly materialized: readonly {
    readonly view: string;
    readonly rows: number;
    readonly from: number;
    readonly to: number;
  }[];
  readonly sampleKeys: readonly string[];
  /** By view, event time of its newest row known at the clock, null where there is none; absent in older results. */
  readonly newest?: Readonly<Record<string, number | null>>;
}

export interface TrainingResult {
  readonly run_id: string;
  readonly datasetDigest: string;
}

export interface RegistryResult {
  readonly version: number;
  readonly run_id: string;
}

export interface InferenceResult {
  readonly batch_id: string;
  readonly version: number;
  readonly histogram: readonly number[];
  readonly importance: readonly { readonly feature: string; readonly meanAbsShap: number; readonly n: number }[];
}

export interface MonitoringResult {
  readonly report_id: string | null;
  readonly unavailable: string | null;
}

export interface StageResults {
  readonly data: DataResult;
  readonly features: FeaturesResult;
  readonly training: TrainingResult;
  readonly registry: RegistryResult;
  readonly inference: InferenceResult;
  readonly monitoring: MonitoringResult;
}

export interface StageRecord<S extends Stage = Stage> {
  readonly model: string;
  readonly stage: S;
  readonly state: StageState;
  readonly result: StageResults[S];
}
