import { beforeAll, describe, expect, test } from 'vitest';
import type { Cell } from '../../src/utils/columns';
import type { Platform } from '../../src/pipeline/platform';
import type { Workspace } from '../../src/pipeline/workspace';
import { countedWorkspace } from './platform';

const MODEL = 'heart_disease';
const DAY = 86_400_000_000;
let workspace: Workspace;
let platform: Platform;
let key = '';
let clock = 0;

beforeAll(async () => {
  ({ workspace, platform } = countedWorkspace((one) => ({ ...one, now: () => 1_780_000_000_000 })));
  await workspace.run(MODEL, { seed: 5, rows: 2000, maxEvals: 2, stages: ['data', 'features'] });
  [key = ''] = await workspace.findKeys(MODEL, '');
  ({ clock } = await workspace.onlineStore(MODEL));
}, 120_000);

type Row = Readonly<Record<string, Cell>>;

/** A visit as the raw table has it, with other values. */
async function visit(change: Row): Promise<Row> {
  const page = await workspace.tablePage(MODEL, 'visits', 0, 1);
  const row = page.rows[0] ?? [];
  return {
    ...Object.fromEntries(page.columns.map(({ name }, i) => [name, row[i] ?? null])),
    patient_id: key,
    created_timestamp: null,
    ...change,
  };
}

const read = async (features: readonly string[], rows: readonly Row[] = [{ patient_id: key }], more: object = {}) => {
  const answer = await workspace.getOnlineFeatures(MODEL, { features, entity_rows: rows, ...more });
  return answer.results.map((row) => row.map(({ value, status }) => [value, status]));
};

const visits = async () => (await workspace.tablePage(MODEL, 'visits', 0, 0)).total;
const trained = async (reference: string) =>
  (await workspace.entityTimeline(MODEL, key)).points.find(
    (point) => `${point.view}:${point.feature}` === reference && point.verdict === 'taken',
  )?.value;

describe('push', () => {
  test('is served at once, kept offline, and then is what training would take', async () => {
    const before = await visits();
    const row = await visit({ event_timestamp: clock, resting_bp: 181 });
    const pushed = await workspace.push(MODEL, { source: 'visits', rows: [row], to: 'online_and_offline' });
    expect(pushed).toMatchObject({ offline_rows: 1 });
    expect(pushed.views).toContain('vitals');
    expect(pushed.online_rows).toBe(pushed.views.length);
    expect(await read(['vitals:resting_bp'])).toEqual([[[181, 'PRESENT']]]);
    expect(await trained('vitals:resting_bp')).toBe(181);
    expect(await visits()).toBe(before + 1);
    expect((await workspace.overview()).models[0]?.stages.features?.sentence).toMatch(/^The data changed since/);
  });

  test('late rows are kept offline and overwrite nothing; online alone keeps no row', async () => {
    const before = await visits();
    const late = await visit({ event_timestamp: clock - 400 * DAY, resting_bp: 90 });
    const both = await workspace.push(MODEL, { source: 'vitals', rows: [late], to: 'offline' });
    expect(both).toEqual({ offline_rows: 1, online_rows: 0, views: [] });
    await workspace.push(MODEL, { source: 'vitals', rows: [late], to: 'online' });
    expect(await read(['vitals:resting_bp'])).toEqual([[[181, 'PRESENT']]]);
    expect(await visits()).toBe(before + 1);
  });

  test('faults name row and column, and nothing is written', async () => {
    const digest = await workspace.digest();
    const good = await visit({ event_timestamp: clock });
    const push = (row: Row, source = 'visits') =>
      workspace.push(MODEL, { source, rows: [good, row], to: 'online_and_offline' });
    await expect(push({ ...good, resting_bp: 'high' })).rejects.toThrow(
      'Row 2 of the push: "resting_bp" is "high"; expected a number.',
    );
    await expect(push({ ...good, resting_pb: 1 })).rejects.toThrow('did you mean "resting_bp"?');
    await expect(push({ ...good, patient_id: null })).rejects.toThrow('Row 2 of the push has no value of "patient_id"');
    await expect(push({ ...good, event_timestamp: '2020-13-01' })).rejects.toThrow(
      '"event_timestamp" is "2020-13-01"; expected a time',
    );
    await expect(push({ ...good, event_timestamp: clock + 1 })).rejects.toThrow("after the model's clock");
    await expect(push(good, 'vital')).rejects.toThrow('did you mean "vitals"?');
    expect(await workspace.digest()).toBe(digest);
  });

  test('many at once end as if one had come after the other', async () => {
    const before = await visits();
    const rows = await Promise.all([9, 3, 7, 5].map((n) => visit({ event_timestamp: clock - n, resting_bp: 100 + n })));
    await Promise.all(
      rows.map((row) => workspace.push(MODEL, { source: 'visits', rows: [row], to: 'online_and_offline' })),
    );
    expect(await visits()).toBe(before + 4);
    expect(await read(['vitals:resting_bp'])).toEqual([[[181, 'PRESENT']]]);
  });
});

