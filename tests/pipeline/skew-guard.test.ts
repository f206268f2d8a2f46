import { beforeAll, describe, expect, test } from 'vitest';
import { compareServing } from '../../src/features/skew';
import { readOnline } from '../../src/features/online/read';
import { writeOnline } from '../../src/features/online/write';
import { columnFromCells } from '../../src/features/value-types';
import type { Prediction } from '../../src/inference/types';
import type { SkewCall } from '../../src/pipeline/store/types';
import type { Workspace } from '../../src/pipeline/workspace';
import { makeTable } from '../../src/utils/columns';
import { countedWorkspace } from './platform';

const SMALL = { seed: 5, rows: 3000, maxEvals: 2 } as const;

test('features that are served as trained let a version pass, one that is not refuses it by name', async () => {
  const { workspace, platform } = countedWorkspace();
  await workspace.run('heart_disease', { ...SMALL, stages: ['data', 'features', 'training', 'registry'] });
  const decisions = async () => (await workspace.registryView('heart_disease'))?.versions.map((one) => one.decision);
  const [first] = (await decisions()) ?? [];
  expect(first).toMatchObject({ verdict: 'promoted', skew: { entities: 100, features: 16, differing: [] } });

  const [key = ''] = await workspace.findKeys('heart_disease', '');
  const stored = await readOnline(platform.records, 'heart_disease', new Map([['vitals', new Set([key])]]));
  const row = stored.get('vitals')?.get(key);
  if (!row) throw new Error('no vitals');
  const view = (await workspace.featuresView('heart_disease'))?.definitions.views.find((one) => one.name === 'vitals');
  const values = (view?.schema ?? []).map(({ name, dtype }) => {
    const value = name === 'resting_bp' ? 999 : (row.value(name) ?? null);
    return [name, columnFromCells(dtype, [value])] as const;
  });
  const times = { event: Float64Array.of(row.event), created: Float64Array.of(row.created), asOf: null };
  const batch = { view: 'vitals', keys: [key], ...times, values: makeTable(values) };
  await platform.records.write(['online_views', 'online_blocks'], (tx) => writeOnline(tx, 'heart_disease', batch));
  await workspace.run('heart_disease', { ...SMALL, seed: 6, stages: ['training', 'registry'] });
  const broken = (await decisions())?.find((one) => one?.verdict === 'refused');
  expect(broken?.reason).toMatch(
    /^Refused: 1 of 16 features are served otherwise than they were trained with\. resting_bp differs for 1 of 100 entities; for PT\d+ training has [\d.]+, serving 999\./,
  );
  expect((await workspace.registryView('heart_disease'))?.aliases['champion']).toBe(1);
}, 120_000);

