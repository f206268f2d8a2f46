import type { InputExample } from './model-folder';
import type { Booster } from '../../training/types';
import type { Artifact, MetricPoint, Run } from '../../tracking/types';

/** A run with all that is kept of it; what older records lack is taken as MLflow's default. */
export interface ExportedRun {
  readonly run: Run & { readonly lifecycle_stage?: 'active' | 'deleted'; readonly deleted_time?: number | null };
  /** In the order they were recorded. */
  readonly points: readonly Omit<MetricPoint, 'run_id'>[];
  readonly artifacts: readonly Pick<Artifact, 'path' | 'content'>[];
  /** What its model folder is made of; null for a run without a model that MLflow loads. */
  readonly model: {
    readonly booster: Booster;
    readonly example: InputExample | null;
    readonly metadata: Readonly<Record<string, string>>;
  } | null;
}

export interface ExportedExperiment {
  readonly name: string;
  /** Milliseconds. */
  readonly creation_time: number;
  readonly runs: readonly ExportedRun[];
}

/** A registered version. Deleted ones are there with their number alone. */
export interface ExportedVersion {
  readonly version: number;
  readonly run_id: string;
  readonly creation_timestamp: number;
  readonly last_updated_timestamp?: number;
  readonly description: string;
  readonly tags: Readonly<Record<string, string>>;
  readonly current_stage?: string;
}

export interface ExportedModel {
  readonly name: string;
  readonly description?: string;
  readonly tags?: Readonly<Record<string, string>>;
  readonly creation_timestamp: number;
  readonly last_updated_timestamp?: number;
  readonly aliases: Readonly<Record<string, number>>;
  readonly versions: readonly ExportedVersion[];
}

/** A tracking store and a registry. */
export interface ExportedStore {
  readonly experiments: readonly ExportedExperiment[];
  readonly models: readonly ExportedModel[];
}
