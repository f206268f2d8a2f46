import fc from 'fast-check';
import { describe, expect, it } from 'vitest';
import { readXgboostJson } from '../interop/xgboost-json/read';
import { writeXgboostJson } from '../interop/xgboost-json/write';
import { makeWasmKernels } from '../kernels/wasm';
import { kernelsWasm } from '../kernels/wasm-bytes';
import { instantiateWasm } from '../platform/wasm/host';
import { makeRandom } from '../utils/random';
import { parseBoosterParams } from './params';
import { predict, predictMargin } from './predict';
import { trainBooster, type TrainRequest } from './train';
import type { TrainingMatrix } from './types';

const wasm = instantiateWasm(kernelsWasm);
const kernels = wasm ? makeWasmKernels(wasm) : undefined;

const GRADED = /^(multi|rank|count)/;
const QUERY = 5;

const objective = fc.constantFrom(
  ...[
    'binary:logistic',
    'reg:logistic',
    'reg:squarederror',
    'reg:absoluteerror',
    'reg:quantileerror',
    'count:poisson',
    'multi:softprob',
    'rank:ndcg',
  ],
);
const options = fc.record(
  {
    max_depth: fc.integer({ min: 1, max: 7 }),
    eta: fc.constantFrom(0.1, 0.3, 1),
    max_leaves: fc.integer({ min: 2, max: 12 }),
    grow_policy: fc.constantFrom('depthwise', 'lossguide'),
    lambda: fc.constantFrom(0, 0.5, 1, 7),
    alpha: fc.constantFrom(0.1, 1),
    gamma: fc.constantFrom(0.01, 0.5),
    min_child_weight: fc.constantFrom(0, 0.1, 3),
    max_bin: fc.constantFrom(2, 7, 64, 256),
    num_parallel_tree: fc.constantFrom(2),
    scale_pos_weight: fc.constantFrom(0.3, 4),
    max_delta_step: fc.constantFrom(0.1, 0.7),
  },
  { requiredKeys: ['max_depth'] },
);

interface Table extends TrainingMatrix {
  readonly weights: Float32Array;
}

/** A table of whole queries; numbers with ties and gaps, one column of categories. */
function tableOf(seed: number, queries: number, graded: boolean): Table {
  const random = makeRandom(seed, 'properties');
  const n = queries * QUERY;
  const column = (value: () => number) => Float32Array.from({ length: n }, value);
  const columns = [
    column(() => random.normal()),
    column(() => (random.chance(0.2) ? NaN : random.int(9) / 8)),
    column(() => random.int(6)),
    column(() => random.normal() ** 3 * 1e4),
  ];
  const [first = new Float32Array()] = columns;
  return {
    featureNames: ['a', 'b', 'c', 'd'],
    featureTypes: ['float', 'float', 'c', 'float'],
    columns,
    labels: Float32Array.from(first, (value) =>
      graded ? Math.min(2, Math.floor(Math.abs(value) + random.uniform())) : value + random.normal() > 0 ? 1 : 0,
    ),
    weights: column(() => random.int(4) + 0.25),
  };
}

function rowsPicked(table: Table, rows: readonly number[]): Table {
  const pick = (values: TrainingMatrix['labels']) => Float32Array.from(rows, (row) => values[row] ?? NaN);
  return { ...table, columns: table.columns.map(pick), labels: pick(table.labels), weights: pick(table.weights) };
}

const numClass = (name: string) => (name === 'multi:softprob' ? { num_class: 3 } : {});

async function bytes(table: Table, request: Omit<TrainRequest, 'matrix' | 'numBoostRound'>): Promise<string> {
  const { booster } = await trainBooster({ matrix: table, numBoostRound: 3, ...request }, {});
  return writeXgboostJson(booster);
}

