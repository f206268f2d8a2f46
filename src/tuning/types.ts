import type { Drawable, SearchSpace } from './space-types';

export type { Drawable, SearchSpace, SpaceExpression } from './space-types';

/** Booster parameters by name, as a trial is trained with. */
export type TrialParams = Readonly<Record<string, Drawable>>;

/** By label of the space, what was drawn: a number, or the index of the option of a choice. Only what is active. */
export type PointValues = Readonly<Record<string, number>>;

export type TrialState = 'running' | 'ok' | 'fail' | 'pruned';

export interface Trial {
  /** 0-based; the same seed and parallelism give the same params for the same number. */
  readonly number: number;
  readonly params: TrialParams;
  /** Where in the space it lies; absent in studies of older versions. */
  readonly values?: PointValues;
  readonly state: TrialState;
  /** Smaller is better; the objective's name stands in the study. Of a pruned trial, its last round's. */
  readonly loss: number | null;
  /** Round (1-based count of trees) that was best, averaged over folds. */
  readonly bestRounds: number | null;
  /** Validation metric by round, first fold. */
  readonly curve: readonly number[];
  readonly durationMs: number;
  /** Why a failed trial failed, or a pruned one was pruned. */
  readonly reason?: string;
}

/** How configurations are proposed. */
export type Algorithm = 'tpe' | 'random' | 'grid';

/** Why a study ended before max_evals. */
export type StudyStop = 'person' | 'timeout' | 'no_progress' | 'loss_threshold' | 'space_exhausted';

export interface Study {
  /** How configurations were proposed; none for a single one that was taken as it is. */
  readonly algorithm: Algorithm | 'none';
  readonly seed: number;
  readonly maxEvals: number;
  /** For example "log loss, 3-fold by patient_id inside the training 80%". */
  readonly objective: string;
  readonly trials: readonly Trial[];
  readonly bestTrial: number | null;
  /** True when it ended before maxEvals; what was done is kept. */
  readonly stopped: boolean;
  /** Absent where it ran to its end, and in studies of older versions. */
  readonly stopReason?: StudyStop;
  /** Trials judged at a time, on which what TPE proposes depends; absent in studies of older versions. */
  readonly parallelism?: number;
  /** Absent in studies of older versions. */
  readonly space?: SearchSpace;
}

/** Settings of the tree-structured Parzen estimator under Hyperopt's names. */
export interface TpeSettings {
  /** Trials drawn at random before the estimator proposes. */
  readonly n_startup_jobs: number;
  /** Points drawn from the good trials' density for each parameter. */
  readonly n_EI_candidates: number;
  /** Good trials are the best ceil(gamma * sqrt(N)), at most 25. */
  readonly gamma: number;
  /** Weight of the prior beside one trial's weight of 1. */
  readonly prior_weight: number;
  /** Parameters together, as Optuna's multivariate TPE, instead of each by itself. */
  readonly multivariate: boolean;
}

/** Hyperopt's defaults (hyperopt 0.3.0, hyperopt/tpe.py). */
export const TPE_DEFAULTS: TpeSettings = {
  n_startup_jobs: 20,
  n_EI_candidates: 24,
  gamma: 0.25,
  prior_weight: 1,
  multivariate: false,
};

/** A finished or pending trial as the estimator sees it. */
export interface Observation {
  readonly number: number;
  readonly values: PointValues;
  /** Infinity for a trial that failed, or is not finished. */
  readonly loss: number;
}
