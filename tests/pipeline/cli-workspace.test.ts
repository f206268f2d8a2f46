import { existsSync, mkdtempSync, readdirSync, readFileSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { beforeAll, describe, expect, test } from 'vitest';
import { z } from 'zod';
import { parseArguments } from '../../src/cli/arguments';
import { glasshouse } from './command';

const folder = mkdtempSync(join(tmpdir(), 'glasshouse-workspace-'));
const workspace = join(folder, 'ws.zip');
const docs = readFileSync('docs/cli.md', 'utf8');
const exported = z.strictObject({
  format: z.enum(['mlflow', 'xgboost', 'onnx', 'bundle', 'mlflow-store']),
  model: z.string().nullable(),
  out: z.string(),
  files: z.array(z.string()).min(1),
});
const imported = z.strictObject({
  bundle: z.string(),
  workspace: z.string(),
  kind: z.enum(['workspace', 'model']),
  imported: z.array(z.strictObject({ name: z.string(), as: z.string() })),
  skipped: z.array(z.string()),
  files: z.int(),
});

beforeAll(() => {
  const line = [
    'run',
    '--data',
    'static/heart_cleveland.csv',
    '--label',
    'num',
    '--positive',
    '>0',
    '--max-evals',
    '2',
  ];
  expect(glasshouse(...line, '--workspace', workspace, '--quiet').status).toBe(0);
}, 120_000);

const foundRuns = z.strictObject({
  total: z.int(),
  matched: z.int(),
  columns: z.array(z.string()),
  runs: z.array(
    z.strictObject({
      run_id: z.string().regex(/^[0-9a-f]{32}$/),
      model: z.string(),
      run_name: z.string(),
      status: z.enum(['RUNNING', 'SCHEDULED', 'FINISHED', 'FAILED', 'KILLED']),
      start_time: z.number(),
      end_time: z.number(),
      kind: z.string(),
      cells: z.array(z.union([z.string(), z.number()]).nullable()),
    }),
  ),
});

describe('glasshouse runs', () => {
  const runs = (...more: readonly string[]) => glasshouse('runs', '--workspace', workspace, '--quiet', ...more);

  test('finds runs of a workspace by a filter, in order, with the columns asked for', () => {
    const all = foundRuns.parse(JSON.parse(runs('--json').stdout));
    expect(all.total).toBeGreaterThan(0);
    expect(all.matched).toBe(all.total);
    const [first] = all.runs;
    expect(first?.model).toBe('heart_cleveland');
    expect(first?.cells[0]).toBeGreaterThan(0.5);
    const asked = ['--filter', "metrics.holdout.roc_auc > 0.5 AND NOT tags.glasshouse.kind = 'nothing'"];
    const more = [
      '--order-by',
      'metrics.holdout.log_loss ASC',
      '--column',
      'params.objective',
      '--limit',
      '1',
      '--json',
    ];
    const one = foundRuns.parse(JSON.parse(runs(...asked, ...more).stdout));
    expect(one.runs.map(({ cells }) => cells)).toEqual([['binary:logistic']]);
    expect(runs().stdout).toContain(first?.run_id ?? 'no run');
    for (const name of Object.keys(all)) expect(docs).toContain(`\`${name}\``);
  }, 60_000);

  test.each([
    [['--filter', 'metrics.x >> 1'], '>>'],
    [['--order-by', 'cake ASC'], 'cake'],
    [['--limit', '0'], '--limit is "0"'],
  ])(
    '%o is refused in a sentence',
    (more, message) => {
      const { status, stdout, stderr } = runs(...more);
      expect([status, stdout]).toEqual([2, '']);
      expect(stderr).toContain(message);
    },
    60_000,
  );
});

describe('glasshouse export --format', () => {
  test.each([
    ['mlflow', 'heart_cleveland@champion', 'MLmodel'],
    ['xgboost', 'heart_cleveland/1', 'model.json'],
    ['onnx', 'heart_cleveland', 'model.onnx'],
  ])(
    '%s writes its files',
    (format, model, file) => {
      const out = join(folder, format);
      const done = glasshouse(
        'export',
        '--workspace',
        workspace,
        '--model',
        model,
        '--format',
        format,
        '--out',
        out,
        '--json',
        '--quiet',
      );
      const summary = exported.parse(JSON.parse(done.stdout));
      expect(readdirSync(out).sort()).toEqual([...summary.files].sort());
      expect(summary.files).toContain(file);
      for (const name of [...Object.keys(summary), ...summary.files]) expect(docs).toContain(`\`${name}\``);
    },
    60_000,
  );

  test('mlflow-store writes a folder of folders, and never into one with something in it', () => {
    const out = join(folder, 'store');
    const line = ['export', '--workspace', workspace, '--format', 'mlflow-store', '--out', out, '--json', '--quiet'];
    const summary = exported.parse(JSON.parse(glasshouse(...line).stdout));
    for (const name of summary.files) expect(existsSync(join(out, name))).toBe(true);
    expect(readdirSync(out).sort()).toEqual(['README.md', 'import_run.py', 'mlruns']);
    const again = glasshouse(...line);
    expect(again.status).toBe(2);
    expect(again.stderr).toContain('where something stands already');
    expect(readdirSync(folder).some((name) => name.includes('writing'))).toBe(false);
  }, 60_000);

  test('a bundle of a model comes into a new workspace, which predicts the same model bytes', () => {
    const line = [
      'export',
      '--workspace',
      workspace,
      '--model',
      'heart_cleveland',
      '--format',
      'bundle',
      '--out',
      folder,
    ];
    const summary = exported.parse(JSON.parse(glasshouse(...line, '--json', '--quiet').stdout));
    const other = join(folder, 'other.zip');
    const done = glasshouse('import', summary.files[0] ?? '', '--workspace', other, '--json', '--quiet');
    expect(imported.parse(JSON.parse(done.stdout))).toMatchObject({
      kind: 'model',
      imported: [{ name: 'heart_cleveland', as: 'heart_cleveland' }],
    });
    for (const key of Object.keys(imported.shape)) expect(docs).toContain(`\`${key}\``);
    glasshouse(
      'export',
      '--workspace',
      other,
      '--model',
      'heart_cleveland',
      '--format',
      'xgboost',
      '--out',
      join(folder, 'again'),
      '--quiet',
    );
    expect(readFileSync(join(folder, 'again', 'model.json'))).toEqual(
      readFileSync(join(folder, 'xgboost', 'model.json')),
    );
  }, 60_000);
});

describe('glasshouse import', () => {
  test('refuses a name that is taken, renames or leaves out when asked, and a bad bundle leaves the file as it was', () => {
    const other = join(folder, 'both.zip');
    glasshouse('import', workspace, '--workspace', other, '--quiet');
    const before = readFileSync(other);
    const refused = glasshouse('import', workspace, '--workspace', other, '--quiet');
    expect([refused.status, refused.stderr]).toEqual([
      2,
      expect.stringContaining('Give --on-conflict rename') as string,
    ]);
    const torn = join(folder, 'torn.zip');
    writeFileSync(torn, before.subarray(0, before.length - 300));
    expect(glasshouse('import', torn, '--workspace', other, '--quiet').stderr).toContain('it was cut short');
    expect(readFileSync(other)).toEqual(before);
    const done = glasshouse('import', workspace, '--workspace', other, '--on-conflict', 'rename', '--json', '--quiet');
    expect(imported.parse(JSON.parse(done.stdout)).imported).toEqual([
      { name: 'heart_cleveland', as: 'heart_cleveland_2' },
    ]);
  }, 60_000);
});

test.each([
  [['export', '--format', 'mlflow', '--workspace', 'w.zip', '--out', 'o'], '--model is missing'],
  [
    ['export', '--format', 'mlflow', '--model', 'a@b@c', '--workspace', 'w.zip', '--out', 'o'],
    'give NAME, NAME@champion or NAME/3',
  ],
  [['export', '--format', 'bundle', '--model', 'a/3', '--workspace', 'w.zip', '--out', 'o'], 'all its versions'],
  [['export', '--format', 'tar', '--workspace', 'w.zip', '--out', 'o'], '--format is "tar"'],
  [['export', '--format', 'onnx', '--model', 'a', '--out', 'o'], '--workspace is missing'],
  [['export', '--feast', 'x', '--format', 'onnx'], 'one of the two'],
  [['export', '--feast', 'x', '--model', 'a'], '--model belongs to --format'],
  [['import', '--workspace', 'w.zip'], 'No bundle is given'],
  [['import', 'b.zip'], '--workspace is missing'],
  [['import', 'b.zip', 'c.zip', '--workspace', 'w.zip'], 'c.zip'],
])('%j is refused with a sentence', (line, message) => {
  expect(() => parseArguments(line)).toThrow(message);
});
