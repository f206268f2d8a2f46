import { WorkbenchError } from '../../utils/errors';
import { buildPrediction } from '../../inference/predict';
import { inferenceTables, logPrediction } from '../../inference/log';
import type { Prediction } from '../../inference/types';
import { explainerText } from '../../explain/explain-model';
import { featureNamesOf, modelMargins } from '../../training/model';
import { toModelColumn } from '../../inference/columns';
import type { ModelSpec } from '../model-spec';
import type { Platform } from '../platform';
import { requireStage } from '../stage-results';
import { serveFeatures } from '../store/serving';
import { requireChampion } from './inference-stage';
import { loadModel } from './registry-stage';

/** Serves one entity's online features to the champion, explains the answer and logs it. */
export async function predictOne(platform: Platform, spec: ModelSpec, key: string): Promise<Prediction> {
  const model = spec.config.name;
  const champion = await requireChampion({ platform, spec });
  const data = await requireStage(platform.records, model, 'data', 'Inference');
  const trained = await loadModel(platform.records, spec, champion.run_id);
  const call = { keys: [key], at: data.clock, features: trained.features };
  const [online = []] = await serveFeatures({ platform, spec }, call);
  if (online.every((feature) => feature.status === 'NOT_FOUND')) {
    throw new WorkbenchError(
      'INFERENCE_INVALID',
      `The online store of ${model} holds no ${spec.config.entity} "${key}". Search for one in the list.`,
    );
  }
  const { model: served } = trained;
  const columns = online.map(toModelColumn);
  const explained = await platform.services.explain.explain({ model: served, columns, rows: Int32Array.of(0) });
  const prediction = buildPrediction({
    prediction_id: platform.newId(),
    model,
    version: champion.version,
    entity_key: key,
    at: data.clock,
    now: platform.now(),
    featureNames: featureNamesOf(served),
    explainer: explainerText(explained.mode),
    online,
    margin: modelMargins(served, columns)[0] ?? NaN,
    shap: explained.values[0] ?? new Float64Array(),
    base: explained.base,
    bands: spec.config.risk_bands,
  });
  await platform.records.write(Object.keys(inferenceTables), (tx) => logPrediction(tx, prediction));
  return prediction;
}
