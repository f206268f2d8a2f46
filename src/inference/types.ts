import type { FeatureStatus } from '../features/types';

export type RiskBand = 'low' | 'medium' | 'high';

export interface RiskBands {
  /** Probability from which risk is medium. */
  readonly medium: number;
  /** Probability from which risk is high. */
  readonly high: number;
}

/** One feature's share in a prediction. */
export interface Factor {
  readonly feature: string;
  /** Value served, null when missing. */
  readonly value: number | null;
  readonly status: FeatureStatus;
  /** SHAP value in log-odds, by the prediction's explainer. */
  readonly shap: number;
  /** "cholesterol=280 ↑ risk by +0.18 (log-odds)". */
  readonly text: string;
}

export interface Prediction {
  readonly prediction_id: string;
  readonly model: string;
  readonly version: number;
  readonly entity_key: string;
  /** Microseconds: the moment served for (the simulated clock). */
  readonly event_timestamp: number;
  /** Milliseconds, wall clock. */
  readonly logged_at: number;
  readonly probability: number;
  /** Log-odds. */
  readonly margin: number;
  /** Log-odds the explanation starts from; base + sum of shap = margin. */
  readonly base: number;
  readonly band: RiskBand;
  readonly factors: readonly Factor[];
  readonly explainer: string;
}

/** A whole table scored at once, kept as columns. */
export interface PredictionBatch {
  readonly batch_id: string;
  readonly model: string;
  readonly version: number;
  /** Microseconds; the window's first and last event time. */
  readonly from: number;
  readonly to: number;
  readonly logged_at: number;
  readonly rows: number;
  readonly high_risk_share: number;
  readonly mean_probability: number;
  /** Path in the file store of the Arrow file: key, event_timestamp, probability. */
  readonly path: string;
  readonly source: 'run' | 'window';
}
