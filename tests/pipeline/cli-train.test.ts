import { existsSync, mkdirSync, mkdtempSync, readdirSync, readFileSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { beforeAll, describe, expect, test } from 'vitest';
import { z } from 'zod';
import { parseArguments } from '../../src/cli/arguments';
import { predictFile } from '../../src/cli/predict';
import { train } from '../../src/cli/train';
import { encodeArrow } from '../../src/platform/arrow/ipc';
import { writeParquet } from '../../src/platform/parquet/write';
import { readCsv } from '../../src/data/csv/read-csv';
import { makeRandom } from '../../src/utils/random';
import { glasshouse } from './command';

const trainSummary = z.strictObject({
  model: z.string(),
  model_sha256: z.string().regex(/^[0-9a-f]{64}$/),
  objective: z.string(),
  rows: z.int(),
  features: z.int(),
  categorical: z.array(z.string()),
  rounds: z.int(),
  trees: z.int(),
  best_iteration: z.int().nullable(),
  seed: z.int(),
  backend: z.enum(['wasm', 'js']),
  threads: z.int(),
  params: z.record(z.string(), z.unknown()),
  history: z.record(z.string(), z.record(z.string(), z.array(z.number().nullable()))),
  evals: z.array(z.strictObject({ name: z.string(), rows: z.int(), ignored_columns: z.int() })),
  warnings: z.array(z.string()),
});
const predictSummary = z.strictObject({
  model: z.string(),
  objective: z.string(),
  out: z.string(),
  rows: z.int(),
  trees: z.int(),
  columns: z.array(z.string()),
  ignored_columns: z.int(),
  warnings: z.array(z.string()),
});

const folder = mkdtempSync(join(tmpdir(), 'glasshouse-train-'));
const at = (name: string) => join(folder, name);
const DOCS = readFileSync('docs/cli.md', 'utf8');

/** Writes a CSV file and returns its path. */
function file(name: string, ...lines: readonly string[]): string {
  writeFileSync(at(name), `${lines.join('\n')}\n`);
  return at(name);
}

const TOWNS = ['Bonn', 'Köln', 'Oslo', 'Rome'];

/** Rows of town, x, k, weight, query, id and y; some cells empty. */
function madeUp(rows: number, seed: number): readonly string[] {
  const random = makeRandom(seed, 'cli');
  const line = (row: number) => {
    const [town, x, k] = [random.int(4), Math.round(100 * random.normal()) / 100, random.int(3)];
    const y = (town > 1 ? 1 : 0) + x + 0.3 * random.normal() > 0.5 ? 1 : 0;
    const cells = [random.chance(0.1) ? '' : TOWNS[town], random.chance(0.1) ? 'NA' : x, k, 1 + random.int(3)];
    return [...cells, `q${Math.floor(row / 10)}`, `id${row}`, y].join(',');
  };
  return ['town,x,k,w,q,id,y', ...Array.from({ length: rows }, (_, row) => line(row))];
}

const LEARN = () => [
  'train',
  '--data',
  at('learn.csv'),
  '--label',
  'y',
  '--ignore',
  'id,q,w',
  '--categorical',
  'town,k',
];
const BINARY = ['--params', '{"objective":"binary:logistic","max_depth":3}'];

/** Runs a command in this process; its summary. */
async function carryOut(line: readonly string[]): Promise<object> {
  const args = parseArguments(line);
  if (typeof args === 'string' || args.verb === 'run') throw new Error('not a command of this test');
  const { summary } = await (args.verb === 'train' ? train(args, () => undefined) : predictFile(args, () => undefined));
  return summary;
}

async function trained(line: readonly string[]) {
  return trainSummary.parse(JSON.parse(JSON.stringify(await carryOut(line))));
}

const model = (name: string) => readFileSync(at(name), 'utf8');

beforeAll(() => {
  file('learn.csv', ...madeUp(300, 1));
  file('watch.csv', ...madeUp(100, 2));
});

describe('glasshouse train and predict', () => {
  test('print one JSON object of the documented shape each, and predictions come back row by row', () => {
    const learned = glasshouse(
      ...LEARN(),
      ...BINARY,
      ...['--eval', at('watch.csv'), '--early-stopping-rounds', '2', '--num-boost-round', '40'],
      ...['--out', at('m.json'), '--json'],
    );
    expect(learned.stderr).toContain('[0]\ttrain-logloss:');
    expect(learned.status).toBe(0);
    const said = trainSummary.parse(JSON.parse(learned.stdout));
    expect(learned.stdout.trim().split('\n')).toHaveLength(1);
    expect(said).toMatchObject({
      rows: 300,
      features: 3,
      categorical: ['town', 'k'],
      evals: [{ name: 'watch', rows: 100 }],
    });
    expect(said.rounds).toBe((said.best_iteration ?? NaN) + 1);
    expect(said.history['watch']?.['logloss']?.length).toBe(said.rounds + 2);

    const predicted = glasshouse(
      ...['predict', '--model', at('m.json'), '--data', at('watch.csv'), '--out', at('p.csv'), '--json', '--quiet'],
    );
    expect([predicted.status, predicted.stderr]).toEqual([0, '']);
    expect(predictSummary.parse(JSON.parse(predicted.stdout))).toMatchObject({
      columns: ['prediction'],
      rows: 100,
      ignored_columns: 4,
    });
    const lines = readFileSync(at('p.csv'), 'utf8').trim().split('\n');
    expect(lines).toHaveLength(101);
    const labels = madeUp(100, 2).map((line) => Number(line.split(',').at(-1)));
    const loss = lines
      .slice(1)
      .reduce((sum, line, i) => sum - Math.log(labels[i + 1] === 1 ? Number(line) : 1 - Number(line)), 0);
    expect(loss / 100).toBeCloseTo(said.history['watch']?.['logloss']?.[said.best_iteration ?? 0] ?? NaN, 5);
    for (const key of [...Object.keys(trainSummary.shape), ...Object.keys(predictSummary.shape)])
      expect(DOCS).toContain(`\`${key}\``);
  }, 60_000);

  test('the same rows give the same model from CSV, Parquet and Arrow, on either backend and any threads', async () => {
    const { table } = await readCsv(readFileSync(at('learn.csv')), {}, {});
    writeFileSync(at('learn.parquet'), writeParquet(table));
    writeFileSync(at('learn.arrow'), encodeArrow(table));
    await carryOut([...LEARN(), ...BINARY, '--out', at('csv.json')]);
    for (const [name, ...flags] of [
      ['learn.parquet'],
      ['learn.arrow', '--backend', 'js'],
      ['learn.csv', '--threads', '1'],
    ]) {
      const line = [...LEARN(), ...BINARY, ...flags, '--out', at('other.json')];
      line[line.indexOf('--data') + 1] = at(name ?? '');
      await carryOut(line);
      expect(model('other.json')).toBe(model('csv.json'));
    }
    for (const ending of ['csv', 'parquet', 'arrow']) {
      await carryOut(['predict', '--model', at('csv.json'), '--data', at(`learn.${ending}`), '--out', at('same.csv')]);
      const text = readFileSync(at('same.csv'), 'utf8');
      writeFileSync(at('first.csv'), existsSync(at('first.csv')) ? readFileSync(at('first.csv')) : text);
      expect(text).toBe(readFileSync(at('first.csv'), 'utf8'));
    }
  });

  test('columns are found by name, and text categories by the model: another order changes nothing', async () => {
    await carryOut([...LEARN(), ...BINARY, '--out', at('m2.json')]);
    const rows = madeUp(50, 3).map((line) => line.split(','));
    file('there.csv', ...rows.map((cells) => cells.slice(0, 3).join(',')));
    file('back.csv', ...rows.map((cells) => cells.slice(0, 3).reverse().join(',')));
    for (const name of ['there', 'back'])
      await carryOut(['predict', '--model', at('m2.json'), '--data', at(`${name}.csv`), '--out', at(`p-${name}.csv`)]);
    expect(readFileSync(at('p-back.csv'), 'utf8')).toBe(readFileSync(at('p-there.csv'), 'utf8'));
    // One row of the last category alone still gets that category's code.
    file('one.csv', 'town,x,k', 'Rome,0.5,1');
    file('all.csv', 'town,x,k', ...TOWNS.map((town) => `${town},0.5,1`));
    for (const name of ['one', 'all'])
      await carryOut(['predict', '--model', at('m2.json'), '--data', at(`${name}.csv`), '--out', at(`p-${name}.csv`)]);
    expect(readFileSync(at('p-one.csv'), 'utf8').split('\n')[1]).toBe(
      readFileSync(at('p-all.csv'), 'utf8').split('\n')[4],
    );
  });

  test('texts that look like numbers stay texts where the model has texts', async () => {
    file(
      'codes.csv',
      'code,y',
      ...['A1', '07', '12', '07', 'A1', '12'].flatMap((code) => [
        `${code},${code === '07' ? 1 : 0}`,
        `${code},${code === '07' ? 1 : 0}`,
      ]),
    );
    await carryOut([
      'train',
      '--data',
      at('codes.csv'),
      '--label',
      'y',
      '--categorical',
      'code',
      '--params',
      '{"min_child_weight":0}',
      '--out',
      at('codes.json'),
    ]);
    file('few.csv', 'code', '07', '12');
    await carryOut(['predict', '--model', at('codes.json'), '--data', at('few.csv'), '--out', at('few-p.csv')]);
    const [, seven, twelve] = readFileSync(at('few-p.csv'), 'utf8').split('\n').map(Number);
    expect(seven).toBeGreaterThan(0.6);
    expect(twelve).toBeLessThan(0.4);
  });

  test.each([
    ['binary:logistic', 'y', [], ['prediction'], ['probability']],
    ['reg:squarederror', 'x2', [], ['prediction'], null],
    [
      'multi:softprob',
      'k',
      ['--num'],
      ['probability_0', 'probability_1', 'probability_2'],
      ['probability_0', 'probability_1', 'probability_2'],
    ],
    ['multi:softmax', 'k', ['--num'], ['prediction'], ['probability_0', 'probability_1', 'probability_2']],
  ])('columns of %s', async (objective, label, classes, plain, probability) => {
    file('small.csv', 'x,x2,k,y', ...Array.from({ length: 60 }, (_, i) => `${i % 7},${i % 5},${i % 3},${i % 2}`));
    const params = JSON.stringify({ objective, ...(classes.length > 0 ? { num_class: 3 } : {}) });
    await carryOut(['train', '--data', at('small.csv'), '--label', label, '--params', params, '--out', at('s.json')]);
    const line = ['predict', '--model', at('s.json'), '--data', at('small.csv'), '--out', at('s.csv')];
    expect(await carryOut(line)).toMatchObject({ columns: plain });
    expect(await carryOut([...line, '--output', 'margin'])).toMatchObject({
      columns: classes.length > 0 ? ['margin_0', 'margin_1', 'margin_2'] : ['margin'],
    });
    if (probability)
      expect(await carryOut([...line, '--output', 'probability'])).toMatchObject({ columns: probability });
    else
      await expect(carryOut([...line, '--output', 'probability'])).rejects.toThrow(
        `--output is probability, but ${objective} gives none`,
      );
  });

  test('--contribs adds SHAP values that sum to the margin', async () => {
    file('nums.csv', 'base,x,y', ...Array.from({ length: 80 }, (_, i) => `${i % 9},${i % 4},${i % 9 > 4 ? 1 : 0}`));
    await carryOut(['train', '--data', at('nums.csv'), '--label', 'y', ...BINARY, '--out', at('nums.json')]);
    const line = [
      'predict',
      '--model',
      at('nums.json'),
      '--data',
      at('nums.csv'),
      '--output',
      'margin',
      '--contribs',
      '--out',
      at('nums-p.csv'),
    ];
    expect(await carryOut(line)).toMatchObject({ columns: ['margin', 'shap_feature_base', 'shap_x', 'shap_base'] });
    for (const row of readFileSync(at('nums-p.csv'), 'utf8').trim().split('\n').slice(1)) {
      const [margin = NaN, ...shap] = row.split(',').map(Number);
      expect(Math.abs(shap.reduce((sum, value) => sum + value, 0) - margin)).toBeLessThan(1e-5);
    }
  });

  test('training goes on from a model, and its parameters with it', async () => {
    const line = [...LEARN(), '--num-boost-round'];
    await carryOut([...line, '6', ...BINARY, '--out', at('six.json')]);
    await carryOut([...line, '2', ...BINARY, '--out', at('two.json')]);
    const more = [
      'train',
      '--data',
      at('learn.csv'),
      '--label',
      'y',
      '--ignore',
      'id,q,w',
      '--base-model',
      at('two.json'),
    ];
    const said = await trained([...more, '--num-boost-round', '4', '--out', at('two.json')]);
    expect(said).toMatchObject({ rounds: 6, objective: 'binary:logistic', params: { max_depth: 3 } });
    expect(JSON.parse(model('two.json'))).toEqual(JSON.parse(model('six.json')));
    const other = await trained([
      ...more,
      '--params',
      '{"learning_rate":0.1}',
      '--num-boost-round',
      '1',
      '--out',
      at('seven.json'),
    ]);
    expect(other).toMatchObject({ rounds: 7, params: { eta: 0.1, max_depth: 3 } });
  });

  test('what is constant, alone, or always missing trains', async () => {
    file('odd.csv', 'same,empty,y', ...Array.from({ length: 20 }, (_, i) => `3,,${i % 2}`));
    await carryOut(['train', '--data', at('odd.csv'), '--label', 'y', ...BINARY, '--out', at('odd.json')]);
    await carryOut(['predict', '--model', at('odd.json'), '--data', at('odd.csv'), '--out', at('odd-p.csv')]);
    expect(new Set(readFileSync(at('odd-p.csv'), 'utf8').trim().split('\n').slice(1))).toEqual(new Set(['0.5']));
    file('lone.csv', 'x,y', '1,2.5');
    await carryOut(['train', '--data', at('lone.csv'), '--label', 'y', '--out', at('lone.json')]);
    await carryOut(['predict', '--model', at('lone.json'), '--data', at('lone.csv'), '--out', at('lone-p.csv')]);
    expect(readFileSync(at('lone-p.csv'), 'utf8')).toBe('prediction\n2.5\n');
  });

  test('ranking reads groups and their weights', async () => {
    const line = [
      'train',
      '--data',
      at('learn.csv'),
      '--label',
      'y',
      '--group',
      'q',
      '--ignore',
      'id,w',
      '--categorical',
      'town',
    ];
    const said = await trained([
      ...line,
      '--params',
      '{"objective":"rank:ndcg"}',
      '--eval',
      at('watch.csv'),
      '--out',
      at('rank.json'),
    ]);
    expect(Object.keys(said.history['watch'] ?? {})).toEqual(['ndcg@32']);
  });

  test('parameters come from JSON and YAML files, constraints by name', async () => {
    file(
      'p.yaml',
      'objective: binary:logistic',
      'eta: 0.2',
      'monotone_constraints: {x: 1}',
      'eval_metric: [auc, logloss]',
    );
    const said = await trained([...LEARN(), '--params', at('p.yaml'), '--seed', '3', '--out', at('y.json')]);
    expect(said).toMatchObject({
      seed: 3,
      params: { eta: 0.2, monotone_constraints: [0, 1, 0], objective: 'binary:logistic' },
    });
    expect(Object.keys(said.history['train'] ?? {})).toEqual(['auc', 'logloss']);
    await expect(
      carryOut([...LEARN(), '--params', '{"monotone_constraints":{"xx":1}}', '--out', at('n.json')]),
    ).rejects.toThrow('monotone_constraints names "xx", which is no feature; did you mean "x"?');
  });
});

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
    ['text for a number', ['town,k,x', 'Rome,1,much'], 'n.csv: the column "x" holds text ("much" in row 1)'],
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
    await expect(carryOut(line(at('m.ubj')))).rejects.toThrow('expected a file that ends in .json');
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
