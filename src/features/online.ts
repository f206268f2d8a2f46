import type { Records, RecordsTx, TableSchema } from '../utils/records';
import { WorkbenchError } from '../utils/errors';
import { projectionsOf } from './resolve';
import type { FeatureDefinitions, FeatureStatus, Micros, OnlineFeature, OnlineRow } from './types';

/** The online store's table. */
export const onlineTables: Readonly<Record<string, TableSchema>> = {
  online_rows: { key: ['model', 'view', 'entity_key'], indexes: { model: 'model' } },
};

/** Whether `incoming` replaces `existing`: by event time, then created time; equal times are written again. */
export function isNewer(existing: OnlineRow | undefined, incoming: OnlineRow): boolean {
  if (!existing) return true;
  if (incoming.event_timestamp !== existing.event_timestamp) return incoming.event_timestamp > existing.event_timestamp;
  return incoming.created_timestamp >= existing.created_timestamp;
}

/** Writes rows, never over newer ones. Returns how many were written. */
export async function writeOnline(tx: RecordsTx, rows: readonly OnlineRow[]): Promise<number> {
  let written = 0;
  for (const row of rows) {
    const existing = await tx.get<OnlineRow>('online_rows', [row.model, row.view, row.entity_key]);
    if (!isNewer(existing, row)) continue;
    await tx.put('online_rows', row);
    written += 1;
  }
  return written;
}

export interface OnlineRequest {
  readonly definitions: FeatureDefinitions;
  readonly model: string;
  /** "view:feature", in the order wanted. */
  readonly features: readonly string[];
  readonly entity_key: string;
  /** The moment served for; ages are measured against it. */
  readonly at: Micros;
}

/**
 * One entity's newest values with a status each: PRESENT; NULL_VALUE where the stored row holds null; NOT_FOUND where
 * the view has no row of this entity; OUTSIDE_MAX_AGE (value null) where the row is older than the view's ttl. Feast
 * has these four statuses and uses two; see docs/decisions.md.
 */
export async function getOnlineFeatures(records: Records, request: OnlineRequest): Promise<OnlineFeature[]> {
  const views = projectionsOf(request.definitions, request.features).map(({ resolved }) => resolved.view);
  const rows = await records.read(['online_rows'], async (tx) => {
    const found = new Map<string, OnlineRow>();
    for (const { name } of views) {
      const row = await tx.get<OnlineRow>('online_rows', [request.model, name, request.entity_key]);
      if (row) found.set(name, row);
    }
    return found;
  });
  const ttls = new Map(views.map((view) => [view.name, view.ttl]));
  return request.features.map((reference) => {
    const colon = reference.indexOf(':');
    const view = reference.slice(0, colon);
    return serve(reference.slice(colon + 1), rows.get(view), ttls.get(view) ?? 0, request.at);
  });
}

function serve(feature: string, row: OnlineRow | undefined, ttl: number, at: Micros): OnlineFeature {
  if (!row) return { feature, value: null, status: 'NOT_FOUND', event_timestamp: null };
  const answer = (status: FeatureStatus): OnlineFeature => ({
    feature,
    value: status === 'PRESENT' ? (row.values[feature] ?? null) : null,
    status,
    event_timestamp: row.event_timestamp,
  });
  if (!(feature in row.values)) {
    throw new WorkbenchError(
      'FEATURES_INVALID',
      `The online row of ${row.view} was written before the feature "${feature}" existed. Run the Features stage again.`,
    );
  }
  if (ttl > 0 && at - row.event_timestamp > ttl * 1_000_000) return answer('OUTSIDE_MAX_AGE');
  return answer((row.values[feature] ?? null) === null ? 'NULL_VALUE' : 'PRESENT');
}
