import { mkdtempSync, readFileSync, rmSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { afterAll, beforeAll, describe, expect, test } from 'vitest';
import { glasshouse } from './command';

const folder = mkdtempSync(join(tmpdir(), 'glasshouse-models-'));
const WORKSPACE = join(folder, 'ws.zip');
const models = (...args: readonly string[]) => glasshouse('models', ...args, '--workspace', WORKSPACE, '--quiet');

function json(...args: readonly string[]): Record<string, unknown> {
  const { status, stdout, stderr } = models(...args, '--json');
  expect(stderr).toBe('');
  return { exit: status, ...(JSON.parse(stdout) as object) };
}

beforeAll(() => {
  const options = [
    '--model',
    'heart_disease',
    '--rows',
    '1500',
    '--max-evals',
    '1',
    '--workspace',
    WORKSPACE,
    '--quiet',
  ];
  expect(glasshouse('run', ...options, '--seed', '5').stderr).toBe('');
  expect(glasshouse('run', ...options, '--seed', '5').stderr).toBe('');
}, 240_000);
afterAll(() => rmSync(folder, { recursive: true, force: true }));

describe('glasshouse models', () => {
  test('lists models, versions with their gates, and aliases', () => {
    expect(json('list')).toMatchObject({
      exit: 0,
      models: [{ name: 'heart_disease', versions: 2, aliases: { champion: 1 } }],
    });
    const { versions } = json('versions', '--model', 'heart_disease') as {
      readonly versions: readonly Record<string, unknown>[];
    };
    expect(versions.map(({ version, status, aliases }) => [version, status, aliases])).toEqual([
      [2, 'archived', []],
      [1, 'champion', ['champion']],
    ]);
    expect(versions[0]?.['gates']).toContainEqual(expect.objectContaining({ gate: 'improvement', passed: false }));
  }, 60_000);

  test('sets and deletes aliases by MLflow’s rules, and leaves the file as it was where they are broken', () => {
    const before = readFileSync(WORKSPACE);
    for (const alias of ['latest', 'v3', 'a b', 'champion']) {
      const { status, stderr } = models('alias', '--model', 'heart_disease/2', '--set', alias);
      expect(status).toBe(2);
      expect(stderr).toMatch(/The alias/);
    }
    expect(readFileSync(WORKSPACE).equals(before)).toBe(true);
    expect(json('alias', '--model', 'heart_disease@latest', '--set', 'candidate')).toMatchObject({
      exit: 0,
      aliases: { champion: 1, candidate: 2 },
    });
    expect(json('alias', '--model', 'heart_disease', '--delete', 'candidate')).toMatchObject({
      aliases: { champion: 1 },
    });
  }, 120_000);

  test('judges a version, and says by its exit code that it does not pass', () => {
    expect(json('promote', '--model', 'heart_disease/2', '--approve', 'as good')).toMatchObject({
      exit: 1,
      version: 2,
      verdict: 'archived',
    });
    expect(models('promote', '--model', 'heart_disease@champion').stderr).toMatch(/is champion/);
    expect(models('roll-back', '--model', 'heart_disease', '--reason', 'x').stderr).toMatch(/no former champion/);
  }, 120_000);

  test('verifies the log and hands it out, and writes cards', () => {
    const log = join(folder, 'log.jsonl');
    const { entries, head } = json('audit', '--out', log);
    const lines = readFileSync(log, 'utf8').trimEnd().split('\n');
    expect(lines).toHaveLength(Number(entries));
    expect(lines.at(-1)).toContain(String(head));
    const path = join(folder, 'card.md');
    expect(json('card', '--model', 'heart_disease@champion', '--out', path)).toMatchObject({ version: 1 });
    expect(readFileSync(path, 'utf8')).toContain('model-index:');
  }, 60_000);

  test.each([
    [[], /What about the models\? Give list/],
    [['lists'], /There is no "lists"/],
    [['promote', '--model', 'm'], /give --model NAME\/3/],
    [['versions', '--model', 'm/3'], /give --model NAME\./],
    [['alias', '--model', 'm/3'], /--set ALIAS or --delete ALIAS/],
    [['list', '--model', 'm'], /--model is not for models list/],
    [['roll-back', '--model', 'm'], /--reason is missing/],
  ])('%j is refused with what to give', (args, sentence) => {
    const { status, stderr } = models(...args);
    expect(status).toBe(2);
    expect(stderr).toMatch(sentence);
  });
});
