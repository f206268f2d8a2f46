import type { BoosterSettings } from '../config/schema';

/**
 * XGBoost's native names, defaults and bounds (`boosterParamsSchema` says them one by one), with `max_delta_step` filled
 * in. Anything not listed is refused by name.
 */
export type BoosterParams = Omit<BoosterSettings, 'max_delta_step'> & {
  readonly max_delta_step: number;
  /** Names the random streams. Default 0. */
  readonly seed: number;
};

/** As XGBoost names them: a number, or categories coded 0, 1, 2, … */
export type FeatureType = 'float' | 'c';

/** What a category code stands for: a text, or a whole number as data frames also have them. */
export type CategoryValue = string | number;

/** By feature, the values of codes 0, 1, 2, …; undefined for a number, or where the codes are all there is. */
export type FeatureCategories = readonly (readonly CategoryValue[] | undefined)[];

/** Features column by column in float32 (NaN is missing), with labels. */
export interface TrainingMatrix {
  readonly featureNames: readonly string[];
  /** All 'float' when absent. */
  readonly featureTypes?: readonly FeatureType[];
  /** Goes into the model, so that others code alike; training itself reads codes only. */
  readonly categories?: FeatureCategories;
  /** [n_features] arrays of [n_rows]. */
  readonly columns: readonly Float32Array[];
  /** [n_rows] what the objective takes. */
  readonly labels: Uint8Array | Float32Array;
  /** Ranking: where each query begins, and the end: [queries + 1]. Rows of a query stand together. */
  readonly queries?: Int32Array;
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
  /** Categories that go right, ascending, by node, where a node splits by category. */
  readonly categories?: ReadonlyMap<number, Int32Array>;
}

export interface Booster {
  readonly params: BoosterParams;
  readonly featureNames: readonly string[];
  /** All 'float' when absent. */
  readonly featureTypes?: readonly FeatureType[];
  /** What the codes of categorical features stand for; absent where nothing says so. */
  readonly categories?: FeatureCategories;
  /** In the space of predictions (a probability for logistic objectives); the same for every output. */
  readonly baseScore: number;
  /** Trees kept: up to and including the best iteration when stopped early. */
  readonly trees: readonly RegTree[];
  /** Output (class) of each tree; all 0 when absent. */
  readonly treeOutputs?: Int32Array;
  /** dart: what each tree's leaves are multiplied by; all 1 when absent. */
  readonly treeWeights?: Float32Array;
  /** 0-based; absent when nothing was watched. */
  readonly bestIteration?: number;
}

/** Metric values per round: history.validation.logloss[round]. */
export type EvalHistory = Readonly<Record<string, Readonly<Record<string, readonly number[]>>>>;

/** What a training reports while it runs (`Progress.detail`): a metric of each watched set, one value a round so far. */
export interface LiveCurves {
  readonly metric: string;
  readonly curves: Readonly<Record<string, readonly number[]>>;
}

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
