import { beforeAll, describe, expect, test } from 'vitest';
import type { Expectation } from '../../src/features/types';
import type { ModelSpec } from '../../src/pipeline/model-spec';
import type { Platform } from '../../src/pipeline/platform';
import { findSpec } from '../../src/pipeline/specs';
import type { StageContext } from '../../src/pipeline/stages/context';
import { runDataStage } from '../../src/pipeline/stages/data-stage';
import { runFeaturesStage } from '../../src/pipeline/stages/features-stage';
import { KEPT_CHECKS, keepCheck } from '../../src/pipeline/store/check-quality';
import type { QualityCheck } from '../../src/pipeline/store/types';
import type { Workspace } from '../../src/pipeline/workspace';
import { countedWorkspace, projectConfig } from './platform';

const MODEL = 'heart_disease';
const SMALL = { seed: 5, rows: 2000, maxEvals: 1 } as const;

/** The built-in model, expecting something else of some features ("view:feature") or of a view's freshness. */
async function expecting(
  platform: Platform,
  expectations: Readonly<Record<string, Expectation>>,
  freshness?: number,
): Promise<ModelSpec> {
  const spec = await findSpec(platform, projectConfig(), MODEL);
  const views = spec.definitions.views.map((view) => ({
    ...view,
    ...(freshness === undefined ? {} : { freshness }),
    schema: view.schema.map((field) => {
      const other = expectations[`${view.name}:${field.name}`];
      return other ? { ...field, expect: other } : field;
    }),
  }));
  return { ...spec, definitions: { ...spec.definitions, views } };
}

function contextOf(platform: Platform, spec: ModelSpec, seed: number = SMALL.seed): StageContext {
  return { platform, spec, ...SMALL, seed };
}

