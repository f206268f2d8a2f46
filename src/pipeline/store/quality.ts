import { withPartitions } from '../partition-list';
import { requireStage } from '../stage-results';
import { KEPT_CHECKS } from './check-quality';
import type { StoreContext } from './context';
import type { QualityCheck, QualityView } from './types';

const MICROS = 1_000_000;

/** What the views and tables hold in pictures, how fresh they are, and what was expected of them so far. */
export async function quality({ platform, spec, onProgress, signal }: StoreContext): Promise<QualityView> {
  const model = spec.config.name;
  const data = await requireStage(platform.records, model, 'data', 'The quality of features');
  const { clock } = data;
  const { profiles, newest } = await withPartitions(platform, model, (partitions) =>
    platform.services.data.viewProfiles({ spec, partitions, clock, materializeFrom: 0 }, onProgress, signal),
  );
  const checks = await platform.records.read(['quality_checks'], (tx) =>
    tx.query<QualityCheck>('quality_checks', {
      index: 'model_checked',
      from: [model, 0],
      to: [model, Number.MAX_VALUE],
      reverse: true,
      limit: KEPT_CHECKS,
    }),
  );
  return {
    clock,
    checks,
    profiles,
    tables: data.profiles,
    freshness: spec.definitions.views.map(({ name, freshness = null }) => {
      const time = newest[name] ?? null;
      const late = freshness !== null && !(time !== null && clock - time <= Math.round(freshness * MICROS));
      return { view: name, newest: time, expected: freshness, late };
    }),
  };
}
