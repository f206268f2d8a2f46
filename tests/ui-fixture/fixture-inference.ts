import type { Prediction } from '../../src/inference/types';
import type { InferenceView } from '../../src/pipeline/views';
import { Draws } from './draws';
import { WALL } from './fixture-estimate';
import { featuresView, NAMES } from './fixture-features';
import { DAY, NOW, NUMERIC } from './fixture-tables';

export function prediction(key: string, index = 0): Prediction {
  const draws = new Draws(key.split('').reduce((sum, letter) => sum + letter.charCodeAt(0), index));
  const factors = NAMES.map((reference, position) => {
    const feature = reference.split(':')[1] ?? reference;
    const known = NUMERIC.find((one) => one.name === feature);
    const missing = feature === 'oldpeak';
    const value = missing
      ? null
      : known
        ? Number(draws.normal(known.mean, known.sd).toFixed(known.digits))
        : Math.round(draws.uniform());
    const shap = draws.normal(0.05, 0.75) * Math.exp(-position / 6);
    return {
      feature,
      value,
      status: missing ? ('NULL_VALUE' as const) : ('PRESENT' as const),
      shap,
      text: `${feature}=${value ?? 'missing'} ${shap >= 0 ? 'raises' : 'lowers'} risk by ${shap >= 0 ? '+' : '−'}${Math.abs(shap).toFixed(2)} (log-odds)`,
    };
  });
  const base = -0.619;
  const margin = base + factors.reduce((sum, factor) => sum + factor.shap, 0);
  const probability = 1 / (1 + Math.exp(-margin));
  return {
    prediction_id: `${key}-${index}`,
    model: 'heart_disease',
    version: 2,
    entity_key: key,
    event_timestamp: NOW,
    logged_at: WALL - index * 60_000,
    probability,
    margin,
    base,
    band: probability < 0.2 ? 'low' : probability < 0.5 ? 'medium' : 'high',
    factors,
    explainer: 'Exact path-dependent tree SHAP (Lundberg and others 2018), 118 trees',
  };
}

export function inferenceView(logged: readonly Prediction[]): InferenceView {
  const draws = new Draws(3);
  return {
    version: 2,
    champion: 2,
    bands: { medium: 0.2, high: 0.5 },
    batches: [
      {
        batch_id: 'b1',
        model: 'heart_disease',
        version: 2,
        from: NOW - 730 * DAY,
        to: NOW,
        logged_at: WALL,
        rows: 31_204,
        high_risk_share: 0.402,
        mean_probability: 0.351,
        path: 'x',
        source: 'run',
      },
    ],
    recent: [
      ...logged,
      ...featuresView()
        .sampleKeys.slice(0, 6)
        .map((key, index) => prediction(key, index)),
    ],
    keys: featuresView().sampleKeys,
    servingFault: null,
    histogram: Array.from({ length: 20 }, (_, index) =>
      Math.round(900 + 3000 * Math.exp(-index / 3) + 900 * Math.exp(-((index - 16) ** 2) / 9) + 200 * draws.uniform()),
    ),
    importance: NAMES.map((name, index) => ({
      feature: name.split(':')[1] ?? name,
      meanAbsShap: 0.62 * Math.exp(-index / 4),
      n: 2_000,
    })),
  };
}
