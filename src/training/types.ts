/** XGBoost's names and defaults; anything not listed is refused by name. */
export interface BoosterParams {
  readonly objective: 'binary:logistic';
  /** Step size, (0, 1]. Default 0.3. */
  readonly eta: number;
  /** 1..30. Default 6. */
  readonly max_depth: number;
  /** Smallest sum of hessians in a child, >= 0. Default 1. */
  readonly min_child_weight: number;
  /** Smallest gain of a split, >= 0. Default 0. */
  readonly gamma: number;
  /** L2 on leaf weights, >= 0. Default 1. */
  readonly lambda: number;
  /** L1 on leaf weights, >= 0. Default 0. */
  readonly alpha: number;
  /** Share of rows a tree, (0, 1]. Default 1. */
  readonly subsample: number;
  /** Share of columns a tree, (0, 1]. Default 1. */
  readonly colsample_bytree: number;
  /** 2..256. Default 256. */
  readonly max_bin: number;
  /** Weight of positive rows, > 0. Default 1. */
  readonly scale_pos_weight: number;
  /** Probability the margin starts from; estimated as XGBoost 3.x does (mean label) when absent. */
  readonly base_score?: number;
  /** Names the random streams. Default 0. */
  readonly seed: number;
}

/** Features column by column in float32 (NaN is missing), with labels 0/1. */
export interface TrainingMatrix {
  readonly featureNames: readonly string[];
  /** [n_features] arrays of [n_rows]. */
  readonly columns: readonly Float32Array[];
  /** [n_rows] 0 or 1. */
  readonly labels: Uint8Array;
}

/** One tree, nodes in XGBoost's order (root 0, children appended as expanded). */
export interface RegTree {
  /** -1 at a leaf. */
  readonly leftChildren: Int32Array;
  readonly rightChildren: Int32Array;
  /** 2147483647 at the root. */
  readonly parents: Int32Array;
  readonly splitIndices: Int32Array;
  /** `x < condition` goes left; at a leaf, the leaf value (already times eta). */
  readonly splitConditions: Float32Array;
  readonly defaultLeft: Uint8Array;
  readonly lossChanges: Float32Array;
  /** Sum of hessians: the cover that SHAP weighs by. */
  readonly sumHessian: Float32Array;
  readonly baseWeights: Float32Array;
}

export interface Booster {
  readonly params: BoosterParams;
  readonly featureNames: readonly string[];
  /** Probability space. */
  readonly baseScore: number;
  /** Trees kept: up to and including the best iteration when stopped early. */
  readonly trees: readonly RegTree[];
  /** 0-based; absent when nothing was watched. */
  readonly bestIteration?: number;
}

/** Metric values per round: history.validation.logloss[round]. */
export type EvalHistory = Readonly<Record<string, Readonly<Record<string, readonly number[]>>>>;

/** A number with its interval and how both came about. */
export interface Estimate {
  readonly value: number;
  readonly low: number;
  readonly high: number;
  readonly n: number;
  /** For example "percentile bootstrap over patient_id, 200 resamples, 95%". */
  readonly method: string;
}

export interface CurvePoint {
  readonly x: number;
  readonly y: number;
  readonly threshold: number;
}

export interface CalibrationBin {
  readonly n: number;
  readonly predicted: number;
  readonly observed: number;
  /** Wilson 95%. */
  readonly low: number;
  readonly high: number;
}

/** Hold-out metrics of a binary model. Threshold metrics are at `threshold`. */
export interface BinaryEvaluation {
  readonly n: number;
  readonly positives: number;
  readonly threshold: number;
  readonly metrics: Readonly<Record<'roc_auc' | 'pr_auc' | 'log_loss' | 'precision' | 'recall' | 'brier', Estimate>>;
  readonly confusion: { readonly tp: number; readonly fp: number; readonly tn: number; readonly fn: number };
  readonly roc: readonly CurvePoint[];
  readonly pr: readonly CurvePoint[];
  readonly calibration: readonly CalibrationBin[];
}

/** Who is trained on and who is held out; no entity is on both sides. */
export interface Split {
  readonly seed: number;
  readonly holdout: number;
  /** Row numbers, ascending. */
  readonly trainRows: Int32Array;
  readonly holdoutRows: Int32Array;
  /** 64-bit hashes (16 hex digits) of the entity keys trained on, sorted: what "seen" means later. */
  readonly trainKeyHashes: readonly string[];
}
