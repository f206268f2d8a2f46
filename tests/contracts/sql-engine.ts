import fc from 'fast-check';
import { expect, test } from 'vitest';
import type { SqlEngine } from '../../src/features/types';
import { getHistoricalFeatures } from '../../src/features/historical';
import { tablesAtHand } from '../../src/features/raw-tables';
import { materialize } from '../../src/features/materialize';
import { cellAt, makeTable, stringColumn, type Cell, type Table } from '../../src/utils/columns';
import { tableDigest } from '../../src/utils/hash';
import { makeRandom } from '../../src/utils/random';
import { contentOf, listTables } from './list-tables';

export type OpenEngine = SqlEngine & { close(): Promise<void> };

/** SHA-256 of the joined table below, as DuckDB in Node and in Chromium both gave it. */
const JOINED = '576f60610d52dd46013554bf0fcc7a8472da2900f61cf75aa5c478eff0d85467';

function rows(table: Table): Cell[][] {
  return Array.from({ length: table.rowCount }, (_, row) =>
    [...table.columns.values()].map((column) => cellAt(column, row)),
  );
}

const sample = makeTable([
  ['k', stringColumn(['a', null, 'b'])],
  ['v', { type: 'float64', values: Float64Array.of(1.5, NaN, -2) }],
  ['t', { type: 'timestamp', values: Float64Array.of(1_772_000_000_000_001, NaN, 5) }],
  ['b', { type: 'bool', values: Int8Array.of(1, 0, -1) }],
  ['i', { type: 'int64', values: BigInt64Array.of(1n, 0n, 9007199254740993n), valid: Uint8Array.of(1, 0, 1) }],
]);

/** What DuckDB must do for the feature store, in every host. */
export function sqlContract(engine: () => SqlEngine): void {
  test('tables go in and come out whole, missing values and microseconds included', async () => {
    await engine().insert('sample', sample);
    expect(rows(await engine().query('SELECT * FROM sample'))).toEqual([
      ['a', 1.5, 1_772_000_000_000_001, true, 1n],
      [null, null, null, false, null],
      ['b', -2, 5, null, 9007199254740993n],
    ]);
  });

  test('lists go in and come out whole, and SQL makes lists and takes them apart', async () => {
    await fc.assert(
      fc.asyncProperty(listTables, async (lists) => {
        await engine().insert('lists', lists);
        expect(contentOf(await engine().query('SELECT * FROM lists'))).toEqual(contentOf(lists));
      }),
      { numRuns: 30 },
    );
    const answer = await engine().query(`
      SELECT CAST(list_value(1, NULL) AS BIGINT[]) AS made,
             list_transform([9007199254740992], x -> x + 1) AS transformed,
             [TIMESTAMP '1969-12-31 23:59:59.999999'] AS times,
             CAST([] AS VARCHAR[]) AS empty,
             CAST(NULL AS DOUBLE[]) AS missing,
             CAST([0.5, 1] AS FLOAT[2]) AS fixed,
             [1.5, 2.5][2] AS second,
             len(['a', 'b']) AS length`);
    expect(contentOf(answer)).toEqual([
      ['made', 'int64[]', [[1n, null]]],
      ['transformed', 'int64[]', [[9007199254740993n]]],
      ['times', 'timestamp[]', [[-1]]],
      ['empty', 'string[]', [[]]],
      ['missing', 'float64[]', [null]],
      ['fixed', 'float64[]', [[0.5, 1]]],
      ['second', 'float64', [2.5]],
      ['length', 'int64', [2n]],
    ]);
    await expect(engine().query('SELECT [[1]] AS deep')).rejects.toThrow('"deep" has an Arrow type (lists of lists)');
    await engine().drop('lists');
  });

  test('an empty table keeps its columns', async () => {
    const empty = makeTable([
      ['x', { type: 'float64', values: new Float64Array() }],
      ['s', stringColumn([])],
    ]);
    await engine().insert('empty', empty);
    const back = await engine().query('SELECT * FROM empty');
    expect(back.rowCount).toBe(0);
  });

  test('a bad statement is a sentence and leaves the connection usable', async () => {
    await engine().insert('sample', sample);
    await expect(engine().query('SELECT nope FROM sample')).rejects.toMatchObject({ code: 'FEATURES_INVALID' });
    expect(rows(await engine().query('SELECT count(*)::DOUBLE FROM sample'))).toEqual([[3]]);
  });

  test('what would need an extension is refused at once, without a fetch', async () => {
    await expect(engine().query("SELECT * FROM read_parquet('x.parquet')")).rejects.toMatchObject({
      code: 'FEATURES_INVALID',
    });
    await expect(engine().query(`SELECT '{"a":1}'::JSON`)).rejects.toMatchObject({ code: 'FEATURES_INVALID' });
  });

  test('hostile names are names', async () => {
    const name = 'x"; DROP TABLE sample; --';
    await engine().insert('sample', sample);
    await engine().insert(name, makeTable([['__proto__', { type: 'float64', values: Float64Array.of(4) }]]));
    expect(rows(await engine().query('SELECT "__proto__" FROM "x""; DROP TABLE sample; --"'))).toEqual([[4]]);
    expect((await engine().query('SELECT * FROM sample')).rowCount).toBe(3);
    await engine().drop(name);
  });

  test('a join over made-up rows gives the same bits in every host', async () => {
    const random = makeRandom(3, 'contract');
    const keys = Array.from({ length: 400 }, () => `p${random.int(40)}`);
    const times = Float64Array.from(keys, () => 1e15 + random.int(1e6) * 1e6);
    const source = makeTable([
      ['patient', stringColumn(keys)],
      ['at', { type: 'timestamp', values: times }],
      ['x', { type: 'float64', values: Float64Array.from(keys, () => (random.chance(0.1) ? NaN : random.normal())) }],
    ]);
    const asked = Array.from({ length: 200 }, () => `p${random.int(45)}`);
    const entityRows = makeTable([
      ['patient', stringColumn(asked)],
      ['event_timestamp', { type: 'timestamp', values: Float64Array.from(asked, () => 1e15 + random.int(1e6) * 1e6) }],
    ]);
    const definitions = {
      entities: [{ name: 'patient', join_keys: ['patient'] }],
      sources: [{ name: 's', table: 'source', timestamp_field: 'at' }],
      views: [
        {
          name: 'v',
          entities: ['patient'],
          source: 's',
          ttl: 500_000,
          schema: [
            { name: 'x', dtype: 'float64', expression: 'x' },
            { name: 'square', dtype: 'float64', expression: 'x * x / 3' },
            { name: 'sign', dtype: 'int64', expression: 'CASE WHEN x > 0 THEN 1 WHEN x <= 0 THEN 0 END' },
          ],
        },
      ],
      service: { name: 'all', features: ['v:x', 'v:square', 'v:sign'] },
    } as const;
    const tables = tablesAtHand(new Map([['source', source]]), () => Promise.resolve(engine()));
    const { table } = await getHistoricalFeatures(
      tables,
      { definitions, features: definitions.service.features, entityRows },
      {},
    );
    expect(tableDigest(table)).toBe(JOINED);
    const online = await materialize(tables, { definitions, from: 0, to: 2e15 }, {});
    expect(online[0]?.keys).toHaveLength(new Set(keys).size);
  });
}
