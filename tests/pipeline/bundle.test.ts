import { beforeAll, describe, expect, test } from 'vitest';
import { verifyAudit } from '../../src/registry/audit';
import type { AuditEntry } from '../../src/registry/types';
import type { Platform } from '../../src/pipeline/platform';
import type { Workspace } from '../../src/pipeline/workspace';
import { countedWorkspace } from './platform';

const MODEL = 'heart_disease';
const SMALL = { seed: 5, rows: 1500, maxEvals: 2 } as const;
const CSV = new TextEncoder().encode(
  `id,a,b,y\n${Array.from({ length: 200 }, (_, i) => `${i},${i % 17},${(i * 7) % 23},${i % 17 > 8 ? 1 : 0}`).join('\n')}\n`,
);

let workspace: Workspace;
/** A key of the built-in model. */
let patient = '';
let bundle: Uint8Array;
let modelBundle: Uint8Array;

async function withModels(): Promise<Workspace> {
  const made = countedWorkspace().workspace;
  await made.run(MODEL, SMALL);
  const table = await made.createModel({
    fileName: 'table.csv',
    bytes: CSV,
    label: 'y',
    positive: '== 1',
    entity: 'id',
  });
  await made.run(table, { seed: 5, maxEvals: 2 });
  [patient = ''] = await made.findKeys(MODEL, '');
  await made.predict(MODEL, patient);
  return made;
}

async function probability(of: Workspace, model: string): Promise<number> {
  return (await of.predict(model, model.startsWith('heart') ? patient : '7')).probability;
}

async function auditOf(platform: Platform): Promise<readonly AuditEntry[]> {
  return platform.records.read(['audit'], (tx) => tx.query<AuditEntry>('audit'));
}

beforeAll(async () => {
  workspace = await withModels();
  bundle = (await workspace.exportBundle(null)).bytes;
  modelBundle = (await workspace.exportBundle(MODEL)).bytes;
}, 120_000);

describe('a whole bundle', () => {
  test('comes into an empty workspace as it was: the same digest, the same bytes again, the same predictions', async () => {
    const { workspace: other } = countedWorkspace();
    expect(await other.importBundle(bundle)).toMatchObject({
      imported: [
        { name: MODEL, as: MODEL },
        { name: 'table', as: 'table' },
      ],
      skipped: [],
    });
    expect(await other.digest()).toBe(await workspace.digest());
    expect((await other.exportBundle(null)).bytes).toEqual(bundle);
    expect(await probability(other, MODEL)).toBe(await probability(workspace, MODEL));
    expect(await probability(other, 'table')).toBe(await probability(workspace, 'table'));
  }, 60_000);

  test('keeps copies under names of their own, tombstones and numbers', async () => {
    const { workspace: one } = countedWorkspace();
    await one.importBundle(bundle);
    const { run_id } = (await one.versionView(MODEL, 1)).version;
    await one.registerVersion(MODEL, run_id);
    await one.copyVersion(MODEL, 1, 'heart_production');
    await one.deleteVersion(MODEL, 2, 'a try');
    const { bytes } = await one.exportBundle(null);
    const { workspace: other } = countedWorkspace();
    await other.importBundle(bytes);
    expect(await other.digest()).toBe(await one.digest());
    expect((await other.registeredModels()).map(({ name, versions }) => [name, versions])).toEqual(
      (await one.registeredModels()).map(({ name, versions }) => [name, versions]),
    );
    expect((await other.registerVersion(MODEL, run_id)).version).toBe(3);
    expect((await other.verifyAudit()).fault).toBeNull();
  }, 60_000);

  test('is refused where its names are taken, and changes nothing', async () => {
    const { workspace: other } = countedWorkspace();
    await other.importBundle(bundle);
    const before = await other.digest();
    const view = await other.inspectBundle(bundle);
    expect(view.models.map(({ name, conflict, suggested }) => [name, conflict, suggested])).toEqual([
      [MODEL, 'This workspace has a model heart_disease already.', 'heart_disease_2'],
      ['table', 'This workspace has a model table already.', 'table_2'],
    ]);
    await expect(other.importBundle(bundle)).rejects.toThrow('This workspace has a model heart_disease already.');
    await expect(other.importBundle(bundle, { [MODEL]: { as: 'table' }, table: 'skip' })).rejects.toThrow(
      'This workspace has a model "table" already',
    );
    await expect(other.importBundle(bundle, { [MODEL]: { as: '../x' }, table: 'skip' })).rejects.toThrow(
      'cannot name a model',
    );
    await expect(other.importBundle(bundle, { nope: 'skip' })).rejects.toThrow('holds no model "nope"');
    expect(await other.digest()).toBe(before);
  }, 60_000);

  test('comes in beside the same models under other names, and all of them work', async () => {
    const { workspace: other, platform } = countedWorkspace();
    await other.importBundle(bundle);
    const was = await probability(other, MODEL);
    await other.importBundle(bundle, { [MODEL]: { as: 'heart_two' }, table: { as: 'table_two' } });
    expect(await probability(other, 'heart_two')).toBe(was);
    expect(await probability(other, MODEL)).toBe(was);
    expect(await probability(other, 'table_two')).toBe(await probability(other, 'table'));
    expect(verifyAudit(await auditOf(platform))).toBeNull();
    const { models } = await other.overview();
    expect(models.map(({ name, builtIn }) => [name, builtIn])).toEqual(
      expect.arrayContaining([
        [MODEL, true],
        ['heart_two', false],
        ['table', false],
        ['table_two', false],
      ]),
    );
    const runs = await platform.records.read(['runs'], (tx) => tx.query<{ run_id: string }>('runs'));
    expect(new Set(runs.map(({ run_id }) => run_id)).size).toBe(runs.length);
    await other.run('heart_two', { ...SMALL, seed: 6 });
    await other.deleteModel('heart_two');
    expect(await probability(other, MODEL)).toBe(was);
    await other.reset();
    expect(await platform.files.list()).toEqual([]);
  }, 120_000);

  test('models that are left out are not there', async () => {
    const { workspace: other, platform } = countedWorkspace();
    const result = await other.importBundle(bundle, { table: 'skip' });
    expect(result).toMatchObject({ imported: [{ name: MODEL, as: MODEL }], skipped: ['table'] });
    expect((await platform.files.list()).every((path) => path.split('/')[1] === MODEL)).toBe(true);
    expect(verifyAudit(await auditOf(platform))).toBeNull();
  });
});

