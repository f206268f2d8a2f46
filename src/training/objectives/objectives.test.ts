import fc from 'fast-check';
import { describe, expect, it } from 'vitest';
import { boosterParamsSchema } from '../../config/schema';
import { exp } from '../../utils/math';
import { makeObjective } from '.';
import { sumInAnyOrder } from './sums';
import type { LabelledRows, ObjectiveName, ObjectiveParams } from './types';

const PARAMS: ObjectiveParams = {
  scale_pos_weight: 1,
  num_class: 3,
  quantile_alpha: 0.3,
  max_delta_step: 0.7,
  lambdarank_pair_method: 'topk',
  lambdarank_num_pair_per_sample: undefined,
  lambdarank_normalization: true,
  lambdarank_score_normalization: true,
  ndcg_exp_gain: true,
  seed: 0,
};

const NAMES: readonly ObjectiveName[] = boosterParamsSchema.shape.objective.unwrap().options;

const MEANS: readonly ObjectiveName[] = [
  'binary:logistic',
  'reg:logistic',
  'reg:squarederror',
  'count:poisson',
  'multi:softprob',
];

const isRanking = (name: ObjectiveName) => name.startsWith('rank');

function labelOf(name: ObjectiveName): fc.Arbitrary<number> {
  if (name === 'binary:logistic') return fc.integer({ min: 0, max: 1 });
  if (name === 'reg:logistic') return fc.float({ min: 0, max: 1, noNaN: true });
  if (name.startsWith('multi')) return fc.integer({ min: 0, max: 2 });
  if (isRanking(name)) return fc.integer({ min: 0, max: 4 });
  if (name === 'count:poisson') return fc.integer({ min: 0, max: 1000 });
  return fc.float({ min: -1000, max: 1000, noNaN: true });
}

/** Rows of one table, with whole weights 0 to 3. */
function tableOf(name: ObjectiveName) {
  const row = fc.record({ label: labelOf(name), weight: fc.integer({ min: 0, max: 3 }), key: fc.integer() });
  return fc.array(row, { minLength: 1, maxLength: 40 });
}

const everyRow = (count: number) => Int32Array.from({ length: count }, (_, row) => row);

function tableFrom(rows: readonly { label: number; weight: number }[], weighted = true): LabelledRows {
  const labels = Float32Array.from(rows, ({ label }) => label);
  return weighted ? { labels, weights: Float32Array.from(rows, ({ weight }) => weight) } : { labels };
}

describe.each(NAMES)('%s', (name) => {
  it.each([1, 2.5])('starts from the same bits whatever the order of rows, scale_pos_weight %d', (scale_pos_weight) => {
    const objective = makeObjective(name, { ...PARAMS, scale_pos_weight });
    fc.assert(
      fc.property(tableOf(name), fc.boolean(), (rows, weighted) => {
        const data = tableFrom(rows, weighted);
        const order = everyRow(rows.length);
        const shuffled = order.slice().sort((a, b) => (rows[a]?.key ?? 0) - (rows[b]?.key ?? 0));
        expect(objective.baseScore(data, shuffled)).toEqual(objective.baseScore(data, order));
      }),
    );
  });

  it('has finite gradients, and hessians of 0 or more, for margins up to 100', () => {
    const objective = makeObjective(name, PARAMS);
    const margin = fc.float({ min: -100, max: 100, noNaN: true });
    fc.assert(
      fc.property(tableOf(name), fc.array(margin, { minLength: 120, maxLength: 120 }), (rows, margins) => {
        const count = rows.length;
        const list = { rows: everyRow(count), from: 0, to: count };
        const pairs = Array.from({ length: objective.outputs }, () => new Float32Array(2 * count));
        const data = tableFrom(isRanking(name) ? rows.map((row) => ({ ...row, weight: 2 })) : rows);
        const all = Float32Array.from(margins.slice(0, count * objective.outputs));
        objective.gradients(data, all, list, pairs);
        for (const pair of pairs) {
          expect(pair.every(Number.isFinite)).toBe(true);
          expect(pair.every((value, i) => i % 2 === 0 || value >= 0)).toBe(true);
        }
        objective.toPredictions(all);
        expect(all.every(Number.isFinite)).toBe(true);
      }),
    );
  });

  it.each([NaN, Infinity, -Infinity])('refuses the label %d by its row', (label) => {
    const labels = Float32Array.of(1, 0, label, 1);
    const check = () => makeObjective(name, PARAMS).checkLabels({ labels }, Int32Array.of(1, 2, 3));
    expect(check).toThrow(`Row 3 has the label ${label}`);
    expect(() => makeObjective(name, PARAMS).checkLabels({ labels }, Int32Array.of(0, 1, 3))).not.toThrow();
  });
});

