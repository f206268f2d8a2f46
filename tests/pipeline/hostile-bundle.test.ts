import { beforeAll, expect, test } from 'vitest';
import { readZip } from '../../src/utils/unzip';
import { sha256Hex } from '../../src/utils/hash';
import { ZipWriter } from '../../src/utils/zip';
import { countedWorkspace } from './platform';

const CSV = new TextEncoder().encode(
  `id,a,b,y\n${Array.from({ length: 120 }, (_, i) => `${i},${i % 17},${(i * 7) % 23},${i % 17 > 8 ? 1 : 0}`).join('\n')}\n`,
);
const MARKUP = '<img src=x onerror=alert(1)>';

type Fields = Record<string, unknown>;
type Edit = (tables: Map<string, Fields[]>, files: Map<string, Uint8Array>) => void;

let bundle: Uint8Array;

beforeAll(async () => {
  const { workspace } = countedWorkspace();
  const table = await workspace.createModel({
    fileName: 'table.csv',
    bytes: CSV,
    label: 'y',
    positive: '== 1',
    entity: 'id',
  });
  await workspace.run(table, { seed: 5, maxEvals: 1 });
  ({ bytes: bundle } = await workspace.exportBundle(null));
}, 60_000);

/** The bundle with other records and files, and a manifest whose hashes are those of what it holds. */
function edited(edit: Edit): Uint8Array {
  const entries = readZip(bundle, 'it', { entries: 999, entry: 1e9, total: 1e9 });
  const manifest = JSON.parse(new TextDecoder().decode(entries.at(-1)?.bytes())) as Fields;
  const tables = new Map<string, Fields[]>();
  const files = new Map<string, Uint8Array>();
  for (const entry of entries.slice(0, -1)) {
    if (entry.path.startsWith('files/')) files.set(entry.path.slice(6), entry.bytes());
    else tables.set(entry.path.slice(8, -6), lines(entry.bytes()));
  }
  edit(tables, files);
  const zip = new ZipWriter();
  const listed: object[] = [];
  const add = (path: string, content: Uint8Array) => {
    listed.push({ path, bytes: content.length, sha256: sha256Hex(content) });
    zip.add(path, content, 6);
  };
  for (const [table, rows] of tables) {
    add(`records/${table}.jsonl`, new TextEncoder().encode(rows.map((row) => `${JSON.stringify(row)}\n`).join('')));
  }
  for (const [path, content] of files) add(`files/${path}`, content);
  zip.add('manifest.json', new TextEncoder().encode(JSON.stringify({ ...manifest, entries: listed })), 6);
  return zip.finish();
}

function lines(bytes: Uint8Array): Fields[] {
  return new TextDecoder()
    .decode(bytes)
    .split('\n')
    .filter((line) => line !== '')
    .map((line) => JSON.parse(line) as Fields);
}

function row(tables: Map<string, Fields[]>, table: string): Fields {
  return tables.get(table)?.[0] ?? {};
}

test('what is not changed is taken', async () => {
  const { workspace } = countedWorkspace();
  await expect(workspace.importBundle(edited(() => undefined))).resolves.toMatchObject({
    imported: [{ name: 'table' }],
  });
});

test.each<[string, Edit, RegExp]>([
  [
    'records of an unknown kind',
    (tables) => tables.set('secrets', [{ a: 1 }]),
    /of a kind that this Glasshouse does not know \("secrets"\)/,
  ],
  [
    'a record of another model',
    (tables) => (row(tables, 'partitions')['model'] = 'heart_disease'),
    /records of "heart_disease", which it does not name/,
  ],
  [
    'an artifact of a run that is elsewhere',
    (tables) => (row(tables, 'artifacts')['run_id'] = 'f'.repeat(32)),
    /of a run that it does not hold/,
  ],
  [
    'a file in the folder of another model',
    (tables) => (row(tables, 'partitions')['path'] = 'offline/heart_disease/raw/x.arrow'),
    /outside the folder of its model/,
  ],
  [
    'a path that leaves the store',
    (tables) => (row(tables, 'partitions')['path'] = '../../etc/passwd'),
    /outside the folder of its model/,
  ],
  [
    'a file that no record names',
    (_tables, files) => files.set('offline/table/raw/more.arrow', CSV),
    /which no record names/,
  ],
  [
    'a named file missing',
    (tables, files) => files.delete(row(tables, 'partitions')['path'] as string),
    /lacks the table rows of table/,
  ],
  [
    'another file than was recorded',
    (tables, files) => files.set(row(tables, 'partitions')['path'] as string, CSV),
    /another file for the table rows of table/,
  ],
  [
    'a log that was changed',
    (tables) => (row(tables, 'audit')['actor'] = 'someone else'),
    /a log whose entry 1 was changed/,
  ],
  [
    'a run id with markup',
    (tables) => (row(tables, 'runs')['run_id'] = MARKUP),
    /not as it should be: runs, record 1, run_id/,
  ],
  [
    'a model name with markup',
    (tables) => (row(tables, 'registered_models')['name'] = MARKUP),
    /not as it should be: registered_models, record 1, name/,
  ],
  [
    'a version that is text',
    (tables) => (row(tables, 'model_versions')['version'] = '1'),
    /not as it should be: model_versions, record 1, version/,
  ],
  [
    'parameters that are no texts',
    (tables) => (row(tables, 'runs')['params'] = { a: {} }),
    /not as it should be: runs, record 1, params/,
  ],
  [
    'a model whose configuration is none',
    (tables) => (row(tables, 'workspace_models')['spec'] = { config: {} }),
    /not as it should be: workspace_models, record 1, spec/,
  ],
  ['a record twice', (tables) => tables.get('runs')?.push(row(tables, 'runs')), /holds a record twice: runs/],
])('a bundle with %s is refused, and the workspace is as it was', async (_name, edit, message) => {
  const { workspace, platform } = countedWorkspace();
  await workspace.importBundle(bundle);
  const before = await workspace.digest();
  const hostile = edited(edit);
  await expect(workspace.inspectBundle(hostile)).rejects.toThrow(message);
  await expect(workspace.importBundle(hostile, { table: { as: 'other' } })).rejects.toThrow(message);
  expect(await workspace.digest()).toBe(before);
  expect((await platform.files.list()).every((path) => path.split('/')[1] === 'table')).toBe(true);
});

test('markup in what people write is text, and stays as it is', async () => {
  const { workspace } = countedWorkspace();
  await workspace.importBundle(edited((tables) => (row(tables, 'runs')['run_name'] = MARKUP)));
  expect((await workspace.trainingView('table'))?.run.run_name).toBe(MARKUP);
});
