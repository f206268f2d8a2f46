export type RunStatus = 'RUNNING' | 'FINISHED' | 'FAILED' | 'KILLED';

/** `deleted` runs are in the trash: they are kept whole and can be restored. */
export type LifecycleStage = 'active' | 'deleted';

export interface Experiment {
  readonly experiment_id: string;
  readonly name: string;
  readonly creation_time: number;
  /** Grows with every change to a run of it, so that whoever keeps runs in memory sees that they are old. */
  readonly revision: number;
}

/** One training run. Times are milliseconds since 1970 UTC (wall clock). */
export interface Run {
  /** 32 hex digits. */
  readonly run_id: string;
  readonly experiment_id: string;
  readonly run_name: string;
  readonly status: RunStatus;
  readonly lifecycle_stage: LifecycleStage;
  /** When it went to the trash; null for active runs. */
  readonly deleted_time: number | null;
  readonly start_time: number;
  readonly end_time: number;
  readonly params: Readonly<Record<string, string>>;
  /** `mlflow.note.content` is its note, `mlflow.parentRunId` the run it belongs to, `mlflow.user` who ran it. */
  readonly tags: Readonly<Record<string, string>>;
  /** Latest value by key: greatest (step, timestamp, value). */
  readonly metrics: Readonly<Record<string, number>>;
  /** Least and greatest value by key, for metrics whose points differ. NaN counts for neither. */
  readonly metric_ranges: Readonly<Record<string, readonly [least: number, greatest: number]>>;
  readonly dataset: { readonly name: string; readonly digest: string; readonly rows: number };
  readonly config_digest: string;
  readonly seed: number;
}

export interface MetricPoint {
  readonly run_id: string;
  readonly key: string;
  readonly value: number;
  readonly timestamp: number;
  readonly step: number;
}

/** One metric of a run: its points in the order recorded, equal ones too, as columns; a record a point would be slow. */
export interface MetricHistory {
  readonly run_id: string;
  readonly key: string;
  readonly values: Float64Array;
  readonly steps: Float64Array;
  readonly timestamps: Float64Array;
}

/** A named artifact of a run: text (JSON) or bytes. */
export interface Artifact {
  readonly run_id: string;
  readonly path: string;
  readonly content: string | Uint8Array;
}

export interface RunDraft {
  readonly experiment: string;
  readonly run_name: string;
  readonly status: RunStatus;
  readonly start_time: number;
  readonly end_time: number;
  readonly params: Readonly<Record<string, string>>;
  readonly tags: Readonly<Record<string, string>>;
  readonly metrics: readonly Omit<MetricPoint, 'run_id'>[];
  readonly artifacts: readonly Omit<Artifact, 'run_id'>[];
  readonly dataset: Run['dataset'];
  readonly config_digest: string;
  readonly seed: number;
}
