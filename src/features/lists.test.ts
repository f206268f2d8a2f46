import { afterAll, beforeAll, describe, expect, test } from 'vitest';
import { loadFeatureRepo } from '../config/feature-repo';
import { openDuckDb } from '../platform/duckdb/node';
import { memoryRecords } from '../platform/memory/records';
import { cellAt, columnOf, makeTable, stringColumn, type Cell, type Column, type Table } from '../utils/columns';
import { getHistoricalFeatures } from './historical';
import { getOnlineFeatures } from './get-online-features';
import { materialize } from './materialize';
import { onlineTables } from './online/tables';
import { writeOnline } from './online/write';
import { tablesAtHand } from './raw-tables';
import { definitionsFromRepo } from './repo';
import { compareServing } from './skew';
import type { FeatureDefinitions, FeatureService } from './types';
import { columnFromCells } from './value-types';

let engine: Awaited<ReturnType<typeof openDuckDb>>;
beforeAll(async () => {
  engine = await openDuckDb();
}, 60_000);
afterAll(() => engine.close());

const SECOND = 1_000_000;
const times = (values: readonly number[]): Column => ({
  type: 'timestamp',
  values: Float64Array.from(values, (value) => value * SECOND),
});

const YAML = `project: lists
entities: [{ name: p }]
sources: [{ name: s, path: s.parquet, timestamp_field: at, created_timestamp_column: created }]
request_sources: [{ name: asked, schema: [{ name: weights, dtype: Array(Float64) }] }]
feature_views:
  - name: v
    entities: [p]
    source: s
    schema:
      - { name: ids, dtype: Array(Int64) }
      - { name: small, dtype: Array(Int32), expression: "list_transform(ids, x -> x % 10)" }
      - { name: halves, dtype: Array(Float32), expression: "list_transform(ids, x -> (x % 10) / 2.0)" }
      - { name: names, dtype: Array(String), expression: "list_value(name, NULL)" }
      - { name: moments, dtype: Array(UnixTimestamp), expression: '["at", created]' }
      - { name: flags, dtype: Array(Bool), expression: "[ids IS NULL]" }
      - { name: length, dtype: Int64, expression: len(ids) }
      - { name: last_ids, dtype: Array(Int64), expression: ids, aggregate: { function: last, window: 1d } }
      - { name: times_seen, dtype: Int64, expression: ids, aggregate: { function: count, window: 1d } }
      - { name: long_seen, dtype: Int64, expression: "list_filter(ids, x -> x > 5)", aggregate: { function: count, window: 1d } }
on_demand_feature_views:
  - name: o
    sources: [v, asked]
    schema:
      - { name: weighted, dtype: Float64, expression: "list_sum(list_transform(small, (x, i) -> x * weights[i]))" }
      - { name: more, dtype: Array(Int64), expression: "list_append(ids, 7)" }
feature_services: [{ name: all, features: [v, o] }]
`;

function definitionsOf(yaml: string): FeatureDefinitions & { readonly service: FeatureService } {
  const loaded = loadFeatureRepo(yaml);
  if ('faults' in loaded) throw new Error(JSON.stringify(loaded.faults));
  return definitionsFromRepo(loaded.repo).definitions;
}

const BIG = 2n ** 60n + 1n;
const SOURCE = makeTable([
  ['p', stringColumn(['a', 'a', 'a', 'b', 'c'])],
  ['at', times([10, 20, 30, 10, 10])],
  ['created', times([10, 99, 99, 10, 10])],
  ['name', stringColumn(['x', 'y', 'z', null, 'w'])],
  ['ids', columnFromCells('int64[]', [[BIG, 4n], [BIG, 4n], [1n], [], null])],
]);
const ENTITY_ROWS = makeTable([
  ['p', stringColumn(['a', 'b', 'c', 'd'])],
  ['event_timestamp', times([25, 25, 25, 25])],
  ['weights', columnFromCells('float64[]', [[1, 10], [1], [1], [1]])],
]);

function joined(mode: 'leak_safe' | 'feast') {
  const definitions = definitionsOf(YAML);
  const tables = tablesAtHand(new Map([['s', SOURCE]]), () => Promise.resolve(engine));
  const request = { definitions, features: definitions.service.features, entityRows: ENTITY_ROWS, mode };
  return getHistoricalFeatures(tables, request, {});
}

