import fc from 'fast-check';
import { afterAll, beforeAll, describe, expect, test } from 'vitest';
import { openDuckDb } from '../platform/duckdb/node';
import { memoryRecords } from '../platform/memory/records';
import { cellAt, columnOf, makeTable, stringColumn, type Column } from '../utils/columns';
import { getHistoricalFeatures } from './historical';
import { materialize } from './materialize';
import { getOnlineFeatures } from './get-online-features';
import { readOnline } from './online/read';
import { onlineTables, type OnlineBatch } from './online/tables';
import { writeOnline } from './online/write';
import { entityTimeline } from './timeline';
import { tablesAtHand } from './raw-tables';
import type { FeatureDefinitions, OfflineTables, OnlineMode, PointInTimeMode } from './types';

type Engine = Awaited<ReturnType<typeof openDuckDb>>;
let engine: Engine;
beforeAll(async () => {
  engine = await openDuckDb();
});
afterAll(() => engine.close());

const SECOND = 1_000_000;

function definitions(ttl: number): FeatureDefinitions {
  return {
    entities: [{ name: 'p', join_keys: ['p'] }],
    sources: [{ name: 's', table: 'source', timestamp_field: 'at', created_timestamp_column: 'created' }],
    views: [
      {
        name: 'v',
        entities: ['p'],
        source: 's',
        ttl,
        schema: [
          { name: 'x', dtype: 'float64', expression: 'x' },
          { name: 'group', dtype: 'int64', expression: 'CASE WHEN x < 5 THEN 0 WHEN x >= 5 THEN 1 END' },
        ],
      },
    ],
    service: { name: 'all', features: ['v:x', 'v:group'] },
  };
}

interface Row {
  readonly p: string | null;
  readonly at: number;
  readonly created: number;
  readonly x: number | null;
}

function load(rows: readonly Row[]): OfflineTables {
  const numbers = (values: readonly (number | null)[]) => Float64Array.from(values, (value) => value ?? NaN);
  const source = makeTable([
    ['p', stringColumn(rows.map((row) => row.p))],
    ['at', { type: 'timestamp', values: numbers(rows.map((row) => row.at * SECOND)) }],
    ['created', { type: 'timestamp', values: numbers(rows.map((row) => row.created * SECOND)) }],
    ['x', { type: 'float64', values: numbers(rows.map((row) => row.x)) }],
  ]);
  return tablesAtHand(new Map([['source', source]]), () => Promise.resolve(engine));
}

const at = (p: string | null, time: number, x: number | null, created = time): Row => ({ p, at: time, created, x });
const TABLES = Object.keys(onlineTables);
const materialized = async (rows: OfflineTables, from: number, to: number, mode: PointInTimeMode = 'feast') => {
  const request = { definitions: definitions(0), from: from * SECOND, to: to * SECOND, mode };
  const [batch] = await materialize(rows, request, {});
  if (!batch) throw new Error('no view');
  const { keys, event, values } = batch;
  return keys.map((key, row) => [
    key,
    (event[row] ?? NaN) / SECOND,
    ...[...values.columns.values()].map((column) => cellAt(column, row)),
  ]);
};

describe('materialize', () => {
  test('takes both ends of the window, the newest row of each entity, and no row without a key', async () => {
    const source = load([at('a', 1, 1), at('a', 3, 3), at('b', 2, 2), at(null, 2, 9), at('c', 4, 4), at('a', 5, 5)]);
    expect(await materialized(source, 1, 3)).toEqual([
      ['a', 3, 3, 0n],
      ['b', 2, 2, 0n],
    ]);
  });

  test('created time breaks ties, then the later row', async () => {
    const source = load([at('a', 1, 1, 9), at('a', 1, 2, 5), at('b', 1, 3, 5), at('b', 1, 4, 5)]);
    expect((await materialized(source, 0, 9)).map((row) => row[2])).toEqual([1, 4]);
  });
});

