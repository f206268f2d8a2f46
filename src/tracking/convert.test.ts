import { expect, it } from 'vitest';
import { memoryRecords } from '../platform/memory/records';
import { convertRuns } from './convert';
import { olderTables } from './older-tables';
import { getRun, metricHistory, recordRun, trackingTables } from './runs';

const ALL = { ...trackingTables, ...olderTables };
const TABLES = Object.keys(ALL);
const ID = 'a'.repeat(32);

it('runs of older stores get what they lack, as if recorded now', async () => {
  const records = memoryRecords(ALL);
  const metrics = [0.9, 0.4, 0.6].map((value, step) => ({ key: 'loss', value, timestamp: step, step }));
  const recorded = await records.write(TABLES, async (tx) => {
    const run = await recordRun(
      tx,
      {
        ...{ experiment: 'heart', run_name: 'r', status: 'FINISHED', start_time: 1, end_time: 2, params: {}, tags: {} },
        ...{ metrics, artifacts: [], dataset: { name: '', digest: '', rows: 0 }, config_digest: '', seed: 0 },
      },
      ID,
    );
    const { lifecycle_stage: _stage, deleted_time: _time, metric_ranges: _ranges, ...older } = run;
    await tx.put('runs', older);
    await tx.clear('metric_histories');
    const points = metrics.map((point, sequence) => ({ ...point, run_id: ID, sequence }));
    await tx.putAll('metric_points', points);
    await tx.put('experiments', { experiment_id: 'heart', name: 'heart', creation_time: 1 });
    return run;
  });
  await records.write(TABLES, (tx) => convertRuns(tx));
  await records.read(TABLES, async (tx) => {
    expect(await getRun(tx, ID)).toEqual(recorded);
    expect(recorded.metric_ranges).toEqual({ loss: [0.4, 0.9] });
    expect(await tx.get('experiments', 'heart')).toMatchObject({ revision: 0 });
    expect(await metricHistory(tx, ID, 'loss')).toEqual(metrics.map((point) => ({ ...point, run_id: ID })));
  });
});
