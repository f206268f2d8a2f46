import fc from 'fast-check';
import { describe, expect, it } from 'vitest';
import { baseMargin } from '../training/base-score';
import { testMatrix } from '../training/made-up-table';
import { parseBoosterParams } from '../training/params';
import { predictMargin } from '../training/predict';
import { trainBooster } from '../training/train';
import type { Booster, RegTree } from '../training/types';
import { AbortError } from '../utils/errors';
import { gaussLegendre } from './quadrature';
import { explainInteractions, explainOutputs, explainRows } from './tree-shap';

const FEATURES = 4;

interface Grown {
  readonly feature: number;
  readonly condition: number;
  readonly defaultLeft: boolean;
  readonly share: number;
  readonly value: number;
  /** Categories that go right, of splits on the last feature. */
  readonly codes: readonly number[];
}
const grown: fc.Arbitrary<Grown> = fc.record({
  feature: fc.nat(FEATURES - 1),
  condition: fc.integer({ min: -3, max: 3 }),
  defaultLeft: fc.boolean(),
  share: fc.double({ min: 0.05, max: 0.95, noNaN: true }),
  value: fc.double({ min: -2, max: 2, noNaN: true }),
  codes: fc.uniqueArray(fc.nat(4), { maxLength: 3 }),
});

/** A tree from a list of nodes: node i splits when it has room for children 2i + 1 and 2i + 2. */
function treeOf(nodes: readonly Grown[]): RegTree {
  const n = nodes.length;
  const splits = (node: number) => 2 * node + 2 < n;
  const cover = new Float32Array(n);
  nodes.forEach((_, node) => {
    const parent = nodes[(node - 1) >> 1];
    cover[node] =
      node === 0 || !parent ? 10 : (cover[(node - 1) >> 1] ?? 0) * (node % 2 === 1 ? parent.share : 1 - parent.share);
  });
  return {
    leftChildren: Int32Array.from(nodes, (_, node) => (splits(node) ? 2 * node + 1 : -1)),
    rightChildren: Int32Array.from(nodes, (_, node) => (splits(node) ? 2 * node + 2 : -1)),
    parents: Int32Array.from(nodes, (_, node) => (node === 0 ? 2147483647 : (node - 1) >> 1)),
    splitIndices: Int32Array.from(nodes, ({ feature }) => feature),
    splitConditions: Float32Array.from(nodes, ({ condition, value }, node) => (splits(node) ? condition : value)),
    defaultLeft: Uint8Array.from(nodes, ({ defaultLeft }) => (defaultLeft ? 1 : 0)),
    lossChanges: new Float32Array(n),
    sumHessian: cover,
    baseWeights: new Float32Array(n),
    categories: new Map(
      nodes.flatMap(({ feature, codes }, node) =>
        feature === FEATURES - 1 && splits(node) ? [[node, Int32Array.from(codes).sort()]] : [],
      ),
    ),
  };
}

/** Expectation when only the features in `known` are known: other splits are averaged by cover. */
function expectation(tree: RegTree, row: readonly number[], known: number, node = 0): number {
  const left = tree.leftChildren[node] ?? -1;
  const right = tree.rightChildren[node] ?? -1;
  if (left < 0) return tree.splitConditions[node] ?? NaN;
  const feature = tree.splitIndices[node] ?? 0;
  if ((known >> feature) & 1) {
    const value = row[feature] ?? NaN;
    const codes = tree.categories?.get(node);
    const present = codes ? !codes.includes(Math.trunc(value)) : value < (tree.splitConditions[node] ?? 0);
    const goesLeft = Number.isNaN(value) ? tree.defaultLeft[node] === 1 : present;
    return expectation(tree, row, known, goesLeft ? left : right);
  }
  const [a, b] = [tree.sumHessian[left] ?? 0, tree.sumHessian[right] ?? 0];
  const parent = tree.sumHessian[node] ?? 1;
  return (a * expectation(tree, row, known, left) + b * expectation(tree, row, known, right)) / parent;
}

const factorial = (k: number): number => (k <= 1 ? 1 : k * factorial(k - 1));
const sizeOf = (subset: number) => [...subset.toString(2)].filter((bit) => bit === '1').length;

