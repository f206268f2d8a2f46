import { expect, test } from 'vitest';
import { describeFault } from './faults';
import { loadConfig } from './load';

function withChallengers(lines: string): string {
  return `version: 1
models:
  - name: m
    title: M
    entity: id
    label: { column: y }
    features: ['v:a']
    training:
      challengers:
${lines.replace(/^/gm, '        ')}
`;
}

function faultsOf(lines: string): readonly string[] {
  const loaded = loadConfig(withChallengers(lines));
  return 'faults' in loaded ? loaded.faults.map((fault) => describeFault(fault)) : [];
}

test('a challenger has its kind and the defaults of that kind', () => {
  const loaded = loadConfig(withChallengers('- type: logistic\n- type: mlp\n  params: { hidden_units: [8, 4] }'));
  if ('faults' in loaded) throw new Error(loaded.faults.map((fault) => fault.message).join('\n'));
  const [logistic, mlp] = loaded.config.models[0]?.training.challengers ?? [];
  expect(logistic).toEqual({
    type: 'logistic',
    params: { l2: 0.0001, learning_rate: 0.05, batch_size: 512, epochs: 100, backend: 'auto' },
  });
  expect(mlp?.params).toMatchObject({ hidden_units: [8, 4], activation: 'relu', dropout: 0 });
});

test('nothing is trained beside the trees unless it is asked for', () => {
  const loaded = loadConfig(withChallengers('[]'));
  expect('config' in loaded && loaded.config.models[0]?.training.challengers).toEqual([]);
});

test.each([
  ['- type: svm', /line 10: models\[0\]\.training\.challengers\[0\]\.type is "svm"; expected "logistic" or "mlp"/],
  ['- params: {}', /challengers\[0\]\.type is missing; expected "logistic" or "mlp"/],
  ['- type: logistc', /Did you mean "logistic"\?/],
  [
    '- { type: logistic, params: { hidden_units: [3] } }',
    /params\.hidden_units is not a known key\. Known here: l2, learning_rate, batch_size, epochs, backend/,
  ],
  ['- { type: mlp, params: { hiden_units: [3] } }', /Did you mean "hidden_units"\?/],
  ['- { type: mlp, params: { dropout: 1 } }', /params\.dropout is 1; expected a number at least 0 and less than 1/],
  ['- { type: mlp, params: { hidden_units: [] } }', /params\.hidden_units is \[\]; expected a list with at least one/],
  ['- { type: mlp, params: { hidden_units: [2000] } }', /hidden_units\[0\] is 2000; expected a whole number from 1/],
  ['- { type: mlp, params: { activation: gelu } }', /activation is "gelu"; expected "relu" or "tanh"/],
  ['- { type: logistic, early_stopping_rounds: 0 }', /early_stopping_rounds is 0; expected a whole number at least 1/],
])('%s is refused by name', (lines, says) => {
  const [fault, ...others] = faultsOf(lines);
  expect(fault).toMatch(says);
  expect(others).toEqual([]);
});
