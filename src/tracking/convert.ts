import type { RecordsTx } from '../utils/records';
import { historiesOf, metricRanges } from './runs';
import type { Experiment, MetricPoint, Run } from './types';

type OlderRun = Omit<Run, 'lifecycle_stage' | 'deleted_time' | 'metric_ranges'> & Partial<Run>;

/**
 * Puts the points of each metric together, and gives runs recorded before there was a trash their stage and the ranges of
 * their metrics.
 */
export async function convertRuns(tx: RecordsTx): Promise<void> {
  for (const experiment of await tx.query<Omit<Experiment, 'revision'> & Partial<Experiment>>('experiments')) {
    await tx.put('experiments', { revision: 0, ...experiment });
  }
  for (const run of await tx.query<OlderRun>('runs')) {
    const points = await tx.query<MetricPoint>('metric_points', { index: 'run_id', equals: run.run_id });
    await tx.putAll('metric_histories', historiesOf(run.run_id, points));
    const added = { lifecycle_stage: 'active', deleted_time: null, metric_ranges: metricRanges(points) } as const;
    await tx.put('runs', { ...added, ...run });
  }
}