const online = (event: number, created: number, x: number, group: Column = whole(0n)): OnlineBatch => ({
  view: 'v',
  keys: ['a'],
  event: Float64Array.of(event),
  created: Float64Array.of(created),
  asOf: null,
  values: makeTable([
    ['x', { type: 'float64', values: Float64Array.of(x) }],
    ['group', group],
  ]),
});

function whole(value: bigint | null): Column {
  return { type: 'int64', values: BigInt64Array.of(value ?? 0n), valid: Uint8Array.of(value === null ? 0 : 1) };
}

describe('the online store', () => {
  test('late data never overwrites newer, whatever the order of writes', async () => {
    const row = fc
      .tuple(fc.integer({ min: 0, max: 5 }), fc.integer({ min: 0, max: 5 }))
      .map(([event, created]) => ({ event, created }));
    await fc.assert(
      fc.asyncProperty(fc.array(row, { minLength: 1, maxLength: 12 }), async (rows) => {
        const records = memoryRecords(onlineTables);
        for (const [i, one] of rows.entries()) {
          await records.write(TABLES, (tx) => writeOnline(tx, 'm', online(one.event, one.created, i)));
        }
        const order = [...rows.keys()].sort(
          (a, b) =>
            (rows[a]?.event ?? 0) - (rows[b]?.event ?? 0) || (rows[a]?.created ?? 0) - (rows[b]?.created ?? 0) || a - b,
        );
        const kept = await readOnline(records, 'm', new Map([['v', new Set(['a'])]]));
        expect(kept.get('v')?.get('a')?.value('x')).toBe(order.at(-1));
      }),
    );
  });

  test('each value says whether it is there, null, unknown or too old; the ttl is inclusive', async () => {
    const records = memoryRecords(onlineTables);
    await records.write(TABLES, (tx) => writeOnline(tx, 'm', online(10 * SECOND, 10, 3, whole(null))));
    const ask = async (key: string, seconds: number, mode: OnlineMode = 'strict') => {
      const [row = []] = await getOnlineFeatures(records, {
        definitions: definitions(5),
        model: 'm',
        features: ['v:group', 'v:x'],
        entityRows: [{ p: key }],
        at: seconds * SECOND,
        mode,
      });
      return row;
    };
    expect((await ask('a', 15)).map(({ feature, value, status }) => [feature, value, status])).toEqual([
      ['group', null, 'NULL_VALUE'],
      ['x', 3, 'PRESENT'],
    ]);
    expect((await ask('a', 15.000001)).map(({ value, status }) => [value, status])).toEqual([
      [null, 'OUTSIDE_MAX_AGE'],
      [null, 'OUTSIDE_MAX_AGE'],
    ]);
    expect((await ask('a', 15.000001, 'feast')).map(({ value, status }) => [value, status])).toEqual([
      [null, 'PRESENT'],
      [3, 'PRESENT'],
    ]);
    expect((await ask('nobody', 15)).map(({ status, event_timestamp }) => [status, event_timestamp])).toEqual([
      ['NOT_FOUND', null],
      ['NOT_FOUND', null],
    ]);
  });
});

const history = fc.array(
  fc.record({
    p: fc.constantFrom('a', 'b'),
    at: fc.integer({ min: 0, max: 8 }),
    created: fc.integer({ min: 0, max: 8 }),
    x: fc.option(fc.integer({ min: 0, max: 9 }), { freq: 5 }),
  }),
  { minLength: 1, maxLength: 15 },
);

const rules = fc.record({
  ttl: fc.constantFrom(0, 3),
  mode: fc.constantFrom<PointInTimeMode>('leak_safe', 'feast'),
  windows: fc.boolean(),
});

