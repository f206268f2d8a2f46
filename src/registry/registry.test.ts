import fc from 'fast-check';
import { beforeEach, describe, expect, it } from 'vitest';
import { memoryRecords } from '../platform/memory/records';
import type { Records, RecordsTx } from '../utils/records';
import { appendAudit, auditOf, championTimeline, verifyAudit } from './audit';
import { applyDecision, approve, reject } from './promotion';
import type { AuditEntry, Decision, ModelVersion, RegisteredModel, Verdict } from './types';
import {
  aliasesOf,
  championOf,
  createVersion,
  deleteAlias,
  deleteRegisteredModel,
  getVersion,
  listVersions,
  registryTables,
  setAlias,
  versionOfRun,
} from './versions';

const TABLES = Object.keys(registryTables);

function decisionOf(verdict: Verdict, championVersion: number | null): Decision {
  return {
    verdict,
    reason: `decided: ${verdict}`,
    rule: championVersion === null ? 'first' : 'improvement',
    metric: 'roc_auc',
    direction: 'maximize',
    minimum_improvement: 0.02,
    improvement_kind: 'relative',
    challenger: null,
    champion: null,
    champion_version: championVersion,
    improvement: null,
    n: 100,
    judged_on: 'test rows',
  };
}

let records: Records;
let now: number;
const write = <T>(work: (tx: RecordsTx) => Promise<T>) => records.write(TABLES, work);
const act = (name: string, version: number, reason = 'because') => ({
  name,
  version,
  actor: 'tester',
  reason,
  now: now++,
});

/** Registers a version as challenger and applies a verdict against the champion of the moment. */
async function challenge(tx: RecordsTx, name: string, verdict: Verdict): Promise<number> {
  const { version } = await createVersion(tx, {
    name,
    run_id: `run-${now}`,
    description: '',
    actor: 'tester',
    now: now++,
  });
  await setAlias(tx, { ...act(name, version), alias: 'challenger' });
  const { champion } = await aliasesOf(tx, name);
  await applyDecision(tx, { name, version, decision: decisionOf(verdict, champion ?? null), now: now++ });
  return version;
}

const wholeLog = () => records.read(TABLES, (tx) => tx.query<AuditEntry>('audit'));

beforeEach(() => {
  records = memoryRecords(registryTables);
  now = 1000;
});

describe('versions and aliases', () => {
  it('numbers versions from 1 and finds them by number and run', async () => {
    await write(async (tx) => {
      for (const run of ['a', 'b', 'b']) {
        await createVersion(tx, { name: 'm', run_id: run, description: '', actor: 'tester', now: 1 });
      }
      expect((await listVersions(tx, 'm')).map(({ version }) => version)).toEqual([3, 2, 1]);
      expect((await versionOfRun(tx, 'm', 'a'))?.version).toBe(1);
      expect((await getVersion(tx, 'm', 3))?.run_id).toBe('b');
      expect(await getVersion(tx, 'm', 4)).toBeUndefined();
      expect(await championOf(tx, 'm')).toBeUndefined();
    });
  });

  it('never gives a number again, not even after the model was deleted', async () => {
    await write(async (tx) => {
      await challenge(tx, 'm', 'promoted');
      await challenge(tx, 'm', 'archived');
      await deleteRegisteredModel(tx, { name: 'm', actor: 'tester', reason: 'not wanted', now: now++ });
      expect(await listVersions(tx, 'm')).toEqual([]);
      expect(championTimeline(await auditOf(tx, 'm')).at(-1)?.to).not.toBeNull();
      expect(await challenge(tx, 'm', 'promoted')).toBe(3);
    });
    expect(verifyAudit(await wholeLog())).toBeNull();
  });

  it.each(['champion', 'a', '123', '123v', 'v123_temp', 'lates', 'Größe', 'x'.repeat(255)])(
    'takes the alias "%s"',
    async (alias) => {
      await write(async (tx) => {
        await createVersion(tx, { name: 'm', run_id: 'r', description: '', actor: 'tester', now: 1 });
        await setAlias(tx, { ...act('m', 1), alias });
        expect(await aliasesOf(tx, 'm')).toEqual({ [alias]: 1 });
        await deleteAlias(tx, { ...act('m', 1), alias });
        await deleteAlias(tx, { ...act('m', 1), alias });
        expect(await aliasesOf(tx, 'm')).toEqual({});
      });
    },
  );

  it.each(['', 'a b', 'a/b', 'latest', 'Latest', 'v1', 'V12', 'x'.repeat(256), 'a\n'])(
    'refuses the alias "%s"',
    async (alias) => {
      await write(async (tx) => {
        await createVersion(tx, { name: 'm', run_id: 'r', description: '', actor: 'tester', now: 1 });
      });
      await expect(write((tx) => setAlias(tx, { ...act('m', 1), alias }))).rejects.toThrow(/alias/);
    },
  );

  it('refuses an alias on a version that is not there', async () => {
    await expect(write((tx) => setAlias(tx, { ...act('m', 7), alias: 'champion' }))).rejects.toThrow(
      /m has no version 7/,
    );
  });
});

