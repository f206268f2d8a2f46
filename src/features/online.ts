import type { RecordsTx, TableSchema } from '../utils/records';
import type { OnlineRow } from './types';

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

/** Deletes a view's rows. */
export async function forgetOnline(tx: RecordsTx, model: string, view: string): Promise<void> {
  await tx.clear('online_rows', { from: [model, view, ''], to: [model, view, '\uffff'] });
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
