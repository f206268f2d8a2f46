import type { BoosterSettings } from '../../config/schema';

/** XGBoost's names. */
export type ObjectiveName = BoosterSettings['objective'];

/** What an objective reads of a table; arrays are indexed by row id. */
export interface LabelledRows {
  readonly labels: Float32Array;
  /** >= 0; 1 when absent. Ranking: the same for all rows of a query (XGBoost weighs queries, not rows). */
  readonly weights?: Float32Array;
  /**
   * Ranking: where each query begins in the row list, and its end: [queries + 1]. Rows of one query stand together in
   * the list.
   */
  readonly queries?: Int32Array;
}

/** Rows `rows[from..to)` of a list. */
export interface RowRange {
  readonly rows: Int32Array;
  readonly from: number;
  readonly to: number;
  /** 0-based boosting round: names the draws of pair sampling, so that they do not depend on how rows are shared out. */
  readonly round?: number;
}

/** The loss that is boosted: gradients, the number it starts from, and what a margin means. */
export interface Objective {
  readonly name: ObjectiveName;
  /** Trees grown each round, and margins of a row. */
  readonly outputs: number;
  /** The metric watched when none is asked for. */
  readonly defaultMetric: string;
  /** Refuses labels (of the listed rows) outside the objective's range, by row and value. */
  checkLabels(data: LabelledRows, rows: Int32Array): void;
  /**
   * [outputs] numbers to start from, float32, as XGBoost 3.2 estimates and stores them: predictions, but margins for
   * multi:*. The order of rows does not matter.
   */
  baseScore(data: LabelledRows, rows: Int32Array): Float32Array;
  /** The margin, float32, that a base score stands for. */
  baseMargin(baseScore: number): number;
  /**
   * Gradient pairs of rows[from..to): `pairs[k]` gets g at 2 * row and h at 2 * row + 1 of output k. `margins` is
   * [rowCount * outputs], outputs of a row side by side. Ranking objectives are called with whole queries only.
   */
  gradients(data: LabelledRows, margins: Float32Array, list: RowRange, pairs: readonly Float32Array[]): void;
  /** Predictions from margins, in place: [rows * outputs], outputs of a row side by side. */
  toPredictions(margins: Float32Array): void;
  /**
   * The leaf value that replaces -G / (H + lambda) once a tree is grown, before eta, float32; absent for most. `rows`
   * are the drawn rows of the leaf, `margins` those the tree was grown from. NaN without rows: the leaf keeps its value.
   */
  leafValue?(data: LabelledRows, margins: Float32Array, rows: Int32Array): number;
}

/** Settings of objectives, XGBoost's names. */
export interface ObjectiveParams {
  readonly scale_pos_weight: number;
  readonly num_class: number;
  readonly quantile_alpha: number;
  /** count:poisson: 0.7 when not set. */
  readonly max_delta_step: number;
  readonly lambdarank_pair_method: 'topk' | 'mean';
  readonly lambdarank_num_pair_per_sample?: number;
  readonly lambdarank_normalization: boolean;
  readonly lambdarank_score_normalization: boolean;
  readonly ndcg_exp_gain: boolean;
  /** Names the random stream of pair sampling. */
  readonly seed: number;
}

/** Settings of metrics, XGBoost's names. */
export interface EvalMetricParams {
  /** quantile. */
  readonly quantile_alpha: number;
  /** ndcg: gain 2^label - 1 rather than label. */
  readonly ndcg_exp_gain: boolean;
  /** mphe: 1 when not set. */
  readonly huber_slope?: number;
}

/** A metric of one eval set. */
export interface EvalMetric {
  /** As XGBoost prints it: "logloss", "error@0.7", "ndcg@5". */
  readonly name: string;
  readonly direction: 'minimize' | 'maximize';
  /**
   * `predictions` after the link (`Objective.toPredictions`), [rowCount * outputs]. NaN where the metric has no value (auc
   * of a single class).
   */
  evaluate(data: LabelledRows, predictions: Float32Array, rows: Int32Array): number;
}
