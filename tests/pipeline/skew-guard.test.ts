import { expect, test } from 'vitest';
import { compareServing } from '../../src/features/skew';
import { readOnline } from '../../src/features/online/read';
import { writeOnline } from '../../src/features/online/write';
import { columnFromCells } from '../../src/features/value-types';
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