describe('a workspace whose rows are as expected', () => {
  let workspace: Workspace;
  let platform: Platform;
  const stateOf = async (stage: 'data' | 'features') =>
    (await workspace.overview()).models.find(({ name }) => name === MODEL)?.stages[stage];
  beforeAll(async () => {
    ({ workspace, platform } = countedWorkspace());
    await workspace.run(MODEL, { ...SMALL, stages: ['data', 'features'] });
  }, 60_000);

  test('keeps a check of each stage, with what was found of every feature', async () => {
    const { checks, clock } = await workspace.quality(MODEL);
    expect(checks.map(({ occasion }) => occasion).sort()).toEqual(['ingest', 'materialize']);
    for (const { results, at } of checks) {
      expect(at).toBe(clock);
      expect(results.filter(({ passed }) => !passed)).toEqual([]);
    }
    const materialized = checks.find(({ occasion }) => occasion === 'materialize');
    expect(materialized?.results.filter(({ expectation }) => expectation === 'freshness')).toHaveLength(3);
    const ingested = checks.find(({ occasion }) => occasion === 'ingest');
    expect(ingested?.results.find(({ feature }) => feature === 'age')).toMatchObject({
      expected: '0 to 120',
      found: expect.stringMatching(/^[\d.]+ to [\d.]+, n = 2,000$/) as string,
    });
    expect(ingested?.results.some(({ expectation }) => expectation === 'freshness')).toBe(false);
    expect((await stateOf('data'))?.status).toBe('good');
    expect((await stateOf('features'))?.status).toBe('good');
  });

  test('shows every view and raw table as histograms, and how fresh each view is', async () => {
    const view = await workspace.quality(MODEL);
    expect(view.profiles.map(({ table }) => table)).toEqual(['patient_demographics', 'vitals', 'labs']);
    expect(view.tables.map(({ table }) => table)).toEqual(['demographics', 'visits', 'lab_results', 'outcomes']);
    const bp = view.profiles[1]?.columns.find(({ name }) => name === 'resting_bp');
    expect(bp?.histogram.counts.reduce((sum, n) => sum + n, 0)).toBe(2000 - (bp?.missing ?? 0));
    for (const { newest, expected, late } of view.freshness) {
      expect(newest).toBeGreaterThan(view.clock - 30 * 86_400_000_000);
      expect(newest).toBeLessThanOrEqual(view.clock);
      expect([expected, late]).toEqual([60 * 86_400, false]);
    }
    const features = await workspace.featuresView(MODEL);
    expect(features?.freshness.map(({ newest }) => newest)).toEqual(view.freshness.map(({ newest }) => newest));
    // The same data and definitions are profiled once.
    expect((await workspace.quality(MODEL)).profiles).toBe(view.profiles);
  });

  test('refuses rows with all that failed in one error, and stays as it was', async () => {
    const before = await workspace.digest();
    const spec = await expecting(platform, {
      'vitals:resting_bp': { min: 100, severity: 'refuse' },
      'patient_demographics:sex': { in: ['0'], severity: 'refuse' },
      'labs:cholesterol': { null_share: 0, severity: 'warn' },
    });
    await expect(runDataStage(contextOf(platform, spec, 6))).rejects.toMatchObject({
      code: 'FEATURES_INVALID',
      message: expect.stringMatching(
        /^Taking the new rows was refused, and everything stays as it was\. patient_demographics:sex: expected one of 0, found [\d,]+ of 2,000 others \(1 in [\d,]+\)\. vitals:resting_bp: expected at least 100, found \d+ of 1,\d+ below 100 \(from \d+ to \d+\)\. Mend the rows/,
      ) as string,
    });
    expect(await workspace.digest()).toBe(before);
    await expect(runFeaturesStage(contextOf(platform, spec))).rejects.toMatchObject({
      code: 'FEATURES_INVALID',
      message: expect.stringMatching(/^Materializing was refused.*sex.*resting_bp/s) as string,
    });
    expect(await workspace.digest()).toBe(before);
  });

  test('goes on with a warning, which the stage says', async () => {
    const spec = await expecting(
      platform,
      { 'vitals:resting_bp': { min: 100 }, 'labs:cholesterol': { null_share: 0 } },
      60,
    );
    await runDataStage(contextOf(platform, spec, 7));
    expect(await stateOf('data')).toMatchObject({
      status: 'attention',
      sentence: expect.stringMatching(
        /2 of 22 expectations failed: vitals:resting_bp: expected at least 100, found .*, among others\.$/,
      ) as string,
    });
    await runFeaturesStage(contextOf(platform, spec, 7));
    expect(await stateOf('features')).toMatchObject({
      status: 'attention',
      sentence: expect.stringMatching(
        /5 of 25 expectations failed: patient_demographics: expected newest event at most 1 minute old, found newest event [\d.]+ (hours|days) old/,
      ) as string,
    });
    const { checks } = await workspace.quality(MODEL);
    expect(checks).toHaveLength(4);
    expect(checks.flatMap(({ results }) => results.filter(({ passed }) => !passed))).toHaveLength(7);
    await workspace.run(MODEL, { ...SMALL, stages: ['data', 'features'] });
    expect((await stateOf('data'))?.status).toBe('good');
  });
});

