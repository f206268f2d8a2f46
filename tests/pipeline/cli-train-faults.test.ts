import { existsSync, mkdirSync, readdirSync } from 'node:fs';
import { beforeAll, describe, expect, test } from 'vitest';
import { glasshouse } from './command';
import { at, BINARY, carryOut, file, folder, LEARN, writeRows } from './training-files';

beforeAll(writeRows);

describe('faults', () => {
  const XY = ['x,y', '1,0', '2,1'];
  const wide = () => file('towns.csv', 'town,y', ...Array.from({ length: 100_000 }, (_, i) => `t${i},${i % 2}`));
  const cases: readonly (readonly [string, readonly string[], readonly string[], string])[] = [
    [
      'a label outside the range',
      ['x,y', '1,0', '2,2'],
      BINARY,
      'd.csv: Row 2 has the label 2, but binary:logistic needs',
    ],
    ['a missing label', ['x,y', '1,0', '2,'], [], 'd.csv: row 2 has no label (column "y")'],
    ['an infinite label', ['x,y', '1,0', '2,1e39'], [], 'd.csv: row 2 has the label 1e+39'],
    ['a label of text', ['x,y', '1,no', '2,yes'], [], 'the label (column "y") is no number: "no" in row 1'],
    ['no label column', ['x,z', '1,0'], [], 'd.csv: there is no column "y" (--label)'],
    [
      'no label column of that name',
      ['x,outcome,y', '1,0,1'],
      ['--weight', 'outcme'],
      '(--weight); did you mean "outcome"?',
    ],
    ['no feature', ['y', '1', '2'], [], 'd.csv: no column is left to learn from'],
    ['a negative weight', ['x,w,y', '1,1,0', '2,-0.5,1'], ['--weight', 'w'], 'd.csv: row 2 has the weight -0.5'],
    ['a missing weight', ['x,w,y', '1,1,0', '2,,1'], ['--weight', 'w'], 'd.csv: row 2 has no weight'],
    ['weights of 0', ['x,w,y', '1,0,0', '2,0,1'], ['--weight', 'w'], 'd.csv: all weights (column "w") are 0'],
    ['no weight column', XY, ['--weight', 'w'], 'd.csv: there is no column "w" (--weight)'],
    ['an unknown category column', XY, ['--categorical', 'z'], 'd.csv: there is no column "z" (--categorical)'],
    ['an unknown ignored column', XY, ['--ignore', 'z'], 'd.csv: there is no column "z" (--ignore)'],
    [
      'text',
      ['x,town,y', '1,Rome,0', '2,Oslo,1'],
      [],
      'the column "town" holds text ("Rome" in row 1), which trees do not take as a number. Name it in --categorical',
    ],
    ['a GPU without its package', XY, ['--backend', 'webgpu'], '--backend webgpu needs the package webgpu, which'],
    ['dates', ['x,day,y', '1,2026-01-02,0', '2,2026-01-03,1'], [], 'the column "day" holds dates'],
    ['an infinite feature', ['x,y', '1,0', '1e39,1'], [], 'd.csv: row 2 of the column "x" holds 1e+39, beyond'],
    [
      'a category code too high',
      ['x,k,y', '1,0,0', '2,255,1'],
      ['--categorical', 'k'],
      'Feature k is categorical and row 2 holds 255',
    ],
    [
      'a category that is no code',
      ['x,k,y', '1,0,0', '2,0.5,1'],
      ['--categorical', 'k'],
      'Feature k is categorical and row 2 holds 0.5',
    ],
    [
      'an unknown parameter',
      XY,
      ['--params', '{"max_dept":3}'],
      '"max_dept" is not a supported parameter (did you mean max_depth?)',
    ],
    ['a parameter out of bounds', XY, ['--params', '{"eta":-1}'], 'eta is -1, expected'],
    [
      'a name and its alias',
      XY,
      ['--params', '{"eta":0.1,"learning_rate":0.1}'],
      'eta and learning_rate are the same parameter',
    ],
    ['no end of a tree', XY, ['--params', '{"max_depth":0}'], 'max_depth and max_leaves are both 0'],
    [
      'rounds as a parameter',
      XY,
      ['--params', '{"num_boost_round":3}'],
      '--params sets num_boost_round, which is no parameter of trees; give --num-boost-round',
    ],
    ['parameters that are no object', XY, ['--params', '{"eta":'], '--params is neither JSON nor YAML'],
    [
      'a parameter file that is not there',
      XY,
      ['--params', 'none.yaml'],
      '--params is neither JSON such as {"eta": 0.1} nor a file that can be read',
    ],
    [
      'a metric that is not there',
      XY,
      ['--params', '{"eval_metric":"acu"}'],
      'There is no metric "acu". Did you mean "auc"?',
    ],
    ['two seeds', XY, ['--params', '{"seed":1}', '--seed', '2'], '--seed is 2, but --params says seed 1'],
    ['classes without a number', XY, ['--params', '{"objective":"multi:softmax"}'], 'needs num_class'],
    [
      'a ranking without groups',
      XY,
      ['--params', '{"objective":"rank:ndcg"}'],
      'rank:ndcg orders rows within groups; name their column with --group',
    ],
    ['groups without a ranking', ['x,q,y', '1,1,0'], ['--group', 'q'], '--group belongs to rank:*'],
    [
      'groups apart',
      ['x,q,y', '1,a,0', '2,b,1', '3,a,1'],
      ['--group', 'q', '--params', '{"objective":"rank:ndcg"}'],
      'row 3 is of the group "a" again (column "q"), which ended in row 1',
    ],
    [
      'a row without a group',
      ['x,q,y', '1,a,0', '2,,1'],
      ['--group', 'q', '--params', '{"objective":"rank:ndcg"}'],
      'row 2 has no group',
    ],
    [
      'weights that differ in a group',
      ['x,q,w,y', '1,a,1,0', '2,a,2,1'],
      ['--group', 'q', '--weight', 'w', '--params', '{"objective":"rank:ndcg"}'],
      'so give all rows of one the same weight',
    ],
  ];

  test.each(cases)('%s', async (_name, lines, flags, says) => {
    const path = file('d.csv', ...lines);
    const before = readdirSync(folder);
    await expect(
      carryOut(['train', '--data', path, '--label', 'y', ...flags, '--out', at('fault.json')]),
    ).rejects.toMatchObject({
      name: 'WorkbenchError',
      message: expect.stringContaining(says) as string,
    });
    expect(readdirSync(folder)).toEqual(before);
  });

  test('too many categories are counted and named', async () => {
    await expect(
      carryOut(['train', '--data', wide(), '--label', 'y', '--categorical', 'town', '--out', at('w.json')]),
    ).rejects.toThrow('towns.csv: The column "town" has 100,000 categories; a model takes at most 255');
  });

  test.each([
    [
      'other columns',
      ['x2,y', '1,0'],
      'v.csv: columns that the model was trained on are missing: "x" (did you mean "x2"?)',
    ],
    ['no label', ['x,z', '1,0'], 'v.csv: there is no column "y" (--label)'],
    ['text for a number', ['x,y', 'a,0'], 'v.csv: the column "x" holds text ("a" in row 1)'],
    ['a label outside the range', ['x,y', '1,3'], 'v.csv: Row 1 has the label 3'],
  ])('a watched file with %s', async (_name, lines, says) => {
    const line = [
      'train',
      '--data',
      file('d.csv', ...XY),
      '--label',
      'y',
      ...BINARY,
      '--eval',
      file('v.csv', ...lines),
    ];
    await expect(carryOut([...line, '--out', at('v.json')])).rejects.toThrow(says);
  });

  test.each([
    ['a missing column', ['town,k', 'Rome,1'], 'n.csv: columns that the model was trained on are missing: "x".'],
    [
      'an unknown category',
      ['town,k,x', 'Rome,1,2', 'Wien,1,2'],
      'n.csv: Row 2 of the column "town" holds "Wien", a category',
    ],
    ['an unknown code', ['town,k,x', 'Rome,9,2'], 'n.csv: Row 1 of the column "k" holds 9, a category'],
    [
      'text for a number',
      ['town,k,x', 'Rome,1,much'],
      'n.csv: the column "x" holds text ("much" in row 1), but the model takes numbers there',
    ],
  ])('rows to predict with %s', async (_name, lines, says) => {
    await carryOut([...LEARN(), ...BINARY, '--out', at('f.json')]);
    const line = ['predict', '--model', at('f.json'), '--data', file('n.csv', ...lines), '--out', at('n-p.csv')];
    await expect(carryOut(line)).rejects.toThrow(says);
    expect(existsSync(at('n-p.csv'))).toBe(false);
  });

  test('a base model with another objective, other features or other categories', async () => {
    await carryOut([...LEARN(), ...BINARY, '--out', at('base.json')]);
    const line = ['train', '--label', 'y', '--base-model', at('base.json'), '--out', at('on.json')];
    const rows = ['--data', at('learn.csv')];
    await expect(
      carryOut([...line, ...rows, '--ignore', 'id,q,w', '--params', '{"objective":"reg:squarederror"}']),
    ).rejects.toThrow('its objective is binary:logistic');
    await expect(carryOut([...line, ...rows, '--ignore', 'id'])).rejects.toThrow(
      'learn.csv: the base model was not trained on w, q; leave them out with --ignore.',
    );
    await expect(carryOut([...line, ...rows, '--ignore', 'id,q', '--weight', 'x'])).rejects.toThrow(
      'the column "x" is a feature of the base model',
    );
    await expect(carryOut([...line, '--data', file('c.csv', 'town,x,k,y', 'Wien,1,1,0')])).rejects.toThrow(
      'c.csv: Row 1 of the column "town" holds "Wien"',
    );
  });

  test('places to write to are tried before work begins', async () => {
    mkdirSync(at('folder.json'), { recursive: true });
    const line = (out: string) => ['train', '--data', at('none.csv'), '--label', 'y', '--out', out];
    await expect(carryOut(line(at('folder.json')))).rejects.toThrow('where something else than a file stands');
    await expect(carryOut(line(at('m.ubj')))).rejects.toThrow('expected a file that ends in .json, .onnx');
    await expect(carryOut(line('/proc/nowhere/m.json'))).rejects.toThrow('Cannot write to /proc/nowhere');
    await expect(carryOut(line(at('deep/er/m.json')))).rejects.toThrow('Cannot read');
    expect(existsSync(at('deep'))).toBe(false);
    const same = ['predict', '--model', at('m.json'), '--data', at('learn.csv'), '--out', at('learn.csv')];
    await expect(carryOut(same)).rejects.toThrow('which is read as well');
    await expect(carryOut(['train', '--data', at('d.txt'), '--label', 'y', '--out', at('x.json')])).rejects.toThrow(
      'expected a file that ends in .csv, .parquet, .arrow',
    );
  });

  test('end with code 2, a sentence on standard error and nothing on standard output', () => {
    const { status, stdout, stderr } = glasshouse(
      'train',
      '--data',
      at('none.csv'),
      '--label',
      'y',
      '--out',
      at('e.json'),
      '--json',
    );
    expect([status, stdout]).toEqual([2, '']);
    expect(stderr).toContain(`glasshouse: Cannot read ${at('none.csv')}`);
    expect(stderr).not.toContain('    at ');
  });
});
