import { describe, expect, it } from 'vitest';
import { memoryRecords } from '../platform/memory/records';
import { appendAudit, wholeAudit } from './audit';
import { auditLines, checkAudit, checkAuditFile } from './audit-file';
import type { AuditEntry } from './types';
import { registryTables } from './versions';

async function logOf(reasons: readonly string[]): Promise<AuditEntry[]> {
  const records = memoryRecords(registryTables);
  return records.write(['audit'], async (tx) => {
    for (const [timestamp, reason] of reasons.entries()) {
      const details = { n: timestamp, nothing: undefined, deep: { b: [1, null], a: '<b>' } };
      await appendAudit(tx, { timestamp, model: 'm', version: null, action: 'compared', actor: 'a', reason, details });
    }
    return wholeAudit(tx);
  });
}

const log = await logOf(['one', 'two', 'drei “ä” \u2028', 'four', 'five']);
const text = auditLines(log);
const lines = text.trimEnd().split('\n');
const faultOf = (changed: readonly string[]) => checkAuditFile(`${changed.join('\n')}\n`, log).fault;

describe('an exported log', () => {
  it('is one entry a line and holds by itself and against the workspace', () => {
    expect(lines).toHaveLength(5);
    expect(checkAuditFile(text, log)).toEqual({
      entries: 5,
      head: log[4]?.hash,
      fault: null,
      relation: { kind: 'same' },
    });
    expect(checkAudit([])).toEqual({ entries: 0, head: '', fault: null });
  });

  it('says whether it is an earlier state, a later one or another log', async () => {
    const relation = (file: string, own: readonly AuditEntry[]) => checkAuditFile(file, own).relation;
    expect(relation(auditLines(log.slice(0, 3)), log)).toEqual({ kind: 'earlier' });
    expect(relation(text, log.slice(0, 3))).toEqual({ kind: 'later' });
    expect(relation(text, await logOf(['one', 'two', 'other']))).toEqual({ kind: 'other', line: 3 });
  });

  it('breaks where it was changed, shortened or moved, and says so', () => {
    const changed = lines.map((line, at) => (at === 2 ? line.replace('"n":2', '"n":3') : line));
    expect(faultOf(changed)).toEqual({
      line: 3,
      sequence: 3,
      reason: 'The content of entry 3 does not fit its hash: it was changed.',
    });
    expect(faultOf(lines.filter((_, at) => at !== 1))).toMatchObject({ line: 2, sequence: 3 });
    expect(faultOf([...lines].reverse())).toMatchObject({ line: 1, sequence: 5 });
    expect(faultOf(lines.map((line, at) => (at === 3 ? line.slice(0, 40) : line)))).toMatchObject({
      line: 4,
      sequence: null,
      reason: expect.stringMatching(/cut short/),
    });
    const forged = { ...log[1], prev_hash: '0' } as AuditEntry;
    expect(faultOf(lines.map((line, at) => (at === 1 ? JSON.stringify(forged) : line)))).toMatchObject({
      line: 2,
      reason: expect.stringMatching(/does not name the hash of entry 1/),
    });
  });

  it.each([
    ['', /empty/],
    ['\n\n', /empty/],
    ['{"a":1}', /no entry of an audit log/],
    ['a,b\n1,2', /no entry of an audit log/],
    ['[1]', /no entry of an audit log/],
    ['null', /no entry of an audit log/],
  ])('%j is refused', (file, sentence) => {
    expect(() => checkAuditFile(file, log)).toThrow(sentence);
  });

  it('reads a file whatever keys stand in its details', () => {
    const hostile = lines.map((line, at) =>
      at === 0 ? line.replace('"details":{', '"details":{"__proto__":{"x":1},') : line,
    );
    expect(faultOf(hostile)).toMatchObject({ line: 1 });
    expect(({} as Record<string, unknown>)['x']).toBeUndefined();
  });
});
