import { afterAll, beforeAll, describe, expect, test } from 'vitest';
import { openDuckDb } from '../platform/duckdb/node';
import { cellAt, columnOf, makeTable, stringColumn, type Cell, type Column, type Table } from '../utils/columns';
import { expressionFault } from './field-sql';
import { getHistoricalFeatures } from './historical';
import { tablesAtHand } from './raw-tables';
import type { FeatureDefinitions, FeatureService, Field } from './types';

let engine: Awaited<ReturnType<typeof openDuckDb>>;
beforeAll(async () => {
  engine = await openDuckDb();
});
afterAll(() => engine.close());

const DAY = 86_400_000_000;
const times = (values: readonly number[]): Column => ({ type: 'timestamp', values: Float64Array.from(values) });
const floats = (values: readonly number[]): Column => ({ type: 'float64', values: Float64Array.from(values) });

const passthrough = (name: string, dtype: Field['dtype'] = 'float64'): Field => ({ name, dtype, expression: name });
const DEFINITIONS: FeatureDefinitions = {
  entities: [
    { name: 'driver', join_keys: ['driver_id'] },
    { name: 'city', join_keys: ['city_id'] },
  ],
  sources: [
    { name: 'trips', table: 'trips', timestamp_field: 'at', field_mapping: { when: 'at', fare_eur: 'fare' } },
    { name: 'weather', table: 'weather', timestamp_field: 'at' },
  ],
  requests: [{ name: 'quote', schema: [{ name: 'distance', dtype: 'float64' }] }],
  views: [
    {
      name: 'driver_trips',
      entities: ['driver'],
      source: 'trips',
      ttl: 0,
      schema: [
        passthrough('fare'),
        { name: 'double_fare', dtype: 'float32', expression: 'fare * 2' },
        { name: 'trips_7d', dtype: 'int64', expression: 'fare', aggregate: { function: 'count', window: 7 * 86_400 } },
        { name: 'fare_7d', dtype: 'float64', expression: 'fare', aggregate: { function: 'sum', window: 7 * 86_400 } },
      ],
    },
    { name: 'weather', entities: [], source: 'weather', ttl: 0, schema: [passthrough('fare'), passthrough('rain')] },
  ],
  onDemandViews: [
    {
      name: 'offer',
      sources: ['driver_trips', 'weather', 'quote'],
      schema: [
        { name: 'price', dtype: 'float64', expression: 'driver_trips__fare * distance' },
        { name: 'wet', dtype: 'bool', expression: 'rain > 0.5' },
      ],
    },
  ],
  service: { name: 'all', features: ['driver_trips:fare'] },
};

const TABLES = new Map<string, Table>([
  [
    'trips',
    makeTable([
      ['driver_id', stringColumn(['a', 'a', 'b', 'a'])],
      ['when', times([1 * DAY, 5 * DAY, 5 * DAY, 9 * DAY])],
      ['fare_eur', floats([10, 20, 30, 40])],
    ]),
  ],
  [
    'weather',
    makeTable([
      ['at', times([2 * DAY, 6 * DAY])],
      ['fare', floats([-1, -2])],
      ['rain', floats([0, 1])],
    ]),
  ],
]);

const ENTITY_ROWS = makeTable([
  ['driver_id', stringColumn(['a', 'b', 'c'])],
  ['other_driver', stringColumn(['b', 'a', null])],
  ['event_timestamp', times([8 * DAY, 8 * DAY, 1 * DAY])],
  ['distance', floats([3, 2, 1])],
]);

function ask(features: FeatureService['features'], more: { entityRows?: Table; fullFeatureNames?: boolean } = {}) {
  const tables = tablesAtHand(TABLES, () => Promise.resolve(engine));
  return getHistoricalFeatures(tables, { definitions: DEFINITIONS, features, entityRows: ENTITY_ROWS, ...more }, {});
}

function cells(table: Table, name: string): Cell[] {
  return Array.from({ length: table.rowCount }, (_, row) => cellAt(columnOf(table, name), row));
}

