import fc from 'fast-check';
import { expect, it } from 'vitest';
import type { Kernels } from '../../src/kernels/types';
import { binMatrix } from '../../src/training/bin-matrix';
import { testMatrix } from '../../src/training/made-up-table';
import { parseBoosterParams } from '../../src/training/params';
import type { ShardHost } from '../../src/training/shards/types';
import { trainBooster } from '../../src/training/train';
import type { TrainingMatrix } from '../../src/training/types';

const ROWS = 5300;

/** Options that each way of growing must train alike. */
export const OPTIONS: readonly Readonly<Record<string, unknown>>[] = [
  {},
  { max_depth: 9, subsample: 0.6, scale_pos_weight: 2, eval: ['auc', 'logloss'] },
  { colsample_bytree: 0.7, colsample_bylevel: 0.8, colsample_bynode: 0.7, monotone_constraints: [1, -1] },
  { grow_policy: 'lossguide', max_leaves: 9, max_depth: 0, gamma: 0.5 },
  {
    max_leaves: 7,
    interaction_constraints: [
      [0, 1],
      [1, 2, 3],
    ],
    alpha: 0.2,
  },
  { objective: 'multi:softprob', num_class: 3, num_parallel_tree: 2, subsample: 0.5, eval: ['merror', 'mlogloss'] },
  { objective: 'reg:absoluteerror', weights: true },
  { objective: 'reg:quantileerror', quantile_alpha: 0.2, min_child_weight: 40 },
  { objective: 'reg:squarederror', categorical: true, weights: true, subsample: 0.9, eval: ['rmse', 'mae'] },
  { objective: 'count:poisson', max_bin: 16 },
  { objective: 'rank:ndcg', queries: true, lambdarank_pair_method: 'mean', eval: ['ndcg@3'] },
  { booster: 'dart', rate_drop: 0.4, one_drop: 1, subsample: 0.8, weights: true },
  { base: true, objective: 'reg:logistic', max_depth: 3 },
];

export function tableFor(
  { objective, queries, categorical }: Readonly<Record<string, unknown>>,
  seed: number,
): TrainingMatrix {
  const { columns, featureNames, labels } = testMatrix(ROWS, 5, seed);
  const [first = new Float32Array(), second = new Float32Array()] = columns;
  const graded = typeof objective === 'string' && /^(multi|rank|count)/.test(objective);
  return {
    featureNames,
    featureTypes: featureNames.map((_, f) => (categorical === true && f === 1 ? 'c' : 'float')),
    columns:
      categorical === true
        ? columns.with(
            1,
            second.map((value) => Math.abs(Math.trunc(9 * value)) % 30),
          )
        : columns,
    labels: graded ? Float32Array.from(labels, (label, row) => label + ((first[row] ?? 0) > 1 ? 1 : 0)) : labels,
    ...(queries === true ? { queries: Int32Array.from({ length: ROWS / 10 + 1 }, (_, q) => 10 * q) } : {}),
  };
}

/** Holds trainings whose rows are shared by several workers to those of one, bit for bit. */
export function sharesRows(kernels: () => Kernels, host: (workers: number, sharesMemory: boolean) => ShardHost): void {
  it.each(OPTIONS)('the same model from any number of workers, with or without shared memory: %o', async (given) => {
    const { eval: evalMetrics, weights, queries, categorical: _categorical, base, ...rest } = given;
    const params = parseBoosterParams(rest);
    const own = kernels();
    await fc.assert(
      fc.asyncProperty(
        fc.record({
          seed: fc.nat(99),
          workers: fc.integer({ min: 2, max: 5 }),
          shared: fc.boolean(),
          part: fc.boolean(),
        }),
        async ({ seed, workers, shared, part }) => {
          const matrix = tableFor(given, seed);
          const all = Int32Array.from(matrix.labels.keys());
          const inParts = part && queries === undefined;
          const binned = await binMatrix(matrix, params.max_bin, {}, { kernels: own });
          const request = {
            binned,
            params,
            numBoostRound: 4,
            evalMetrics: evalMetrics as readonly string[] | undefined,
            weights: weights === true ? Float32Array.from(all, (row) => (row % 3) / 2) : undefined,
            ...(inParts
              ? { rows: all.filter((row) => row % 8 !== 5), validationRows: all.filter((row) => row % 8 === 5) }
              : {}),
          };
          const baseBooster = base === true ? (await trainBooster(request, {})).booster : undefined;
          const alone = await trainBooster({ ...request, baseBooster }, {});
          const together = await trainBooster({ ...request, baseBooster, shards: host(workers, shared) }, {});
          binned.bins.close();
          expect(together).toEqual(alone);
        },
      ),
      { numRuns: 3 },
    );
  });
}
