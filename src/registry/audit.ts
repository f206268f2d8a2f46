import { canonicalJson, sha256Hex } from '../utils/hash';
import type { RecordsTx } from '../utils/records';
import type { AuditEntry } from './types';

/** What a caller says of a step; the log adds its place in the chain. */
export type AuditDraft = Omit<AuditEntry, 'sequence' | 'prev_hash' | 'hash'>;

/** Adds an entry to the workspace's log, chained to the one before by hash. */
export async function appendAudit(tx: RecordsTx, draft: AuditDraft): Promise<AuditEntry> {
  const [last] = await tx.query<AuditEntry>('audit', { reverse: true, limit: 1 });
  const sequence = (last?.sequence ?? 0) + 1;
  const body = { ...draft, sequence, prev_hash: last?.hash ?? '' };
  const entry: AuditEntry = { ...body, hash: sha256Hex(canonicalJson(body)) };
  await tx.put('audit', entry);
  return entry;
}

/** A model's entries, oldest first. */
export async function auditOf(tx: RecordsTx, model: string): Promise<AuditEntry[]> {
  return tx.query<AuditEntry>('audit', { index: 'model', equals: model });
}

/** Sequence of the first entry whose place or content does not fit the chain; null when the whole log holds. */
export function verifyAudit(entries: readonly AuditEntry[]): number | null {
  let previous = '';
  for (const [at, entry] of entries.entries()) {
    const { hash, ...body } = entry;
    if (entry.sequence !== at + 1 || entry.prev_hash !== previous || hash !== sha256Hex(canonicalJson(body)))
      return entry.sequence;
    previous = hash;
  }
  return null;
}

/** Who was champion from when to when (ms); `to` is null for the one who still is. */
export function championTimeline(
  entries: readonly AuditEntry[],
): { version: number; from: number; to: number | null }[] {
  const line: { version: number; from: number; to: number | null }[] = [];
  for (const entry of entries) {
    const moved =
      entry.details['alias'] === 'champion' && (entry.action === 'alias_set' || entry.action === 'alias_deleted');
    if (!moved) continue;
    const last = line.at(-1);
    if (last && last.to === null) last.to = entry.timestamp;
    if (entry.action === 'alias_set' && entry.version !== null)
      line.push({ version: entry.version, from: entry.timestamp, to: null });
  }
  return line;
}