/** Windows and an on-demand view beside what `definitions` has. */
function richDefinitions(ttl: number): FeatureDefinitions {
  const plain = definitions(ttl);
  const windows = (['count', 'sum', 'last'] as const).map((what) => ({
    name: `${what}_4`,
    dtype: what === 'count' ? ('int64' as const) : ('float64' as const),
    expression: 'x',
    aggregate: { function: what, window: 4 },
  }));
  return {
    ...plain,
    requests: [{ name: 'request', schema: [{ name: 'y', dtype: 'float64' }] }],
    views: plain.views.map((view) => ({ ...view, schema: [...view.schema, ...windows] })),
    onDemandViews: [
      {
        name: 'now',
        sources: ['v', 'request'],
        schema: [{ name: 'both', dtype: 'float64', expression: 'coalesce(x, 0) + count_4 * y' }],
      },
    ],
  };
}

const WITH_WINDOWS = ['v:x', 'v:group', 'v:count_4', 'v:sum_4', 'v:last_4', 'now:both'];

test('train and serve agree: history at T equals what is served at T after materializing up to T', async () => {
  await fc.assert(
    fc.asyncProperty(history, fc.integer({ min: 0, max: 9 }), rules, async (rows, now, { ttl, mode, windows }) => {
      const source = load(rows);
      const rich = windows ? richDefinitions(ttl) : definitions(ttl);
      const features = windows ? WITH_WINDOWS : ['v:x', 'v:group'];
      const keys = ['a', 'b', 'nobody'];
      const entityRows = makeTable([
        ['p', stringColumn(keys)],
        ['event_timestamp', { type: 'timestamp', values: new Float64Array(3).fill(now * SECOND) }],
        ['y', { type: 'float64', values: Float64Array.of(1, 2, 3) }],
      ]);
      const request = { definitions: rich, features: features, entityRows, mode };
      const { table } = await getHistoricalFeatures(source, request, {});
      const records = memoryRecords(onlineTables);
      // In two steps, so that what was written before moves on.
      for (const to of [now - 2, now]) {
        const window = { definitions: rich, from: (to - 2) * SECOND, to: to * SECOND, mode };
        const first = to === now ? window : { ...window, from: -SECOND };
        const batches = await materialize(source, first, {});
        for (const batch of batches) await records.write(TABLES, (tx) => writeOnline(tx, 'm', batch));
      }
      const served = await getOnlineFeatures(records, {
        definitions: rich,
        model: 'm',
        features: features,
        entityRows: keys.map((p, i) => ({ p, y: i + 1 })),
        at: now * SECOND,
        sql: () => Promise.resolve(engine),
      });
      served.forEach((answers, row) => {
        const names = features.map((reference) => reference.slice(reference.indexOf(':') + 1));
        expect(answers.map(({ feature }) => feature)).toEqual(names);
        expect(answers.map(({ value }) => value)).toEqual(names.map((name) => cellAt(columnOf(table, name), row)));
      });
    }),
    { numRuns: 100 },
  );
});

test('the time line marks as taken exactly what the join takes', async () => {
  await fc.assert(
    fc.asyncProperty(history, fc.integer({ min: 0, max: 9 }), rules, async (rows, now, { ttl, mode }) => {
      const source = load(rows);
      const points = await entityTimeline(source, {
        mode,
        definitions: definitions(ttl),
        features: ['v:x'],
        keyValues: ['a'],
        at: now * SECOND,
      });
      const taken = points.filter((point) => point.verdict === 'taken');
      const entityRows = makeTable([
        ['p', stringColumn(['a'])],
        ['event_timestamp', { type: 'timestamp', values: Float64Array.of(now * SECOND) }],
      ]);
      const { table } = await getHistoricalFeatures(
        source,
        { definitions: definitions(ttl), features: ['v:x'], entityRows, mode },
        {},
      );
      expect(taken.length).toBeLessThanOrEqual(1);
      expect(taken[0]?.value ?? null).toBe(cellAt(columnOf(table, 'x'), 0));
      for (const point of points) expect(point.verdict === 'late').toBe(point.event_timestamp > now * SECOND);
    }),
    { numRuns: 40 },
  );
});