describe('rows that come by other ways', () => {
  let workspace: Workspace;
  const pushed = (vessels: number) => ({
    source: 'lab_results',
    rows: [{ patient_id: 'PT00001', event_timestamp: '2026-03-01T12:00:00Z', cholesterol: 20, major_vessels: vessels }],
  });
  const failed = async () => {
    const { checks } = await workspace.quality(MODEL);
    return checks.map(({ occasion, results }) => [occasion, results.filter(({ passed }) => !passed).length]);
  };
  beforeAll(async () => {
    ({ workspace } = countedWorkspace());
    await workspace.run(MODEL, { ...SMALL, stages: ['data', 'features'] });
  }, 60_000);

  test('an appended file is refused, or taken with its warnings', async () => {
    const before = await workspace.digest();
    const file = (age: number) => ({
      fileName: 'more.csv',
      bytes: new TextEncoder().encode(
        `patient_id,event_timestamp,created_timestamp,age,sex,ethnicity\nPT00001,2026-03-01T12:00:00Z,2026-03-01T12:00:00Z,${age},male,\n`,
      ),
    });
    await expect(workspace.appendFile(MODEL, 'demographics', file(230))).rejects.toMatchObject({
      code: 'FEATURES_INVALID',
      message: expect.stringMatching(
        /^Taking the new rows was refused.*patient_demographics:age: expected 0 to 120/,
      ) as string,
    });
    expect(await workspace.digest()).toBe(before);
    const taken = await workspace.appendFile(MODEL, 'demographics', file(23));
    expect(taken.warnings.at(-1)).toBe(
      'patient_demographics:ethnicity: expected at most 15% missing, found 100% missing (1 of 1).',
    );
    expect((await workspace.overview()).models[0]?.stages.data).toMatchObject({
      status: 'attention',
      sentence: expect.stringContaining('expectations failed: patient_demographics:ethnicity') as string,
    });
    expect(await failed()).toContainEqual(['ingest', 1]);
  });

  test.each(['online', 'offline', 'online_and_offline'] as const)('a push to %s is checked', async (to) => {
    const before = await workspace.digest();
    await expect(workspace.push(MODEL, { ...pushed(7), to })).rejects.toMatchObject({
      code: 'FEATURES_INVALID',
      message: expect.stringMatching(
        /^The push was refused.*labs:major_vessels: expected 0 to 3, found 1 of 1 above 3/,
      ) as string,
    });
    expect(await workspace.digest()).toBe(before);
    await workspace.push(MODEL, { ...pushed(2), to });
    const pushes = (await workspace.quality(MODEL)).checks.filter(({ occasion }) => occasion === 'push');
    expect(pushes.flatMap(({ results }) => results.filter(({ passed }) => !passed))).toContainEqual(
      expect.objectContaining({ feature: 'cholesterol', found: '1 of 1 below 50 (from 20 to 20)' }),
    );
  });

  test('what is materialized is checked, with its freshness at the end asked for', async () => {
    await workspace.run(MODEL, { ...SMALL, stages: ['data', 'features'] });
    const { clock } = await workspace.quality(MODEL);
    await workspace.materialize(MODEL, { from: 0, to: clock, views: ['labs'] });
    expect((await failed())[0]).toEqual(['materialize', 0]);
    const late = clock + 100 * 86_400_000_000;
    await workspace.materialize(MODEL, { from: 0, to: late, views: ['labs'] });
    const state = async () => (await workspace.overview()).models[0]?.stages.features;
    expect(await state()).toMatchObject({
      status: 'attention',
      sentence: expect.stringMatching(
        /1 of 9 expectations failed: labs: expected newest event at most 60 days old/,
      ) as string,
    });
    await workspace.materialize(MODEL, { from: 0, to: clock, views: ['labs'] });
    expect(await state()).toMatchObject({
      status: 'good',
      sentence: expect.not.stringContaining('expectations failed') as string,
    });
  });
});

test('of many checks the newest 200 of a model are kept', async () => {
  const { platform } = countedWorkspace();
  const check = (model: string, checked: number): QualityCheck => ({
    check_id: `${checked}`,
    model,
    at: 0,
    checked,
    occasion: 'push',
    rows: 1,
    results: [
      { view: 'v', feature: 'x', expectation: 'range', expected: '', found: '', passed: true, severity: 'warn' },
    ],
  });
  const write = (one: QualityCheck) => platform.records.write(['quality_checks'], (tx) => keepCheck(tx, one));
  await write(check('other', 0));
  for (let i = 0; i < KEPT_CHECKS + 5; i++) await write(check(MODEL, i));
  await write({ ...check(MODEL, 9999), results: [] });
  const kept = await platform.records.read(['quality_checks'], (tx) => tx.query<QualityCheck>('quality_checks'));
  const own = kept.filter(({ model }) => model === MODEL).map(({ checked }) => checked);
  expect([own.length, Math.min(...own), Math.max(...own)]).toEqual([KEPT_CHECKS, 5, KEPT_CHECKS + 4]);
  expect(kept.filter(({ model }) => model === 'other')).toHaveLength(1);
});

test('generated rows are as expected at any seed, at rest and under every scenario', async () => {
  for (const seed of [1, 2]) {
    const { workspace } = countedWorkspace();
    await workspace.run(MODEL, { seed, rows: 1000, maxEvals: 1 });
    const { models } = await workspace.overview();
    for (const scenario of ['at_rest', ...(models[0]?.scenarios ?? []).map(({ name }) => name)]) {
      await workspace.simulate(MODEL, scenario);
    }
    const { checks } = await workspace.quality(MODEL);
    expect(checks).toHaveLength(10);
    expect(checks.flatMap(({ results }) => results.filter(({ passed }) => !passed))).toEqual([]);
  }
}, 120_000);
