import { expect, test } from 'vitest';
import { sha256Hex } from '../../utils/hash';
import { makeRandom } from '../../utils/random';
import { makeEvalMetric } from '../eval-metrics';
import { makeObjective } from '.';
import type { LabelledRows, ObjectiveName, ObjectiveParams } from './types';

const COUNT = 600;

const PARAMS: ObjectiveParams = {
  scale_pos_weight: 2.5,
  num_class: 4,
  quantile_alpha: 0.3,
  max_delta_step: 0.7,
  lambdarank_pair_method: 'topk',
  lambdarank_num_pair_per_sample: undefined,
  lambdarank_normalization: true,
  lambdarank_score_normalization: true,
  ndcg_exp_gain: true,
  seed: 3,
};

/** Labels below `classes`, weights a query, and margins of `outputs`. */
function tableOf(classes: number, outputs: number): { data: LabelledRows; margins: Float32Array } {
  const random = makeRandom(1, `objectives/${classes}/${outputs}`);
  const labels = new Float32Array(COUNT).map(() => random.int(classes));
  const queries = Int32Array.of(0, 1, 60, 300, COUNT);
  const weights = new Float32Array(COUNT);
  for (let q = 0; q + 1 < queries.length; q++) weights.fill(random.uniform() + 0.5, queries[q], queries[q + 1]);
  return {
    data: { labels, weights, queries },
    margins: new Float32Array(COUNT * outputs).map(() => 3 * random.normal()),
  };
}

/** Everything an objective computes, and its metrics, as bytes. */
function bytesOf(name: ObjectiveName, classes: number, metrics: readonly string[], params = PARAMS): Uint8Array {
  const objective = makeObjective(name, params);
  const { data, margins } = tableOf(classes, objective.outputs);
  const rows = Int32Array.from({ length: COUNT }, (_, row) => row);
  const pairs = Array.from({ length: objective.outputs }, () => new Float32Array(2 * COUNT));
  objective.gradients(data, margins, { rows, from: 0, to: COUNT, round: 5 }, pairs);
  const start = objective.baseScore(data, rows);
  const leaf = objective.leafValue?.(data, margins, rows) ?? 0;
  objective.toPredictions(margins);
  const { queries: _, ...rowsAlone } = data;
  const values = metrics.map((metric) =>
    makeEvalMetric(metric, params).evaluate(name.startsWith('rank') ? data : rowsAlone, margins, rows),
  );
  const numbers = [...pairs.flatMap((pair) => [...pair]), ...start, ...start.map((v) => objective.baseMargin(v))];
  return new Uint8Array(Float64Array.from([...numbers, leaf, ...margins, ...values]).buffer);
}

const CASES: readonly [ObjectiveName, number, readonly string[], string][] = [
  [
    'binary:logistic',
    2,
    ['logloss', 'error@0.4', 'auc', 'aucpr'],
    '9aca0a64c880904d6161dbafe7123e9e5c61fafd90e0604d31008d83b15e34dd',
  ],
  [
    'reg:squarederror',
    9,
    ['rmse', 'mphe', 'mape', 'quantile'],
    '59ee906c34c199a614ffe16a3ef11f43d95d77f7be9377bb3f91a1c377d141a1',
  ],
  ['reg:absoluteerror', 9, ['mae'], '8310dec6fb5cf8fe6955416ef879003b5e515f0d51819e3c5416f2100d65e1df'],
  ['reg:quantileerror', 9, ['quantile'], '8c164f412f593420216995d3ab67522080f27d7c10ca753fc89f5eb6663e82c3'],
  [
    'count:poisson',
    9,
    ['poisson-nloglik', 'rmsle'],
    '80e576de22570104eb5efc4aef0268e8ce199d29147c608e6e26d18150071b51',
  ],
  [
    'multi:softprob',
    4,
    ['mlogloss', 'merror', 'auc', 'aucpr'],
    '438d14d04a792bcffa7599494bd587a4a2d3d3764efb45bb0440ca78a8c48f3d',
  ],
  ['rank:ndcg', 5, ['ndcg', 'ndcg@3-', 'auc'], '1fc1d65d14cb37964d63ec239be507fdb75c5cd371eaa1e6a8b588c4fe47a057'],
  ['rank:pairwise', 2, ['map', 'pre@4', 'aucpr'], '89619f42f3cdabaccba79f58bfe70eb8a82ce757b9abfac8754f0cf7751a9760'],
];

test.each(CASES)('%s gives the same bits on every host', (name, classes, metrics, expected) => {
  expect(sha256Hex(bytesOf(name, classes, metrics))).toBe(expected);
});

test('drawn ranking pairs give the same bits on every host', () => {
  const params = { ...PARAMS, lambdarank_pair_method: 'mean' } as const;
  expect(sha256Hex(bytesOf('rank:ndcg', 5, ['ndcg'], params))).toBe(
    '02567a1795199147feecdb87ea6f5c212c7aa13f9f396fbaa9ab2897a13032ab',
  );
});
