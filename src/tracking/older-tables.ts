import type { TableSchema } from '../utils/records';

/** A record a point, as stores had them before `metric_histories`. */
export const olderTables = {
  metric_points: { key: ['run_id', 'key', 'sequence'], indexes: { run_id: 'run_id', run_key: ['run_id', 'key'] } },
} as const satisfies Readonly<Record<string, TableSchema>>;