describe('the lesson that breaks serving on purpose', () => {
  const MODEL = 'heart_disease';
  let workspace: Workspace;
  let key = '';
  const newest = async () =>
    (await workspace.registryView(MODEL))?.versions.reduce((a, b) => (b.version > a.version ? b : a));
  const differing = async (call: SkewCall = {}) => {
    const { columns } = await workspace.compareServing(MODEL, call);
    return columns.filter(({ differ }) => differ > 0);
  };
  beforeAll(async () => {
    ({ workspace } = countedWorkspace());
    await workspace.run(MODEL, { ...SMALL, stages: ['data', 'features', 'training', 'registry', 'inference'] });
    [key = ''] = await workspace.findKeys(MODEL, '');
  }, 60_000);

  test('off: nothing differs, for a sample, for keys and for what was logged', async () => {
    const all = await workspace.compareServing(MODEL);
    expect(all).toMatchObject({ entities: 100, fault: null });
    expect(all.columns).toHaveLength(16);
    expect(all.columns[0]?.examples).toHaveLength(1);
    expect(all.columns[0]?.examples[0]?.trained).toBe(all.columns[0]?.examples[0]?.served);
    expect(await differing()).toEqual([]);
    expect(await differing({ keys: [key] })).toEqual([]);
    expect((await workspace.compareServing(MODEL, { sample: 7 })).entities).toBe(7);
    await expect(workspace.compareServing(MODEL, { logged: true })).rejects.toThrow('No prediction of heart_disease');
    await workspace.predict(MODEL, key);
    expect(await workspace.compareServing(MODEL, { logged: true })).toMatchObject({ entities: 1 });
    expect(await differing({ logged: true })).toEqual([]);
  });

  test('another unit: everything that serves has it, and the next version is refused by name', async () => {
    const before = await workspace.inferenceView(MODEL);
    const right = await workspace.predict(MODEL, key);
    await workspace.setServingFault(MODEL, { feature: 'resting_bp', kind: 'unit' });
    const fault = { feature: 'vitals:resting_bp', kind: 'unit' };
    expect((await workspace.featuresView(MODEL))?.servingFault).toEqual(fault);
    expect((await workspace.inferenceView(MODEL))?.servingFault).toEqual(fault);
    const [column, ...others] = await differing({ keys: [key] });
    expect(others).toEqual([]);
    expect(column).toMatchObject({ feature: 'resting_bp', differ: 1 });
    const [example] = column?.examples ?? [];
    expect(Number(example?.served)).toBeCloseTo(Number(example?.trained) / 10, 6);
    const wrong = await workspace.predict(MODEL, key);
    const valueOf = (one: Prediction) => one.factors.find(({ feature }) => feature === 'resting_bp')?.value;
    expect(valueOf(wrong)).toBeCloseTo(Number(valueOf(right)) / 10, 4);
    await workspace.run(MODEL, { ...SMALL, stages: ['inference'] });
    expect((await workspace.inferenceView(MODEL))?.histogram).not.toEqual(before?.histogram);
    await workspace.run(MODEL, { ...SMALL, seed: 6, stages: ['training', 'registry'] });
    const refused = await newest();
    expect(refused?.decision?.verdict).toBe('refused');
    expect(refused?.decision?.reason).toMatch(
      /^Refused: 1 of 16 features are served otherwise than they were trained with\. resting_bp differs for \d+ of 100 entities; .*Serving of vitals:resting_bp is broken on purpose; switch that off/,
    );

    await workspace.setServingFault(MODEL, null);
    expect(await differing()).toEqual([]);
    await workspace.run(MODEL, { ...SMALL, stages: ['inference'] });
    expect((await workspace.inferenceView(MODEL))?.histogram).toEqual(before?.histogram);
    await workspace.run(MODEL, { ...SMALL, seed: 7, stages: ['training', 'registry'] });
    const passed = await newest();
    expect(passed?.version).toBe((refused?.version ?? 0) + 1);
    expect(passed?.decision?.verdict).not.toBe('refused');
    expect(passed?.decision?.skew?.differing).toEqual([]);
    // What was served while it was on stays in the log, and is found there.
    expect(await differing({ logged: true })).toMatchObject([{ feature: 'resting_bp', differ: 1 }]);
  }, 60_000);

  test('missing and stale are found as what they are', async () => {
    await workspace.setServingFault(MODEL, { feature: 'labs:cholesterol', kind: 'missing' });
    const [missing] = await differing();
    expect(missing).toMatchObject({ feature: 'cholesterol', examples: [{ served: 'missing' }, {}, {}, {}, {}] });
    await workspace.setServingFault(MODEL, { feature: 'patient_demographics:age', kind: 'stale' });
    const [stale] = await differing({ sample: 200 });
    expect(stale?.feature).toBe('age');
    const [older] = stale?.examples.filter(({ served }) => served !== 'missing') ?? [];
    expect(Number(older?.served)).toBeLessThan(Number(older?.trained));
    const { points } = await workspace.entityTimeline(MODEL, older?.key ?? '');
    const ages = points
      .filter(({ feature, verdict }) => feature === 'age' && verdict !== 'late')
      .map(({ value }) => value);
    expect(ages.map(String)).toContain(older?.served);
    await workspace.setServingFault(MODEL, null);
  });

  test('what cannot be compared or broken is said', async () => {
    await expect(workspace.compareServing(MODEL, { keys: [key, 'nobody'] })).rejects.toMatchObject({
      code: 'FEATURES_INVALID',
      message: expect.stringMatching(/^There is no patient_id "nobody", neither/) as string,
    });
    await expect(workspace.compareServing(MODEL, { sample: 0 })).rejects.toThrow('choose 1 to 1000');
    await expect(workspace.setServingFault(MODEL, { feature: 'ethnicity', kind: 'missing' })).rejects.toThrow(
      'is not trained on "ethnicity"; choose one of patient_demographics:age',
    );
    expect((await workspace.featuresView(MODEL))?.servingFault).toBeNull();
  });
});

test('values are compared as they are: null equals null alone, and the first that differs is shown', () => {
  const trained = makeTable([
    ['x', { type: 'float64', values: Float64Array.of(1, NaN, NaN) }],
    ['n', { type: 'int64', values: BigInt64Array.of(9007199254740993n, 2n, 3n) }],
  ]);
  const answer = (x: number | null, n: bigint) =>
    [
      { feature: 'x', value: x, status: 'PRESENT', event_timestamp: 1 },
      { feature: 'n', value: n, status: 'PRESENT', event_timestamp: 1 },
    ] as const;
  const served = [answer(1, 9007199254740992n), answer(null, 2n), answer(0, 4n)];
  expect(compareServing({ keys: ['a', 'b', 'c'], served, trained })).toEqual({
    entities: 3,
    features: 2,
    differing: [
      { feature: 'x', differ: 1, entity_key: 'c', trained: 'missing', served: '0' },
      { feature: 'n', differ: 2, entity_key: 'a', trained: '9007199254740993', served: '9007199254740992' },
    ],
  });
});
