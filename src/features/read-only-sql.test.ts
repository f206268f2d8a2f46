import { afterAll, beforeAll, describe, expect, test } from 'vitest';
import { openDuckDb } from '../platform/duckdb/node';
import { cellAt, makeTable, stringColumn, type Cell, type Table } from '../utils/columns';
import { WorkbenchError } from '../utils/errors';
import { readOnlySql } from './read-only-sql';

type Engine = Awaited<ReturnType<typeof openDuckDb>>;
let engine: Engine;
const TABLES = new Map<string, Table>([
  [
    'visits',
    makeTable([
      ['id', { type: 'int64', values: BigInt64Array.of(9007199254740993n, 2n, 3n, 4n) }],
      ['at', { type: 'timestamp', values: Float64Array.of(-1, 1_772_000_000_000_001, NaN, 5) }],
      ['site', stringColumn(['north', 'south', null, 'north'])],
      ['bp', { type: 'float64', values: Float64Array.of(120, 130.5, NaN, 110) }],
    ]),
  ],
  ['odd "name', makeTable([['x', { type: 'float64', values: Float64Array.of(1) }]])],
]);
let loaded: string[] = [];

beforeAll(async () => {
  engine = await openDuckDb();
});
afterAll(() => engine.close());

function read(sql: string, limit = 100) {
  loaded = [];
  return readOnlySql(engine, {
    sql,
    names: [...TABLES.keys()],
    limit,
    load: async (name) => {
      loaded.push(name);
      await engine.insert(name, TABLES.get(name) ?? makeTable([]));
    },
  });
}

async function rows(sql: string, limit?: number): Promise<Cell[][]> {
  const { table } = await read(sql, limit);
  return Array.from({ length: table.rowCount }, (_, row) =>
    [...table.columns.values()].map((column) => cellAt(column, row)),
  );
}

async function fault(sql: string): Promise<string> {
  const error: unknown = await read(sql).catch((thrown: unknown) => thrown);
  if (!(error instanceof WorkbenchError)) throw new Error(`${sql} was not refused`);
  return error.message;
}

describe('what reads', () => {
  test('int64 beyond 2^53, microseconds, dates before 1970 and missing values come as they are', async () => {
    expect(await rows('SELECT * FROM visits ORDER BY id DESC LIMIT 2; -- the end')).toEqual([
      [9007199254740993n, -1, 'north', 120],
      [4n, 5, 'north', 110],
    ]);
    expect(
      await rows('SELECT sum(id) AS s, 7 AS n, NULL AS gap, 18446744073709551615::UBIGINT AS long FROM visits'),
    ).toEqual([[9007199254741002n, 7n, null, '18446744073709551615']]);
  });

  test.each<readonly [string, readonly string[]]>([
    ['WITH visits AS (SELECT 1 AS a) SELECT * FROM visits', []],
    ['WITH v AS (SELECT * FROM visits) SELECT count(*) FROM v', ['visits']],
    ['FROM visits SELECT id', ['visits']],
    ['VALUES (1, 2)', []],
    ['TABLE visits', ['visits']],
    ['(SELECT 1) UNION ALL (SELECT 2)', []],
    ['DESCRIBE visits', ['visits']],
    ['SUMMARIZE visits', ['visits']],
    ['PIVOT visits ON site USING avg(bp)', ['visits']],
    ['EXPLAIN SELECT * FROM VISITS', ['visits']],
    ['explain analyze select * from visits', ['visits']],
    ['SELECT * FROM visits AS a JOIN "odd ""name" USING (x)', ['visits', 'odd "name']],
    ["SELECT ';' AS a, $$;$$ AS b /* ; */", []],
    ["SELECT {'a': 1} AS s, [1, 2] AS l, INTERVAL 1 DAY AS i, TIME '10:00' AS t, 'x'::BLOB AS b", []],
  ])('%s, with only the tables it names', async (sql, names) => {
    const answer = read(sql);
    if (sql.includes('USING (x)')) await expect(answer).rejects.toThrow('does not exist on left side');
    else expect((await answer).table.columns.size).toBeGreaterThan(0);
    expect(loaded).toEqual(names);
  });

  test('lists of plain values are lists, other nested values text', async () => {
    expect(await rows("SELECT [1, NULL] AS a, ['x'] AS b, [[1]] AS c, {'k': 1} AS d, NULL::DOUBLE[] AS e")).toEqual([
      [[1n, null], ['x'], '[[1]]', "{'k': 1}", null],
    ]);
  });

  test('SHOW TABLES lists what there is, loaded or not', async () => {
    expect(await rows('show tables')).toEqual([['visits'], ['odd "name']]);
  });

  test('a limit cuts the rows and the total says how many there are; the order stays', async () => {
    const { table, total } = await read('SELECT i FROM range(1000) AS r(i) ORDER BY i DESC', 3);
    expect([table.rowCount, total]).toEqual([3, 1000]);
    expect(await rows('SELECT i FROM range(1000) AS r(i) ORDER BY i DESC', 2)).toEqual([[999n], [998n]]);
    expect((await read('SELECT i FROM range(3) AS r(i)', 3)).total).toBe(3);
  });
});