describe('composition', () => {
  test('windows, mapped columns, computed and plain features come from one view', async () => {
    const { table } = await ask([{ view: 'driver_trips' }]);
    expect(cells(table, 'fare')).toEqual([20, 30, null]);
    expect(cells(table, 'double_fare')).toEqual([40, 60, null]);
    // At day 8 the trip of day 1 lies exactly a week back, outside of (t - w, t].
    expect(cells(table, 'trips_7d')).toEqual([1n, 1n, 0n]);
    expect(cells(table, 'fare_7d')).toEqual([20, 30, null]);
  });

  test('one view twice, by other key columns and under another name', async () => {
    const other = {
      view: 'driver_trips',
      name: 'rival',
      features: ['fare'],
      join_key_map: { driver_id: 'other_driver' },
    };
    const { table } = await ask(['driver_trips:fare', other], { fullFeatureNames: true });
    expect(cells(table, 'driver_trips__fare')).toEqual([20, 30, null]);
    expect(cells(table, 'rival__fare')).toEqual([30, 20, null]);
  });

  test('a view without entities joins on time alone', async () => {
    expect(cells((await ask(['weather:rain'])).table, 'rain')).toEqual([1, 1, null]);
  });

  test('short names that would come twice are refused, full names are not', async () => {
    const both = ['driver_trips:fare', 'weather:fare'];
    await expect(ask(both)).rejects.toThrow(
      'The column "fare" would come twice, from driver_trips and from weather. Ask for full feature names',
    );
    expect((await ask(both, { fullFeatureNames: true })).table.columns.has('weather__fare')).toBe(true);
  });

  test('on-demand features see their sources and the request', async () => {
    const { table } = await ask(['offer:price', 'offer:wet']);
    expect(cells(table, 'price')).toEqual([60, 60, null]);
    expect(cells(table, 'wet')).toEqual([true, true, null]);
    expect([...table.columns.keys()]).toEqual([...ENTITY_ROWS.columns.keys(), 'price', 'wet']);
  });

  test('faults are sentences', async () => {
    const bare = makeTable([...ENTITY_ROWS.columns].filter(([name]) => name !== 'distance'));
    await expect(ask(['offer:price'], { entityRows: bare })).rejects.toThrow(
      'The request data "distance" of quote is missing',
    );
    await expect(ask(['driver_trip:fare'])).rejects.toThrow('did you mean "driver_trips"?');
    await expect(ask(['fare'])).rejects.toThrow('"fare" names no feature; expected view:feature');
    await expect(ask([{ view: 'driver_trips', join_key_map: { id: 'x' } }])).rejects.toThrow(
      'names "id"; driver_trips has driver_id',
    );
    const text = makeTable(
      [...ENTITY_ROWS.columns, ['x', times([1, 2, 3])]].filter(([name]) => name !== 'event_timestamp') as [
        string,
        Column,
      ][],
    );
    expect((await ask(['weather:rain'], { entityRows: text })).table.rowCount).toBe(3);
  });

  test.each([
    'lead(fare) OVER (ORDER BY at)',
    '(SELECT max(fare) FROM trips)',
    'fare - (SELECT avg("fare") FROM trips)',
    'max(fare)',
  ])('an expression that looks at other rows is refused: %s', async (expression) => {
    const schema = [{ name: 'next', dtype: 'float64' as const, expression }];
    const leaking = { ...DEFINITIONS, views: [{ name: 'v', entities: ['driver'], source: 'trips', ttl: 0, schema }] };
    const tables = tablesAtHand(TABLES, () => Promise.resolve(engine));
    const request = { definitions: leaking, features: ['v:next'], entityRows: ENTITY_ROWS };
    await expect(getHistoricalFeatures(tables, request, {})).rejects.toThrow('looks at other rows than its own');
  });

  test.each([
    ['random() * fare', 'holds random, which answers otherwise from call to call'],
    ['now()', 'holds now, which'],
    ['fare + extract(year FROM current_date)', 'holds current_date, which'],
    ['age(at)', 'holds age, which'],
    ['age(at, birth) > age(birth)', 'holds age, which'],
    ['1) AS DOUBLE), CAST((2', 'is not one expression'],
    ['fare) OR (1=1', 'is not one expression'],
    ['fare, 2', 'is not one expression'],
    ['fare; DROP TABLE trips', 'is not one expression'],
  ])('an expression that cannot be the one definition is refused: %s', async (expression, message) => {
    const schema = [{ name: 'next', dtype: 'float64' as const, expression }];
    const views = [{ name: 'v', entities: ['driver'], source: 'trips', ttl: 0, schema }];
    const tables = tablesAtHand(TABLES, () => Promise.resolve(engine));
    const request = { definitions: { ...DEFINITIONS, views }, features: ['v:next'], entityRows: ENTITY_ROWS };
    await expect(getHistoricalFeatures(tables, request, {})).rejects.toThrow(message);
    expect(expressionFault('coalesce(fare, 0) + len(\'random(), ;)\') + "now"')).toBeNull();
    expect(expressionFault("date_diff('year', birth, at) + AGE(max(at, birth), birth)[1]")).toBeNull();
  });

  test('one name with two key maps is refused, and on-demand views take neither', async () => {
    const tables = tablesAtHand(TABLES, () => Promise.resolve(engine));
    const trips = (features: readonly string[], map?: Readonly<Record<string, string>>) => ({
      view: 'driver_trips',
      features,
      ...(map ? { join_key_map: map } : {}),
    });
    const names = DEFINITIONS.views.find(({ name }) => name === 'driver_trips')?.schema.map(({ name }) => name) ?? [];
    const [first = '', second = ''] = names;
    const features = [trips([first], { driver_id: 'other_id' }), trips([second])];
    const request = { definitions: DEFINITIONS, features, entityRows: ENTITY_ROWS };
    await expect(getHistoricalFeatures(tables, request, {})).rejects.toThrow(
      '"driver_trips" is asked for with two different join_key_maps (other_id and driver_id)',
    );
    const renamed = { ...request, features: [{ view: 'offer', name: 'bid' }] };
    await expect(getHistoricalFeatures(tables, renamed, {})).rejects.toThrow('takes no other name');
  });

  test.each(['fare / sum(fare) OVER ()', 'fare - (FROM __on_demand_0)', 'max(driver_trips__fare)'])(
    'an on-demand expression that looks at other rows is refused: %s',
    async (expression) => {
      const [offer] = DEFINITIONS.onDemandViews ?? [];
      if (!offer) throw new Error('no on-demand view');
      const schema = [{ name: 'price', dtype: 'float64' as const, expression }];
      const definitions = { ...DEFINITIONS, onDemandViews: [{ ...offer, sources: ['driver_trips'], schema }] };
      const tables = tablesAtHand(TABLES, () => Promise.resolve(engine));
      const request = { definitions, features: ['offer:price'], entityRows: ENTITY_ROWS };
      await expect(getHistoricalFeatures(tables, request, {})).rejects.toThrow('looks at other rows than its own');
    },
  );

  test('comments hide nothing', async () => {
    const schema = [{ name: 'x', dtype: 'float64' as const, expression: 'sum(fare) OVER /* all */ ()' }];
    const leaking = { ...DEFINITIONS, views: [{ name: 'v', entities: ['driver'], source: 'trips', ttl: 0, schema }] };
    const tables = tablesAtHand(TABLES, () => Promise.resolve(engine));
    const request = { definitions: leaking, features: ['v:x'], entityRows: ENTITY_ROWS };
    await expect(getHistoricalFeatures(tables, request, {})).rejects.toThrow('looks at other rows than its own');
  });

  test('what is told apart is counted as it is, whatever type the count has', async () => {
    const schema = ['fare', "CASE WHEN fare > 0 THEN 'x' || fare END"].map((expression, i) => ({
      name: `kinds_${i}`,
      dtype: 'int64' as const,
      expression,
      aggregate: { function: 'distinct' as const, window: 1e9 },
    }));
    const counted = { ...DEFINITIONS, views: [{ name: 'v', entities: ['driver'], source: 'many', ttl: 0, schema }] };
    const many = makeTable([
      ['driver_id', { type: 'int64', values: BigInt64Array.of(1n, 1n, 1n) }],
      ['at', times([1, 2, 3])],
      ['fare', { type: 'float64', values: Float64Array.of(1.2, 1.4, 1.2) }],
    ]);
    const definitions = { ...counted, sources: [{ name: 'many', table: 'many', timestamp_field: 'at' }] };
    const tables = tablesAtHand(new Map([['many', many]]), () => Promise.resolve(engine));
    const rows = makeTable([
      ['driver_id', { type: 'int64', values: BigInt64Array.of(1n) }],
      ['event_timestamp', times([9])],
    ]);
    const request = { definitions, features: ['v:kinds_0', 'v:kinds_1'], entityRows: rows };
    const { table } = await getHistoricalFeatures(tables, request, {});
    expect(['kinds_0', 'kinds_1'].map((name) => cellAt(columnOf(table, name), 0))).toEqual([2n, 2n]);
  });

  test('a mapping onto a name that the table has already is refused', async () => {
    const sources = DEFINITIONS.sources.map((source) => ({
      ...source,
      field_mapping: { when: 'at', fare_eur: 'fare', driver_id: 'fare' },
    }));
    const tables = tablesAtHand(TABLES, () => Promise.resolve(engine));
    const request = {
      definitions: { ...DEFINITIONS, sources },
      features: [{ view: 'driver_trips' }],
      entityRows: ENTITY_ROWS,
    };
    await expect(getHistoricalFeatures(tables, request, {})).rejects.toThrow(
      'the name "fare", which another has already',
    );
  });
});
