import fc from 'fast-check';
import { describe, expect, it } from 'vitest';
import { parseBoosterParams } from '../../training/params';
import { predict, predictMargin } from '../../training/predict';
import type { Booster, RegTree } from '../../training/types';
import { exp } from '../../utils/math';
import { readBack, type ReadNode } from './read-back';
import { writeOnnx } from './write';

const FEATURES = 3;
const value = fc.oneof(fc.constantFrom(-1, -0.5, 0, 0.5, 1, 2, 3), fc.float({ noNaN: true, min: -9, max: 9 }));

/** Any tree of up to 4 levels; the last feature is one of categories. */
const anyTree = fc
  .array(
    fc.record({
      isLeaf: fc.boolean(),
      feature: fc.nat(FEATURES - 1),
      condition: value,
      defaultLeft: fc.boolean(),
      codes: fc.uniqueArray(fc.nat(6), { maxLength: 5 }),
    }),
    { minLength: 15, maxLength: 15 },
  )
  .map((draws): RegTree => {
    const left: number[] = [];
    const right: number[] = [];
    const parents = [2147483647];
    const drawn: (typeof draws)[number][] = [];
    const categories = new Map<number, Int32Array>();
    for (let node = 0; node < parents.length; node++) {
      const draw = draws[node % draws.length]!;
      const isLeaf = draw.isLeaf || parents.length + 2 > draws.length;
      left.push(isLeaf ? -1 : parents.length);
      right.push(isLeaf ? -1 : parents.length + 1);
      drawn.push(draw);
      if (!isLeaf) parents.push(node, node);
      if (!isLeaf && draw.feature === 2) categories.set(node, Int32Array.from(draw.codes).sort());
    }
    const zeros = new Float32Array(parents.length);
    return {
      leftChildren: Int32Array.from(left),
      rightChildren: Int32Array.from(right),
      parents: Int32Array.from(parents),
      splitIndices: Int32Array.from(drawn, ({ feature }) => feature),
      splitConditions: Float32Array.from(drawn, ({ condition }) => condition),
      defaultLeft: Uint8Array.from(drawn, ({ defaultLeft }) => Number(defaultLeft)),
      lossChanges: zeros,
      sumHessian: zeros,
      baseWeights: zeros,
      categories,
    };
  });

const OBJECTIVES: readonly [string, number][] = [
  ['binary:logistic', 0],
  ['reg:logistic', 0],
  ['reg:squarederror', 0],
  ['reg:absoluteerror', 0],
  ['reg:quantileerror', 0],
  ['count:poisson', 0],
  ['multi:softprob', 3],
  ['multi:softmax', 4],
  ['multi:softprob', 2],
  ['rank:ndcg', 0],
  ['rank:pairwise', 0],
];

/** Boosters of an objective with one or two trees an output, weighted or not. */
const boostersOf = (objective: string, classes: number) =>
  fc
    .record({
      trees: fc.array(anyTree, { minLength: 2, maxLength: 2 }),
      weights: fc.option(
        fc.array(fc.float({ min: Math.fround(0.1), max: 1, noNaN: true }), { minLength: 8, maxLength: 8 }),
      ),
      baseScore: fc.constantFrom(0.5, 0.25, 0.9),
    })
    .map(({ trees, weights, baseScore }): Booster => {
      const outputs = Math.max(1, classes);
      const all = Array.from({ length: 2 * outputs }, (_, i) => trees[(i + (i >> 1)) % 2] as RegTree);
      return {
        params: parseBoosterParams({ objective, num_class: classes || undefined }),
        featureNames: ['a', 'b "é"', '__proto__'],
        featureTypes: ['float', 'float', 'c'],
        baseScore,
        trees: all,
        treeOutputs: Int32Array.from(all, (_, i) => i % outputs),
        ...(weights ? { treeWeights: Float32Array.from(all, (_, i) => weights[i] ?? 1) } : {}),
      };
    });

const anyRow = fc.tuple(
  fc.oneof(value, fc.constant(NaN)),
  fc.oneof(value, fc.constant(NaN)),
  fc.constantFrom(0, 1, 2, 3, 4, 5, 6, 7, 99, NaN),
);

const numbers = (node: ReadNode, name: string) => (node.attributes.get(name) ?? []) as readonly number[];

/** Sums of leaves by output, as the standard describes ai.onnx.ml's tree ensembles. */
function evaluate(node: ReadNode, row: readonly number[]): number[] {
  const modes = node.attributes.get('nodes_modes') as readonly string[];
  const of = (name: string) => numbers(node, `nodes_${name}`);
  const ids = new Map(of('treeids').map((tree, i) => [`${tree}/${of('nodeids')[i]}`, i]));
  const prefix = node.type === 'TreeEnsembleClassifier' ? 'class' : 'target';
  const sums = [...numbers(node, 'base_values')];
  for (const tree of new Set(of('treeids'))) {
    let at = ids.get(`${tree}/0`)!;
    while (modes[at] !== 'LEAF') {
      const x = row[of('featureids')[at]!]!;
      const threshold = of('values')[at]!;
      const met = { BRANCH_LT: x < threshold, BRANCH_EQ: x === threshold, BRANCH_GT: x > threshold }[modes[at]!];
      expect(met).toBeDefined();
      const yes = Number.isNaN(x) ? of('missing_value_tracks_true')[at] === 1 : met;
      at = ids.get(`${tree}/${of(yes ? 'truenodeids' : 'falsenodeids')[at]}`)!;
    }
    numbers(node, `${prefix}_treeids`).forEach((id, i) => {
      if (id !== tree || numbers(node, `${prefix}_nodeids`)[i] !== of('nodeids')[at]) return;
      const output = numbers(node, `${prefix}_ids`)[i]!;
      sums[output] = (sums[output] ?? 0) + numbers(node, `${prefix}_weights`)[i]!;
    });
  }
  return sums;
}

