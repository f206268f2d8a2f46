import { describe, expect, test } from 'vitest';
import { parseArguments } from '.';

const TRAIN = ['train', '--data', 'd.csv', '--label', 'y', '--out', 'm.json'];
const PREDICT = ['predict', '--model', 'm.json', '--data', 'd.csv', '--out', 'p.csv'];

describe('glasshouse train', () => {
  test('fills in what is not said', () => {
    expect(parseArguments(TRAIN)).toEqual({
      verb: 'train',
      data: 'd.csv',
      label: 'y',
      out: 'm.json',
      params: null,
      numBoostRound: 10,
      evals: [],
      earlyStoppingRounds: undefined,
      categorical: [],
      ignore: [],
      weight: null,
      group: null,
      baseModel: null,
      seed: undefined,
      threads: undefined,
      backend: undefined,
      json: false,
      quiet: false,
    });
  });

  test('takes every flag, --eval more than once', () => {
    const line = [
      ...TRAIN,
      ...['--params', '{}', '--num-boost-round', '7', '--eval', 'a.csv', '--eval', 'b.csv'],
      ...['--early-stopping-rounds', '3', '--categorical', 'a, b', '--ignore', 'id', '--weight', 'w', '--group', 'q'],
      ...['--base-model', 'base.json', '--seed', '5', '--threads', '2', '--backend', 'js', '--json', '--quiet'],
    ];
    expect(parseArguments(line)).toEqual({
      verb: 'train',
      data: 'd.csv',
      label: 'y',
      out: 'm.json',
      params: '{}',
      numBoostRound: 7,
      evals: ['a.csv', 'b.csv'],
      earlyStoppingRounds: 3,
      categorical: ['a', 'b'],
      ignore: ['id'],
      weight: 'w',
      group: 'q',
      baseModel: 'base.json',
      seed: 5,
      threads: 2,
      backend: 'js',
      json: true,
      quiet: true,
    });
  });

  test.each([
    [['train', '--label', 'y', '--out', 'm.json'], '--data is missing; give a .csv, .parquet or .arrow file'],
    [['train', '--data', 'd.csv', '--out', 'm.json'], '--label is missing'],
    [['train', '--data', 'd.csv', '--label', 'y'], '--out is missing'],
    [['train', '--data', '', '--label', 'y', '--out', 'm.json'], '--data is empty'],
    [[...TRAIN, '--early-stopping-rounds', '5'], '--early-stopping-rounds needs rows to watch; give --eval FILE'],
    [[...TRAIN, '--threads', '0'], '--threads is "0"; it must be a whole number from 1 to 256'],
    [[...TRAIN, '--num-boost-round', '0'], '--num-boost-round is "0"; it must be a whole number from 1'],
    [[...TRAIN, '--num-boost-round', '1.5'], '--num-boost-round is "1.5"'],
    [[...TRAIN, '--backend', 'cuda'], '--backend is "cuda"; it must be one of wasm, js, webgpu'],
    [[...TRAIN, '--label', 'z'], '--label is given twice'],
    [[...TRAIN, '--nonsense'], "Unknown option '--nonsense'"],
    [[...TRAIN, 'stray.csv'], "Unexpected argument 'stray.csv'"],
    [[...TRAIN, '--categorical', 'a,,b'], '--categorical is "a,,b"'],
    [[...TRAIN, '--categorical', 'a,a'], '--categorical names a twice'],
    [[...TRAIN, '--categorical', 'y'], 'The column y is named by --label and by --categorical'],
    [[...TRAIN, '--weight', 'w', '--categorical', 'w'], 'The column w is named by --weight and by --categorical'],
    [[...TRAIN, '--weight', 'y'], 'The column y is named by --label and by --weight'],
    [[...TRAIN, '--ignore', 'y'], 'The column y is named by --label and by --ignore'],
  ])('%o is refused in a sentence', (line, says) => {
    expect(() => parseArguments(line)).toThrow(says);
    expect(() => parseArguments(line)).toThrow(/\. See glasshouse --help\.$/);
  });
});

describe('glasshouse predict', () => {
  test('fills in what is not said, and takes every flag', () => {
    const asked = { verb: 'predict', model: 'm.json', data: 'd.csv', out: 'p.csv' };
    expect(parseArguments(PREDICT)).toEqual({
      ...asked,
      output: undefined,
      contribs: false,
      interactions: false,
      json: false,
      quiet: false,
    });
    expect(
      parseArguments([...PREDICT, '--output', 'leaf', '--contribs', '--interactions', '--json', '--quiet']),
    ).toEqual({
      ...asked,
      output: 'leaf',
      contribs: true,
      interactions: true,
      json: true,
      quiet: true,
    });
  });

  test.each([
    [['predict', '--data', 'd.csv', '--out', 'p.csv'], '--model is missing'],
    [[...PREDICT, '--output', 'odds'], '--output is "odds"; it must be one of margin, probability'],
    [[...PREDICT, '--seed', '1'], "Unknown option '--seed'"],
  ])('%o is refused in a sentence', (line, says) => {
    expect(() => parseArguments(line)).toThrow(says);
  });
});

test('a command that is not there gets the nearest one that is', () => {
  expect(() => parseArguments(['tarin'])).toThrow('There is no command "tarin"; did you mean train?');
  expect(() => parseArguments(['serve'])).toThrow(
    'There is no command "serve"; there are run, train, tune, runs, predict, historical-features, export, import, models.',
  );
});
