/** A search-space expression in Hyperopt's words; log bounds are in log space, as Hyperopt has them. */
export type SpaceExpression =
  | { readonly choice: readonly (number | string | boolean)[] }
  | { readonly randint: readonly [low: number, high: number] }
  | { readonly uniform: readonly [low: number, high: number] }
  | { readonly quniform: readonly [low: number, high: number, q: number] }
  | { readonly loguniform: readonly [low: number, high: number] }
  | { readonly qloguniform: readonly [low: number, high: number, q: number] };

export type SearchSpace = Readonly<Record<string, SpaceExpression>>;
export type TrialParams = Readonly<Record<string, number | string | boolean>>;

export interface Trial {
  /** 0-based; the same seed gives the same params for the same number. */
  readonly number: number;
  readonly params: TrialParams;
  readonly state: 'running' | 'ok' | 'fail';
  /** Smaller is better; the objective's name stands in the study. */
  readonly loss: number | null;
  /** Round (1-based count of trees) that was best, averaged over folds. */
  readonly bestRounds: number | null;
  /** Validation metric by round, first fold. */
  readonly curve: readonly number[];
  readonly durationMs: number;
  /** Why a failed trial failed. */
  readonly reason?: string;
}

export interface Study {
  /** How configurations were proposed; none for a single one that was taken as it is. */
  readonly algorithm: 'random' | 'none';
  readonly seed: number;
  readonly maxEvals: number;
  /** For example "log loss, 3-fold by patient_id inside the training 80%". */
  readonly objective: string;
  readonly trials: readonly Trial[];
  readonly bestTrial: number | null;
  /** True when stopped by a person before maxEvals; what was done is kept. */
  readonly stopped: boolean;
}
