import { WorkbenchError } from '../utils/errors';
import { canonicalJson } from '../utils/hash';
import { auditFault, type AuditFault } from './audit';
import type { AuditEntry } from './types';

/** Larger files are no log of a workspace. */
const MOST_CHARACTERS = 200_000_000;

/** A log as JSON Lines: one entry a line, oldest first, each as it was hashed. */
export function auditLines(entries: readonly AuditEntry[]): string {
  return entries.map((entry) => `${canonicalJson(entry)}\n`).join('');
}

/** What a check of a log found. */
export interface AuditVerdict {
  readonly entries: number;
  /** Hash of the last entry: whoever keeps it can tell later whether the log before it was changed. */
  readonly head: string;
  readonly fault: AuditFault | null;
}

export function checkAudit(entries: readonly AuditEntry[]): AuditVerdict {
  return { entries: entries.length, head: entries.at(-1)?.hash ?? '', fault: auditFault(entries) };
}

/**
 * How a file's log stands to the workspace's own: the same; an earlier state of it; a later one, so that the workspace
 * lost entries; or another log, which parts from it at `line`.
 */
export type AuditRelation =
  { readonly kind: 'same' | 'earlier' | 'later' } | { readonly kind: 'other'; readonly line: number };

/** Checks an exported log by itself, and against the workspace's own. Throws REGISTRY_INVALID for what is no such file. */
export function checkAuditFile(
  text: string,
  own: readonly AuditEntry[],
): AuditVerdict & { readonly relation: AuditRelation | null } {
  if (text.length > MOST_CHARACTERS)
    refuse('The file is larger than any audit log. Choose the .jsonl file that was taken from here.');
  const lines = text.split('\n').filter((line, at, all) => line.trim() !== '' || at < all.length - 1);
  if (text.trim() === '') refuse('The file is empty. Choose the .jsonl file that was taken from the audit log.');
  const entries: AuditEntry[] = [];
  for (const [at, line] of lines.entries()) {
    const entry = readEntry(line);
    if (entry === null) {
      if (at === 0) refuse('Line 1 is no entry of an audit log. Choose the .jsonl file that was taken from here.');
      const fault: AuditFault = {
        line: at + 1,
        sequence: null,
        reason: `Line ${at + 1} is no whole entry: the file was cut short or changed there.`,
      };
      return { ...checkAudit(entries), fault: auditFault(entries) ?? fault, relation: null };
    }
    entries.push(entry);
  }
  const verdict = checkAudit(entries);
  return { ...verdict, relation: verdict.fault === null ? relationOf(entries, own) : null };
}

function relationOf(entries: readonly AuditEntry[], own: readonly AuditEntry[]): AuditRelation {
  const both = Math.min(entries.length, own.length);
  for (let at = 0; at < both; at++) if (entries[at]?.hash !== own[at]?.hash) return { kind: 'other', line: at + 1 };
  if (entries.length === own.length) return { kind: 'same' };
  return { kind: entries.length < own.length ? 'earlier' : 'later' };
}

const TEXTS = ['model', 'action', 'actor', 'reason', 'prev_hash', 'hash'] as const;

function readEntry(line: string): AuditEntry | null {
  let value: unknown;
  try {
    value = JSON.parse(line);
  } catch {
    return null;
  }
  if (typeof value !== 'object' || value === null || Array.isArray(value)) return null;
  const fields = value as Record<string, unknown>;
  const fits =
    TEXTS.every((name) => typeof fields[name] === 'string') &&
    typeof fields['sequence'] === 'number' &&
    typeof fields['timestamp'] === 'number' &&
    (fields['version'] === null || typeof fields['version'] === 'number') &&
    typeof fields['details'] === 'object' &&
    fields['details'] !== null;
  return fits ? (fields as unknown as AuditEntry) : null;
}

function refuse(message: string): never {
  throw new WorkbenchError('REGISTRY_INVALID', message);
}
