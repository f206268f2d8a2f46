import { parseBoosterParams } from '../../../src/training/params';
import { trainBooster } from '../../../src/training/train';
import type { Booster, RegTree, TrainingMatrix } from '../../../src/training/types';
import { exp } from '../../../src/utils/math';
import { makeRandom } from '../../../src/utils/random';

type Named = readonly [string, Booster];

const ROWS = 600;
const CATEGORIES = [12, 3];
const random = makeRandom(9, 'onnx table');

/** Numbers with few values, two columns of categories, missing values in all. */
const columns = Array.from({ length: 6 }, (_, f) =>
  Float32Array.from({ length: ROWS }, () => {
    if (random.chance(0.08)) return NaN;
    const categories = CATEGORIES[f - 4];
    return categories === undefined ? Math.round(20 * random.normal()) / 20 : random.int(categories);
  }),
);
const at = (f: number, row: number) => columns[f]?.[row] || 0;
const scores = Float32Array.from(
  { length: ROWS },
  (_, row) =>
    at(0, row) - at(1, row) * at(2, row) + ([1, 4, 5, 9].includes(at(4, row)) ? 1 : -0.5) + 0.5 * random.normal(),
);
const labels = {
  binary: scores.map((score) => (score > 0 ? 1 : 0)),
  share: scores.map((score) => 1 / (1 + exp(-score))),
  value: scores,
  count: scores.map((score) => Math.floor(exp(Math.min(score, 2)))),
  class: scores.map((score) => Math.min(3, Math.max(0, Math.round(score + 1)))),
  half: scores.map((score) => (score > 0.5 ? 1 : 0)),
};

const CASES: readonly (readonly [string, keyof typeof labels, Readonly<Record<string, unknown>>])[] = [
  ['binary', 'binary', { objective: 'binary:logistic' }],
  ['base_score', 'binary', { objective: 'binary:logistic', base_score: 0.05, max_depth: 1 }],
  ['forest', 'binary', { objective: 'binary:logistic', num_parallel_tree: 3, subsample: 0.6 }],
  ['dart', 'binary', { objective: 'binary:logistic', booster: 'dart', rate_drop: 0.4, one_drop: 1 }],
  ['one by one', 'binary', { objective: 'binary:logistic', max_cat_to_onehot: 20 }],
  ['share', 'share', { objective: 'reg:logistic' }],
  ['squared error', 'value', { objective: 'reg:squarederror' }],
  ['absolute error', 'value', { objective: 'reg:absoluteerror' }],
  ['quantile', 'value', { objective: 'reg:quantileerror', quantile_alpha: 0.9 }],
  ['poisson', 'count', { objective: 'count:poisson' }],
  ['softprob', 'class', { objective: 'multi:softprob', num_class: 4 }],
  ['softmax', 'class', { objective: 'multi:softmax', num_class: 4, base_score: 0.5 }],
  ['softprob dart', 'class', { objective: 'multi:softprob', num_class: 4, booster: 'dart', rate_drop: 0.5 }],
  ['two classes', 'half', { objective: 'multi:softprob', num_class: 2 }],
  ['ndcg', 'class', { objective: 'rank:ndcg' }],
  ['pairwise', 'class', { objective: 'rank:pairwise', num_parallel_tree: 2 }],
];

/** A booster for each objective and each option that changes what a model holds. */
export async function trainedBoosters(): Promise<Named[]> {
  const boosters: Named[] = [];
  for (const [name, label, options] of CASES) {
    const objective = String(options['objective']);
    const matrix: TrainingMatrix = {
      featureNames: columns.map((_, f) => `feature ${f}`),
      featureTypes: columns.map((_, f) => (f >= 4 ? 'c' : 'float')),
      columns,
      labels: labels[label],
      ...(objective.startsWith('rank') ? { queries: Int32Array.from({ length: 21 }, (_, q) => q * 30) } : {}),
    };
    const params = parseBoosterParams({ max_depth: 5, ...options });
    boosters.push([name, (await trainBooster({ matrix, params, numBoostRound: 12 }, {})).booster]);
  }
  return boosters;
}