/** The Shapley interaction index, half of it, over all subsets. */
function bruteForcePair(tree: RegTree, row: readonly number[], i: number, j: number): number {
  const [a, b] = [1 << i, 1 << j];
  let sum = 0;
  for (let subset = 0; subset < 1 << FEATURES; subset++) {
    if (subset & (a | b)) continue;
    const size = sizeOf(subset);
    const weight = (factorial(size) * factorial(FEATURES - size - 2)) / factorial(FEATURES - 1);
    const f = (known: number) => expectation(tree, row, known);
    sum += weight * (f(subset | a | b) - f(subset | a) - f(subset | b) + f(subset));
  }
  return sum / 2;
}

/** Shapley's definition, over all subsets. */
function bruteForce(tree: RegTree, row: readonly number[]): number[] {
  return row.map((_, feature) => {
    let phi = 0;
    for (let subset = 0; subset < 1 << FEATURES; subset++) {
      if ((subset >> feature) & 1) continue;
      const size = sizeOf(subset);
      const weight = (factorial(size) * factorial(FEATURES - 1 - size)) / factorial(FEATURES);
      phi += weight * (expectation(tree, row, subset | (1 << feature)) - expectation(tree, row, subset));
    }
    return phi;
  });
}

function boosterOf(trees: readonly RegTree[]): Booster {
  return { params: parseBoosterParams({}), featureNames: ['a', 'b', 'c', 'd'], baseScore: 0.3, trees };
}

const cell = fc.oneof(fc.integer({ min: -4, max: 4 }), fc.constant(NaN), fc.constant(1.5));
const rowValues = fc.array(cell, { minLength: FEATURES, maxLength: FEATURES });
const lists = fc.array(
  fc.array(grown, { minLength: 1, maxLength: 31 }).filter((nodes) => nodes.length % 2 === 1),
  { minLength: 1, maxLength: 4 },
);

