import { findBatches, inferenceTables, recentPredictions } from '../../inference/log';
import { championOf, registryTables } from '../../registry/versions';
import type { Platform } from '../platform';
import type { ModelSpec } from '../model-spec';
import { stageResult } from '../stage-results';
import { servingFaultOf } from '../store/serving-fault';
import type { InferenceView } from '../views';

export async function inferenceView(platform: Platform, spec: ModelSpec): Promise<InferenceView | null> {
  const model = spec.config.name;
  const record = await stageResult(platform.records, model, 'inference');
  if (!record) return null;
  const features = await stageResult(platform.records, model, 'features');
  const tables = [...Object.keys(inferenceTables), ...Object.keys(registryTables)];
  const [batches, recent, champion] = await platform.records.read(tables, async (tx) => [
    await findBatches(tx, model),
    await recentPredictions(tx, model, 50),
    await championOf(tx, model),
  ]);
  return {
    version: record.result.version,
    champion: champion?.version ?? null,
    bands: spec.config.risk_bands,
    batches,
    recent,
    keys: features?.result.sampleKeys ?? [],
    histogram: record.result.histogram,
    importance: record.result.importance,
    servingFault: await servingFaultOf({ platform, spec }),
  };
}
