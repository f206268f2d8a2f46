import { expect, test, vi } from 'vitest';
import { nodePlatform } from '../../src/cli/node-platform';
import type * as Catalog from '../../src/models/catalog';
import { Workspace } from '../../src/pipeline/workspace';
import { cellAt, columnOf } from '../../src/utils/columns';
import { projectConfig } from './platform';

/** heart_disease with a view in SQL beside the one in TypeScript that its folder has. */
vi.mock('../../src/models/catalog', async (original) => {
  const real = await original<typeof Catalog>();
  const models = [...real.modelDefinitions()].map(([name, model]) => {
    const onDemandViews = [
      ...(model.definitions.onDemandViews ?? []),
      {
        name: 'pressure',
        sources: ['vitals', 'labs'],
        schema: [{ name: 'bp_per_cholesterol', dtype: 'float64', expression: 'resting_bp / NULLIF(cholesterol, 0)' }],
      } as const,
    ];
    return [name, { ...model, definitions: { ...model.definitions, onDemandViews } }] as const;
  });
  return { ...real, modelDefinitions: () => new Map(models) };
});

const COMPUTED = ['exertion:heart_rate_share', 'exertion:blunted_heart_rate', 'pressure:bp_per_cholesterol'];

test('on-demand features are trained on, guarded, served and scored as they were trained', async () => {
  const config = projectConfig();
  const models = config.models.map((model) => ({
    ...model,
    features: [COMPUTED[0] ?? '', ...model.features, ...COMPUTED.slice(1)],
  }));
  const platform = nodePlatform();
  const workspace = new Workspace(platform, { ...config, models });
  await workspace.run('heart_disease', { seed: 5, rows: 3000, maxEvals: 2 });

  const features = await workspace.featuresView('heart_disease');
  expect(features?.coverage['heart_rate_share']).toBeGreaterThan(0);
  expect(features?.coverage['bp_per_cholesterol']).toBeGreaterThan(0);
  const code = features?.definitions.onDemandViews?.find((view) => view.name === 'exertion')?.code;
  expect(code).toContain('const share = reached / (220 - age);');

  const version = (await workspace.registryView('heart_disease'))?.versions[0];
  expect(version?.decision).toMatchObject({ verdict: 'promoted', skew: { features: 19, differing: [] } });

  const batch = (await workspace.inferenceView('heart_disease'))?.batches[0];
  const bytes = await platform.files.read(batch?.path ?? '');
  const scored = await platform.arrow.decode(bytes ?? new Uint8Array());
  for (const row of [0, 17, 400]) {
    const key = String(cellAt(columnOf(scored, 'entity_key'), row));
    const prediction = await workspace.predict('heart_disease', key);
    expect(prediction.probability).toBe(cellAt(columnOf(scored, 'probability'), row));
    const value = (name: string) => prediction.factors.find((factor) => factor.feature === name)?.value ?? NaN;
    expect(value('heart_rate_share')).toBe(Math.fround(value('max_heart_rate') / (220 - value('age'))));
    expect(value('bp_per_cholesterol')).toBeCloseTo(value('resting_bp') / value('cholesterol'), 6);
  }
  const [key = ''] = await workspace.findKeys('heart_disease', '');
  const { points } = await workspace.entityTimeline('heart_disease', key);
  expect(points.map((point) => point.view)).not.toContain('exertion');
  expect(points.length).toBeGreaterThan(0);
}, 180_000);
