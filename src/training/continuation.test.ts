import { describe, expect, it } from 'vitest';
import { testMatrix } from './made-up-table';
import { parseBoosterParams } from './params';
import { trainBooster } from './train';
import type { Booster } from './types';

const matrix = testMatrix(400);
const train = (params: Record<string, unknown>, numBoostRound: number, more: object = {}) =>
  trainBooster({ matrix, params: parseBoosterParams(params), numBoostRound, ...more }, {});

describe('training that goes on from a model', () => {
  it.each([
    [{ subsample: 0.7, colsample_bytree: 0.8, colsample_bynode: 0.7 }],
    [{ objective: 'multi:softprob', num_class: 2, num_parallel_tree: 2, subsample: 0.5 }],
    [{ objective: 'reg:absoluteerror', max_leaves: 6, grow_policy: 'lossguide' }],
  ])('gives the model that one training gives: %o', async (params) => {
    const evals = [{ name: 'other', matrix: testMatrix(100, 5, 2) }];
    const whole = await train(params, 7, { evals });
    const { booster } = await train(params, 3);
    const rest = await train(params, 4, { evals, baseBooster: booster });
    expect(rest.booster).toEqual(whole.booster);
    expect(rest.bestIteration).toBe(6);
    expect(rest.history['other']?.[Object.keys(rest.history['other']).at(0) ?? '']).toEqual(
      Object.values(whole.history['other'] ?? {})[0]?.slice(3),
    );
  });

  it('counts the rounds of the base model in the best round, and keeps its trees', async () => {
    const { booster } = await train({ eta: 1, max_depth: 8, min_child_weight: 0 }, 30);
    const request = { baseBooster: booster, evals: [{ name: 'v', matrix: testMatrix(100, 5, 3) }] };
    const more = await train({ eta: 1, max_depth: 8, min_child_weight: 0 }, 20, { ...request, earlyStoppingRounds: 3 });
    expect(more.bestIteration).toBeGreaterThanOrEqual(30);
    expect(more.booster.trees).toHaveLength(more.bestIteration + 1);
    expect(more.booster.trees.slice(0, 30)).toEqual(booster.trees);
    expect(more.booster.bestIteration).toBe(more.bestIteration);
  });

  it.each<[Record<string, unknown>, (booster: Booster) => Booster, RegExp]>([
    [{ objective: 'reg:logistic' }, (b) => b, /its objective is binary:logistic, the parameters say reg:logistic/],
    [{ num_parallel_tree: 2 }, (b) => b, /its num_parallel_tree is 1, the parameters say 2/],
    [{ base_score: 0.125 }, (b) => b, /parameters say base_score 0\.125/],
    [{ booster: 'dart' }, (b) => b, /booster dart weighs its trees again/],
    [{}, (b) => ({ ...b, featureNames: ['f0', 'x', 'f2', 'f3', 'f4'] }), /feature 2 is x there and f1 in the data/],
    [{}, (b) => ({ ...b, featureNames: b.featureNames.slice(0, 4) }), /feature 5 is none there and f4 in the data/],
    [
      {},
      (b) => ({ ...b, featureTypes: ['float', 'c', 'float', 'float', 'float'] }),
      /f1 holds categories there and numbers in the data/,
    ],
  ])('refuses %o with a model that does not fit', async (params, change, message) => {
    const { booster } = await train({}, 2);
    await expect(train(params, 2, { baseBooster: change(booster) })).rejects.toThrow(message);
  });
});
