import { readFileSync } from 'node:fs';
import { describe, expect, it } from 'vitest';
import { parseBoosterParams } from '../../../src/training/params';
import { predict } from '../../../src/training/predict';
import { trainBooster } from '../../../src/training/train';
import { logLoss } from '../../../src/training/metrics/probability';
import { rocAuc } from '../../../src/training/metrics/ranking';
import type { TrainingMatrix } from '../../../src/training/types';
import frozen from './quality.json';

const TRAIN = 4000;
const FEATURES = 8;
const TOLERANCE = 0.005;

function matrixOf(rows: readonly (readonly number[])[], labels: readonly number[]): TrainingMatrix {
  const width = rows[0]?.length ?? 0;
  return {
    featureNames: Array.from({ length: width }, (_, f) => `f${f}`),
    columns: Array.from({ length: width }, (_, f) => Float32Array.from(rows, (row) => row[f] ?? NaN)),
    labels: Uint8Array.from(labels),
  };
}

/** The table of make_quality.py, number by number. */
function synthetic() {
  let state = 20261123n;
  const uniform = () => {
    state = (1103515245n * state + 12345n) % 2147483648n;
    return Number(state) / 2147483648;
  };
  const rows: number[][] = [];
  const labels: number[] = [];
  for (let row = 0; row < 2 * TRAIN; row++) {
    const v = Array.from({ length: FEATURES }, () => uniform() * 4 - 2);
    const noise = uniform() + uniform() + uniform() - 1.5;
    const [a = 0, b = 0, c = 0, d = 0, e = 0, f = 0] = v;
    labels.push(a * b + c + 0.5 * d * d - 0.6 + (e > 0.5 ? 1 : 0) * f + 2 * noise > 0 ? 1 : 0);
    rows.push(v.map((value) => (uniform() < 0.05 ? NaN : value)));
  }
  const part = (from: number) => matrixOf(rows.slice(from, from + TRAIN), labels.slice(from, from + TRAIN));
  return { train: part(0), test: part(TRAIN) };
}

/** Every third row of the real table is judged on. */
function cleveland() {
  const text = readFileSync(new URL('../../../static/heart_cleveland.csv', import.meta.url), 'utf8');
  const rows = text
    .trim()
    .split('\n')
    .slice(1)
    .map((line) => line.trim().split(','));
  const part = (tested: boolean) => {
    const picked = rows.filter((_, i) => (i % 3 === 0) === tested);
    const values = picked.map((row) => row.slice(0, -1).map((cell) => (cell === '?' ? NaN : Number(cell))));
    return matrixOf(
      values,
      picked.map((row) => (Number(row.at(-1)) > 0 ? 1 : 0)),
    );
  };
  return { train: part(false), test: part(true) };
}

describe(`quality next to XGBoost ${frozen.xgboost}`, () => {
  const tables = { synthetic, cleveland };
  const cases = (['synthetic', 'cleveland'] as const).flatMap((table) =>
    frozen[table].map((answer) => ({ table, answer })),
  );
  it.each(cases)('$table with $answer.params: AUC and log loss within 0.005', async ({ table, answer }) => {
    const { train, test } = tables[table]();
    const { booster } = await trainBooster(
      { matrix: train, params: parseBoosterParams(answer.params), numBoostRound: answer.rounds },
      {},
    );
    const p = predict(booster, test.columns);
    expect(Math.abs(rocAuc(test.labels, p) - answer.roc_auc)).toBeLessThan(TOLERANCE);
    expect(Math.abs(logLoss(test.labels, p) - answer.log_loss)).toBeLessThan(TOLERANCE);
  });
});
