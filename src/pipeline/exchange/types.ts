/** What a bundle holds of one model, and whether it can come in under its name. */
export interface BundleModel {
  readonly name: string;
  readonly title: string;
  readonly versions: number;
  /** The version that is champion; null for none. */
  readonly champion: number | null;
  readonly runs: number;
  /** Why its name is taken here, as a sentence; null when it is free. */
  readonly conflict: string | null;
  /** A free name to import it under. */
  readonly suggested: string;
}

/** What a bundle holds; every byte was checked. */
export interface BundleView {
  readonly kind: 'workspace' | 'model';
  /** Milliseconds, wall clock of who made it. */
  readonly created_at: number;
  readonly models: readonly BundleModel[];
  readonly files: number;
  /** Bytes unpacked. */
  readonly bytes: number;
}

/** What becomes of each model of a bundle: left out, or brought in under a name. Models not named keep theirs. */
export type ImportChoices = Readonly<Record<string, 'skip' | { readonly as: string }>>;

export interface ImportResult {
  readonly imported: readonly { readonly name: string; readonly as: string }[];
  readonly skipped: readonly string[];
  readonly files: number;
}

/** MLflow: a model folder as a zip; XGBoost: model.json; ONNX: model.onnx. */
export type ModelFormat = 'mlflow' | 'xgboost' | 'onnx';

/** The version with a number or an alias, or any run; the champion when none is named. */
export interface ModelChoice {
  readonly version?: number;
  readonly alias?: string;
  readonly runId?: string;
}
