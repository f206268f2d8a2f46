import type { LifecycleStage, RunStatus } from '../../tracking/types';
import type { BinaryEvaluation } from '../../training/types';

/** Which runs are looked through: those in use, those in the trash, or both. */
export type RunStages = 'active' | 'deleted' | 'all';

/** What is asked of runs. `docs/tracking.md` has the words of filters, orders and columns. */
export interface RunSearch {
  /** Models whose runs are looked through; all when absent. */
  readonly models?: readonly string[];
  /** 'active' when absent. */
  readonly stages?: RunStages;
  readonly filter?: string;
  readonly orderBy?: readonly string[];
  /** Fields to answer for each run: "metrics.loss", "best.roc_auc", "params.eta", "dataset.digest". */
  readonly columns?: readonly string[];
  /** 0 when absent. */
  readonly offset?: number;
  /** 1 to 50,000; 1,000 when absent, as in MLflow. */
  readonly limit?: number;
}

export interface RunHead {
  readonly run_id: string;
  readonly experiment_id: string;
  readonly run_name: string;
  readonly status: RunStatus;
  readonly lifecycle_stage: LifecycleStage;
  readonly start_time: number;
  readonly end_time: number;
  readonly seed: number;
  /** Kind of model; empty where the run does not say. */
  readonly kind: string;
  /** Run that it is part of; empty for none. */
  readonly parent: string;
  readonly note: string;
  readonly dataset: { readonly name: string; readonly digest: string; readonly rows: number };
}

export interface RunRow extends RunHead {
  /** In the order of the columns asked for; null where the run has none. */
  readonly cells: readonly (string | number | null)[];
}

export interface RunsPage {
  /** Runs in the stages looked through, and those of them that the filter finds. */
  readonly total: number;
  readonly matched: number;
  readonly rows: readonly RunRow[];
}

/** Keys that the runs of a model have, most used first. */
export interface RunKeys {
  readonly metrics: readonly RunKey[];
  readonly params: readonly RunKey[];
  readonly tags: readonly RunKey[];
  readonly active: number;
  readonly trashed: number;
}

export interface RunKey {
  readonly key: string;
  /** Runs that have it. */
  readonly runs: number;
  /** Whether more than one value occurs (params, tags), or a run has a history of it (metrics). */
  readonly varies: boolean;
}

/** Runs side by side; values stand in the order of `runs`, null where a run has none. */
export interface RunComparison {
  readonly runs: readonly RunHead[];
  readonly params: readonly { readonly key: string; readonly values: readonly (string | null)[] }[];
  readonly metrics: readonly { readonly key: string; readonly values: readonly (number | null)[] }[];
  /** Metrics with a history in one of them, in order of the alphabet. */
  readonly curves: readonly string[];
  /** Of the hold-out of each; null for a run that has none on record. */
  readonly evaluations: readonly (Pick<BinaryEvaluation, 'n' | 'roc' | 'pr' | 'calibration' | 'metrics'> | null)[];
}

export interface RunCurve {
  readonly run_id: string;
  readonly points: readonly { readonly step: number; readonly value: number; readonly timestamp: number }[];
}

/** What deleting runs for good would do. */
export interface RunDeletion {
  /** Runs that can be deleted, and the bytes that frees. */
  readonly deletable: readonly string[];
  readonly bytes: number;
  /** Runs that something needs, and what. */
  readonly needed: readonly { readonly run_id: string; readonly run_name: string; readonly reason: string }[];
}

export interface SavedRunView {
  readonly name: string;
  readonly filter: string;
  readonly order_by: readonly string[];
  readonly columns: readonly string[];
}