it.each(MEANS)('%s: whole weights count as repeated rows', (name) => {
  const objective = makeObjective(name, PARAMS);
  fc.assert(
    fc.property(tableOf(name), (rows) => {
      fc.pre(rows.some(({ weight }) => weight > 0));
      const repeated = rows.flatMap(({ label, weight }) => new Array<number>(weight).fill(label));
      const weighted = objective.baseScore(tableFrom(rows), everyRow(rows.length));
      const plain = objective.baseScore({ labels: Float32Array.from(repeated) }, everyRow(repeated.length));
      weighted.forEach((value, i) => expect(value).toBeCloseTo(plain[i] ?? NaN, 5));
    }),
  );
});

it.each(['reg:absoluteerror', 'reg:quantileerror'] as const)('%s: whole weights count as rows of weight 1', (name) => {
  const objective = makeObjective(name, PARAMS);
  fc.assert(
    fc.property(tableOf(name), (rows) => {
      fc.pre(rows.some(({ weight }) => weight > 0));
      const repeated = rows.flatMap((row) => new Array<typeof row>(row.weight).fill({ ...row, weight: 1 }));
      const value = (table: typeof rows) => {
        const data = tableFrom(table);
        return objective.leafValue?.(data, new Float32Array(table.length), everyRow(table.length));
      };
      expect(value(rows)).toBe(value(repeated));
    }),
  );
});

it.each([
  ['binary:logistic', 0.5, '0 or 1'],
  ['reg:logistic', 1.5, 'from 0 to 1'],
  ['count:poisson', -1, '0 or more'],
  ['multi:softprob', 3, 'whole numbers from 0 to 2'],
  ['multi:softmax', 0.5, 'whole numbers from 0 to 2'],
  ['rank:ndcg', 32, 'whole numbers from 0 to 31'],
  ['rank:ndcg', 1.5, 'whole numbers from 0 to 31'],
  ['rank:pairwise', -1, '0 or more'],
] as const)('%s refuses the label %d', (name, label, expected) => {
  const labels = Float32Array.of(0, 1, label);
  const check = () => makeObjective(name, PARAMS).checkLabels({ labels }, everyRow(3));
  expect(check).toThrow(`Row 3 has the label ${label}, but ${name} needs`);
  expect(check).toThrow(expected);
});

it('refuses rows of one query that weigh differently', () => {
  const data = {
    labels: Float32Array.of(0, 1, 2, 1),
    weights: Float32Array.of(1, 1, 2, 3),
    queries: Int32Array.of(0, 2, 4),
  };
  expect(() => makeObjective('rank:ndcg', PARAMS).checkLabels(data, everyRow(4))).toThrow(
    'Row 4 has the weight 3, the first row of its query 2',
  );
});

it('draws ranking pairs by seed, round and query, however queries are shared out', () => {
  const count = 60;
  const data = {
    labels: Float32Array.from({ length: count }, (_, i) => (i * 7) % 4),
    queries: Int32Array.of(0, 20, 35, 60),
  };
  const margins = new Float32Array(count);
  const rows = everyRow(count);
  const drawn = (seed: number, round: number, parts: readonly number[]) => {
    const objective = makeObjective('rank:ndcg', { ...PARAMS, lambdarank_pair_method: 'mean', seed });
    const pairs = new Float32Array(2 * count);
    parts.slice(1).forEach((to, i) => {
      objective.gradients(data, margins, { rows, from: parts[i] ?? 0, to, round }, [pairs]);
    });
    return pairs;
  };
  const whole = drawn(1, 0, [0, 60]);
  expect(drawn(1, 0, [0, 20, 35, 60])).toEqual(whole);
  expect(drawn(1, 1, [0, 60])).not.toEqual(whole);
  expect(drawn(2, 0, [0, 60])).not.toEqual(whole);
});

it('starts and stays finite where a class or all counts are absent', () => {
  const rows = everyRow(3);
  const none = { labels: Float32Array.of(0, 0, 0) };
  const poisson = makeObjective('count:poisson', PARAMS);
  expect(poisson.baseScore(none, rows)).toEqual(Float32Array.of(0));
  expect(exp(poisson.baseMargin(0))).toBeCloseTo(1e-6, 9);
  expect(makeObjective('multi:softprob', PARAMS).baseScore(none, rows).every(Number.isFinite)).toBe(true);
  const logistic = makeObjective('binary:logistic', PARAMS);
  expect(Number.isFinite(logistic.baseMargin(logistic.baseScore(none, rows)[0] ?? NaN))).toBe(true);
});

it('sums numbers of any size without rounding that an order could show', () => {
  fc.assert(
    fc.property(fc.array(fc.float({ noNaN: true, noDefaultInfinity: true }), { maxLength: 50 }), (values) => {
      const sum = sumInAnyOrder(values.length, (i) => values[i] ?? 0);
      const backwards = sumInAnyOrder(values.length, (i) => values[values.length - 1 - i] ?? 0);
      expect(backwards).toBe(sum);
      const size = values.reduce((most, value) => Math.max(most, Math.abs(value)), 0);
      const naive = values.reduce((total, value) => total + value, 0);
      expect(Math.abs(sum - naive)).toBeLessThanOrEqual(size * 1e-13);
    }),
  );
});
