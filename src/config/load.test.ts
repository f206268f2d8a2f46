import fc from 'fast-check';
import { describe, expect, test } from 'vitest';
import { describeFault, type ConfigFault } from './faults';
import { loadConfig } from './load';

const head = `version: 1
models:
  - name: heart_disease
    title: Heart disease
    entity: patient_id
    label: { column: heart_disease }
    features: [vitals:age, vitals:resting_bp]
`;

function faultsOf(text: string): readonly ConfigFault[] {
  const loaded = loadConfig(text);
  return 'faults' in loaded ? loaded.faults : [];
}

function only(text: string): ConfigFault {
  const faults = faultsOf(text);
  expect(faults.map((fault) => fault.message)).toHaveLength(1);
  return faults[0] as ConfigFault;
}

describe('loadConfig', () => {
  test('fills in every default', () => {
    const loaded = loadConfig(head);
    if ('faults' in loaded) throw new Error(loaded.faults.map((fault) => fault.message).join('\n'));
    const [model] = loaded.config.models;
    expect(loaded.config.seed).toBe(7);
    expect(model?.training.params.eta).toBe(0.3);
    expect(model?.risk_bands).toEqual({ medium: 0.2, high: 0.5 });
    expect(model?.tuning.space['max_depth']).toEqual({ randint: [2, 8] });
    expect(model?.promotion).toEqual({
      metric: 'roc_auc',
      minimum_improvement: 0.02,
      improvement: 'relative',
      approval: 'manual',
    });
  });

  test('reports all faults at once, each with its line', () => {
    const faults = faultsOf(`${head}    rows: 5
    training:
      holdout: 1.5
      params:
        etaa: 0.1
        max_depth: 2.5
    promotion: { metric: auc }
    risk_bands: { medium: 0.6, high: 0.4 }
sed: 3
`);
    expect(faults.map((fault) => [fault.line, fault.path])).toEqual([
      [8, 'models[0].rows'],
      [10, 'models[0].training.holdout'],
      [12, 'models[0].training.params.etaa'],
      [13, 'models[0].training.params.max_depth'],
      [14, 'models[0].promotion.metric'],
      [15, 'models[0].risk_bands.medium'],
      [16, 'sed'],
    ]);
    expect(faults.map((fault) => fault.message)).toEqual([
      'models[0].rows is 5; expected a whole number from 1,000 to 5,000,000.',
      'models[0].training.holdout is 1.5; expected a number greater than 0 and less than 1.',
      'models[0].training.params.etaa is not a known key. Did you mean "eta"?',
      'models[0].training.params.max_depth is 2.5; expected a whole number from 0 to 30.',
      'models[0].promotion.metric is "auc"; expected "roc_auc" or "pr_auc" or "log_loss" or "brier".',
      'models[0].risk_bands.medium does not fit: medium (0.6) must be less than high (0.4).',
      'sed is not a known key. Did you mean "seed"?',
    ]);
  });

  test('names what is missing at the line of the model', () => {
    const fault = only(head.replace('    title: Heart disease\n', ''));
    expect(describeFault(fault)).toBe(
      'config.yaml, line 3: models[0].title is missing; expected text that is not empty.',
    );
  });

  test('says where a misplaced key belongs', () => {
    expect(only(`${head}    max_bin: 64\n`).message).toBe(
      'models[0].max_bin is not a known key. It belongs in models.training.params.',
    );
  });

  test('says when quotes are missing or too many', () => {
    expect(only(head.replace('Heart disease', '12')).message).toContain('Put it in quotes: "12"');
    expect(only(`${head}    rows: "2000"\n`).message).toContain('Remove the quotes');
    expect(only(`${head}    rows:\n`).message).toContain('The key has no value');
  });

  test('suggests a near value', () => {
    expect(only(`${head}    promotion: { metric: log_los }\n`).suggestion).toBe('log_loss');
  });

  test('takes native aliases, and refuses both names at once with the right line', () => {
    const loaded = loadConfig(
      `${head}    training: { params: { learning_rate: 0.1, reg_lambda: 2 } }\n    tuning: { space: { reg_alpha: { uniform: [0, 1] } } }\n`,
    );
    if ('faults' in loaded) throw new Error(loaded.faults.map((fault) => fault.message).join('\n'));
    expect(loaded.config.models[0]?.training.params).toMatchObject({ eta: 0.1, lambda: 2 });
    expect(Object.keys(loaded.config.models[0]?.tuning.space ?? {})).toEqual(['alpha']);
    const both = only(`${head}    training:\n      params:\n        eta: 0.1\n        learning_rate: 0.2\n`);
    expect([both.line, both.path]).toEqual([11, 'models[0].training.params.learning_rate']);
    expect(both.message).toContain('the same parameter as eta');
    const wrong = only(`${head}    training:\n      params:\n        learning_rate: 2\n`);
    expect([wrong.line, wrong.path]).toEqual([10, 'models[0].training.params.learning_rate']);
  });
});