describe('promotion', () => {
  it('crowns the first version and archives the champion that a later one replaces', async () => {
    await write(async (tx) => {
      await challenge(tx, 'm', 'promoted');
      await challenge(tx, 'm', 'promoted');
      expect(await aliasesOf(tx, 'm')).toEqual({ champion: 2 });
      expect((await getVersion(tx, 'm', 1))?.tags['status']).toBe('archived');
      expect(championTimeline(await auditOf(tx, 'm')).map(({ version, to }) => [version, to === null])).toEqual([
        [1, false],
        [2, true],
      ]);
    });
  });

  it('waits for a person, and each answer is final', async () => {
    await write((tx) => challenge(tx, 'm', 'promoted'));
    const waiting = await write((tx) => challenge(tx, 'm', 'awaiting_approval'));
    expect(await records.read(TABLES, (tx) => aliasesOf(tx, 'm'))).toEqual({ champion: 1, challenger: 2 });
    await write((tx) => approve(tx, act('m', waiting)));
    const approved = await records.read(TABLES, (tx) => getVersion(tx, 'm', waiting));
    expect(approved?.tags['status']).toBe('champion');
    expect(approved?.decision?.verdict).toBe('promoted');
    await expect(write((tx) => reject(tx, act('m', waiting)))).rejects.toThrow(
      /does not wait for approval: it is champion/,
    );
    const next = await write((tx) => challenge(tx, 'm', 'awaiting_approval'));
    await write((tx) => reject(tx, act('m', next)));
    await expect(write((tx) => approve(tx, act('m', next)))).rejects.toThrow(/it is archived/);
    expect(await records.read(TABLES, (tx) => aliasesOf(tx, 'm'))).toEqual({ champion: 2 });
  });

  it('archives a version that still waits when a newer one is judged', async () => {
    await write((tx) => challenge(tx, 'm', 'promoted'));
    await write((tx) => challenge(tx, 'm', 'awaiting_approval'));
    await write((tx) => challenge(tx, 'm', 'awaiting_approval'));
    await expect(write((tx) => approve(tx, act('m', 2)))).rejects.toThrow(/it is archived/);
    await write((tx) => approve(tx, act('m', 3)));
    expect((await records.read(TABLES, (tx) => championOf(tx, 'm')))?.version).toBe(3);
  });

  it('refuses a comparison with another champion than the present one, and leaves everything as it was', async () => {
    await write((tx) => challenge(tx, 'm', 'promoted'));
    const before = await wholeLog();
    const stale = write(async (tx) => {
      const { version } = await createVersion(tx, { name: 'm', run_id: 'r', description: '', actor: 'tester', now: 1 });
      await setAlias(tx, { ...act('m', version), alias: 'challenger' });
      await applyDecision(tx, { name: 'm', version, decision: decisionOf('promoted', null), now: 2 });
    });
    await expect(stale).rejects.toThrow(/m v2 was compared with no champion, and now v1 is champion/);
    expect(await wholeLog()).toEqual(before);
    expect(await records.read(TABLES, (tx) => listVersions(tx, 'm'))).toHaveLength(1);
  });

  it('refuses a decision about a version that is not the challenger', async () => {
    await write((tx) => challenge(tx, 'm', 'promoted'));
    const again = write((tx) =>
      applyDecision(tx, { name: 'm', version: 1, decision: decisionOf('archived', 1), now: 2 }),
    );
    await expect(again).rejects.toThrow(/m v1 is not the challenger/);
  });
});

