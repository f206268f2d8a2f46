import { describe, expect, test } from 'vitest';
import { cellAt, makeTable, stringColumn, type Cell, type Table } from '../utils/columns';
import { entityRowsAsOf, entityRowsBetween, isoTime } from './entity-selection';
import { tablesAtHand } from './raw-tables';
import type { FeatureDefinitions, PointInTimeMode } from './types';

const SECOND = 1_000_000;
const time = (...values: readonly number[]) =>
  ({ type: 'timestamp', values: Float64Array.from(values, (value) => value * SECOND) }) as const;

const orders = makeTable([
  ['customer', stringColumn(['a', 'b', 'a', null, 'a', 'c'])],
  ['at', time(-5, 10, 10, 10, 20, NaN)],
  ['created', time(-5, 10, 30, 10, 20, 20)],
]);
const profiles = makeTable([
  ['id', stringColumn(['b', 'd'])],
  ['at', time(10, 15)],
]);

function definitions(ttl: number): FeatureDefinitions {
  const one = { name: 'one', dtype: 'float64', expression: '1' } as const;
  return {
    entities: [
      { name: 'customer', join_keys: ['customer'] },
      { name: 'id', join_keys: ['id'] },
    ],
    sources: [
      { name: 'orders', table: 'orders', timestamp_field: 'at', created_timestamp_column: 'created' },
      { name: 'profiles', table: 'profiles', timestamp_field: 'at' },
    ],
    requests: [{ name: 'basket', schema: [{ name: 'total', dtype: 'float64' }] }],
    views: [
      { name: 'orders', entities: ['customer'], source: 'orders', ttl, schema: [one] },
      { name: 'profiles', entities: ['id'], source: 'profiles', ttl: 5, schema: [one] },
      { name: 'both', entities: ['customer', 'id'], source: 'orders', ttl, schema: [one] },
      { name: 'weather', entities: [], source: 'profiles', ttl: 0, schema: [one] },
    ],
    onDemandViews: [{ name: 'offer', sources: ['orders', 'basket'], schema: [{ ...one, expression: 'total' }] }],
    service: { name: 'all', features: ['orders:one'] },
  };
}

const tables = tablesAtHand(
  new Map([
    ['orders', orders],
    ['profiles', profiles],
  ]),
  () => Promise.reject(new Error('no SQL is needed')),
);
const asProfiles = { view: 'profiles', join_key_map: { id: 'customer' } };

function rows(table: Table): Cell[][] {
  return Array.from({ length: table.rowCount }, (_, row) =>
    [...table.columns.values()].map((column) => cellAt(column, row)),
  );
}

function call(features: FeatureDefinitions['service']['features'], ttl = 0, mode: PointInTimeMode = 'leak_safe') {
  return { definitions: definitions(ttl), features, mode };
}

describe('a range', () => {
  const between = async (range: { from?: number; to?: number; now: number }, asked = call(['orders:one'])) =>
    rows(await entityRowsBetween(tables, asked, range));

  test('gives each moment of each entity once, both ends included, in order of time', async () => {
    expect(await between({ from: -5 * SECOND, to: 10 * SECOND, now: 0 })).toEqual([
      ['a', -5 * SECOND],
      ['b', 10 * SECOND],
      ['a', 10 * SECOND],
    ]);
    expect(await between({ from: -5 * SECOND + 1, to: 10 * SECOND - 1, now: 0 }).catch(String)).toContain(
      'No event of orders lies between 1969-12-31T23:59:55.000001Z and 1970-01-01T00:00:09.999999Z; widen the range.',
    );
  });

  test('ends now, and begins the longest ttl before its end; without limit where a view has none', async () => {
    expect(await between({ now: 20 * SECOND }, call(['orders:one'], 10))).toHaveLength(3);
    expect(await between({ now: 20 * SECOND - 1 }, call(['orders:one'], 10))).toHaveLength(2);
    expect(await between({ now: 20 * SECOND })).toHaveLength(4);
    expect(await between({ now: 20 * SECOND }, call(['orders:one', asProfiles], 1))).toEqual([
      ['d', 15 * SECOND],
      ['a', 20 * SECOND],
    ]);
  });

  test('takes the moments of all views with the same keys, one that two share once', async () => {
    expect(await between({ now: 20 * SECOND }, call(['orders:one', asProfiles, 'weather:one']))).toEqual([
      ['a', -5 * SECOND],
      ['b', 10 * SECOND],
      ['a', 10 * SECOND],
      ['d', 15 * SECOND],
      ['a', 20 * SECOND],
    ]);
  });

  test.each<readonly [string, FeatureDefinitions['service']['features'], string]>([
    ['keys of which no view has all', ['orders:one', 'profiles:one'], 'No view has all the keys customer, id, so'],
    ['no entity', ['weather:one'], 'The features asked for belong to no entity'],
    ['request data', ['offer:one'], 'need the request data of basket, which no range or snapshot brings'],
    ['an unknown view', ['order:one'], 'There is no feature view "order"; did you mean "orders"?'],
  ])('%s is a sentence', async (_, features, says) => {
    await expect(between({ now: 0 }, call(features))).rejects.toThrow(says);
  });

  test('that ends before it begins is a sentence', async () => {
    await expect(between({ from: SECOND, to: 0, now: 0 })).rejects.toThrow(
      'The range begins at 1970-01-01T00:00:01Z, after its end at 1970-01-01T00:00:00Z. Give an earlier beginning.',
    );
  });
});

describe('a snapshot', () => {
  const asOf = async (at: number, asked = call(['orders:one'])) => rows(await entityRowsAsOf(tables, asked, at));

  test('gives each entity once, as of that moment, that was known by then', async () => {
    expect(await asOf(10 * SECOND)).toEqual([
      ['a', 10 * SECOND],
      ['b', 10 * SECOND],
    ]);
    expect(await asOf(-5 * SECOND)).toEqual([['a', -5 * SECOND]]);
    await expect(asOf(-6 * SECOND)).rejects.toThrow(
      'Nothing of orders was known at 1969-12-31T23:59:54Z; give a later moment.',
    );
  });

  test('counts what was recorded later in mode feast only', async () => {
    const only = makeTable([
      ['customer', stringColumn(['z'])],
      ['at', time(1)],
      ['created', time(5)],
    ]);
    const one = tablesAtHand(new Map([['orders', only]]), () => Promise.reject(new Error('no SQL')));
    await expect(entityRowsAsOf(one, call(['orders:one']), 4 * SECOND)).rejects.toThrow('Nothing of orders was known');
    expect(rows(await entityRowsAsOf(one, call(['orders:one'], 0, 'feast'), 4 * SECOND))).toEqual([['z', 4 * SECOND]]);
  });
});

test('times are written with the microseconds they have', () => {
  expect([isoTime(0), isoTime(-1), isoTime(1_500_000)]).toEqual([
    '1970-01-01T00:00:00Z',
    '1969-12-31T23:59:59.999999Z',
    '1970-01-01T00:00:01.500Z',
  ]);
});