describe('search spaces', () => {
  const space = (text: string) => only(`${head}    tuning:\n      space:\n        ${text}\n`);

  test('points out plain bounds where log bounds are wanted, with the rewrite', () => {
    const fault = space('eta: { loguniform: [0.01, 0.3] }');
    expect(fault.line).toBe(10);
    expect(fault.message).toBe(
      'models[0].tuning.space.eta.loguniform is [0.01,0.3], which means eta from 1.01 to 1.35: the bounds of loguniform are in log space, ' +
        'as Hyperopt has them. eta must be a number greater than 0 and at most 1. For 0.01 to 0.3 write [-4.605, -1.204].',
    );
    expect(fault.suggestion).toBe('[-4.605, -1.204]');
    expect(space('lambda: { loguniform: [0.1, 100] }').message).toContain('are in log space');
  });

  test.each([
    ['etta: { uniform: [0.1, 0.2] }', 'Did you mean "eta"?'],
    ['objective: { choice: [a] }', 'is not a known key'],
    ['eta: { uniforn: [0.1, 0.2] }', 'did you mean "uniform"?'],
    ['eta: 0.1', 'expected one of choice'],
    ['eta: { uniform: [0.1, 0.2], choice: [0.1] }', 'expected one of choice'],
    ['eta: { uniform: [0.1] }', 'expected [low, high], all numbers'],
    ['eta: { uniform: [0.3, 0.2] }', 'low bound must be less'],
    ['eta: { uniform: [0.1, 1.2] }', 'eta must be a number greater than 0 and at most 1'],
    ['subsample: { quniform: [0.05, 1, 0.2] }', 'subsample must be'],
    ['eta: { quniform: [0.1, 0.5, 0] }', 'step q must be greater than 0'],
    ['max_depth: { uniform: [2, 8] }', 'use randint'],
    ['max_depth: { randint: [2, 40] }', 'max_depth goes from 2 to 39'],
    ['max_depth: { randint: [2.5, 8] }', 'whole numbers'],
    ['max_depth: { choice: [2, 31] }', 'max_depth must be a whole number from 0 to 30'],
    ['max_depth: { choice: [] }', 'at least one entry'],
  ])('%s', (text, words) => {
    expect(space(text).message).toContain(words);
  });

  test('randint leaves its upper bound out, so 31 is fine for a maximum of 30', () => {
    expect(
      faultsOf(
        `${head}    tuning: { space: { max_depth: { randint: [1, 31] }, max_bin: { quniform: [16, 256, 16] } } }\n`,
      ),
    ).toEqual([]);
  });
});

describe('rules across keys', () => {
  test('duplicate models, features, short names, sensitive columns and schedules', () => {
    const second = head.slice(head.indexOf('  - name'));
    const faults = faultsOf(
      `${head.replace('vitals:resting_bp', 'vitals:age, labs:age')}    sensitive: [sex, sex]\n    schedules:\n` +
        '      - { name: a, check: bias_audit, every_days: 7, window_days: 7 }\n      - { name: a, check: bias_audit, every_days: 7, window_days: 7 }\n' +
        second,
    );
    expect(faults.map((fault) => fault.path)).toEqual([
      'models[0].features[1]',
      'models[0].features[2]',
      'models[0].sensitive[1]',
      'models[0].schedules[1].name',
      'models[1].name',
    ]);
  });

  test('a label rule that says nothing', () => {
    expect(only(head.replace('column: heart_disease', 'column: num, positive: "= 1"')).message).toContain(
      'Write == for',
    );
  });
});

describe('text that is not a configuration', () => {
  test('syntax errors name their line', () => {
    const fault = faultsOf(`${head}    label2: { column: [\n`)[0];
    expect(fault?.line).toBeGreaterThanOrEqual(8);
    expect(fault?.message).toContain('This is not YAML');
    expect(only('version: 1\nmodels: >0\n').message).toContain('must stand in quotes');
    expect(faultsOf('version: 1\nversion: 1\n')[0]).toMatchObject({ line: 2 });
    expect(faultsOf('version: !!js/function x\n')[0]?.message).toContain('This is not YAML');
  });

  test('keys that reach into prototypes are refused', () => {
    const fault = only(`${head}    training:\n      __proto__: { holdout: 0.5 }\n`);
    expect(fault.line).toBe(9);
    expect(fault.path).toBe('models.training.__proto__');
    expect(Object.hasOwn(Object.prototype, 'holdout')).toBe(false);
  });

  test('anchors work; unknown ones and bombs are refused', () => {
    const aliased = head
      .replace('heart_disease\n', '&n heart_disease\n')
      .replace('column: heart_disease', 'column: *n');
    expect(faultsOf(aliased)).toEqual([]);
    expect(only(`${head}    threshold: *half\n`)).toMatchObject({ line: 8, path: 'models.threshold' });
    const layers = Array.from(
      { length: 8 },
      (_, i) =>
        `l${i + 1}: &l${i + 1} [${Array(9)
          .fill(i === 0 ? '1' : `*l${i}`)
          .join(',')}]`,
    );
    expect(only(layers.join('\n')).message).toContain('aliases');
    expect(only('version: 1\nmodels: &m\n  - *m\n')).toMatchObject({ line: 3, path: 'models' });
  });

  test('nothing, a list, a huge text', () => {
    expect(only('').message).toContain('must hold keys and values');
    expect(only('- 1\n').message).toContain('must hold keys and values');
    expect(only(' '.repeat(1_000_001)).message).toContain('at most 1,000,000');
  });

  test('never throws, and every fault has a line inside the text', () => {
    const words = fc.constantFrom(
      'version',
      'models',
      'name',
      'eta',
      '__proto__',
      ':',
      '-',
      '\n',
      ' ',
      '[',
      ']',
      '{',
      '}',
      '"',
      '>',
      '&a',
      '*a',
      '1',
      '# x',
      '\t',
    );
    fc.assert(
      fc.property(fc.array(words, { maxLength: 40 }), (parts) => {
        const text = parts.join('');
        const faults = faultsOf(text);
        for (const fault of faults) {
          expect(fault.line).toBeGreaterThanOrEqual(1);
          expect(fault.line).toBeLessThanOrEqual(text.split('\n').length);
        }
        return faults.length > 0;
      }),
      { numRuns: 300 },
    );
  });
});
