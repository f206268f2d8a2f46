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

/** The whole workspace's log, oldest first. */
export async function wholeAudit(tx: RecordsTx): Promise<AuditEntry[]> {
  return tx.query<AuditEntry>('audit');
}

/** Where a log breaks. */
export interface AuditFault {
  /** Place of the entry, and line of the exported file, from 1. */
  readonly line: number;
  /** What the entry calls itself; null where it says nothing. */
  readonly sequence: number | null;
  /** What does not fit, in a sentence. */
  readonly reason: string;
}

/** The first entry whose place or content does not fit the chain; null when the whole log holds. */
export function auditFault(entries: readonly AuditEntry[]): AuditFault | null {
  let previous = '';
  for (const [at, entry] of entries.entries()) {
    const reason = faultOf(entry, at + 1, previous);
    if (reason !== null) return { line: at + 1, sequence: entry.sequence, reason };
    previous = entry.hash;
  }
  return null;
}

function faultOf(entry: AuditEntry, place: number, previous: string): string | null {
  const { hash, ...body } = entry;
  if (entry.sequence !== place) {
    return `Entry ${entry.sequence} stands where entry ${place} belongs: one is missing, or they were moved.`;
  }
  if (entry.prev_hash !== previous) {
    return place === 1
      ? 'Entry 1 names an entry before it, and there is none.'
      : `Entry ${place} does not name the hash of entry ${place - 1}: one of the two was changed.`;
  }
  if (hash !== sha256Hex(canonicalJson(body)))
    return `The content of entry ${place} does not fit its hash: it was changed.`;
  return null;
}

/** Sequence of the first entry that does not fit; null when the whole log holds. */
export function verifyAudit(entries: readonly AuditEntry[]): number | null {
  return auditFault(entries)?.sequence ?? null;
}

/** One stretch of a champion: who made it so, and why. */
export interface Reign {
  readonly version: number;
  /** Wall clock, milliseconds; `to` is null for the one who still is. */
  readonly from: number;
  readonly to: number | null;
  /** "you" where a person approved or rolled back, "pipeline" where a rule decided. */
  readonly actor: string;
  readonly reason: string;
}

/** Who was champion from when to when, by whom and why; oldest first. */
export function championTimeline(entries: readonly AuditEntry[]): Reign[] {
  const line: Reign[] = [];
  for (const entry of entries) {
    const moved =
      entry.details['alias'] === 'champion' && (entry.action === 'alias_set' || entry.action === 'alias_deleted');
    if (!moved) continue;
    const last = line.at(-1);
    if (last && last.to === null) line[line.length - 1] = { ...last, to: entry.timestamp };
    if (entry.action !== 'alias_set' || entry.version === null) continue;
    const { version, actor, reason, timestamp } = entry;
    line.push({ version, from: timestamp, to: null, actor, reason });
  }
  return line;
}