describe('properties of training', () => {
  it('permuted rows give equal bytes, whatever the objective, without sampling', async () => {
    await fc.assert(
      fc.asyncProperty(
        objective,
        options,
        fc.nat(),
        fc.integer({ min: 2, max: 40 }),
        fc.boolean(),
        fc.boolean(),
        async (name, given, seed, queries, weighted, fast) => {
          const params = parseBoosterParams({ ...given, objective: name, ...numClass(name) });
          const table = tableOf(seed, queries, GRADED.test(name));
          const random = makeRandom(seed, 'permutation');
          const order = ranked(name)
            ? [...random.shuffle(Int32Array.from({ length: queries }, (_, q) => q))].flatMap((q) =>
                Array.from({ length: QUERY }, (_, i) => q * QUERY + i),
              )
            : [...random.shuffle(Int32Array.from({ length: queries * QUERY }, (_, row) => row))];
          const bounds = ranked(name) ? { queries: Int32Array.from({ length: queries + 1 }, (_, q) => q * QUERY) } : {};
          const request = (given: Table) => ({
            params,
            kernels: fast ? kernels : undefined,
            weights: weighted && !ranked(name) ? given.weights : undefined,
          });
          const other = { ...rowsPicked(table, order), ...bounds };
          expect(await bytes(other, request(other))).toBe(await bytes({ ...table, ...bounds }, request(table)));
        },
      ),
      { numRuns: 60 },
    );
  });

  it('a row of weight k counts as k rows: the same loss within 1e-3, which ties of splits leave', async () => {
    await fc.assert(
      fc.asyncProperty(
        objective.filter((name) => !ranked(name) && !byQuantile(name)),
        fc.nat(),
        async (name, seed) => {
          const table = tableOf(seed, 30, GRADED.test(name));
          const times = Float32Array.from(table.weights, (weight) => Math.floor(weight));
          const repeated = rowsPicked(
            table,
            [...times].flatMap((count, row) => Array.from({ length: count }, () => row)),
          );
          const exact = {
            max_depth: 2,
            objective: name,
            ...numClass(name),
            base_score: name === 'multi:softprob' ? 0 : 0.5,
          };
          const params = parseBoosterParams(exact);
          const [weighed, counted] = await Promise.all([
            trainBooster({ matrix: table, params, weights: times, numBoostRound: 3 }, {}),
            trainBooster({ matrix: repeated, params, numBoostRound: 3 }, {}),
          ]);
          const losses = [weighed, counted].map(
            ({ history }) => Object.values(history['train'] ?? {})[0]?.at(-1) ?? NaN,
          );
          const [a = NaN, b = NaN] = losses;
          expect(Math.abs(a - b)).toBeLessThan(1e-3 * Math.max(1, b));
        },
      ),
      { numRuns: 40 },
    );
  });

  it('monotone means monotone', async () => {
    await fc.assert(
      fc.asyncProperty(
        objective.filter((name) => name !== 'multi:softprob' && !ranked(name) && !byQuantile(name)),
        options,
        fc.constantFrom(1, -1),
        fc.nat(),
        async (name, given, direction, seed) => {
          const table = tableOf(seed, 40, GRADED.test(name));
          const params = parseBoosterParams({
            ...given,
            objective: name,
            monotone_constraints: [direction, direction],
          });
          const { booster } = await trainBooster({ matrix: table, params, numBoostRound: 8 }, {});
          for (const feature of [0, 1]) {
            for (let row = 0; row < 20; row++) {
              const values = Float32Array.from({ length: 41 }, (_, i) => (i - 20) / 8);
              const grid = table.columns.map((column, f) =>
                f === feature ? values : values.map(() => column[row] as number),
              );
              const path = predictMargin(booster, grid);
              path
                .slice(1)
                .forEach((margin, i) => expect(direction * (margin - (path[i] as number))).toBeGreaterThanOrEqual(0));
            }
          }
        },
      ),
      { numRuns: 30 },
    );
  });

  it('a model that is saved and loaded predicts bit for bit alike, and saves to the same bytes', async () => {
    await fc.assert(
      fc.asyncProperty(objective, options, fc.nat(), fc.boolean(), async (name, given, seed, dart) => {
        const table = { ...tableOf(seed, 20, GRADED.test(name)) };
        const params = parseBoosterParams({
          ...given,
          objective: name,
          ...numClass(name),
          ...(dart ? { booster: 'dart', rate_drop: 0.5 } : {}),
        });
        const { booster } = await trainBooster({ matrix: table, params, numBoostRound: 4 }, {});
        const saved = writeXgboostJson(booster);
        const loaded = readXgboostJson(saved);
        expect(writeXgboostJson(loaded)).toBe(saved);
        expect(predictMargin(loaded, table.columns)).toEqual(predictMargin(booster, table.columns));
        expect(predict(loaded, table.columns)).toEqual(predict(booster, table.columns));
      }),
      { numRuns: 40 },
    );
  });
});

/** Leaves are quantiles, which XGBoost interpolates without weights and does not with them. */
function byQuantile(name: string): boolean {
  return name === 'reg:absoluteerror' || name === 'reg:quantileerror';
}

function ranked(name: string): boolean {
  return name.startsWith('rank:');
}
