import fc from 'fast-check';
import { beforeAll, describe, expect, it } from 'vitest';
import { WorkbenchError } from '../../utils/errors';
import { testMatrix } from '../../training/made-up-table';
import { parseBoosterParams } from '../../training/params';
import { trainBooster } from '../../training/train';
import type { Booster } from '../../training/types';
import { floatText } from './float-text';
import { parseJson } from './parse-json';
import { readXgboostJson } from './read';
import { writeXgboostJson } from './write';

let booster: Booster;
let text: string;

beforeAll(async () => {
  const matrix = testMatrix(200, 3);
  const request = {
    matrix,
    rows: Int32Array.from({ length: 150 }, (_, row) => row),
    validationRows: Int32Array.from({ length: 50 }, (_, row) => 150 + row),
  };
  const params = parseBoosterParams({ max_depth: 3, eta: 0.1, seed: 5, scale_pos_weight: 2 });
  booster = (await trainBooster({ ...request, params, numBoostRound: 8, earlyStoppingRounds: 3 }, {})).booster;
  text = writeXgboostJson({ ...booster, featureNames: ['plain', 'with "quotes" \\ é', '__proto__'] });
});

const refusal = (source: string): string => {
  try {
    readXgboostJson(source);
  } catch (error) {
    return error instanceof WorkbenchError && error.code === 'INTEROP_INVALID'
      ? error.message
      : `other: ${String(error)}`;
  }
  return 'accepted';
};
/** The text with the first match replaced; the match must be there. */
const changed = (from: string | RegExp, to: string) => {
  const after = text.replace(from, to);
  expect(after).not.toBe(text);
  return after;
};

/** The first tree with its last split pointing back at the split above it. */
function loopedBelow(): string {
  const lists = /"left_children":\[([^\]]*)\]/.exec(text)?.[1]?.split(',') ?? [];
  const last = lists.findLastIndex((child) => child !== '-1');
  lists[last] = String(last);
  return changed(/"left_children":\[[^\]]*\]/, `"left_children":[${lists.join(',')}]`);
}

/** The root of the first tree split by category 1 of its feature. */
function byCategory(nodes: string, segments: string, sizes: string): string {
  return changed('"split_type":[0', '"split_type":[1').replace(
    '"categories":[],"categories_nodes":[],"categories_segments":[],"categories_sizes":[]',
    `"categories":[1],"categories_nodes":${nodes},"categories_segments":${segments},"categories_sizes":${sizes}`,
  );
}

describe('floatText', () => {
  it('is short, has a point or exponent, and reads back as the same float32', () => {
    fc.assert(
      fc.property(fc.float({ noNaN: true, noDefaultInfinity: true }), (value) => {
        const written = floatText(value);
        expect(Object.is(Math.fround(Number(written)), value)).toBe(true);
        expect(written).toMatch(/[.e]/);
        expect(written.replace(/e.*|[-.]/g, '').replace(/^0+|0+$/g, '').length).toBeLessThanOrEqual(9);
      }),
      { numRuns: 2000 },
    );
  });

  it.each([
    [3, '3.0'],
    [0, '0.0'],
    [-0, '-0.0'],
    [0.3, '0.3'],
    [1e30, '1e+30'],
    [-2.5e-9, '-2.5e-9'],
    [16777216, '16777216.0'],
  ])('%d is %s', (value, written) => expect(floatText(value)).toBe(written));
});

describe('a written model', () => {
  it('is read back equal, names and parameters included', () => {
    const again = readXgboostJson(text);
    expect(again).toEqual({ ...booster, featureNames: ['plain', 'with "quotes" \\ é', '__proto__'] });
    expect(writeXgboostJson(again)).toBe(text);
  });

  it('is plain JSON with what XGBoost asks for', () => {
    const { learner, version } = JSON.parse(text) as {
      learner: Record<string, Record<string, unknown>>;
      version: number[];
    };
    expect(version).toHaveLength(3);
    expect(learner['attributes']).toMatchObject({ best_iteration: String(booster.bestIteration) });
    expect(learner['learner_model_param']?.['base_score']).toMatch(/^\d*\.\d{1,9}$/);
    expect(text).not.toMatch(/"(split_conditions|loss_changes|sum_hessian|base_weights)":\[(?:[^\]]*,)?-?\d+[,\]]/);
    expect(text).toContain('"categories":[],"categories_nodes":[],"categories_segments":[],"categories_sizes":[]');
  });

  it('is read in the shapes other versions write', () => {
    const base = /"base_score":"([^"]*)"/.exec(text)?.[1] ?? '';
    expect(readXgboostJson(changed(`"base_score":"${base}"`, `"base_score":"[${base}E0]"`)).baseScore).toBe(
      booster.baseScore,
    );
    const booleans = text.replace(
      /"default_left":\[([^\]]*)\]/g,
      (_, list: string) => `"default_left":[${list.replace(/0/g, 'false').replace(/1/g, 'true')}]`,
    );
    expect(readXgboostJson(booleans).trees).toEqual(booster.trees);
    expect(readXgboostJson(changed(/"glasshouse_params":"(?:[^"\\]|\\.)*"/, '"other":"x"')).params).toEqual(
      parseBoosterParams({}),
    );
    expect(
      readXgboostJson(changed(/"feature_names":\[.*?\],"feature_types"/, '"feature_names":[],"feature_types"'))
        .featureNames,
    ).toEqual(['f0', 'f1', 'f2']);
    expect(
      readXgboostJson(changed(/"loss_changes":\[[^,]*/, '"loss_changes":[NaN')).trees[0]?.lossChanges[0],
    ).toBeNaN();
    expect(
      readXgboostJson(changed(/"split_conditions":\[[^,]*/, '"split_conditions":[-Infinity')).trees[0]
        ?.splitConditions[0],
    ).toBe(-Infinity);
  });
});

