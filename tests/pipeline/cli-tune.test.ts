import { mkdtempSync, readFileSync, rmSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { afterAll, beforeAll, describe, expect, test } from 'vitest';
import { z } from 'zod';
import { makeRandom } from '../../src/utils/random';
import { glasshouse } from './command';

const params = z.record(z.string(), z.union([z.number(), z.string(), z.boolean()]));
const tuneSummary = z.strictObject({
  algorithm: z.enum(['tpe', 'random', 'grid']),
  seed: z.int(),
  max_evals: z.int(),
  parallelism: z.int(),
  objective: z.string(),
  rows: z.int(),
  features: z.int(),
  folds: z.int(),
  stopped: z.string().nullable(),
  best: z.strictObject({ number: z.int(), loss: z.number(), rounds: z.int(), params }).nullable(),
  trials: z.array(
    z.strictObject({
      number: z.int(),
      state: z.enum(['ok', 'fail', 'pruned']),
      loss: z.number().nullable(),
      rounds: z.int().nullable(),
      params,
      duration_ms: z.int(),
      reason: z.string().nullable(),
    }),
  ),
  model: z.strictObject({ file: z.string(), sha256: z.string().regex(/^[0-9a-f]{64}$/) }).nullable(),
  warnings: z.array(z.string()),
});

const SPACE = '{"eta": {"loguniform": [-3, -0.7]}, "max_depth": {"randint": [1, 5]}}';
let folder = '';
const at = (name: string) => join(folder, name);

beforeAll(() => {
  folder = mkdtempSync(join(tmpdir(), 'glasshouse-tune-'));
  const random = makeRandom(3, 'tune test');
  const rows = Array.from({ length: 300 }, () => {
    const [a, b, c] = [random.normal(), random.normal(), random.normal()];
    return `${a.toFixed(4)},${b.toFixed(4)},${c.toFixed(4)},${a * b + 0.5 * c > 0 ? 1 : 0}`;
  });
  writeFileSync(at('rows.csv'), `a,b,c,y\n${rows.join('\n')}\n`);
});

afterAll(() => rmSync(folder, { recursive: true }));

const tune = (...more: readonly string[]) => {
  const base = ['--data', at('rows.csv'), '--label', 'y', '--params', '{"objective": "binary:logistic"}', '--json'];
  return glasshouse('tune', ...base, ...more);
};
const answer = (...more: readonly string[]) => {
  const { status, stdout, stderr } = tune('--num-boost-round', '30', '--folds', '2', '--quiet', ...more);
  expect(stderr).toBe('');
  expect(status).toBe(0);
  return tuneSummary.parse(JSON.parse(stdout));
};

describe('glasshouse tune', () => {
  test('prints one object of the documented shape, the same for the same seed, and writes the best model', () => {
    const line = ['--space', SPACE, '--max-evals', '24', '--seed', '4', '--out', at('best.json')];
    const { best, trials, model, ...said } = answer(...line);
    expect(said).toMatchObject({ algorithm: 'tpe', rows: 300, features: 3, folds: 2, stopped: null, parallelism: 1 });
    expect(trials).toHaveLength(24);
    expect(best?.loss).toBe(Math.min(...trials.map(({ loss }) => loss ?? Infinity)));
    expect(best?.params).toMatchObject({ objective: 'binary:logistic' });
    const again = answer(...line);
    const bare = (all: typeof trials) => all.map(({ params: drawn, loss }) => [drawn, loss]);
    expect(bare(again.trials)).toEqual(bare(trials));
    expect(again.model?.sha256).toBe(model?.sha256);
    // The best parameters, handed to train, give the model that tune wrote.
    const train = ['--params', JSON.stringify(best?.params), '--num-boost-round', String(best?.rounds), '--seed', '4'];
    const own = glasshouse('train', '--data', at('rows.csv'), '--label', 'y', ...train, '--out', at('own.json'));
    expect(own.status).toBe(0);
    expect(readFileSync(at('own.json'), 'utf8')).toBe(readFileSync(at('best.json'), 'utf8'));
  });

  test('a grid ends when it is exhausted, a pruner prunes, a metric that is maximised counts negative', () => {
    const grid = '{"max_depth": {"choice": [1, 3]}, "eta": {"quniform": [0.1, 0.3, 0.1]}}';
    const said = answer('--space', grid, '--algo', 'grid', '--pruner', 'median', '--max-evals', '50');
    expect(said.trials).toHaveLength(6);
    expect(said.stopped).toBe('space_exhausted');
    const base = ['--data', at('rows.csv'), '--label', 'y', '--space', SPACE, '--max-evals', '3', '--json', '--quiet'];
    const judged = glasshouse('tune', ...base, '--params', '{"objective": "binary:logistic", "eval_metric": "auc"}');
    const auc = tuneSummary.parse(JSON.parse(judged.stdout));
    expect(auc.objective).toBe('auc, 5-fold by row');
    expect(auc.best?.loss).toBeLessThan(-0.5);
    writeFileSync(at('space.yaml'), 'learning_rate: { lognormal: [-1, 3] }\n');
    const wild = answer('--space', at('space.yaml'), '--max-evals', '12');
    const failed = wild.trials.filter(({ state }) => state === 'fail');
    expect(failed.length).toBeGreaterThan(0);
    expect(failed[0]?.reason).toMatch(/eta/);
  });

  test.each([
    [
      ['--space', '{"eta": {"loguniform": [0.01, 0.3]}}'],
      /--space is no search space:\n {2}1:.*bounds of loguniform are in log space/,
    ],
    [['--space', '{"etta": {"uniform": [0.1, 0.3]}}'], /etta.*eta/],
    [['--space', '{"eta": {"uniform": [0.1, 0.3]}'], /This is not YAML/],
    [['--space', 'nowhere.yaml'], /--space is neither JSON nor a file that can be read/],
    [['--space', SPACE, '--algo', 'annealing'], /--algo is "annealing"; it must be one of tpe, random, grid/],
    [['--space', SPACE, '--algo', 'random', '--multivariate'], /--multivariate belongs to --algo tpe/],
    [['--space', SPACE, '--timeout', '0'], /--timeout is "0"; it must be a number greater than 0/],
    [['--space', SPACE, '--folds', '20', '--max-evals', '0'], /--max-evals is "0"/],
    [['--space', SPACE, '--out', 'model.txt'], /--out is "model.txt"; expected a file that ends in .json, .onnx/],
    [[], /--space is missing/],
  ])('%o is refused in a sentence', (more, message) => {
    const { status, stdout, stderr } = tune(...more);
    expect([status, stdout]).toEqual([2, '']);
    expect(stderr).toMatch(message);
  });
});
