import { eachBlock, onlineViews, readOnline } from '../../features/online/read';
import { modelDefinitions } from '../../models/catalog';
import { withCode } from '../../models/on-demand';
import type { Platform } from '../platform';
import type { ModelSpec } from '../model-spec';
import { withPartitions } from '../partition-list';
import { requireStage, stageResult } from '../stage-results';
import { servingFaultOf } from '../store/serving-fault';
import type { EntityTimeline, FeaturesView } from '../views';

const FOUND_KEYS = 50;
/** Keys found after which no more are looked for. */
const MOST_LOOKED_AT = 5000;

export async function featuresView(platform: Platform, spec: ModelSpec): Promise<FeaturesView | null> {
  const record = await stageResult(platform.records, spec.config.name, 'features');
  if (!record) return null;
  const { result } = record;
  return {
    definitions: withCode(spec.definitions, modelDefinitions().get(spec.config.name)),
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

/**
 * Entity keys of the online store that contain `text`, shortest first; at most 50. The key that is the text itself is
 * looked up, the others are those found first.
 */
export async function findKeys(platform: Platform, model: string, text: string): Promise<readonly string[]> {
  const exact = text.trim();
  const { records } = platform;
  const record = await stageResult(records, model, 'features');
  if (!record) return [];
  if (exact === '') return record.result.sampleKeys.slice(0, FOUND_KEYS);
  const views = await onlineViews(records, model);
  const asked = await readOnline(records, model, new Map(views.map(({ view }) => [view, new Set([exact])])));
  const found = new Set([...asked.values()].flatMap((rows) => [...rows.keys()]));
  const part = exact.toLowerCase();
  for (const view of views) {
    await eachBlock(records, view, ({ keys }) => {
      for (const key of keys) if (key.toLowerCase().includes(part)) found.add(key);
      return found.size < MOST_LOOKED_AT;
    });
  }
  return [...found].sort((a, b) => a.length - b.length || (a < b ? -1 : 1)).slice(0, FOUND_KEYS);
}
