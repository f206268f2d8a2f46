import { afterAll, beforeAll, expect, test } from 'vitest';
import type { FeatureDefinitions, OnDemandFeatureView } from '../../src/features/types';
import type { Platform } from '../../src/pipeline/platform';
import type { Workspace } from '../../src/pipeline/workspace';
import { cellAt, columnOf } from '../../src/utils/columns';
import { countedWorkspace } from './platform';

const MODEL = 'heart_disease';
const SMALL = { seed: 5, rows: 3000, maxEvals: 2 } as const;
const COMPUTED = ['exertion:heart_rate_share', 'exertion:blunted_heart_rate', 'pressure:bp_per_cholesterol'];
const PRESSURE: OnDemandFeatureView = {
  name: 'pressure',
  sources: ['vitals', 'labs'],
  schema: [{ name: 'bp_per_cholesterol', dtype: 'float64', expression: 'resting_bp / NULLIF(cholesterol, 0)' }],
};

let workspace: Workspace;
let platform: Platform;

beforeAll(async () => {
  ({ workspace, platform } = countedWorkspace());
  await workspace.run(MODEL, { ...SMALL, stages: ['data'] });
}, 60_000);

afterAll(() => workspace.reset());

async function held(): Promise<FeatureDefinitions> {
  return (await workspace.featureRegistry(MODEL)).definitions;
}

function withExertion(definitions: FeatureDefinitions, change: Partial<OnDemandFeatureView>): FeatureDefinitions {
  const views = definitions.onDemandViews ?? [];
  return {
    ...definitions,
    onDemandViews: views.map((view) => (view.name === 'exertion' ? { ...view, ...change } : view)),
  };
}

test("a folder's function is shown and kept as it is, whatever else is planned", async () => {
  const { definitions, yaml } = await workspace.featureRegistry(MODEL);
  const [exertion] = definitions.onDemandViews ?? [];
  expect(exertion?.code).toContain('const share = reached / (220 - age);');
  expect(yaml).toContain('mode: typescript');
  expect((await workspace.planFeatures(MODEL, { yaml })).changes).toEqual([]);
  expect((await workspace.planFeatures(MODEL, { definitions })).changes).toEqual([]);
  const words = withExertion(definitions, { description: 'Other words.' });
  expect((await workspace.planFeatures(MODEL, { definitions: words })).changes).toHaveLength(1);

  const [field] = exertion?.schema ?? [];
  if (!field) throw new Error('no features');
  const other = withExertion(definitions, { schema: [{ ...field, dtype: 'int64' }] });
  await expect(workspace.planFeatures(MODEL, { definitions: other })).rejects.toThrow(
    'On-demand view "exertion" is a function of the model\'s folder, which says its sources and features.',
  );
  const renamed = withExertion(definitions, { name: 'exercise' });
  await expect(workspace.planFeatures(MODEL, { definitions: renamed })).rejects.toThrow(
    'There is no function for on-demand view "exercise" in the model\'s folder.',
  );
});

test('on-demand features are trained on, guarded, served and scored as they were trained', async () => {
  const before = await held();
  const [first = '', ...rest] = COMPUTED;
  const wanted = {
    ...before,
    onDemandViews: [...(before.onDemandViews ?? []), PRESSURE],
    service: { ...before.service, features: [first, ...before.service.features, ...rest] },
  };
  await workspace.applyFeatures(MODEL, { definitions: wanted }, 0, 'More features');
  await workspace.run(MODEL, SMALL);

  const features = await workspace.featuresView(MODEL);
  expect(features?.coverage['heart_rate_share']).toBeGreaterThan(0);
  expect(features?.coverage['bp_per_cholesterol']).toBeGreaterThan(0);
  const version = (await workspace.registryView(MODEL))?.versions[0];
  expect(version?.decision).toMatchObject({ verdict: 'promoted', skew: { features: 19, differing: [] } });

  const batch = (await workspace.inferenceView(MODEL))?.batches[0];
  const bytes = await platform.files.read(batch?.path ?? '');
  const scored = await platform.arrow.decode(bytes ?? new Uint8Array());
  for (const row of [0, 17, 400]) {
    const key = String(cellAt(columnOf(scored, 'entity_key'), row));
    const prediction = await workspace.predict(MODEL, key);
    expect(prediction.probability).toBe(cellAt(columnOf(scored, 'probability'), row));
    const value = (name: string) => prediction.factors.find((factor) => factor.feature === name)?.value ?? NaN;
    expect(value('heart_rate_share')).toBe(Math.fround(value('max_heart_rate') / (220 - value('age'))));
    expect(value('bp_per_cholesterol')).toBeCloseTo(value('resting_bp') / value('cholesterol'), 6);
  }
  const [key = ''] = await workspace.findKeys(MODEL, '');
  const { points } = await workspace.entityTimeline(MODEL, key);
  expect(points.map((point) => point.view)).not.toContain('exertion');
  expect(points.length).toBeGreaterThan(0);
}, 180_000);

test('what is served wrongly reaches the features made of it, alike for one entity and for all', async () => {
  await workspace.setServingFault(MODEL, { feature: 'vitals:max_heart_rate', kind: 'missing' });
  await workspace.run(MODEL, { ...SMALL, stages: ['inference'] });
  const batch = (await workspace.inferenceView(MODEL))?.batches[0];
  const scored = await platform.arrow.decode((await platform.files.read(batch?.path ?? '')) ?? new Uint8Array());
  const prediction = await workspace.predict(MODEL, String(cellAt(columnOf(scored, 'entity_key'), 0)));
  expect(prediction.factors.find((factor) => factor.feature === 'heart_rate_share')?.value).toBeNull();
  expect(prediction.probability).toBe(cellAt(columnOf(scored, 'probability'), 0));
}, 60_000);