/** Boosters that training seldom or never gives, but files may hold. */
export function handmadeBoosters(): Named[] {
  const binary = parseBoosterParams({});
  const squared = parseBoosterParams({ objective: 'reg:squarederror' });
  const split = (left: number, right: number, more: Partial<RegTree> = {}) => treeOf([0.5, left, right], more);
  const ids = (count: number) => Array.from({ length: count }, (_, f) => `x${f}`);
  return [
    ['no negative leaf', { params: binary, featureNames: ids(1), baseScore: 0.5, trees: [split(0.2, 1.5)] }],
    ['no positive leaf', { params: binary, featureNames: ids(1), baseScore: 0.7, trees: [split(-0.2, -1.5)] }],
    ['one leaf', { params: binary, featureNames: ids(2), baseScore: 0.4, trees: [treeOf([0.3])] }],
    ['no trees', { params: squared, featureNames: ids(2), baseScore: 0.4, trees: [] }],
    [
      'no trees, classes',
      {
        params: parseBoosterParams({ objective: 'multi:softprob', num_class: 3 }),
        featureNames: ids(2),
        baseScore: 0.5,
        trees: [],
      },
    ],
    [
      'infinite thresholds',
      {
        params: squared,
        featureNames: ids(1),
        baseScore: 0,
        trees: [Infinity, -Infinity].flatMap((condition) =>
          [0, 1].map((missing) => treeOf([condition, 1, 2], { defaultLeft: Uint8Array.of(missing, 0, 0) })),
        ),
      },
    ],
    [
      'categories without a list',
      {
        params: squared,
        featureNames: ids(1),
        featureTypes: ['c'],
        baseScore: 0,
        trees: [0, 1].map((missing) =>
          split(1, 2, { categories: new Map([[0, new Int32Array()]]), defaultLeft: Uint8Array.of(missing, 0, 0) }),
        ),
      },
    ],
    ['200 categories', categoryTower()],
  ];
}

/** Six levels of splits by one of four columns, each of which sends 100 of 200 categories to the right. */
function categoryTower(): Booster {
  const inner = 63;
  const all = 2 * inner + 1;
  const categories = new Map<number, Int32Array>();
  for (let node = 0; node < inner; node++) {
    const codes = Int32Array.from({ length: 200 }, (_, code) => code).filter(() => random.chance(0.5));
    categories.set(node, codes);
  }
  const child = (side: number) => Int32Array.from({ length: all }, (_, i) => (i < inner ? 2 * i + side : -1));
  const tree: RegTree = {
    ...treeOf(Array.from({ length: all }, () => Math.round(100 * random.normal()) / 100)),
    leftChildren: child(1),
    rightChildren: child(2),
    parents: Int32Array.from({ length: all }, (_, i) => (i === 0 ? 2147483647 : (i - 1) >> 1)),
    splitIndices: Int32Array.from({ length: all }, () => random.int(4)),
    defaultLeft: Uint8Array.from({ length: all }, () => random.int(2)),
    categories,
  };
  return {
    params: parseBoosterParams({ objective: 'reg:squarederror' }),
    featureNames: ['a', 'b', 'c', 'd'],
    featureTypes: ['c', 'c', 'c', 'c'],
    baseScore: 0.5,
    trees: [tree],
  };
}

/** A tree of one split at feature 0, or of one leaf, from its conditions. */
function treeOf(conditions: readonly number[], more: Partial<RegTree> = {}): RegTree {
  const n = conditions.length;
  const zeros = () => new Float32Array(n);
  const children = (first: number) => Int32Array.from(conditions, (_, i) => (i === 0 && n > 1 ? first : -1));
  return {
    leftChildren: children(1),
    rightChildren: children(2),
    parents: Int32Array.from(conditions, (_, i) => (i === 0 ? 2147483647 : 0)),
    splitIndices: new Int32Array(n),
    splitConditions: Float32Array.from(conditions),
    defaultLeft: new Uint8Array(n),
    lossChanges: zeros(),
    sumHessian: zeros(),
    baseWeights: zeros(),
    ...more,
  };
}
