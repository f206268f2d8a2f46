import { existsSync, readFileSync, writeFileSync } from 'node:fs';
import { beforeAll, describe, expect, test } from 'vitest';
import { z } from 'zod';
import { readCsv } from '../../src/data/csv/read-csv';
import { encodeArrow } from '../../src/platform/arrow/ipc';
import { writeParquet } from '../../src/platform/parquet/write';
import { glasshouse } from './command';
import frozen from '../reference/xgboost/ubjson/answers.json';
import { at, BINARY, carryOut, file, LEARN, madeUp, TOWNS, writeRows } from './training-files';

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
  backend: z.enum(['wasm', 'js', 'webgpu']),
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

const DOCS = readFileSync('docs/cli.md', 'utf8');

async function trained(line: readonly string[]) {
  return trainSummary.parse(JSON.parse(JSON.stringify(await carryOut(line))));
}

const model = (name: string) => readFileSync(at(name), 'utf8');

beforeAll(writeRows);

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

  test('--interactions and --contribs of several classes agree, and leaves are those of the model file', async () => {
    file(
      'kinds.csv',
      'x,z,k',
      ...Array.from({ length: 90 }, (_, i) => `${i % 7},${i % 4},${(i % 7 > 3 ? 1 : 0) + (i % 4 > 2 ? 1 : 0)}`),
    );
    const params = '{"objective":"multi:softprob","num_class":3,"max_depth":3}';
    const line = ['--data', at('kinds.csv')];
    await carryOut([
      'train',
      ...line,
      '--label',
      'k',
      '--params',
      params,
      '--num-boost-round',
      '2',
      '--out',
      at('k.json'),
    ]);
    const ask = ['predict', '--model', at('k.json'), ...line, '--out', at('k.csv'), '--output'];
    const leaves = await carryOut([...ask, 'leaf']);
    expect(leaves).toMatchObject({ columns: Array.from({ length: 6 }, (_, tree) => `leaf_${tree}`) });
    const trees = (
      JSON.parse(model('k.json')) as {
        learner: { gradient_booster: { model: { trees: { left_children: number[] }[] } } };
      }
    ).learner.gradient_booster.model.trees;
    for (const row of readFileSync(at('k.csv'), 'utf8').trim().split('\n').slice(1)) {
      row.split(',').forEach((leaf, tree) => expect(trees[tree]?.left_children[Number(leaf)]).toBe(-1));
    }
    await carryOut([...ask, 'margin', '--contribs', '--interactions']);
    const [titles = [], ...rows] = readFileSync(at('k.csv'), 'utf8')
      .trim()
      .split('\n')
      .map((row) => row.split(','));
    for (const row of rows) {
      const of = (title: string) => Number(row[titles.indexOf(title)]);
      for (const k of [0, 1, 2]) {
        expect(of(`shap_x:x_${k}`) + of(`shap_x:z_${k}`)).toBeCloseTo(of(`shap_x_${k}`), 6);
        expect(of(`shap_z:z_${k}`) + of(`shap_x:z_${k}`)).toBeCloseTo(of(`shap_z_${k}`), 6);
        expect(of(`shap_base_${k}`) + of(`shap_x_${k}`) + of(`shap_z_${k}`)).toBeCloseTo(of(`margin_${k}`), 5);
      }
    }
  });

  test('a model goes out as ONNX, and comes in as UBJSON', async () => {
    expect(await carryOut([...LEARN(), ...BINARY, '--out', at('m.onnx')])).toMatchObject({ model: at('m.onnx') });
    expect(readFileSync(at('m.onnx')).includes('TreeEnsembleClassifier')).toBe(true);
    const rows = frozen.columns[0]?.map((_, row) => frozen.columns.map((column) => column[row] ?? '').join(',')) ?? [];
    file('forest.csv', 'a,b,c,d', ...rows);
    const forest = 'tests/reference/xgboost/ubjson/forest-3.2.0.ubj';
    await carryOut([
      'predict',
      '--model',
      forest,
      '--data',
      at('forest.csv'),
      '--output',
      'margin',
      '--out',
      at('f.csv'),
    ]);
    const margins = readFileSync(at('f.csv'), 'utf8').trim().split('\n').slice(1).map(Number);
    margins.forEach((margin, row) => expect(margin).toBeCloseTo(frozen.margins['3.2.0'].forest[row] ?? NaN, 5));
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