describe('explainRows', () => {
  it('is the Shapley value over all subsets, missing values and repeated features included', async () => {
    await fc.assert(
      fc.asyncProperty(lists, rowValues, async (list, row) => {
        const booster = boosterOf(list.map(treeOf));
        const { values, base } = await explainRows(
          booster,
          row.map((value) => Float32Array.of(value)),
          Int32Array.of(0),
          {},
        );
        const each = booster.trees.map((tree) => bruteForce(tree, row));
        row.forEach((_, f) =>
          expect(values[0]?.[f]).toBeCloseTo(
            each.reduce((sum, phi) => sum + (phi[f] ?? 0), 0),
            6,
          ),
        );
        const mean = booster.trees.reduce((sum, tree) => sum + expectation(tree, row, 0), baseMargin(0.3));
        expect(base).toBeCloseTo(mean, 6);
      }),
      { numRuns: 150 },
    );
  });

  it('explains each output by its own trees, weighed as dart weighs them, and pairs of features', async () => {
    await fc.assert(
      fc.asyncProperty(lists, rowValues, fc.constantFrom(1, 0.5), async (list, row, weight) => {
        const trees = list.map(treeOf);
        const booster: Booster = {
          ...boosterOf(trees),
          params: parseBoosterParams({ objective: 'multi:softprob', num_class: 2 }),
          treeOutputs: Int32Array.from(trees, (_, index) => index % 2),
          treeWeights: Float32Array.from(trees, () => weight),
        };
        const columns = row.map((value) => Float32Array.of(value));
        const values = await explainOutputs(booster, columns, Int32Array.of(0), {});
        const pairs = await explainInteractions(booster, columns, Int32Array.of(0), {});
        expect([values.length, pairs.length]).toEqual([2, 2]);
        for (const output of [0, 1]) {
          const own = trees.filter((_, index) => index % 2 === output);
          const total = (of: (tree: RegTree) => number) => own.reduce((sum, tree) => sum + weight * of(tree), 0);
          const found = pairs[output]?.values[0] ?? new Float64Array();
          for (let i = 0; i < FEATURES; i++) {
            const phi = total((tree) => bruteForce(tree, row)[i] ?? NaN);
            expect(values[output]?.values[0]?.[i]).toBeCloseTo(phi, 5);
            const across = found.subarray(i * FEATURES, (i + 1) * FEATURES);
            expect(across.reduce((sum, share) => sum + share, 0)).toBeCloseTo(phi, 5);
            for (let j = 0; j < FEATURES; j++) {
              if (i === j) continue;
              expect(across[j]).toBeCloseTo(
                total((tree) => bruteForcePair(tree, row, i, j)),
                5,
              );
            }
          }
          expect(pairs[output]?.base).toBe(values[output]?.base);
        }
      }),
      { numRuns: 60 },
    );
  });

  it('asks for the output when there are several', async () => {
    const params = parseBoosterParams({ objective: 'multi:softprob', num_class: 3 });
    const booster = { ...boosterOf([]), params };
    const columns = [0, 1, 2, 3].map(() => new Float32Array(1));
    await expect(explainRows(booster, columns, Int32Array.of(0), {})).rejects.toThrow(/The model has 3 outputs/);
  });

  it('adds up to the margin within 1e-6, deep trees and missing values included', async () => {
    const matrix = testMatrix(800, 6, 9);
    const params = parseBoosterParams({ max_depth: 14, min_child_weight: 0, eta: 0.5, lambda: 0.1 });
    const { booster } = await trainBooster({ matrix, params, numBoostRound: 60 }, {});
    const rows = Int32Array.from({ length: 200 }, (_, row) => 4 * row);
    const { values, base } = await explainRows(booster, matrix.columns, rows, {});
    const margins = predictMargin(booster, matrix.columns);
    rows.forEach((row, i) => {
      const margin = margins[row] ?? NaN;
      const sum = (values[i] ?? new Float64Array()).reduce((total, value) => total + value, base);
      expect(Math.abs(sum - margin)).toBeLessThanOrEqual(1e-6 * Math.max(1, Math.abs(margin)));
    });
  });

  it('explains a path of 40 different features exactly', async () => {
    const n = 40;
    const leftChildren = Int32Array.from({ length: 2 * n + 1 }, (_, i) => (i % 2 === 0 && i < 2 * n ? i + 1 : -1));
    const zeros = new Float32Array(2 * n + 1);
    const chain: RegTree = {
      leftChildren,
      rightChildren: leftChildren.map((left) => (left < 0 ? -1 : left + 1)),
      parents: leftChildren.map((_, i) => (i === 0 ? 2147483647 : i % 2 === 1 ? i - 1 : i - 2)),
      splitIndices: leftChildren.map((left, i) => (left < 0 ? 0 : i / 2)),
      splitConditions: Float32Array.from(leftChildren, (left, i) => (left < 0 ? (i === 2 * n ? 1 : 0) : 0.5)),
      defaultLeft: new Uint8Array(2 * n + 1),
      lossChanges: zeros,
      sumHessian: Float32Array.from(leftChildren, (_, i) => 2 ** -Math.ceil(i / 2)),
      baseWeights: zeros,
    };
    const featureNames = Array.from({ length: n }, (_, f) => `f${f}`);
    const booster: Booster = { params: parseBoosterParams({}), featureNames, baseScore: 0.5, trees: [chain] };
    const { values, base } = await explainRows(
      booster,
      featureNames.map(() => Float32Array.of(1)),
      Int32Array.of(0),
      {},
    );
    expect(base).toBe(2 ** -n);
    values[0]?.forEach((value) => expect(value).toBeCloseTo((1 - 2 ** -n) / n, 14));
  });

  it('refuses unknown rows and stops when cancelled', async () => {
    const booster = boosterOf([
      treeOf([{ feature: 0, condition: 0, defaultLeft: true, share: 0.5, value: 1, codes: [] }]),
    ]);
    const columns = booster.featureNames.map(() => Float32Array.of(1, 2));
    await expect(explainRows(booster, columns, Int32Array.of(2), {})).rejects.toThrow(
      /Row 2 cannot be explained: there are 2 rows/,
    );
    await expect(explainRows(booster, columns, Int32Array.of(1), { signal: { aborted: true } })).rejects.toBeInstanceOf(
      AbortError,
    );
    expect((await explainRows(booster, columns, Int32Array.of(1), {})).values).toEqual([new Float64Array(4)]);
  });
});

describe('gaussLegendre', () => {
  it('integrates powers up to 2n - 1', () => {
    for (const n of [1, 2, 3, 7, 15, 20]) {
      const { points, weights } = gaussLegendre(n);
      for (let power = 0; power <= 2 * n - 1; power++) {
        const sum = points.reduce((total, point, i) => total + (weights[i] ?? 0) * point ** power, 0);
        expect(sum * (power + 1)).toBeCloseTo(1, 12);
      }
    }
  });
});
