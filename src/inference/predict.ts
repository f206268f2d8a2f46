import type { OnlineFeature } from '../features/types';
import type { Booster } from '../training/types';
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
  readonly booster: Booster;
  readonly online: readonly OnlineFeature[];
  /** Log-odds. */
  readonly margin: number;
  /** [n_features] log-odds, in the booster's order. */
  readonly shap: Float64Array;
  readonly base: number;
  readonly bands: RiskBands;
}

/** Low below `medium`, medium below `high`, high from there on. */
export function riskBand(probability: number, bands: RiskBands): RiskBand {
  return probability >= bands.high ? 'high' : probability >= bands.medium ? 'medium' : 'low';
}

/** A prediction with its factors, largest share first. Features must be those trained on, in that order. */
export function buildPrediction(parts: PredictionParts): Prediction {
  checkOrder(parts);
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
    explainer: 'exact TreeSHAP, tree_path_dependent (cover = sum of hessians), log-odds',
  };
}

function checkOrder({ booster, online, model, version }: PredictionParts): void {
  booster.featureNames.forEach((name, index) => {
    const served = online[index]?.feature;
    if (served !== name) {
      throw new WorkbenchError(
        'INFERENCE_INVALID',
        `${model} v${version} was trained with "${name}" as feature ${index + 1}, and "${served ?? 'nothing'}" is served there. Restore the feature order of config.yaml, or train again.`,
      );
    }
  });
  if (online.length !== booster.featureNames.length) {
    throw new WorkbenchError(
      'INFERENCE_INVALID',
      `${model} v${version} was trained on ${booster.featureNames.length} features, and ${online.length} are served.`,
    );
  }
}

function factorOf(feature: OnlineFeature, shap: number): Factor {
  const number = toModelColumn(feature)[0] ?? NaN;
  const value = Number.isNaN(number) ? null : number;
  return {
    feature: feature.feature,
    value,
    status: feature.status,
    shap,
    text: factorText(feature.feature, value, shap),
  };
}

/** "cholesterol=280 ↑ risk by +0.18 (log-odds)". */
function factorText(feature: string, value: number | null, shap: number): string {
  const shown = value === null ? 'missing' : String(Number(value.toPrecision(5)));
  const sign = shap > 0 ? '↑' : shap < 0 ? '↓' : '→';
  const amount = `${shap < 0 ? '−' : '+'}${Math.abs(shap).toFixed(2)}`;
  return `${feature}=${shown} ${sign} risk by ${amount} (log-odds)`;
}
