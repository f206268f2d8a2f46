import type { MetricFrame } from '../../fairness/types';
import type { AuditVerdict } from '../../registry/audit-file';
import type { SignatureDifference } from '../../registry/signature';
import type { Decision, ModelVersion, RegisteredModel } from '../../registry/types';
import type { Run } from '../../tracking/types';
import type { BinaryEvaluation } from '../../training/types';

/** A registered model as a list shows it. */
export interface RegisteredModelSummary extends RegisteredModel {
  /** Versions that are there. */
  readonly versions: number;
}

/** Everything recorded about one version. */
export interface VersionView {
  readonly version: ModelVersion;
  readonly aliases: readonly string[];
  /** Null where the run was deleted. */
  readonly run: Run | null;
  /** On the run's own hold-out. */
  readonly evaluation: BinaryEvaluation | null;
  readonly groups: readonly MetricFrame[];
  /** "view:feature", in the order trained on. */
  readonly features: readonly string[];
  /** Of model.json; null where the run lost it. */
  readonly bytes: number | null;
  /** Versions of other registered models that were made of the same run. */
  readonly copies: readonly { readonly name: string; readonly version: number }[];
}

/** Two versions side by side. */
export interface VersionComparison {
  readonly left: VersionView;
  readonly right: VersionView;
  /** Parameters that differ; null where one has none of that name. */
  readonly params: readonly { readonly key: string; readonly left: string | null; readonly right: string | null }[];
  /** What is new, gone and changed in `left` against `right`. */
  readonly inputs: SignatureDifference | null;
  /** Whether both were trained on the same data and held out the same rows. */
  readonly sameData: boolean;
  /** `left` as challenger of `right` on rows neither was trained on, by the rule of config.yaml. */
  readonly paired: Decision | null;
  /** Why there is no `paired`; empty where there is. */
  readonly unpaired: string;
}

export interface TextFile {
  readonly name: string;
  readonly content: string;
}

export type { AuditVerdict };
