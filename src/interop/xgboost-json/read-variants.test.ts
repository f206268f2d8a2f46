import { beforeAll, describe, expect, it } from 'vitest';
import { testMatrix } from '../../training/made-up-table';
import { parseBoosterParams } from '../../training/params';
import { predictMargin } from '../../training/predict';
import { trainBooster } from '../../training/train';
import type { Booster } from '../../training/types';
import { readXgboostJson } from './read';
import { writeXgboostJson } from './write';

let booster: Booster;
let text: string;

beforeAll(async () => {
  const params = parseBoosterParams({ max_depth: 3 });
  booster = (await trainBooster({ matrix: testMatrix(150, 3), params, numBoostRound: 3 }, {})).booster;
  text = writeXgboostJson(booster);
});

/** The text with the first match replaced; the match must be there. */
const changed = (from: string | RegExp, to: string) => {
  const after = text.replace(from, to);
  expect(after).not.toBe(text);
  return after;
};

describe('files as XGBoost has them', () => {
  it('a split by category makes its feature one, and its condition, NaN in 1.7, counts for nothing', () => {
    const source = changed(
      '"categories":[],"categories_nodes":[],"categories_segments":[],"categories_sizes":[]',
      '"categories":[1],"categories_nodes":[0],"categories_segments":[0],"categories_sizes":[1]',
    )
      .replace('"split_type":[0', '"split_type":[1')
      .replace(/"split_conditions":\[[^,]*/, '"split_conditions":[NaN');
    const read = readXgboostJson(source);
    expect(read.trees[0]?.categories).toEqual(new Map([[0, Int32Array.of(1)]]));
    expect(read.trees[0]?.splitConditions[0]).toBe(0);
    expect(read.featureTypes?.[booster.trees[0]?.splitIndices[0] ?? -1]).toBe('c');
    expect(readXgboostJson(writeXgboostJson(read))).toEqual(read);
  });

  it.each(['dart', 'gbtree'])('weights of trees inside the model of a %s, as 3.4 writes them', (name) => {
    const weights = Float32Array.from(booster.trees, (_, i) => 1 / (i + 1));
    const inline = changed(
      '"model":{"gbtree_model_param"',
      `"model":{"weight_drop":[${weights.join(',')}],"gbtree_model_param"`,
    );
    const read = readXgboostJson(inline.replace('"name":"gbtree"', `"name":"${name}"`));
    expect(read.treeWeights).toEqual(weights);
    expect(read.params.booster).toBe('dart');
  });

  it('a gain of NaN and an infinite condition are written as XGBoost does', () => {
    const source = changed(/"loss_changes":\[[^,]*/, '"loss_changes":[NaN').replace(
      /"split_conditions":\[[^,]*/,
      '"split_conditions":[-Infinity',
    );
    const read = readXgboostJson(source);
    expect(writeXgboostJson(read)).toContain('"split_conditions":[-Infinity,');
    expect(readXgboostJson(writeXgboostJson(read))).toEqual(read);
  });
});

describe('a base score for each class', () => {
  const classes = (weights: string) => {
    const leaf = (value: number, id: number) =>
      `{"base_weights":[0.0],"default_left":[0],"id":${id},"left_children":[-1],"loss_changes":[0.0],"parents":[2147483647],"right_children":[-1],"split_conditions":[${value.toFixed(1)}],"split_indices":[0],"sum_hessian":[1.0],"tree_param":{"num_nodes":"1"}}`;
    const trees = [1, 2, 3, 4].map(leaf).join(',');
    return `{"learner":{"gradient_booster":{"gbtree":{"model":{"gbtree_model_param":{"num_trees":"4"},"tree_info":[0,1,0,1],"trees":[${trees}]},"name":"gbtree"},"name":"dart","weight_drop":${weights}},"learner_model_param":{"base_score":"[5E-1,-2.5E-1]","num_class":"2","num_feature":"1"},"objective":{"name":"multi:softprob"}}}`;
  };

  it('goes into the first tree of each, times the weight that the tree has', () => {
    const margins = predictMargin(readXgboostJson(classes('[0.5,2.0,1.0,1.0]')), [Float32Array.of(0)]);
    expect([...margins]).toEqual([0.5 + 0.5 + 3, -0.25 + 4 + 4]);
  });

  it('passes over a tree that counts for nothing', () => {
    const margins = predictMargin(readXgboostJson(classes('[0.0,2.0,1.0,1.0]')), [Float32Array.of(0)]);
    expect([...margins]).toEqual([0.5 + 3, -0.25 + 4 + 4]);
    const read = (weights: string) => () => readXgboostJson(classes(weights));
    expect(read('[0.0,2.0,0.0,1.0]')).toThrow(/starts output 0 from its own number, but no tree can/);
    expect(read('[1e-39,2.0,1.0,1.0]')).toThrow(/too large to be added to the leaves of tree 0/);
  });
});
