import type { SkewReport } from '../features/skew';
import type { Estimate } from '../training/types';

export interface RegisteredModel {
  readonly name: string;
  readonly creation_timestamp: number;
  /** Greatest version ever given; numbers are never reused. */
  readonly last_version: number;
  /** alias -> version: champion, challenger. */
  readonly aliases: Readonly<Record<string, number>>;
}

export interface ModelVersion {
  readonly name: string;
  readonly version: number;
  readonly run_id: string;
  readonly creation_timestamp: number;
  /** `kind`: xgboost, logistic or mlp. `status`: awaiting_approval, champion or archived; absent before a decision. */
  readonly tags: Readonly<Record<string, string>>;
  readonly description: string;
  /** Its verdict follows a person's approval or rejection; the log keeps what was decided first. */
  readonly decision: Decision | null;
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
}

export type AuditAction =
  | 'version_created'
  | 'alias_set'
  | 'alias_deleted'
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
}
