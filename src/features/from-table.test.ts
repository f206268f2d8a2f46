import { afterAll, beforeAll, expect, test } from 'vitest';
import { profileTable } from '../data/profile';
import { openDuckDb } from '../platform/duckdb/node';
import { columnOf, makeTable, stringColumn, toFloat64, type Column } from '../utils/columns';
import { definitionsFromTable } from './from-table';
import { getHistoricalFeatures } from './historical';
import { tablesAtHand } from './raw-tables';

type Engine = Awaited<ReturnType<typeof openDuckDb>>;
let engine: Engine;
beforeAll(async () => {
  engine = await openDuckDb();
});
afterAll(() => engine.close());

const ROWS = 40;
const floats = (make: (i: number) => number): Column => ({
  type: 'float64',
  values: Float64Array.from({ length: ROWS }, (_, i) => make(i)),
});
const HOSTILE = `x"; DROP TABLE rows; -- [a<b]: 'c'`;

async function tableOf(columns: [string, Column][], roles: { ignore?: string[] } = {}) {
  const table = makeTable(columns);
  const profile = await profileTable('rows', table, {});
  const categories = new Map(
    columns.map(([name, column]) => [name, column.type === 'string' ? column.dictionary : []]),
  );
  return { table, made: definitionsFromTable(profile, { label: 'y', ignore: roles.ignore ?? [], categories }) };
}

test('numbers pass through, text becomes one feature a value, the rest is left out with its reason', async () => {
  const { made } = await tableOf(
    [
      ['a', floats((i) => i)],
      ['flag', { type: 'bool', values: Int8Array.from({ length: ROWS }, (_, i) => i % 2) }],
      ['colour', stringColumn(Array.from({ length: ROWS }, (_, i) => ['red', "bl'ue", null][i % 3] ?? null))],
      ['many', stringColumn(Array.from({ length: ROWS }, (_, i) => `v${i}`))],
      ['none', floats(() => NaN)],
      ['same', floats(() => 3)],
      ['when', { type: 'timestamp', values: Float64Array.from({ length: ROWS }, (_, i) => i) }],
      ['skipped', floats((i) => i)],
      ['y', floats((i) => i % 2)],
    ],
    { ignore: ['skipped'] },
  );
  expect(made.definitions.service.features).toEqual([
    'table:a',
    'table:flag',
    'table:colour=red',
    "table:colour=bl'ue",
  ]);
  expect(made.left_out.map(({ column }) => column)).toEqual(['many', 'none', 'same', 'when']);
  expect(made.left_out[0]?.reason).toBe('it has 40 different texts, more than 32');
});

test('hostile names and values go through the real engine as data', async () => {
  const { table, made } = await tableOf([
    [HOSTILE, floats((i) => i)],
    ['__proto__', stringColumn(Array.from({ length: ROWS }, (_, i) => (i % 2 ? "'; DROP TABLE rows; --" : 'plain')))],
    ['y', floats((i) => i % 2)],
  ]);
  const features = made.definitions.service.features;
  for (const feature of features) expect(feature).toMatch(/^table:[^[\]<>:]+$/);
  const rowId: Column = { type: 'int64', values: BigInt64Array.from({ length: ROWS }, (_, i) => BigInt(i)) };
  const time: Column = { type: 'timestamp', values: new Float64Array(ROWS).fill(1) };
  const rows = makeTable([['row_id', rowId], ['imported_at', time], ...table.columns]);
  const tables = tablesAtHand(new Map([['rows', rows]]), () => Promise.resolve(engine));
  await engine.insert('bystander', rows);
  const entityRows = makeTable([
    ['row_id', rowId],
    ['event_timestamp', time],
  ]);
  const joined = await getHistoricalFeatures(tables, { definitions: made.definitions, features, entityRows }, {});
  const name = (at: number) => features[at]?.slice('table:'.length) ?? '';
  expect(toFloat64(columnOf(joined.table, name(0)))).toEqual(Float64Array.from({ length: ROWS }, (_, i) => i));
  expect([...toFloat64(columnOf(joined.table, name(2)))].slice(0, 4)).toEqual([0, 1, 0, 1]);
  expect((await engine.query('SELECT * FROM bystander')).rowCount).toBe(ROWS);
});

test('two columns that would get one name are refused', async () => {
  await expect(
    tableOf([
      ['a[1', floats((i) => i)],
      ['a<1', floats((i) => -i)],
      ['y', floats((i) => i % 2)],
    ]),
  ).rejects.toThrow('Two columns would both be called "a_1"');
});