describe('feature values written as they are', () => {
  test('are held to their types and replace only older ones', async () => {
    const view = (await workspace.featuresView(MODEL))?.definitions.views.find((one) => one.name === 'vitals');
    const { results } = await workspace.getOnlineFeatures(MODEL, {
      features: [{ view: 'vitals' }],
      entity_rows: [{ patient_id: key }],
      mode: 'feast',
    });
    const values = Object.fromEntries((view?.schema ?? []).map(({ name }, i) => [name, results[0]?.[i]?.value ?? 1]));
    const write = (row: Row) =>
      workspace.writeToOnlineStore(MODEL, 'vitals', [{ patient_id: 'NEW', ...values, ...row }]);
    expect(await write({ event_timestamp: clock - 2, resting_bp: 120 })).toBe(1);
    expect(await write({ event_timestamp: clock - 3, resting_bp: 110 })).toBe(0);
    expect(await read(['vitals:resting_bp'], [{ patient_id: 'NEW' }])).toEqual([[[120, 'PRESENT']]]);
    await expect(write({ event_timestamp: clock, resting_bp: true })).rejects.toThrow('"resting_bp" is true; expected');
    await expect(workspace.writeToOnlineStore(MODEL, 'vitals', [{ patient_id: 'NEW' }])).rejects.toThrow(
      'lacks "event_timestamp"',
    );
  });
});

