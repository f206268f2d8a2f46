import { WorkbenchError } from '../../utils/errors';
import { getOnlineFeatures } from '../../features/get-online-features';
import { KEY_SEPARATOR } from '../../features/materialize';
import { buildPrediction } from '../../inference/predict';
import { inferenceTables, logPrediction } from '../../inference/log';
import type { Prediction } from '../../inference/types';
import { explainerText } from '../../explain/explain-model';
import { featureNamesOf, modelMargins } from '../../training/model';
import { toModelColumn } from '../../inference/columns';
import { joinKeys, type ModelSpec } from '../model-spec';
import { onDemandMeans } from '../on-demand-means';
import type { Platform } from '../platform';
import { requireStage } from '../stage-results';
import { requireChampion } from './inference-stage';
import { loadModel } from './registry-stage';

/** Serves one entity's online features to the champion, explains the answer and logs it. */
export async function predictOne(platform: Platform, spec: ModelSpec, key: string): Promise<Prediction> {
  const model = spec.config.name;
  const champion = await requireChampion({ platform, spec });
  const data = await requireStage(platform.records, model, 'data', 'Inference');
  const parts = key.split(KEY_SEPARATOR);
  const [online = []] = await getOnlineFeatures(platform.records, {
    ...onDemandMeans(platform, model),
    definitions: spec.definitions,
    model,
    features: spec.config.features,
    entityRows: [Object.fromEntries(joinKeys(spec).map((name, i) => [name, parts[i] ?? '']))],
    at: data.clock,
  });
  if (online.every((feature) => feature.status === 'NOT_FOUND')) {
    throw new WorkbenchError(
      'INFERENCE_INVALID',
      `The online store of ${model} holds no ${spec.config.entity} "${key}". Search for one in the list.`,
    );
  }
  const { model: served } = await loadModel(platform.records, champion.run_id);
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