function cells(table: Table, name: string): Cell[] {
  return Array.from({ length: table.rowCount }, (_, row) => cellAt(columnOf(table, name), row));
}

describe('features that are lists', () => {
  test('are joined as they stand and as SQL makes them, with all bits and microseconds', async () => {
    const { table, coverage } = await joined('leak_safe');
    expect(cells(table, 'ids')).toEqual([[BIG, 4n], [], null, null]);
    expect(cells(table, 'small')).toEqual([[BIG % 10n, 4n], [], null, null]);
    expect(cells(table, 'halves')).toEqual([[Number(BIG % 10n) / 2, 2], [], null, null]);
    expect(cells(table, 'names')).toEqual([['x', null], [null, null], ['w', null], null]);
    expect(cells(table, 'moments')[0]).toEqual([10 * SECOND, 10 * SECOND]);
    expect(cells(table, 'flags')).toEqual([[false], [false], [true], null]);
    expect(cells(table, 'length')).toEqual([2n, 0n, null, null]);
    expect([coverage['ids'], coverage['names']]).toEqual([2, 3]);
  });

  test('windows take the last list and count those there are', async () => {
    const { table } = await joined('feast');
    expect(cells(table, 'last_ids')).toEqual([[BIG, 4n], [], null, null]);
    expect(cells(table, 'times_seen')).toEqual([2n, 1n, 0n, 0n]);
    expect(cells(table, 'long_seen')).toEqual([2n, 1n, 0n, 0n]);
  });

  test('are compared by content where leaks are counted', async () => {
    const { leaks } = await joined('leak_safe');
    expect(leaks).toMatchObject([{ rows: 1, values: { ids: 0, small: 0, names: 1, moments: 1, times_seen: 1 } }]);
  });

  test('are served as they were trained with, on-demand ones too', async () => {
    const definitions = definitionsOf(YAML);
    const tables = tablesAtHand(new Map([['s', SOURCE]]), () => Promise.resolve(engine));
    const { table } = await joined('leak_safe');
    expect(cells(table, 'weighted')).toEqual([Number(BIG % 10n) + 40, null, null, null]);
    expect(cells(table, 'more')).toEqual([[BIG, 4n, 7n], [7n], [7n], [7n]]);
    const records = memoryRecords(onlineTables);
    const batches = await materialize(tables, { definitions, from: 0, to: 25 * SECOND }, {});
    await records.write(Object.keys(onlineTables), async (tx) => {
      for (const batch of batches) await writeOnline(tx, 'm', batch);
    });
    const keys = ['a', 'b', 'c', 'd'];
    const served = await getOnlineFeatures(records, {
      definitions,
      model: 'm',
      features: definitions.service.features,
      entityRows: keys.map((p, row) => ({ p, weights: cells(ENTITY_ROWS, 'weights')[row] ?? null })),
      at: 25 * SECOND,
      sql: () => Promise.resolve(engine),
    });
    expect(compareServing({ keys, served, trained: table }).differing).toEqual([]);
    const [first = []] = served;
    const broken = [first.map((one) => (one.feature === 'ids' ? { ...one, value: [BIG] } : one)), ...served.slice(1)];
    expect(compareServing({ keys, served: broken, trained: table }).differing).toEqual([
      {
        feature: 'ids',
        differ: 1,
        entity_key: 'a',
        trained: `[${BIG},4]`,
        served: `[${BIG}]`,
      },
    ]);
  });

  test('of sums, means and ranges are refused where they are defined', () => {
    for (const what of ['sum', 'mean', 'min', 'max', 'distinct', 'count']) {
      const yaml = YAML.replace('function: last', `function: ${what}`);
      expect(() => definitionsOf(yaml)).toThrow(`v:last_ids is a ${what} and declared as int64[]; declare a number.`);
    }
    expect(loadFeatureRepo(YAML.replace('Array(Int64)', 'Array(Array(Int64))'))).toHaveProperty('faults');
  });

  test('cannot be keys', async () => {
    const definitions = definitionsOf(YAML);
    const tables = tablesAtHand(new Map([['s', SOURCE]]), () => Promise.resolve(engine));
    const keys = makeTable([
      ['p', columnFromCells('string[]', [['a']])],
      ['event_timestamp', times([25])],
    ]);
    const request = { definitions, features: ['v:ids'], entityRows: keys };
    await expect(getHistoricalFeatures(tables, request, {})).rejects.toThrow('A join key holds lists');
  });
});