/** Probabilities of every class, or the prediction. */
function run(bytes: Uint8Array, row: readonly number[]): number[] {
  const { nodes } = readBack(bytes);
  const [ensemble, link] = nodes as [ReadNode, ReadNode?];
  const sums = evaluate(ensemble, row);
  const sigmoid = (x: number) => 1 / (1 + exp(-x));
  if (link) return sums.map(link.type === 'Exp' ? exp : sigmoid);
  const [transform] = ensemble.attributes.get('post_transform') ?? [];
  if (transform === 'LOGISTIC') return [sigmoid(-sums[0]!), sigmoid(sums[0]!)];
  if (transform === 'NONE') return sums;
  const powers = sums.map((sum) => exp(sum - Math.max(...sums)));
  return powers.map((power) => power / powers.reduce((total, one) => total + one, 0));
}

describe('writeOnnx', () => {
  it.each(OBJECTIVES)('%s of %d classes: says what we predict', (objective, classes) => {
    fc.assert(
      fc.property(boostersOf(objective, classes), fc.array(anyRow, { minLength: 1, maxLength: 8 }), (booster, rows) => {
        const bytes = writeOnnx(booster);
        const columns = booster.featureNames.map((_, f) => Float32Array.from(rows, (row) => row[f]!));
        const probable = {
          ...booster,
          params: { ...booster.params, objective: objective.replace('softmax', 'softprob') },
        };
        const ours = [...predict(probable as Booster, columns)];
        const expected = objective === 'binary:logistic' ? ours.flatMap((p) => [1 - p, p]) : ours;
        const theirs = rows.flatMap((_, i) =>
          run(
            bytes,
            columns.map((column) => column[i]!),
          ),
        );
        expect(theirs).toHaveLength(expected.length);
        theirs.forEach((one, i) => {
          const scale = Math.max(1, Math.abs(expected[i]!));
          expect(Math.abs(one - expected[i]!) / scale).toBeLessThanOrEqual(2e-6);
        });
      }),
      { numRuns: 60 },
    );
  });

  it('names inputs, outputs and what the model was trained for', () => {
    fc.assert(
      fc.property(boostersOf('binary:logistic', 0), boostersOf('count:poisson', 0), (binary, counts) => {
        const classifier = readBack(writeOnnx({ ...binary, bestIteration: 1 }));
        expect(classifier.inputs).toEqual(['float_input']);
        expect(classifier.outputs).toEqual(['label', 'probabilities']);
        expect(classifier.metadata.get('objective')).toBe('binary:logistic');
        expect(classifier.metadata.get('best_iteration')).toBe('1');
        expect(JSON.parse(classifier.metadata.get('feature_names') ?? '')).toEqual(['a', 'b "é"', '__proto__']);
        expect(JSON.parse(classifier.metadata.get('feature_types') ?? '')).toEqual(['float', 'float', 'c']);
        expect(readBack(writeOnnx(counts)).outputs).toEqual(['variable']);
        expect(writeOnnx(counts)).toEqual(writeOnnx(structuredClone(counts)));
      }),
      { numRuns: 3 },
    );
  });

  it('shares the subtree that categories lead to instead of copying it', () => {
    fc.assert(
      fc.property(boostersOf('reg:squarederror', 0), (booster) => {
        const [ensemble] = readBack(writeOnnx(booster)).nodes;
        const most = booster.trees.reduce(
          (sum, { leftChildren, categories }) =>
            sum + leftChildren.length + [...(categories ?? [])].reduce((all, [, codes]) => all + codes.length, 0),
          0,
        );
        expect(numbers(ensemble!, 'nodes_treeids').length).toBeLessThanOrEqual(most);
        expect(numbers(ensemble!, 'target_treeids').length).toBe(
          booster.trees.flatMap(({ leftChildren }) => [...leftChildren]).filter((child) => child < 0).length,
        );
      }),
    );
  });

  it('has a negative leaf in every binary ensemble, so that none is taken for probabilities', () => {
    fc.assert(
      fc.property(boostersOf('binary:logistic', 0), (booster) => {
        const trees = booster.trees.map((tree) => ({ ...tree, splitConditions: tree.splitConditions.map(Math.abs) }));
        const positive = { ...booster, trees };
        const [ensemble] = readBack(writeOnnx(positive)).nodes;
        expect(numbers(ensemble!, 'class_weights').some((weight) => weight < 0)).toBe(true);
        const columns = [0.1, 0.2, 3].map((one) => Float32Array.of(one));
        const margin = predictMargin(positive, columns)[0]!;
        expect(evaluate(ensemble!, [Math.fround(0.1), Math.fround(0.2), 3])[0]).toBeCloseTo(margin, 5);
      }),
      { numRuns: 20 },
    );
  });
});
