import type { PromotionRule } from '../../registry/types';
import type { ModelKind } from '../../training/model';
import type { BinaryEvaluation, EvalHistory } from '../../training/types';
import type { MetricFrame } from '../../fairness/types';
import type { Study } from '../../tuning/types';
import type { Dataset } from '../services/dataset';
import type { FeaturesResult } from '../tables';

/** Which rows a training learns from and which it is shown on. */
export interface TrainingPlan {
  readonly features: FeaturesResult;
  readonly dataset: Dataset;
  readonly train: Int32Array;
  readonly holdout: Int32Array;
  readonly trainKeyHashes: readonly string[];
  readonly splitSeed: number;
  /** For example "20% of patient_id held out, stratified, seed 7". */
  readonly splitDescription: string;
  /** Microseconds: only rows from here on decide against the champion; all unseen rows when null. */
  readonly judgeFrom: number | null;
  /** Microseconds: the simulated now at training time. */
  readonly clock: number;
}

/** How a model did on rows of the training part that it was not fitted on: what kinds of models are chosen by. */
export interface Validation {
  readonly metric: PromotionRule['metric'];
  /** Mean over folds. */
  readonly value: number;
  readonly folds: number;
  /** Validation rows of all folds. */
  readonly n: number;
}

/** Everything the Training page shows of a run, kept as its artifact training.json. */
export interface TrainingRecord {
  readonly kind: ModelKind;
  readonly study: Study;
  readonly history: EvalHistory;
  readonly bestIteration: number;
  /** Null when there was nothing to choose between. */
  readonly validation: Validation | null;
  readonly evaluation: BinaryEvaluation;
  readonly groups: readonly MetricFrame[];
  /** Total gain by feature; empty for a model without trees. */
  readonly importance: readonly { readonly feature: string; readonly gain: number; readonly splits: number }[];
  readonly split: {
    readonly seed: number;
    readonly trainRows: number;
    readonly holdoutRows: number;
    readonly trainEntities: number;
    readonly holdoutEntities: number;
  };
  readonly holdoutDigest: string;
  readonly judgeFrom: number | null;
  /** Event times of the training rows in microseconds, [from, to). */
  readonly learnedFrom: number;
  readonly learnedTo: number;
}
