import { describe, expect, it } from 'vitest';
import { trainBooster } from '../../../src/training/train';
import { parseBoosterParams } from '../../../src/training/params';
import { predictMargin } from '../../../src/training/predict';
import { explainRows } from '../../../src/explain/tree-shap';
import { importance } from '../../../src/training/importance';
import type { RegTree } from '../../../src/training/types';
import frozen from './trees.json';

const floats = (values: readonly (number | null)[]) => Float32Array.from(values, (value) => value ?? NaN);

type FrozenCase = (typeof frozen.cases)[number];

async function train(frozenCase: Omit<FrozenCase, 'importance'>) {
  const columns = frozenCase.columns.map(floats);
  const matrix = { featureNames: frozenCase.feature_names, columns, labels: Uint8Array.from(frozenCase.labels) };
  const result = await trainBooster(
    {
      matrix,
      params: parseBoosterParams(frozenCase.params),
      numBoostRound: frozenCase.rounds,
      weights: frozenCase.weights ? floats(frozenCase.weights) : undefined,
    },
    {},
  );
  return { ...result, columns };
}

type FrozenTree = FrozenCase['trees'][number];

function worst(ours: ArrayLike<number>, theirs: readonly number[]): number {
  return theirs.reduce(
    (most, value, i) => Math.max(most, Math.abs(value - (ours[i] ?? NaN)) / Math.max(1, Math.abs(value))),
    0,
  );
}

function expectSameTree(ours: RegTree, theirs: FrozenTree): void {
  expect(Array.from(ours.leftChildren)).toEqual(theirs.left_children);
  expect(Array.from(ours.rightChildren)).toEqual(theirs.right_children);
  expect(Array.from(ours.parents)).toEqual(theirs.parents);
  expect(Array.from(ours.splitIndices)).toEqual(theirs.split_indices);
  expect(Array.from(ours.defaultLeft)).toEqual(theirs.default_left);
  const split = (_: unknown, node: number) => (theirs.left_children[node] ?? -1) >= 0;
  expect(Array.from(ours.splitConditions).filter(split)).toEqual(
    theirs.split_conditions.filter(split).map(Math.fround),
  );
  expect(worst(ours.splitConditions, theirs.split_conditions)).toBeLessThan(1e-5);
  expect(worst(ours.lossChanges, theirs.loss_changes)).toBeLessThan(1e-4);
  expect(worst(ours.sumHessian, theirs.sum_hessian)).toBeLessThan(1e-5);
  expect(worst(ours.baseWeights, theirs.base_weights)).toBeLessThan(1e-5);
}

describe(`the trees of XGBoost ${frozen.xgboost}`, () => {
  it.each(frozen.cases)('$name: same structure, conditions, directions and leaf values', async (frozenCase) => {
    const { booster, history } = await train(frozenCase);
    expect(Math.abs(booster.baseScore - frozenCase.base_score)).toBeLessThan(1e-6);
    expect(booster.trees).toHaveLength(frozenCase.trees.length);
    frozenCase.trees.forEach((tree, i) => expectSameTree(booster.trees[i] as RegTree, tree));
    expect(worst(history['train']?.['logloss'] ?? [], frozenCase.logloss)).toBeLessThan(1e-5);
  });

  it.each(frozen.cases)('$name: same margins', async (frozenCase) => {
    const { booster, columns } = await train(frozenCase);
    expect(worst(predictMargin(booster, columns), frozenCase.margins)).toBeLessThan(1e-5);
  });

  it.each(frozen.cases)('$name: same importance', async ({ importance: theirs, ...frozenCase }) => {
    const { booster } = await train(frozenCase);
    const ours = importance(booster);
    const kinds = [
      ['gain', theirs.total_gain],
      ['splits', theirs.weight],
      ['cover', theirs.total_cover],
    ] as const;
    for (const [kind, answers] of kinds) {
      expect(ours.map(({ feature }) => feature).sort()).toEqual(Object.keys(answers).sort());
      for (const entry of ours)
        expect(
          entry[kind] / (Object.entries(answers).find(([name]) => name === entry.feature)?.[1] ?? NaN),
        ).toBeCloseTo(1, 4);
    }
    ours.slice(1).forEach(({ gain }, i) => expect(gain).toBeLessThanOrEqual(ours[i]?.gain ?? 0));
  });

  it.each(frozen.cases)('$name: SHAP values as pred_contribs', async (frozenCase) => {
    const { booster, columns } = await train(frozenCase);
    const rows = Int32Array.from(frozenCase.contribs, (_, row) => row);
    const { values, base } = await explainRows(booster, columns, rows, {});
    frozenCase.contribs.forEach((contribs, row) =>
      expect(worst([...(values[row] ?? []), base], contribs)).toBeLessThan(1e-4),
    );
  });
});