describe('the bundle of one model', () => {
  test('brings it with its versions, aliases and log into a workspace with others', async () => {
    const { workspace: other, platform } = countedWorkspace();
    const table = await other.createModel({
      fileName: 'table.csv',
      bytes: CSV,
      label: 'y',
      positive: '== 1',
      entity: 'id',
    });
    await other.run(table, { seed: 5, maxEvals: 2 });
    const before = await probability(other, 'table');
    await other.importBundle(modelBundle);
    expect(await other.registryView(MODEL)).toMatchObject({ aliases: { champion: 1 } });
    expect(await probability(other, MODEL)).toBe(await probability(workspace, MODEL));
    expect(await probability(other, 'table')).toBe(before);
    const audit = await auditOf(platform);
    expect(verifyAudit(audit)).toBeNull();
    const own = audit.filter(({ model }) => model === MODEL);
    expect(own[0]).toMatchObject({ action: 'imported', details: { entries: own.length - 1 } });
    expect(own.at(-1)?.details['imported']).toMatchObject({ sequence: expect.any(Number) as number });
  }, 60_000);

  test('does not come back under a name whose versions stand in the log of a deleted model', async () => {
    const { workspace: other } = countedWorkspace();
    await other.importBundle(modelBundle);
    await other.deleteModel(MODEL);
    const [model] = (await other.inspectBundle(modelBundle)).models;
    expect(model?.conflict).toContain('was deleted here');
  });
});

test('cancelling an import leaves the workspace as it was', async () => {
  const { workspace: other, platform } = countedWorkspace();
  const digest = await other.digest();
  const controller = new AbortController();
  const work = other.importBundle(
    bundle,
    {},
    ({ label }) => label.startsWith('saving') && controller.abort(),
    controller.signal,
  );
  await expect(work).rejects.toThrow('cancelled');
  expect(await other.digest()).toBe(digest);
  expect(await platform.files.list()).toEqual([]);
});

test('a full disk in the middle leaves the workspace as it was', async () => {
  let writes = 0;
  const { workspace: other, platform } = countedWorkspace((made) => ({
    ...made,
    files: {
      ...made.files,
      write: (path, bytes) => (++writes === 3 ? Promise.reject(new Error('disk full')) : made.files.write(path, bytes)),
    },
  }));
  const digest = await other.digest();
  await expect(other.importBundle(bundle)).rejects.toThrow('disk full');
  expect(await other.digest()).toBe(digest);
  expect(await platform.files.list()).toEqual([]);
});
