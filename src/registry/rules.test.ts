import { beforeEach, describe, expect, it } from 'vitest';
import { memoryRecords } from '../platform/memory/records';
import type { Records, RecordsTx } from '../utils/records';
import { deleteTag, describe as describeVersion, setTag } from './annotations';
import { auditOf, championTimeline, verifyAudit, wholeAudit } from './audit';
import { checkModelName } from './names';
import { formerChampions, rollBack } from './promotion';
import {
  aliasesOf,
  copyVersion,
  createVersion,
  deleteVersion,
  getVersion,
  listVersions,
  registryTables,
  setAlias,
  tagVersion,
  versionByAlias,
  versionOfRun,
} from './versions';

const TABLES = Object.keys(registryTables);
let records: Records;
let now: number;
const write = <T>(work: (tx: RecordsTx) => Promise<T>) => records.write(TABLES, work);
const act = (version: number, name = 'm') => ({ name, version, actor: 'you', reason: 'because', now: now++ });

async function make(tx: RecordsTx, count: number, name = 'm'): Promise<void> {
  for (let i = 0; i < count; i++) {
    const tags = { kind: 'xgboost', team: 'a' };
    await createVersion(tx, { name, run_id: `run${i}`, description: `no. ${i}`, tags, actor: 'you', now: now++ });
  }
}

async function crown(tx: RecordsTx, version: number): Promise<void> {
  await setAlias(tx, { ...act(version), alias: 'champion' });
}

beforeEach(() => {
  records = memoryRecords(registryTables);
  now = 1000;
});

describe('deleted versions', () => {
  it('take their aliases with them, keep their number and cannot be read, changed or deleted again', async () => {
    await write(async (tx) => {
      await make(tx, 3);
      await setAlias(tx, { ...act(3), alias: 'approved' });
      await setAlias(tx, { ...act(2), alias: 'other' });
      await deleteVersion(tx, act(3));
      expect(await aliasesOf(tx, 'm')).toEqual({ other: 2 });
      expect(await getVersion(tx, 'm', 3)).toBeUndefined();
      expect((await listVersions(tx, 'm')).map(({ version }) => version)).toEqual([2, 1]);
      expect(await versionOfRun(tx, 'm', 'run2')).toBeUndefined();
      expect(await tx.get('model_versions', ['m', 3])).toMatchObject({ current_stage: 'Deleted_Internal', run_id: '' });
      await make(tx, 1);
      expect((await listVersions(tx, 'm'))[0]?.version).toBe(4);
    });
    const refused = [
      (tx: RecordsTx) => deleteVersion(tx, act(3)),
      (tx: RecordsTx) => setAlias(tx, { ...act(3), alias: 'approved' }),
      (tx: RecordsTx) => setTag(tx, { ...act(3), key: 'a', value: 'b' }),
      (tx: RecordsTx) => describeVersion(tx, { ...act(3), description: 'x' }),
      (tx: RecordsTx) => copyVersion(tx, { ...act(3), to: 'n' }),
    ];
    for (const work of refused) await expect(write<unknown>(work)).rejects.toThrow('m has no version 3.');
  });
});

describe('latest', () => {
  it('is the highest version there is, in any case, and is no alias to set', async () => {
    await write(async (tx) => {
      await make(tx, 3);
      expect((await versionByAlias(tx, 'm', 'latest')).version).toBe(3);
      await deleteVersion(tx, act(3));
      expect((await versionByAlias(tx, 'm', 'LATEST')).version).toBe(2);
      await setAlias(tx, { ...act(1), alias: 'approved' });
      expect((await versionByAlias(tx, 'm', 'approved')).version).toBe(1);
    });
    await expect(write((tx) => versionByAlias(tx, 'm', 'nowhere'))).rejects.toThrow('it has approved.');
    await expect(write((tx) => setAlias(tx, { ...act(1), alias: 'latest' }))).rejects.toThrow(/reserved/);
  });
});

describe('copies', () => {
  it('take tags, description and run to another model, not aliases, status or decision', async () => {
    await write(async (tx) => {
      await make(tx, 2);
      await crown(tx, 2);
      const champion = await getVersion(tx, 'm', 2);
      if (champion) await tagVersion(tx, champion, { status: 'champion' }, now);
      const copy = await copyVersion(tx, { ...act(2), to: 'm production' });
      expect(copy).toMatchObject({
        name: 'm production',
        version: 1,
        run_id: 'run1',
        source: 'models:/m/2',
        description: 'no. 1',
        tags: { kind: 'xgboost', team: 'a' },
        decision: null,
      });
      expect(await aliasesOf(tx, 'm production')).toEqual({});
      expect((await auditOf(tx, 'm production')).map(({ action }) => action)).toEqual([
        'version_created',
        'version_copied',
      ]);
      expect((await copyVersion(tx, { ...act(1), to: 'm production' })).version).toBe(2);
    });
    await expect(write((tx) => copyVersion(tx, { ...act(1), to: 'm' }))).rejects.toThrow(/another model/);
  });

  it.each(['', ' ', 'a/b', 'a\\b', 'a:b', '50%', '<b>', 'a"b', ' a', 'a\n', '..', 'x'.repeat(257)])(
    'are refused under the name %j',
    (name) => {
      expect(() => checkModelName(name)).toThrow();
    },
  );

  it.each(['a', 'Größe 2', 'a.b', 'x'.repeat(256), '日本'])('are taken under the name %j', (name) => {
    expect(() => checkModelName(name)).not.toThrow();
  });
});

