import { describe, expect, it } from 'vitest';
import { makeEvalMetric } from '../../../src/training/eval-metrics';
import { makeObjective } from '../../../src/training/objectives';
import type { LabelledRows, ObjectiveName, ObjectiveParams } from '../../../src/training/objectives/types';
import frozen from './objectives.json';

const CLOSE = 1e-6;
/** Stored probabilities are kept this far from 0 and 1, where XGBoost does so only when it reads them. */
const LEAST_PROBABILITY = 1e-6;

/** Draws differ: relative to the largest hessian, with 40000 pairs a row. */
const DRAWN_CLOSE = 0.02;

const DEFAULTS: ObjectiveParams = {
  scale_pos_weight: 1,
  num_class: 0,
  quantile_alpha: 0.5,
  max_delta_step: 0.7,
  lambdarank_pair_method: 'topk',
  lambdarank_num_pair_per_sample: undefined,
  lambdarank_normalization: true,
  lambdarank_score_normalization: true,
  ndcg_exp_gain: true,
  seed: 0,
};

type Answers = readonly (number | null)[];

function floats(values: Answers): Float32Array {
  return Float32Array.from(values, (value) => value ?? NaN);
}

function objectiveOf({ params }: { readonly params: object }) {
  const given = params as Partial<ObjectiveParams> & { readonly objective: ObjectiveName };
  return makeObjective(given.objective, { ...DEFAULTS, ...given });
}

/** Largest difference relative to the answer, or to `unit` where that is larger. */
function worst(ours: ArrayLike<number>, theirs: Answers, unit = 1e-30): number {
  expect(ours.length).toBe(theirs.length);
  return theirs.reduce<number>((most, value, i) => {
    const mine = ours[i] ?? NaN;
    const off = value === mine || value === null ? 0 : Math.abs(value - mine) / Math.max(Math.abs(value), unit);
    return Math.max(most, off);
  }, 0);
}

const everyRow = (count: number) => Int32Array.from({ length: count }, (_, row) => row);

function bounds(groups: readonly number[]): Int32Array {
  let end = 0;
  return Int32Array.from([0, ...groups.map((count) => (end += count))]);
}

/** The same numbers in other places of longer arrays: row ids are not positions. */
function moved({ labels, weights, margins }: { labels: Answers; weights?: Answers | null; margins: Answers }) {
  const count = labels.length;
  const outputs = margins.length / count;
  const rows = Int32Array.from({ length: count }, (_, i) => 3 + 2 * ((i * 7) % count));
  expect(new Set(rows).size).toBe(count);
  const place = (values: Answers, each: number) => {
    const all = new Float32Array((2 * count + 3) * each).fill(NaN);
    rows.forEach((row, i) => all.set(floats(values.slice(i * each, (i + 1) * each)), row * each));
    return all;
  };
  const data: LabelledRows = { labels: place(labels, 1), ...(weights ? { weights: place(weights, 1) } : {}) };
  return { data, rows, margins: place(margins, outputs), outputs };
}

