import { beforeAll, describe, expect, test } from 'vitest';
import { nodePlatform } from '../../src/cli/node-platform';
import type { Config } from '../../src/config/schema';
import { Workspace } from '../../src/pipeline/workspace';
import { projectConfig } from './platform';

const MODEL = 'heart_disease';
const SMALL = { seed: 5, rows: 4000, maxEvals: 1 } as const;

/** config.yaml with every gate asked for, wide open, and a rule that a copy of the champion passes. */
function openConfig(): Config {
  const config = projectConfig();
  return {
    ...config,
    models: config.models.map((model) => ({
      ...model,
      training: { ...model.training, challengers: [] },
      promotion: {
        ...model.promotion,
        minimum_improvement: 0,
        gates: {
          significant: false,
          fairness: { metrics: ['tpr', 'fpr'], maximum_gap: 1, maximum_increase: 1 },
          calibration: { metric: 'ece', maximum: 1, maximum_worsening: 1 },
          slices: { metric: 'log_loss', maximum_worsening: 0, minimum_rows: 50 },
          schema: 'equal',
          model_size: { maximum_bytes: 100_000_000 },
          latency: { maximum_ms: 1000 },
        },
      },
    })),
  };
}

describe('a version’s way', () => {
  let workspace: Workspace;
  const view = async () => {
    const found = await workspace.registryView(MODEL);
    if (!found) throw new Error('nothing is registered');
    return found;
  };
  const challengerOf = async (version: number) => (await view()).versions.find((one) => one.version === version);

  beforeAll(async () => {
    workspace = new Workspace(nodePlatform(), openConfig());
    await workspace.run(MODEL, { ...SMALL, stages: ['data', 'features', 'training', 'registry'] });
  }, 120_000);

  test('begins with a schema, an example, lineage and every gate that needs no champion', async () => {
    const { version, run, features, bytes, evaluation } = await workspace.versionView(MODEL, 1);
    expect(version.signature?.inputs.map(({ feature }) => feature)).toEqual(features);
    expect(version.signature?.inputs[0]).toMatchObject({ name: 'age', type: 'double', required: false });
    expect(version.input_example?.columns).toEqual(version.signature?.inputs.map(({ name }) => name));
    expect(version.input_example?.data).toHaveLength(5);
    expect(version.source).toBe(`runs:/${run?.run_id ?? ''}/model.json`);
    expect(bytes).toBe((await workspace.modelFile(MODEL, 1)).content.length);
    expect(evaluation?.n).toBeGreaterThan(300);
    const gates = version.decision?.gates ?? [];
    expect([...new Set(gates.map(({ gate }) => gate))]).toEqual([
      'rows',
      'improvement',
      'fairness',
      'calibration',
      'slices',
      'schema',
      'model_size',
      'latency',
      'skew',
    ]);
    expect(gates.every(({ passed }) => passed !== false)).toBe(true);
    expect(gates.find(({ gate }) => gate === 'latency')?.measured).toBeGreaterThan(0);
  });

  test('fails a gate, passes it when judged again, is promoted and rolled back', async () => {
    await workspace.setServingFault(MODEL, { feature: 'vitals:resting_bp', kind: 'unit' });
    await workspace.run(MODEL, { ...SMALL, stages: ['training', 'registry'] });
    const refused = await challengerOf(2);
    expect(refused?.decision?.verdict).toBe('refused');
    expect(refused?.decision?.gates?.find(({ gate }) => gate === 'skew')).toMatchObject({ passed: false, measured: 1 });

    await workspace.setServingFault(MODEL, null);
    const waiting = await workspace.challenge(MODEL, 2);
    expect(waiting.decision?.verdict).toBe('awaiting_approval');
    expect(waiting.decision?.gates?.every(({ passed }) => passed !== false)).toBe(true);
    // The same model again: no slice got worse, by exactly nothing.
    const slices = (waiting.decision?.gates ?? []).filter(({ gate, passed }) => gate === 'slices' && passed !== null);
    expect([...new Set(slices.map(({ measured }) => measured))]).toEqual([0]);
    await workspace.approve(MODEL, 2, 'the same, and looked at');
    expect((await view()).aliases).toEqual({ champion: 2 });
    await expect(workspace.challenge(MODEL, 2)).rejects.toThrow(/is champion/);

    await expect(workspace.rollBack(MODEL, '  ')).rejects.toThrow(/Say in a few words why/);
    expect((await workspace.rollBack(MODEL, 'more false alarms')).version).toBe(1);
    const after = await view();
    expect(after.aliases).toEqual({ champion: 1 });
    expect(after.former).toEqual([2]);
    expect(after.champions.map(({ version, actor }) => [version, actor])).toEqual([
      [1, 'pipeline'],
      [2, 'you'],
      [1, 'you'],
    ]);
    const [stages] = (await workspace.overview()).models.map((model) => model.stages.registry);
    expect(stages).toMatchObject({ figure: 'v1', caption: 'champion' });
    expect(await workspace.verifyAudit()).toMatchObject({ fault: null });
  }, 120_000);

  test('a run is registered by hand once more, copied, named and deleted, by the rules', async () => {
    const run = (await workspace.versionView(MODEL, 2)).run?.run_id ?? '';
    const made = await workspace.registerVersion(MODEL, run, 'by hand');
    expect(made).toMatchObject({ version: 3, run_id: run, description: 'by hand', decision: null });
    expect(made.input_example?.data).toHaveLength(5);
    await expect(workspace.registerVersion(MODEL, '0'.repeat(32))).rejects.toThrow(/has no run/);

    for (const alias of ['latest', 'v3', 'a b', '']) {
      await expect(workspace.setAlias(MODEL, alias, 3)).rejects.toThrow(/alias/);
    }
    for (const alias of ['champion', 'challenger']) {
      await expect(workspace.setAlias(MODEL, alias, 3)).rejects.toThrow(/moves by promotion/);
    }
    await workspace.setAlias(MODEL, 'approved', 3);
    expect((await workspace.versionByAlias(MODEL, 'approved')).version).toBe(3);
    expect((await workspace.versionByAlias(MODEL, 'latest')).version).toBe(3);
    await expect(workspace.setTag(MODEL, 3, 'status', 'champion')).rejects.toThrow(/written by the workspace/);
    await workspace.setTag(MODEL, 3, 'card.users', 'nurses <b>beside</b> their judgement');
    for (const name of ['a/b', '<b>', 'Heart', '..', '', MODEL]) {
      await expect(workspace.copyVersion(MODEL, 3, name)).rejects.toThrow();
    }
    const copy = await workspace.copyVersion(MODEL, 3, 'heart_production');
    expect(copy).toMatchObject({ name: 'heart_production', version: 1, source: `models:/${MODEL}/3` });
    expect((await workspace.registeredModels()).map(({ name, versions }) => [name, versions])).toEqual([
      [MODEL, 3],
      ['heart_production', 1],
    ]);
    expect((await workspace.versionView(MODEL, 3)).copies).toContainEqual({ name: 'heart_production', version: 1 });

    await expect(workspace.deleteVersion(MODEL, 1, 'x')).rejects.toThrow(/is champion/);
    await workspace.deleteVersion(MODEL, 3, 'a try');
    expect((await view()).aliases).toEqual({ champion: 1 });
    await expect(workspace.versionView(MODEL, 3)).rejects.toThrow('heart_disease has no version 3.');
    expect((await workspace.registerVersion(MODEL, run)).version).toBe(4);
  }, 60_000);

  test('two versions are compared on the same rows without deciding anything', async () => {
    const before = await workspace.digest();
    const compared = await workspace.compareVersions(MODEL, { left: 2, right: 1 });
    expect(compared.paired).toMatchObject({ improvement: 0, champion_version: 1 });
    expect(compared.sameData).toBe(true);
    expect(compared.params).toEqual([]);
    expect(compared.inputs).toEqual({ added: [], removed: [], changed: [] });
    expect(await workspace.digest()).toBe(before);
    await expect(workspace.compareVersions(MODEL, { left: 2, right: 2 })).rejects.toThrow(/same version/);
  }, 60_000);

  test('its card says what is recorded, and what nobody stated', async () => {
    const html = await workspace.modelCard('heart_production', 1, 'html');
    expect(html.name).toBe('heart_production-v1-model-card.html');
    expect(html.content).toContain('nurses &lt;b&gt;beside&lt;/b&gt; their judgement');
    const own = (await workspace.modelCard(MODEL, 2, 'html')).content;
    expect(own).not.toMatch(/<script| src=| href=| on\w+=/);
    for (const words of ['sex = female', 'Not stated.', 'simulated records', 'the same, and looked at', 'Wilson 95%']) {
      expect(own).toContain(words);
    }
    const markdown = (await workspace.modelCard(MODEL, 2, 'markdown')).content;
    expect(markdown).toMatch(/^---\nlibrary_name: "xgboost"\n/);
    expect(markdown).toContain('model-index:\n- name: "heart_disease v2"');
  });

  test('the log is taken away, checked, and shows a change', async () => {
    const { name, content } = await workspace.auditFile();
    expect(name).toBe('audit-log.jsonl');
    expect(await workspace.verifyAuditFile(content)).toMatchObject({ fault: null, relation: { kind: 'same' } });
    const changed = content.replace('more false alarms', 'fewer false alarms');
    const { fault } = await workspace.verifyAuditFile(changed);
    const line = 1 + content.split('\n').findIndex((entry) => entry.includes('more false alarms'));
    expect(fault).toMatchObject({ line, reason: expect.stringMatching(/does not fit its hash/) });
  });
});

test('a first version that fails a gate of its own does not serve', async () => {
  const config = openConfig();
  const workspace = new Workspace(nodePlatform(), {
    ...config,
    models: config.models.map((model) => ({
      ...model,
      promotion: { ...model.promotion, gates: { significant: false, model_size: { maximum_bytes: 10 } } },
    })),
  });
  await workspace.run(MODEL, { ...SMALL, rows: 1500 });
  const view = await workspace.registryView(MODEL);
  expect(view?.aliases).toEqual({});
  expect(view?.versions[0]?.decision?.reason).toMatch(/^Refused: .*bytes of model\.json/);
  expect((await workspace.overview()).models[0]?.stages.registry).toMatchObject({ caption: 'a gate not passed' });
}, 60_000);