describe('audit', () => {
  const entry = {
    timestamp: 1,
    model: 'm',
    version: 1,
    action: 'compared',
    actor: 'a',
    reason: 'r',
    details: { n: 3 },
  } as const;

  it('notices a changed, a missing and a moved entry', async () => {
    await write(async (tx) => {
      for (let i = 0; i < 4; i++) await appendAudit(tx, { ...entry, timestamp: i });
    });
    const log = await wholeLog();
    expect(verifyAudit(log)).toBeNull();
    expect(verifyAudit(log.map((line, i) => (i === 2 ? { ...line, reason: 'another' } : line)))).toBe(3);
    expect(verifyAudit(log.map((line, i) => (i === 1 ? { ...line, details: { n: 4 } } : line)))).toBe(2);
    expect(verifyAudit(log.filter((_, i) => i !== 1))).toBe(3);
    expect(verifyAudit([...log].reverse())).toBe(4);
  });

  it('is shared by models and told apart by name', async () => {
    await write(async (tx) => {
      await appendAudit(tx, entry);
      await appendAudit(tx, { ...entry, model: 'n' });
      await appendAudit(tx, entry);
      expect((await auditOf(tx, 'm')).map(({ sequence }) => sequence)).toEqual([1, 3]);
    });
  });
});

describe('any sequence of steps', () => {
  const verdicts: readonly Verdict[] = ['promoted', 'awaiting_approval', 'archived', 'refused'];
  const model = fc.constantFrom('a', 'b');
  const step = fc.oneof(
    fc.record({ kind: fc.constant('challenge' as const), model, verdict: fc.constantFrom(...verdicts) }),
    fc.record({
      kind: fc.constantFrom('approve' as const, 'reject' as const),
      model,
      version: fc.integer({ min: 1, max: 6 }),
    }),
    fc.record({ kind: fc.constant('delete' as const), model }),
    fc.record({ kind: fc.constant('crash' as const), model, verdict: fc.constantFrom(...verdicts) }),
  );
  type Step = typeof step extends fc.Arbitrary<infer S> ? S : never;

  /** Does one step; a refused one throws and must change nothing. */
  async function take(taken: Step): Promise<number | null> {
    switch (taken.kind) {
      case 'challenge':
        return write((tx) => challenge(tx, taken.model, taken.verdict));
      case 'approve':
        await write((tx) => approve(tx, act(taken.model, taken.version)));
        return null;
      case 'reject':
        await write((tx) => reject(tx, act(taken.model, taken.version)));
        return null;
      case 'delete':
        await write((tx) => deleteRegisteredModel(tx, { name: taken.model, actor: 't', reason: 'r', now: now++ }));
        return null;
      case 'crash':
        await write(async (tx) => {
          await challenge(tx, taken.model, taken.verdict);
          throw new Error('the tab was closed');
        });
        return null;
    }
  }

  async function checkInvariants(): Promise<void> {
    await records.read(TABLES, async (tx) => {
      for (const name of ['a', 'b']) {
        const versions = await tx.query<ModelVersion>('model_versions', { index: 'name', equals: name });
        const registered = await tx.get<RegisteredModel>('registered_models', name);
        const { champion, challenger } = registered?.aliases ?? {};
        const status = (wanted: string) =>
          versions.filter(({ tags }) => tags['status'] === wanted).map(({ version }) => version);
        expect(status('champion')).toEqual(champion === undefined ? [] : [champion]);
        expect(status('awaiting_approval')).toEqual(challenger === undefined ? [] : [challenger]);
        expect(versions.every(({ version }) => version <= (registered?.last_version ?? 0))).toBe(true);
        const timeline = championTimeline(await auditOf(tx, name));
        expect(timeline.filter(({ to }) => to === null).map(({ version }) => version)).toEqual(
          champion === undefined ? [] : [champion],
        );
      }
      const log = await tx.query<AuditEntry>('audit');
      expect(log.map(({ sequence }) => sequence)).toEqual(log.map((_, index) => index + 1));
      expect(verifyAudit(log)).toBeNull();
    });
  }

  it('keeps one champion at most, a whole log, and gives no number twice', async () => {
    await fc.assert(
      fc.asyncProperty(fc.array(step, { maxLength: 14 }), async (steps) => {
        records = memoryRecords(registryTables);
        const given = new Set<string>();
        for (const taken of steps) {
          const before = (await wholeLog()).length;
          try {
            const version = await take(taken);
            if (version !== null) {
              expect(given.has(`${taken.model} ${version}`)).toBe(false);
              given.add(`${taken.model} ${version}`);
            }
          } catch (error) {
            if (!(error instanceof Error) || !/tab was closed|has no version|does not wait/.test(error.message))
              throw error;
            expect((await wholeLog()).length).toBe(before);
          }
          await checkInvariants();
        }
      }),
      { numRuns: 60 },
    );
  });
});
