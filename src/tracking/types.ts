export type RunStatus = 'RUNNING' | 'FINISHED' | 'FAILED' | 'KILLED';

export interface Experiment {
  readonly experiment_id: string;
  readonly name: string;
  readonly creation_time: number;
}

/** One training run. Times are milliseconds since 1970 UTC (wall clock). */
export interface Run {
  /** 32 hex digits. */
  readonly run_id: string;
  readonly experiment_id: string;
  readonly run_name: string;
  readonly status: RunStatus;
  readonly start_time: number;
  readonly end_time: number;
  readonly params: Readonly<Record<string, string>>;
  readonly tags: Readonly<Record<string, string>>;
  /** Latest value by key: greatest (step, timestamp, value). */
  readonly metrics: Readonly<Record<string, number>>;
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