describe('materialize', () => {
  test('incremental goes on where the last one ended, by the clock chosen, and writes down where it was', async () => {
    const again = await workspace.materializeIncremental(MODEL);
    for (const view of again.views) expect([view.from, view.to]).toEqual([clock, clock]);
    const wall = await workspace.materializeIncremental(MODEL, { clock: 'wall', views: ['vitals'] });
    expect(wall.views).toMatchObject([{ view: 'vitals', from: clock, to: platform.now() * 1000 }]);
    const facts = (await workspace.onlineStore(MODEL)).views.find((one) => one.view === 'vitals');
    expect(facts?.intervals.at(-1)?.to).toBe(platform.now() * 1000);
    expect(facts?.counts.reduce((sum, count) => sum + count, 0)).toBe(facts?.entities);
    await expect(workspace.materializeIncremental(MODEL, { to: clock - DAY })).rejects.toThrow('lies after the end');
  });

  test('a first time starts ttl before now or before the end, or 52 weeks where there is no ttl', async () => {
    const { views } = await workspace.onlineStore(MODEL);
    const end = clock - 10 * DAY;
    const from = async (start: 'now' | 'end') => {
      const { workspace: fresh } = countedWorkspace();
      await fresh.run(MODEL, { seed: 5, rows: 1000, maxEvals: 2, stages: ['data'] });
      return (await fresh.materializeIncremental(MODEL, { views: ['labs'], to: end, start })).views[0]?.from;
    };
    const back = (views.find(({ view }) => view === 'labs')?.ttl ?? 0) * 1_000_000;
    expect(back).toBeGreaterThan(0);
    expect(await from('now')).toBe(clock - back);
    expect(await from('end')).toBe(end - back);

    const { workspace: files } = countedWorkspace();
    const rows = Array.from({ length: 60 }, (_, i) => `k${i % 9},2025-03-${String(10 + (i % 20))},${i},${i % 2}`);
    const model = await files.createModel({
      fileName: 'shop.csv',
      bytes: new TextEncoder().encode(['id,when,size,y', ...rows].join('\n')),
      label: 'y',
      positive: '== 1',
      entity: 'id',
      eventTimestamp: 'when',
    });
    await files.run(model, { seed: 1, stages: ['data'] });
    const last = Date.UTC(2025, 2, 29) * 1000;
    expect((await files.materializeIncremental(model)).views).toEqual([
      { view: 'table', from: last - 364 * DAY, to: last, written: 9, rows: 9 },
    ]);
    const row = { id: 'k1', size: 75, y: null };
    const sent = { source: 'table', rows: [{ ...row, when: '2025-04-01' }], to: 'online_and_offline' } as const;
    expect(await files.push(model, sent)).toEqual({ offline_rows: 1, online_rows: 1, views: ['table'] });
    const read = await files.getOnlineFeatures(model, { features: ['table:size'], entity_rows: [{ id: 'k1' }] });
    expect(read.results).toMatchObject([[{ value: 75, event_timestamp: Date.UTC(2025, 3, 1) * 1000 }]]);
  }, 120_000);

  test('of chosen views and a range; faults are sentences; a cancelled one leaves the store as it was', async () => {
    const some = await workspace.materialize(MODEL, { from: clock - DAY, to: clock, views: ['labs'] });
    expect(some.views.map(({ view }) => view)).toEqual(['labs']);
    await expect(workspace.materialize(MODEL, { from: 2, to: 1 })).rejects.toThrow('before it begins');
    await expect(workspace.materialize(MODEL, { from: 1, to: 2, views: ['lab'] })).rejects.toThrow(
      'did you mean "labs"?',
    );
    const digest = await workspace.digest();
    const signal = { aborted: false };
    const stop = () => void (signal.aborted = true);
    const cancelled = workspace.materialize(MODEL, { from: 0, to: clock }, stop, signal);
    await expect(cancelled).rejects.toThrow('cancelled');
    expect(await workspace.digest()).toBe(digest);
  });
});

describe('reading', () => {
  test('several views and keys at once, in strict and Feast mode, with full names', async () => {
    const features = ['vitals:resting_bp', 'labs:cholesterol'];
    const rows = [{ patient_id: key }, { patient_id: 'nobody' }, { patient_id: key }];
    const answer = await workspace.getOnlineFeatures(MODEL, { features, entity_rows: rows, full_feature_names: true });
    expect(answer.feature_names).toEqual(['vitals__resting_bp', 'labs__cholesterol']);
    expect(answer.results[1]?.map(({ status }) => status)).toEqual(['NOT_FOUND', 'NOT_FOUND']);
    expect(answer.results[2]).toEqual(answer.results[0]);
    expect(await read(features, [{ patient_id: key }], { at: clock + 9999 * DAY })).toEqual([
      [
        [null, 'OUTSIDE_MAX_AGE'],
        [null, 'OUTSIDE_MAX_AGE'],
      ],
    ]);
    const feast = await read(features, [{ patient_id: key }], { at: clock + 9999 * DAY, mode: 'feast' });
    expect(feast[0]?.map(([, status]) => status)).toEqual(['PRESENT', 'PRESENT']);
  });

  test('faults are sentences', async () => {
    await expect(read(['vital:resting_bp'])).rejects.toThrow('did you mean "vitals"?');
    await expect(read(['vitals:resting_bp'], [{ patient_id: key }, { patient: 'x' }])).rejects.toThrow(
      'Entity row 2 lacks the join key "patient_id" of vitals; it has patient.',
    );
  });
});

test('what the online store is said to hold changes when the Features stage replaces it', async () => {
  const { workspace } = countedWorkspace();
  const facts: string[] = [];
  for (const seed of [1, 2]) {
    await workspace.run('heart_disease', { seed, rows: 1000, stages: ['data', 'features'] });
    facts.push(JSON.stringify((await workspace.onlineStore('heart_disease')).views.map((view) => view.counts)));
  }
  expect(facts[0]).not.toBe(facts[1]);
});