describe('hostile files', () => {
  const cases: readonly (readonly [string, () => string, RegExp])[] = [
    ['nothing', () => '', /expects a value at character 1/],
    ['not an object', () => '3', /learner is missing/],
    ['cut off', () => text.slice(0, 2000), /not the JSON of a model/],
    ['text after the end', () => `${text}x`, /more text after the end/],
    ['a long list', () => `[${'1,'.repeat(8_000_001)}1]`, /a list of more than 8000000 values/],
    ['many lists', () => `[${'[],'.repeat(5_000_001)}1]`, /holds more than 5000000 lists, objects and texts/],
    ['a long text', () => `{"${'é😀'.repeat(10_000_000)}":1}`, /learner is missing/],
    ['deep nesting', () => '['.repeat(100_000), /more than 32 levels deep/],
    ['the same key twice', () => '{"learner":{},"learner":{}}', /same key twice/],
    ['another objective', () => changed('"name":"binary:logistic"', '"name":"survival:cox"'), /survival:cox/],
    ['another booster', () => changed('"name":"gbtree"', '"name":"gblinear"'), /booster gblinear is not supported/],
    ['classes', () => changed('"num_class":"0"', '"num_class":"3"'), /num_class is 3/],
    ['targets', () => changed('"num_target":"1"', '"num_target":"2"'), /num_target is 2/],
    [
      'rounds that do not fit the trees',
      () => changed('"num_parallel_tree":"1"', '"num_parallel_tree":"97"'),
      /do not make rounds of 97/,
    ],
    ['an output that is not there', () => changed('"tree_info":[0', '"tree_info":[1'), /tree_info names output 1 of 1/],
    [
      'a wrong count of trees',
      () => changed(/"num_trees":"\d+"/, '"num_trees":"99"'),
      /has \d+ trees, but num_trees is 99/,
    ],
    [
      'no features',
      () => changed(/"num_feature":"3"},"objective|"num_feature":"3","num_target"/, '"num_feature":"0","num_target"'),
      /num_feature is 0/,
    ],
    [
      'a child out of range',
      () => changed('"left_children":[1', '"left_children":[999'),
      /tree 0\.left_children\[0\] is 999/,
    ],
    ['a cycle', () => changed('"left_children":[1', '"left_children":[0'), /reaches node 0 twice/],
    [
      'a shared child',
      () => changed('"left_children":[1', '"left_children":[2'),
      /reaches node 2 twice|parent of node/,
    ],
    ['a loop further down', () => loopedBelow(), /reaches node \d+ twice/],
    ['half a pair', () => changed('"left_children":[1', '"left_children":[-1'), /gives node 0 only one child/],
    ['a wrong parent', () => changed('"parents":[2147483647,0', '"parents":[2147483647,2'), /parent of node 1 is 2/],
    [
      'a feature out of range',
      () => changed(/"split_indices":\[\d/, '"split_indices":[7'),
      /split_indices\[0\] is 7, expected a whole number from 0 to 2/,
    ],
    ['a fraction as index', () => changed(/"split_indices":\[\d/, '"split_indices":[1.5'), /is 1\.5/],
    [
      'a short list',
      () => changed(/"base_weights":\[[^,]*,/, '"base_weights":['),
      /base_weights has \d+ entries, expected/,
    ],
    ['text for a number', () => changed(/"base_weights":\[[^,]*/, '"base_weights":["x"'), /is x, expected a number/],
    [
      'a condition that is no number',
      () => changed(/"split_conditions":\[[^,]*/, '"split_conditions":[NaN'),
      /cannot be compared with/,
    ],
    [
      'an infinite leaf',
      () => changed(/"split_conditions":\[([^\]]*),[^,\]]*\]/, '"split_conditions":[$1,1e39]'),
      /split_conditions\[\d+\] is Infinity, which cannot be a leaf value/,
    ],
    [
      'rounds that end elsewhere',
      () => changed(/("iteration_indptr":\[[^\]]*)\]/, '$1,99]'),
      /iteration_indptr does not end at the \d+ trees there are/,
    ],
    ['a negative cover', () => changed(/"sum_hessian":\[[^,]*/, '"sum_hessian":[-1.0'), /sum_hessian\[0\] is -1/],
    ['categories', () => changed('"split_type":[0', '"split_type":[1'), /splits node 0 by category but lists none/],
    [
      'categories of a node that does not split by them',
      () =>
        changed('"categories_nodes":[]', '"categories_nodes":[0]').replace(
          '"categories_segments":[],"categories_sizes":[]',
          '"categories_segments":[0],"categories_sizes":[0]',
        ),
      /categories_nodes\[0\] is 0, which split_type does not call a split by category/,
    ],
    [
      'categories of a node twice',
      () => byCategory('[0,0]', '[0,0]', '[1,1]'),
      /categories_nodes\[1\] is 0 a second time/,
    ],
    ['categories beyond their list', () => byCategory('[0]', '[0]', '[2]'), /categories_sizes\[0\] is 2, expected/],
    ['dart without weights', () => changed('"name":"gbtree"', '"name":"dart"'), /weight_drop is missing/],
    [
      'a weight that is no number',
      () => changed('"name":"gbtree"}', `"name":"dart","weight_drop":[NaN${',1.0'.repeat(booster.trees.length - 1)}]}`),
      /weight_drop\[0\] is NaN, expected a finite number/,
    ],
    ['vector leaves', () => changed('"size_leaf_vector":"1"', '"size_leaf_vector":"3"'), /vector leaves/],
    [
      'too many nodes',
      () => changed(/"num_nodes":"\d+"/, '"num_nodes":"9999999999"'),
      /num_nodes is 9999999999, more than/,
    ],
    [
      'a base_score of 1',
      () => changed(/"base_score":"[^"]*"/, '"base_score":"1"'),
      /base_score is 1, expected a probability/,
    ],
    [
      'a vector base_score',
      () => changed(/"base_score":"[^"]*"/, '"base_score":"[5E-1,5E-1]"'),
      /base_score has 2 numbers for 1 output/,
    ],
    [
      'a round that is not there',
      () => changed(/"best_iteration":"\d+"/, '"best_iteration":"99"'),
      /best_iteration is not the number of a round/,
    ],
    ['wrong parameters', () => changed('\\"eta\\":0.1', '\\"eta\\":7'), /glasshouse_params is wrong.*eta is 7/],
    ['too few names', () => changed(/"feature_names":\["plain",/, '"feature_names":['), /has 2 names for 3 features/],
    [
      'a name twice',
      () => changed('"feature_names":["plain","with \\"quotes\\" \\\\ é"', '"feature_names":["plain","plain"'),
      /same name twice/,
    ],
    [
      'a hidden node',
      () =>
        changed(/"left_children":\[1,(-?\d+)/, '"left_children":[1,-1').replace(
          /"right_children":\[2,(-?\d+)/,
          '"right_children":[2,-1',
        ),
      /cannot be reached|cannot be a leaf/,
    ],
  ];

  it.each(cases)('%s: refused with the reason', (_, make, message) => expect(refusal(make())).toMatch(message));

  it('never crash the reader: a change anywhere is read or refused', () => {
    fc.assert(
      fc.property(
        fc.nat(),
        fc.constantFrom('', '0', '-1', '"', ']', '{', 'NaN', '1e999', '\\', '\u0000'),
        (at, put) => {
          const place = at % text.length;
          expect(refusal(text.slice(0, place) + put + text.slice(place + 1))).not.toMatch(/^other/);
        },
      ),
      { numRuns: 300 },
    );
  });
});

describe('parseJson', () => {
  it('reads what JSON.parse reads', () => {
    const toPlain = (value: unknown): unknown =>
      value instanceof Map
        ? Object.fromEntries([...value].map(([key, inner]: [string, unknown]) => [key, toPlain(inner)]))
        : Array.isArray(value)
          ? value.map(toPlain)
          : value;
    fc.assert(
      fc.property(fc.jsonValue({ maxDepth: 5 }), fc.boolean(), (value, spaced) => {
        const source = JSON.stringify(value, null, spaced ? 2 : 0);
        expect(toPlain(parseJson(source))).toEqual(JSON.parse(source));
      }),
    );
  });
});
