import type { SkewReport } from '../features/skew';
import type { ModelConfig } from '../config/schema';
import type { Estimate } from '../training/types';

export interface RegisteredModel {
  readonly name: string;
  readonly description: string;
  readonly tags: Readonly<Record<string, string>>;
  readonly creation_timestamp: number;
  /** Of the model, its tags, aliases and versions. */
  readonly last_updated_timestamp: number;
  /** Greatest version ever given; numbers are never reused. */
  readonly last_version: number;
  /** alias -> version: champion, challenger, and those that people set. */
  readonly aliases: Readonly<Record<string, number>>;
}

export interface ModelVersion {
  readonly name: string;
  readonly version: number;
  /** Empty once the version is deleted. */
  readonly run_id: string;
  /** As MLflow writes it: runs:/<run id>/model.json, or models:/<name>/<version> of a copy; empty once deleted. */
  readonly source: string;
  readonly creation_timestamp: number;
  readonly last_updated_timestamp: number;
  /** MLflow's words: a deleted version keeps its number and nothing else, so that the number is never given again. */
  readonly current_stage: 'None' | 'Deleted_Internal';
  /** `kind`: xgboost, logistic or mlp. `status`: awaiting_approval, champion or archived; absent before a decision. */
  readonly tags: Readonly<Record<string, string>>;
  readonly description: string;
  /** Its verdict follows a person's approval or rejection; the log keeps what was decided first. */
  readonly decision: Decision | null;
  /** What the model takes and gives; null where nothing recorded it. */
  readonly signature: Signature | null;
  readonly input_example: InputExample | null;
}

/** A column as MLflow's signatures have it, with where it comes from. */
export interface SignatureColumn {
  readonly name: string;
  /** What the model is given: numbers are "double", because a missing whole number would be refused as "long". */
  readonly type: 'double' | 'boolean' | 'string';
  readonly required: boolean;
  /** "view:feature" and the feature's own type; absent where the feature store does not know it. */
  readonly feature?: string;
  readonly dtype?: string;
}

export interface Signature {
  /** In the order the model was trained on. */
  readonly inputs: readonly SignatureColumn[];
  readonly outputs: readonly SignatureColumn[];
}

/** A few rows, MLflow's orientation "split". */
export interface InputExample {
  readonly columns: readonly string[];
  readonly data: readonly (readonly (number | null)[])[];
}

export type Verdict = 'promoted' | 'awaiting_approval' | 'archived' | 'refused';

/** What was decided about a challenger, and every number it rests on. */
export interface Decision {
  readonly verdict: Verdict;
  /** One sentence for people. */
  readonly reason: string;
  /** "first" when there was no champion to beat. */
  readonly rule: 'first' | 'improvement';
  readonly metric: string;
  readonly direction: 'maximize' | 'minimize';
  readonly minimum_improvement: number;
  readonly improvement_kind: 'relative' | 'absolute';
  readonly challenger: Estimate | null;
  readonly champion: Estimate | null;
  readonly champion_version: number | null;
  /** In the metric's own direction: positive is better. */
  readonly improvement: number | null;
  /** 95% of paired resamples, in the unit of `improvement`. */
  readonly improvement_interval?: { readonly low: number; readonly high: number };
  /** Rows neither was trained on. */
  readonly n: number;
  readonly judged_on: string;
  /** Served against trained features of a sample of entities; absent in decisions made before it was compared. */
  readonly skew?: SkewReport;
  /** Every gate that was asked for, with its number; absent in decisions made before there were any. */
  readonly gates?: readonly GateResult[];
}

export type GateName =
  | 'rows'
  | 'improvement'
  | 'significance'
  | 'fairness'
  | 'calibration'
  | 'slices'
  | 'schema'
  | 'model_size'
  | 'latency'
  | 'skew';

/** One gate: what was measured, what was allowed, and whether it passed. */
export interface GateResult {
  readonly gate: GateName;
  /** In words: "recall gap between groups of sex". */
  readonly what: string;
  /** Null where it could not be judged, which stops nothing; `note` says why. */
  readonly passed: boolean | null;
  readonly challenger: number | null;
  readonly champion: number | null;
  /** What is held against the limit: the challenger's own value, or how much worse or better it is. */
  readonly measured: number | null;
  readonly limit: number | null;
  readonly bound: 'at most' | 'at least';
  readonly unit: 'value' | 'share' | 'bytes' | 'ms' | 'count';
  /** Rows under it, where it rests on rows. */
  readonly n: number | null;
  /** How it was measured, or why it was not; empty where the numbers say it all. */
  readonly note: string;
}

export type AuditAction =
  | 'version_created'
  | 'alias_set'
  | 'alias_deleted'
  | 'version_deleted'
  | 'version_copied'
  | 'model_deleted'
  | 'tag_set'
  | 'tag_deleted'
  | 'description_changed'
  | 'rolled_back'
  | 'compared'
  | 'approval_requested'
  | 'approved'
  | 'rejected'
  | 'archived'
  | 'promoted'
  | 'refused'
  | 'imported';

/** One line of the append-only log. */
export interface AuditEntry {
  /** Ascending, without gaps, per workspace. */
  readonly sequence: number;
  readonly timestamp: number;
  readonly model: string;
  readonly version: number | null;
  readonly action: AuditAction;
  readonly actor: string;
  readonly reason: string;
  readonly details: Readonly<Record<string, unknown>>;
  /** Hash of the entry before, '' for the first. */
  readonly prev_hash: string;
  /** SHA-256 of the canonical JSON of everything else in this entry. */
  readonly hash: string;
}

export interface PromotionRule {
  readonly metric: 'roc_auc' | 'pr_auc' | 'log_loss' | 'brier';
  readonly minimum_improvement: number;
  readonly improvement: 'relative' | 'absolute';
  readonly approval: 'manual' | 'automatic';
  /** Default bootstrap; delong is for roc_auc and takes rows as independent. */
  readonly interval?: 'bootstrap' | 'delong';
  readonly gates?: GateRules;
}

/** Gates that a promotion asks for beside the improvement; what is absent is not asked. */
export type GateRules = NonNullable<ModelConfig['promotion']['gates']>;
