import { afterAll, beforeAll, expect, test } from 'vitest';
import { openDuckDb } from '../platform/duckdb/node';
import { cellAt, columnOf, makeTable, type Table } from '../utils/columns';
import type { OpenSqlEngine } from '../pipeline/platform';
import { computeExpressions } from './row-expressions';
import type { Field, SqlEngine } from './types';

const ROWS = 300_001;
let engine: OpenSqlEngine;
beforeAll(async () => {
  engine = await openDuckDb();
});
afterAll(() => engine.close());

const table: Table = makeTable([
  ['id', { type: 'int64', values: BigInt64Array.from({ length: ROWS }, (_, row) => BigInt(row)) }],
  ['Bp "x"', { type: 'float64', values: Float64Array.from({ length: ROWS }, (_, row) => row / 2) }],
  [
    'site',
    {
      type: 'string',
      codes: Int32Array.from({ length: ROWS }, (_, row) => row % 5),
      dictionary: [...'abcde', 'unused'],
    },
  ],
  ['other', { type: 'float64', values: new Float64Array(ROWS) }],
]);

const fields: readonly Field[] = [
  { name: 'half', dtype: 'float64', expression: '"Bp ""x""" / 2' },
  { name: 'place', dtype: 'string', expression: "visits.SITE || '!'" },
  { name: 'one', dtype: 'int64', expression: '1' },
];
const resolved = {
  source: { name: 'visits', table: 'visits', timestamp_field: 'at' },
  view: { name: 'v', entities: [], source: 'visits', ttl: 0, schema: fields },
  keys: [],
};

test('rows go through the engine some at a time with the columns that are named, and come back in order', async () => {
  const inserted: { readonly rows: number; readonly columns: readonly string[]; readonly texts: number }[] = [];
  const watched: SqlEngine = {
    insert: (name, rows) => {
      const site = rows.columns.get('site');
      const texts = site?.type === 'string' ? site.dictionary.length : 0;
      inserted.push({ rows: rows.rowCount, columns: [...rows.columns.keys()], texts });
      return engine.insert(name, rows);
    },
    query: (sql) => engine.query(sql),
    drop: (name) => engine.drop(name),
  };
  const answer = await computeExpressions(watched, { resolved, table, fields });
  expect(inserted.map(({ rows }) => rows)).toEqual([100_000, 100_000, 100_001]);
  for (const { columns, texts } of inserted) {
    expect(columns).toEqual(['Bp "x"', 'site']);
    expect(texts).toBe(5);
  }
  expect(answer.rowCount).toBe(ROWS);
  for (const row of [0, 99_999, 100_000, 123_456, 200_000, ROWS - 1]) {
    expect(fields.map(({ name }) => cellAt(columnOf(answer, name), row))).toEqual([
      row / 4,
      `${'abcde'[row % 5] ?? ''}!`,
      1n,
    ]);
  }
  await expect(engine.query('SELECT * FROM visits')).rejects.toThrow('does not exist');
});

test('a constant has a value in every row, and a table without rows has none', async () => {
  const constant = fields.slice(2);
  expect((await computeExpressions(engine, { resolved, table, fields: constant })).rowCount).toBe(ROWS);
  const none = makeTable(
    [...table.columns.keys()].map((name) => [name, { type: 'float64', values: new Float64Array(0) }]),
  );
  expect((await computeExpressions(engine, { resolved, table: none, fields: constant })).rowCount).toBe(0);
});