describe(`objectives of XGBoost ${frozen.xgboost}`, () => {
  it.each(frozen.objectives)('$name: gradients, start and predictions', (one) => {
    const objective = objectiveOf(one);
    const { data, rows, margins, outputs } = moved(one);
    expect(objective.outputs).toBe(outputs);
    objective.checkLabels(data, rows);
    const pairs = Array.from({ length: outputs }, () => new Float32Array(2 * data.labels.length));
    const half = rows.length >> 1;
    objective.gradients(data, margins, { rows, from: half, to: rows.length }, pairs);
    objective.gradients(data, margins, { rows, from: 0, to: half }, pairs);
    const read = (side: number) => [...rows].flatMap((row) => pairs.map((pair) => pair[2 * row + side] ?? NaN));
    expect(worst(read(0), one.g)).toBeLessThan(CLOSE);
    expect(read(1)).toEqual(one.h.map(Math.fround));
    const start = objective.baseScore(data, rows);
    const isLogistic = objective.name.endsWith('logistic');
    const stored = one.base_score.map((value) =>
      isLogistic ? Math.min(Math.max(value, LEAST_PROBABILITY), 1 - LEAST_PROBABILITY) : value,
    );
    // Log shares are near 0: XGBoost's own are off by float32 sums of weights.
    expect(worst(start, stored, outputs > 1 ? 1 : undefined)).toBeLessThan(CLOSE);
    expect(
      worst(
        [...start].map((value) => objective.baseMargin(value)),
        one.base_margin,
        1,
      ),
    ).toBeLessThan(CLOSE);
    const predictions = floats(one.margins);
    objective.toPredictions(predictions);
    expect(worst(predictions, one.predictions)).toBeLessThan(CLOSE);
  });

  it.each(frozen.leaves)('$name: leaf values', (one) => {
    const objective = objectiveOf(one);
    const data = { labels: floats(one.labels), ...(one.weights ? { weights: floats(one.weights) } : {}) };
    const eta = Math.fround(0.3);
    const values = one.leaves.map(({ rows }) =>
      Math.fround((objective.leafValue?.(data, floats(one.margins), Int32Array.from(rows)) ?? NaN) * eta),
    );
    expect(values).toEqual(one.leaves.map(({ value }) => Math.fround(value)));
  });
});

describe(`ranking objectives of XGBoost ${frozen.xgboost}`, () => {
  it.each(frozen.rankings)('$name: gradients', (one) => {
    const objective = objectiveOf(one);
    expect(objective.defaultMetric).toBe(one.default_metric);
    const queries = bounds(one.groups);
    const count = one.labels.length;
    const rows = everyRow(count);
    const weights = one.query_weights?.flatMap((weight, q) => new Array<number>(one.groups[q] ?? 0).fill(weight));
    const data = { labels: floats(one.labels), queries, ...(weights ? { weights: floats(weights) } : {}) };
    objective.checkLabels(data, rows);
    const pairs = new Float32Array(2 * count);
    const margins = floats(one.margins);
    const middle = queries[2] ?? 0;
    objective.gradients(data, margins, { rows, from: 0, to: middle, round: 1 }, [pairs]);
    objective.gradients(data, margins, { rows, from: middle, to: count, round: 1 }, [pairs]);
    const g = [...rows].map((row) => pairs[2 * row] ?? NaN);
    const h = [...rows].map((row) => pairs[2 * row + 1] ?? NaN);
    if (one.name.includes('drawn')) {
      const unit = Math.max(...one.h.map((value) => value ?? 0));
      expect(worst(g, one.g, unit)).toBeLessThan(DRAWN_CLOSE);
      expect(worst(h, one.h, unit)).toBeLessThan(DRAWN_CLOSE);
    } else {
      expect(worst(g, one.g)).toBeLessThan(CLOSE);
      expect(h).toEqual(one.h.map((value, i) => Math.fround(value ?? h[i] ?? NaN)));
    }
    // Rows that XGBoost could not part from the rest have next to nothing to part with.
    one.h.forEach((value, i) => {
      if (value === null) expect((g[i] ?? NaN) ** 2).toBeLessThanOrEqual(2e-6 * (h[i] ?? NaN));
    });
  });
});

describe(`metrics of XGBoost ${frozen.xgboost}`, () => {
  it.each(frozen.metrics)('$name', (one) => {
    const params = { ...DEFAULTS, ...(one.params as object) };
    const queries = one.groups ? bounds(one.groups) : undefined;
    const weights = one.groups
      ? one.weights?.flatMap((weight, q) => new Array<number>(one.groups?.[q] ?? 0).fill(weight))
      : one.weights;
    const data: LabelledRows = {
      labels: floats(one.labels),
      ...(weights ? { weights: floats(weights) } : {}),
      ...(queries ? { queries } : {}),
    };
    for (const [name, value] of Object.entries(one.metrics)) {
      const metric = makeEvalMetric(name, params);
      expect(metric.name).toBe(name);
      const ours = metric.evaluate(data, floats(one.predictions), everyRow(one.labels.length));
      if (value === null) expect(ours, name).toBeNaN();
      else expect(Math.abs(ours - value) / Math.abs(value), `${name}: ${ours} for ${value}`).toBeLessThan(CLOSE);
    }
  });
});
