import { beforeAll, describe, expect, test } from 'vitest';
import { runOutputs } from '../../src/pipeline/outputs';
import { findSpec } from '../../src/pipeline/specs';
import type { Platform } from '../../src/pipeline/platform';
import { Workspace } from '../../src/pipeline/workspace';
import type { Config } from '../../src/config/schema';
import { loadConfig } from '../../src/config/load';
import { countedWorkspace, projectConfig } from './platform';

const SMALL = { seed: 5, rows: 3000, maxEvals: 2 } as const;
const FLAT_TREES = { num_boost_round: 1, params: { eta: 0.01, max_depth: 1 } };

/** The project's model with other challengers; trees so weak that any of them wins. */
function configWith(challengers: readonly object[]): Config {
  const config = projectConfig();
  const [model] = config.models;
  const changed = {
    ...config,
    models: [
      {
        ...model,
        training: { ...model?.training, ...FLAT_TREES, challengers },
        tuning: { ...model?.tuning, space: {} },
      },
    ],
  };
  const loaded = loadConfig(JSON.stringify(changed));
  if ('faults' in loaded) throw new Error(loaded.faults.map((fault) => fault.message).join('\n'));
  return loaded.config;
}

describe.each(['logistic', 'mlp'] as const)('a %s that beats the trees', (type) => {
  const config = configWith([{ type, params: { epochs: 30 } }]);
  let platform: Platform;
  let workspace: Workspace;
  beforeAll(async () => {
    platform = countedWorkspace().platform;
    workspace = new Workspace(platform, config);
    await workspace.run('heart_disease', SMALL);
  }, 120_000);

  test('is registered, with the trees beside it in the record', async () => {
    const view = await workspace.trainingView('heart_disease');
    expect(view?.kind).toBe(type);
    expect(view?.rivals.map(({ kind, chosen }) => [kind, chosen])).toEqual([
      ['xgboost', false],
      [type, true],
    ]);
    expect(view?.run.tags).toMatchObject({ 'glasshouse.kind': type, 'glasshouse.backend': 'tfjs-wasm' });
    expect(view?.run.metrics['validation.log_loss']).toBeLessThan(0.6);
    expect(Object.keys(view?.history ?? {})).toEqual(['train', 'holdout']);
    expect(view?.evaluation.metrics.roc_auc.value).toBeGreaterThan(0.8);
    const trees = await workspace.trainingView('heart_disease', view?.rivals[0]?.run_id);
    expect(trees?.kind).toBe('xgboost');
    expect(trees?.rivals).toEqual(view?.rivals);
    const registry = await workspace.registryView('heart_disease');
    expect(registry?.aliases).toEqual({ champion: 1 });
    expect(registry?.versions[0]?.tags).toMatchObject({ kind: type, status: 'champion' });
    expect(registry?.versions[0]?.run_id).toBe(view?.run.run_id);
  });

  test('serves predictions whose shares add up, by a named method', async () => {
    const key = (await workspace.findKeys('heart_disease', ''))[0] ?? '';
    const prediction = await workspace.predict('heart_disease', key);
    const sum = prediction.factors.reduce((total, factor) => total + factor.shap, prediction.base);
    expect(Math.abs(sum - prediction.margin)).toBeLessThan(1e-4);
    expect(prediction.explainer).toMatch(type === 'logistic' ? /^exact linear SHAP/ : /^baseline Shapley .*32 seeded/);
    const inference = await workspace.inferenceView('heart_disease');
    expect(inference?.importance[0]?.meanAbsShap).toBeGreaterThan(0);
  });

  test('is taken away as a file, with hold-out rows that it explains', async () => {
    const files = await runOutputs(platform, await findSpec(platform, config, 'heart_disease'));
    expect(JSON.parse(files.get('model.json') ?? '')).toMatchObject({ format: 'glasshouse.network/1', kind: type });
    const [header = '', first = ''] = (files.get('holdout.csv') ?? '').split('\n');
    const row = new Map(header.split(',').map((name, i) => [name, Number(first.split(',')[i])]));
    const shares = [...row].filter(([name]) => name.startsWith('shap_')).reduce((sum, [, value]) => sum + value, 0);
    expect(Math.abs(shares - (row.get('margin') ?? NaN))).toBeLessThan(1e-4);
  });

  test('is watched and retrained like any other', async () => {
    await workspace.simulate('heart_disease', 'at_rest');
    await workspace.retrain('heart_disease', SMALL);
    const registry = await workspace.registryView('heart_disease');
    expect(registry?.versions).toHaveLength(2);
    const monitoring = await workspace.monitoringView('heart_disease');
    expect(monitoring?.events.filter((event) => event.kind === 'retrained')).toHaveLength(1);
  }, 60_000);
});

test('a challenger that cannot be trained stands aside with its reason', async () => {
  const { platform } = countedWorkspace();
  const workspace = new Workspace(platform, configWith([{ type: 'mlp', params: { backend: 'webgpu' } }]));
  await workspace.run('heart_disease', { ...SMALL, stages: ['data', 'features', 'training'] });
  const training = (await workspace.overview()).models[0]?.stages.training;
  expect(training?.status).toBe('attention');
  expect(training?.sentence).toContain('The multilayer perceptron could not be trained: backend is webgpu');
  expect((await workspace.trainingView('heart_disease'))?.rivals).toHaveLength(1);
}, 60_000);
