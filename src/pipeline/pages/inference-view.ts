import { findBatches, inferenceTables, recentPredictions } from '../../inference/log';
import type { Platform } from '../platform';
import type { ModelSpec } from '../model-spec';
import { stageResult } from '../stage-results';
import type { InferenceView } from '../views';

export async function inferenceView(platform: Platform, spec: ModelSpec): Promise<InferenceView | null> {
  const model = spec.config.name;
  const record = await stageResult(platform.records, model, 'inference');
  if (!record) return null;
  const features = await stageResult(platform.records, model, 'features');
  const [batches, recent] = await platform.records.read(Object.keys(inferenceTables), async (tx) => [
    await findBatches(tx, model),
    await recentPredictions(tx, model, 50),
  ]);
  return {
    champion: record.result.version,
    bands: spec.config.risk_bands,
    batches,
    recent,
    keys: features?.result.sampleKeys ?? [],
    histogram: record.result.histogram,
    importance: record.result.importance,
  };
}
