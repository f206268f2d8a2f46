import { spawnSync } from 'node:child_process';
import { mkdtempSync, readdirSync, readFileSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { describe, expect, test } from 'vitest';
import { z } from 'zod';
import { parseArguments } from '../../src/cli/arguments';

const estimate = z.strictObject({ value: z.number(), low: z.number(), high: z.number() });
const summary = z.strictObject({
  model: z.string(),
  kind: z.enum(['xgboost', 'logistic', 'mlp']),
  seed: z.int(),
  version: z.int(),
  verdict: z.enum(['promoted', 'awaiting_approval', 'archived', 'refused']),
  reason: z.string().min(1),
  model_sha256: z.string().regex(/^[0-9a-f]{64}$/),
  dataset_sha256: z.string().regex(/^[0-9a-f]{64}$/),
  rows: z.int(),
  trials: z.int(),
  trees: z.int(),
  holdout: z.strictObject({ n: z.int(), metrics: z.record(z.string(), estimate) }),
  drift: z.strictObject({ verdict: z.string(), drifted: z.array(z.string()) }).nullable(),
  files: z.array(z.string()),
});

const folder = mkdtempSync(join(tmpdir(), 'glasshouse-cli-'));

function glasshouse(...args: string[]) {
  const { status, stdout, stderr } = spawnSync('node', ['scripts/glasshouse.mjs', ...args], { encoding: 'utf8' });
  return { status, stdout, stderr };
}

describe('glasshouse run', () => {
  test('prints one JSON object of the documented shape and writes the files it names', () => {
    const out = join(folder, 'heart');
    const { status, stdout } = glasshouse(
      'run',
      '--model',
      'heart_disease',
      '--seed',
      '7',
      '--rows',
      '3000',
      '--max-evals',
      '2',
      '--out',
      out,
      '--json',
    );
    expect(status).toBe(0);
    const parsed = summary.parse(JSON.parse(stdout));
    expect(stdout.trim().split('\n')).toHaveLength(1);
    expect(readdirSync(out).sort()).toEqual([...parsed.files].sort());
    for (const key of Object.keys(summary.shape)) expect(readFileSync('docs/cli.md', 'utf8')).toContain(`\`${key}\``);
    for (const name of parsed.files) expect(readFileSync('docs/cli.md', 'utf8')).toContain(`\`${name}\``);
  }, 60_000);

  test('a file without event times has no drift report', () => {
    const { status, stdout } = glasshouse(
      'run',
      '--data',
      'static/heart_cleveland.csv',
      '--label',
      'num',
      '--positive',
      '>0',
      '--max-evals',
      '2',
      '--json',
      '--quiet',
    );
    expect(status).toBe(0);
    expect(summary.parse(JSON.parse(stdout)).drift).toBeNull();
  }, 60_000);

  test.each([
    ['an unknown model', ['run', '--model', 'nope'], 'There is no model "nope"'],
    ['an unknown flag', ['run', '--model', 'heart_disease', '--threads', '4'], '--threads'],
    ['an unknown command', ['train'], 'There is no command "train"'],
    [
      'a file that is not there',
      ['run', '--data', 'none.csv', '--label', 'a', '--positive', '>0'],
      'Cannot read none.csv',
    ],
    ['a seed in words', ['run', '--model', 'heart_disease', '--seed', 'seven'], '--seed is "seven"'],
  ])('%s ends with code 2, a sentence on standard error, and nothing on standard output', (_name, args, says) => {
    const { status, stdout, stderr } = glasshouse(...args);
    expect(status).toBe(2);
    expect(stdout).toBe('');
    expect(stderr).toContain(says);
    expect(stderr).not.toContain('    at ');
  });

  test('a config with faults ends with code 2 and names all of them with their lines', () => {
    const path = join(folder, 'config.yaml');
    const text = readFileSync('config.yaml', 'utf8');
    writeFileSync(path, text.replace('seed: 7', 'sede: 7').replace(/metric: log_loss/, 'metric: accuracy'));
    const { status, stderr } = glasshouse('run', '--model', 'heart_disease', '--config', path);
    expect(status).toBe(2);
    expect(stderr).toMatch(/line \d+.*sede[\s\S]*seed/);
    expect(stderr).toMatch(/line \d+.*metric/);
  });

  test.each([
    [[], 'No command is given'],
    [
      ['run', '--model', 'heart_disease', '--seed', '-1'],
      '--seed is "-1"; it must be a whole number from 0 to 4294967295.',
    ],
    [['run', '--model', 'heart_disease', '--seed', '1e99'], '--seed is "1e99"; it must be a whole number from 0'],
    [['run', '--model', 'heart_disease', '--model', 'x'], '--model is given twice; give it once.'],
    [['run', '--bogus'], "Unknown option '--bogus'"],
  ])('%o is refused in a sentence', (args, says) => {
    expect(() => parseArguments(args)).toThrow(says);
    expect(() => parseArguments(args)).toThrow(/\. See glasshouse --help\.$/);
  });

  test('a reader that goes away ends the command without a stack trace', () => {
    const line = 'node scripts/glasshouse.mjs --help | true; echo "${PIPESTATUS[0]}"';
    const { stdout, stderr } = spawnSync('bash', ['-c', line], { encoding: 'utf8' });
    expect([stdout.trim(), stderr]).toEqual(['0', '']);
  });

  test('help names every flag the command takes', () => {
    const { status, stdout } = glasshouse('--help');
    expect(status).toBe(0);
    for (const flag of readFileSync('docs/cli.md', 'utf8').matchAll(/^\| `(--[\w-]+)/gm))
      expect(stdout).toContain(flag[1]);
  });
});

describe('arguments', () => {
  test('--model and --data exclude each other, and what belongs to one is refused with the other', () => {
    expect(() => parseArguments(['run'])).toThrow('--model NAME or --data FILE');
    expect(() => parseArguments(['run', '--model', 'm', '--data', 'f'])).toThrow('one of the two');
    expect(() => parseArguments(['run', '--model', 'm', '--label', 'y'])).toThrow('--label belongs to --data');
    expect(() => parseArguments(['run', '--data', 'f', '--label', 'y'])).toThrow('--positive');
    expect(() => parseArguments(['run', '--data', 'f', '--label', 'y', '--positive', '>0', '--rows', '5'])).toThrow(
      '--rows is for generated data',
    );
  });
});
