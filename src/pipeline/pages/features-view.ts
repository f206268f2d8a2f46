import { modelDefinitions } from '../../models/catalog';
import { withCode } from '../../models/on-demand';
import type { Platform } from '../platform';
import { folderOf, type ModelSpec } from '../model-spec';
import { withPartitions } from '../partition-list';
import { requireStage, stageResult } from '../stage-results';
import { servingFaultOf } from '../store/serving-fault';
import type { EntityTimeline, FeaturesView } from '../views';

export async function featuresView(platform: Platform, spec: ModelSpec): Promise<FeaturesView | null> {
  const record = await stageResult(platform.records, spec.config.name, 'features');
  if (!record) return null;
  const { result } = record;
  return {
    definitions: withCode(spec.definitions, modelDefinitions().get(folderOf(spec))),
    profile: result.profile,
    dataset: { rows: result.rows, entities: result.entities, digest: result.digest, path: result.path },
    coverage: result.coverage,
    mode: result.mode,
    leaks: result.leaks,
    online: { rows: result.onlineRows, materialized: result.materialized },
    sampleKeys: result.sampleKeys,
    freshness: spec.definitions.views.map(({ name, freshness = null }) => ({
      view: name,
      newest: result.newest?.[name] ?? null,
      expected: freshness,
    })),
    servingFault: await servingFaultOf({ platform, spec }),
  };
}

/** Every value of one entity's features, and which of them counts at `at` (the simulated now when absent). */
export async function entityTimelineView(
  platform: Platform,
  spec: ModelSpec,
  key: string,
  at?: number,
): Promise<EntityTimeline> {
  const data = await requireStage(platform.records, spec.config.name, 'data', 'The time line');
  const moment = at ?? data.clock;
  const points = await withPartitions(platform, spec.config.name, (partitions) =>
    platform.services.data.timeline({ spec, partitions, clock: data.clock, materializeFrom: data.clock }, key, moment),
  );
  return { key, at: moment, points };
}
