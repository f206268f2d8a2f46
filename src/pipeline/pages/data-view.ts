import type { Platform } from '../platform';
import type { ModelSpec } from '../model-spec';
import { withPartitions } from '../partition-list';
import { partitionsOf, stageResult } from '../stage-results';
import type { DataView, TablePage } from '../views';

export async function dataView(platform: Platform, spec: ModelSpec): Promise<DataView | null> {
  const record = await stageResult(platform.records, spec.config.name, 'data');
  if (!record) return null;
  const partitions = await partitionsOf(platform.records, spec.config.name);
  return {
    tables: record.result.profiles,
    source: record.result.source,
    partitions: partitions.map(({ table, path, rows, bytes, digest, date, sequence }) => ({
      table,
      path,
      rows,
      bytes,
      digest,
      date,
      sequence,
    })),
  };
}

/** Rows [offset, offset + limit) of a raw table. */
export async function tablePage(
  platform: Platform,
  model: string,
  table: string,
  page: { offset: number; limit: number },
): Promise<TablePage> {
  return withPartitions(platform, model, (partitions) =>
    platform.services.data.tablePage(partitions, table, page.offset, page.limit),
  );
}