describe('tags and descriptions', () => {
  it('are set and taken away on versions and on the model, each on the record once', async () => {
    await write(async (tx) => {
      await make(tx, 1);
      const model = { name: 'm', version: null, actor: 'you', now: 1 };
      await setTag(tx, { ...act(1), key: 'stage/note', value: 'ready' });
      await setTag(tx, { ...act(1), key: 'stage/note', value: 'ready' });
      await setTag(tx, { ...model, key: 'card.users', value: 'nurses' });
      await deleteTag(tx, { ...act(1), key: 'team' });
      await deleteTag(tx, { ...act(1), key: 'nothing' });
      await describeVersion(tx, { ...model, description: 'all of it' });
      await describeVersion(tx, { ...act(1), description: 'this one' });
      expect(await getVersion(tx, 'm', 1)).toMatchObject({
        tags: { kind: 'xgboost', 'stage/note': 'ready' },
        description: 'this one',
      });
      expect(await tx.get('registered_models', 'm')).toMatchObject({
        tags: { 'card.users': 'nurses' },
        description: 'all of it',
      });
      const log = await wholeAudit(tx);
      expect(log.map(({ action, version }) => [action, version])).toEqual([
        ['version_created', 1],
        ['tag_set', 1],
        ['tag_set', null],
        ['tag_deleted', 1],
        ['description_changed', null],
        ['description_changed', 1],
      ]);
      expect(verifyAudit(log)).toBeNull();
    });
  });

  it('keep the names that every object has as plain keys', async () => {
    await write(async (tx) => {
      await make(tx, 1);
      for (const key of ['__proto__', 'constructor']) {
        await setTag(tx, { ...act(1), key, value: 'x' });
        await deleteTag(tx, { ...act(1), key });
      }
      expect((await getVersion(tx, 'm', 1))?.tags).toEqual({ kind: 'xgboost', team: 'a' });
      expect((await auditOf(tx, 'm')).filter(({ action }) => action === 'tag_deleted')).toHaveLength(2);
    });
  });

  it.each([
    ['', 'x'],
    ['a//b', 'x'],
    ['../a', 'x'],
    ['a', 'x'.repeat(100_001)],
    ['<b>', 'x'],
  ])('refuse the key %j', async (key, value) => {
    await write((tx) => make(tx, 1));
    await expect(write((tx) => setTag(tx, { ...act(1), key, value }))).rejects.toThrow();
    expect((await records.read(TABLES, (tx) => getVersion(tx, 'm', 1)))?.tags).toEqual({ kind: 'xgboost', team: 'a' });
  });
});

describe('rolling back', () => {
  const back = (tx: RecordsTx, version?: number) =>
    rollBack(tx, { name: 'm', version, actor: 'you', reason: 'false alarms', now: now++ });

  it('makes the champion before champion again, archives the present one, and says who and why', async () => {
    await write(async (tx) => {
      await make(tx, 3);
      for (const version of [1, 2, 3]) await crown(tx, version);
      expect(await formerChampions(tx, 'm')).toEqual([2, 1]);
      expect((await back(tx)).version).toBe(2);
      expect(await aliasesOf(tx, 'm')).toEqual({ champion: 2 });
      expect((await getVersion(tx, 'm', 2))?.tags['status']).toBe('champion');
      expect((await getVersion(tx, 'm', 3))?.tags['status']).toBe('archived');
      expect((await back(tx, 1)).version).toBe(1);
      const reigns = championTimeline(await auditOf(tx, 'm'));
      expect(reigns.map(({ version, to }) => [version, to === null])).toEqual([
        [1, false],
        [2, false],
        [3, false],
        [2, false],
        [1, true],
      ]);
      expect(reigns.at(-1)).toMatchObject({ actor: 'you', reason: 'false alarms' });
      expect(verifyAudit(await wholeAudit(tx))).toBeNull();
    });
  });

  it('is refused where there is nobody to go back to, or the version named never was champion', async () => {
    await write(async (tx) => {
      await make(tx, 3);
      await crown(tx, 1);
    });
    await expect(write((tx) => back(tx))).rejects.toThrow(/no former champion/);
    await write((tx) => crown(tx, 2));
    await expect(write((tx) => back(tx, 3))).rejects.toThrow('m v3 never was champion');
    await expect(write((tx) => back(tx, 2))).rejects.toThrow('is champion already');
    await write((tx) => deleteVersion(tx, act(1)));
    await expect(write((tx) => back(tx))).rejects.toThrow(/no former champion/);
    await expect(write((tx) => back(tx, 1))).rejects.toThrow('m has no version 1.');
  });
});
