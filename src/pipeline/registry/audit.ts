import { wholeAudit } from '../../registry/audit';
import { auditLines, checkAudit, checkAuditFile } from '../../registry/audit-file';
import type { AuditEntry } from '../../registry/types';
import type { Records } from '../../utils/records';
import type { AuditVerdict, TextFile } from './types';

function readLog(records: Records): Promise<readonly AuditEntry[]> {
  return records.read(['audit'], wholeAudit);
}

export async function verifyAudit(records: Records): Promise<AuditVerdict> {
  return checkAudit(await readLog(records));
}

export async function auditFile(records: Records): Promise<TextFile> {
  return { name: 'audit-log.jsonl', content: auditLines(await readLog(records)) };
}

export async function verifyAuditFile(records: Records, text: string) {
  return checkAuditFile(text, await readLog(records));
}
