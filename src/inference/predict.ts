import type { FeatureStatus, OnlineFeature } from '../features/types';
import { WorkbenchError } from '../utils/errors';
import { sigmoid } from '../utils/math';
import { toModelColumn } from './columns';
import type { Factor, Prediction, RiskBand, RiskBands } from './types';

export interface PredictionParts {
  readonly prediction_id: string;
  readonly model: string;
  readonly version: number;
  readonly entity_key: string;
  /** Microseconds, the moment served for. */
  readonly at: number;
  /** Milliseconds, wall clock. */
  readonly now: number;
  /** What the model was trained on, in its order. */
  readonly featureNames: readonly string[];
  readonly online: readonly OnlineFeature[];
  /** Log-odds. */
  readonly margin: number;
  /** [n_features] log-odds, in the model's order. */
  readonly shap: Float64Array;
  readonly base: number;
  /** How the shares came about, in words. */
  readonly explainer: string;
  readonly bands: RiskBands;
}

/** Low below `medium`, medium below `high`, high from there on. */
export function riskBand(probability: number, bands: RiskBands): RiskBand {
  return probability >= bands.high ? 'high' : probability >= bands.medium ? 'medium' : 'low';
}

/** Largest distance of base + sum of shap from the margin, per unit of margin, that a prediction may be shown with. */
const RESIDUAL = 1e-3;

/**
 * A prediction with its factors, largest share first. Features must be those trained on, in that order, and the explanation
 * must add up to the margin; a fault throws INFERENCE_INVALID.
 */
export function buildPrediction(parts: PredictionParts): Prediction {
  checkOrder(parts);
  checkSum(parts);
  const factors = parts.online.map((feature, index) => factorOf(feature, parts.shap[index] ?? 0));
  const probability = sigmoid(parts.margin);
  return {
    prediction_id: parts.prediction_id,
    model: parts.model,
    version: parts.version,
    entity_key: parts.entity_key,
    event_timestamp: parts.at,
    logged_at: parts.now,
    probability,
    margin: parts.margin,
    base: parts.base,
    band: riskBand(probability, parts.bands),
    factors: factors.sort((a, b) => Math.abs(b.shap) - Math.abs(a.shap)),
    explainer: parts.explainer,
  };
}

function checkOrder({ featureNames, online, model, version }: PredictionParts): void {
  featureNames.forEach((name, index) => {
    const served = online[index]?.feature;
    if (served !== name) {
      throw new WorkbenchError(
        'INFERENCE_INVALID',
        `${model} v${version} was trained with "${name}" as feature ${index + 1}, and "${served ?? 'nothing'}" is served there. Restore the feature order of config.yaml, or train again.`,
      );
    }
  });
  const extra = online[featureNames.length];
  if (extra) {
    throw new WorkbenchError(
      'INFERENCE_INVALID',
      `"${extra.feature}" was not trained on by ${model} v${version}, which reads ${featureNames.length} features. Take it out of config.yaml's features, or train again.`,
    );
  }
}

function checkSum({ shap, base, margin, model, version }: PredictionParts): void {
  const sum = shap.reduce((total, share) => total + share, base);
  if (Math.abs(sum - margin) <= RESIDUAL * Math.max(1, Math.abs(margin))) return;
  throw new WorkbenchError(
    'INFERENCE_INVALID',
    `the factors of ${model} v${version} do not add up: base and SHAP values sum to ${sum}, and the model's margin is ${margin}. Train again; if it stays, the stored model is damaged.`,
  );
}

function factorOf(feature: OnlineFeature, shap: number): Factor {
  const number = toModelColumn(feature)[0] ?? NaN;
  const value = Number.isNaN(number) ? null : number;
  return {
    feature: feature.feature,
    value,
    status: feature.status,
    shap,
    text: factorText(feature, value, shap),
  };
}

const WHY_MISSING: Readonly<Record<FeatureStatus, string>> = {
  PRESENT: '',
  NULL_VALUE: '',
  NOT_FOUND: ' (not in the online store)',
  OUTSIDE_MAX_AGE: ' (too old)',
};

/** "cholesterol=280 ↑ risk by +0.18 (log-odds)". */
function factorText(feature: OnlineFeature, value: number | null, shap: number): string {
  const shown =
    value === null
      ? ` missing${WHY_MISSING[feature.status]}`
      : `=${String(Number.isInteger(value) ? value : Number(value.toPrecision(5)))}`;
  const amount = Math.abs(shap).toFixed(2);
  if (Number(amount) === 0) return `${feature.feature}${shown} does not move risk (0.00 log-odds)`;
  return `${feature.feature}${shown} ${shap > 0 ? '↑' : '↓'} risk by ${shap > 0 ? '+' : '−'}${amount} (log-odds)`;
}