describe('what would change something', () => {
  test.each([
    'DROP TABLE visits',
    'CREATE TABLE t AS SELECT 1',
    'CREATE OR REPLACE MACRO m() AS 1',
    'INSERT INTO visits SELECT * FROM visits',
    'UPDATE visits SET bp = 1',
    'DELETE FROM visits',
    "COPY visits TO 'out.csv'",
    "ATTACH 'other.db'",
    'INSTALL json',
    'LOAD json',
    'PRAGMA threads=1',
    'SET threads=1',
    'RESET threads',
    'USE memory',
    'CALL pragma_version()',
    'CHECKPOINT',
    'VACUUM',
    "EXPORT DATABASE 'out'",
    'BEGIN TRANSACTION',
    'COMMIT',
    'EXPLAIN ANALYZE INSERT INTO visits SELECT * FROM visits',
    'EXPLAIN ANALYZE DELETE FROM visits',
    'SELECT 1; DROP TABLE visits',
    'SELECT 1); DROP TABLE visits; SELECT (1',
    'SELECT 1) AS a, (DROP TABLE visits',
    'WITH x AS (INSERT INTO visits SELECT * FROM visits RETURNING id) SELECT * FROM x',
    'SELECT * FROM (DELETE FROM visits RETURNING id)',
    "SELECT * FROM query('DROP TABLE visits')",
    "SELECT * FROM read_csv('package.json')",
    "SELECT * FROM read_text('package.json')",
    "SELECT * FROM glob('*')",
    "SELECT * FROM 'package.json'",
    "SELECT * FROM read_parquet('s3://bucket/x.parquet')",
  ])('%s is refused, and the table is as it was', async (sql) => {
    await engine.insert('visits', TABLES.get('visits') ?? makeTable([]));
    await fault(sql);
    expect(await rows('SELECT count(*), count(bp), sum(bp) FROM visits')).toEqual([[4n, 3n, 360.5]]);
  });
});

describe('faults', () => {
  test.each<readonly [string, string]>([
    ['', 'the statement is empty; write one that begins with SELECT.'],
    [' -- nothing\n', 'the statement is empty; write one that begins with SELECT.'],
    [
      'DROP TABLE visits',
      'Line 1, column 1: this only reads, and "DROP" would change something; a statement begins with SELECT, WITH, FROM, VALUES, TABLE, DESCRIBE, SUMMARIZE, SHOW, PIVOT, UNPIVOT, EXPLAIN.',
    ],
    ['SELECT 1;\n  SELECT 2', 'Line 2, column 3: a second statement begins here; run one at a time.'],
    ['SELECT *\nFROM visit', 'Line 2, column 6: there is no table "visit"; did you mean "visits"?'],
    ['SELECT * FROM patients', 'Line 1, column 15: there is no table "patients"; there are visits, odd "name.'],
    ['SELEC 1', 'Line 1, column 1: syntax error at or near "SELEC"'],
    [
      "SELECT 'é',\n  bq FROM visits",
      'Line 2, column 3: Referenced column "bq" not found in FROM clause! Candidate bindings: "bp"',
    ],
    ["SELECT\n 'abc'::INT", "Line 2, column 7: Could not convert string 'abc' to INT32."],
    [
      'EXPLAIN\nSELECT bq FROM visits',
      'Line 2, column 8: Referenced column "bq" not found in FROM clause! Candidate bindings: "bp"',
    ],
    [
      `SELECT ${'1 AS a, '.repeat(40)}bq FROM visits`,
      'Line 1, column 328: Referenced column "bq" not found in FROM clause! Candidate bindings: "bp"',
    ],
  ])('%j', async (sql, says) => {
    expect(await fault(sql)).toBe(says);
    expect(await rows('SELECT count(*) FROM visits')).toEqual([[4n]]);
  });
});
