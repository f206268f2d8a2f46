import { onlineTables } from '../features/online/tables';
import { featureTables } from '../features/tables';
import { inferenceTables } from '../inference/log';
import { monitoringTables } from '../monitoring/store';
import { registryTables } from '../registry/versions';
import { tuningTables } from '../tuning/study-records';
import { olderTables } from '../tracking/older-tables';
import { runViewTables } from '../tracking/run-views';
import { trackingTables } from '../tracking/runs';
import type { RecordsTx, TableSchema } from '../utils/records';
import { pipelineTables } from './tables';

/** Partitions of version 1 held an append each, whatever its dates. */
const UNDATED = { time_column: null, granularity: null, date: null, from: null, to: null, first: null, last: null };

/** Metrics were kept a record a point until version 3. */
const { metric_histories: _later, ...keptTables } = trackingTables;
const firstTrackingTables = { ...keptTables, ...olderTables };
/** Registered models and versions of version 2 had no tags, sources, signatures or stages. */
const UNDESCRIBED = { description: '', tags: {} };
const UNSIGNED = { current_stage: 'None', signature: null, input_example: null };

/** What a browser's database changed from version to version; those that were given out stay as they are. */
export const storeVersions: readonly {
  readonly version: number;
  readonly tables: Readonly<Record<string, TableSchema | null>>;
  readonly convert?: () => Promise<(tx: RecordsTx) => Promise<void>>;
  readonly rewrite?: Readonly<Record<string, (row: Record<string, unknown>) => Record<string, unknown>>>;
}[] = [
  {
    version: 1,
    tables: {
      ...firstTrackingTables,
      ...registryTables,
      ...inferenceTables,
      ...monitoringTables,
      ...pipelineTables,
      online_rows: { key: ['model', 'view', 'entity_key'], indexes: { model: 'model' } },
    },
  },
  {
    version: 2,
    tables: { ...featureTables, ...onlineTables, online_rows: null },
    rewrite: { partitions: (row) => ({ ...UNDATED, ...row }) },
    convert: async () => (await import('../features/online/convert')).convertOnlineRows,
  },
  {
    version: 3,
    tables: {
      ...tuningTables,
      ...runViewTables,
      metric_histories: trackingTables.metric_histories,
      metric_points: null,
    },
    convert: async () => (await import('../tracking/convert')).convertRuns,
    rewrite: {
      registered_models: (row) => ({ ...UNDESCRIBED, last_updated_timestamp: row['creation_timestamp'], ...row }),
      model_versions: (row) => ({
        ...UNSIGNED,
        source: `runs:/${String(row['run_id'])}/model.json`,
        last_updated_timestamp: row['creation_timestamp'],
        ...row,
      }),
    },
  },
];
