import fc from 'fast-check';
import { afterAll, beforeAll, describe, expect, test } from 'vitest';
import { openDuckDb } from '../platform/duckdb/node';
import { cellAt, columnOf, makeTable, stringColumn, type Cell, type Table } from '../utils/columns';
import { getHistoricalFeatures } from './historical';
import { tablesAtHand } from './raw-tables';
import type { FeatureDefinitions, OfflineTables, PointInTimeMode } from './types';

type Engine = Awaited<ReturnType<typeof openDuckDb>>;
let engine: Engine;
beforeAll(async () => {
  engine = await openDuckDb();
});
afterAll(() => engine.close());

interface SourceRow {
  readonly a: string | null;
  readonly b: number | null;
  readonly at: number | null;
  readonly created: number | null;
  readonly value: number | null;
}
interface Rule {
  readonly ttl: number;
  readonly mode: PointInTimeMode;
}
type EntityRow = Pick<SourceRow, 'a' | 'b' | 'at'>;

const SECOND = 1_000_000;

function definitions(ttl: number): FeatureDefinitions {
  return {
    entities: [
      { name: 'a', join_keys: ['a'] },
      { name: 'b', join_keys: ['b'] },
    ],
    sources: [{ name: 's', table: 'source', timestamp_field: 'at', created_timestamp_column: 'created' }],
    views: [
      {
        name: 'v',
        entities: ['a', 'b'],
        source: 's',
        ttl,
        schema: [{ name: 'value', dtype: 'float64', expression: 'value' }],
      },
    ],
    service: { name: 'all', features: ['v:value'] },
  };
}

function numbers(values: readonly (number | null)[]): Float64Array {
  return Float64Array.from(values, (value) => value ?? NaN);
}

function integers(values: readonly (number | null)[]) {
  return {
    type: 'int64',
    values: BigInt64Array.from(values, (value) => BigInt(value ?? 0)),
    valid: Uint8Array.from(values, (value) => (value === null ? 0 : 1)),
  } as const;
}

function sourceTable(rows: readonly SourceRow[]): Table {
  return makeTable([
    ['a', stringColumn(rows.map((row) => row.a))],
    ['b', integers(rows.map((row) => row.b))],
    ['at', { type: 'timestamp', values: numbers(rows.map((row) => row.at)) }],
    ['created', { type: 'timestamp', values: numbers(rows.map((row) => row.created)) }],
    ['value', { type: 'float64', values: numbers(rows.map((row) => row.value)) }],
  ]);
}

function entityTable(rows: readonly EntityRow[]): Table {
  return makeTable([
    ['a', stringColumn(rows.map((row) => row.a))],
    ['b', integers(rows.map((row) => row.b))],
    ['event_timestamp', { type: 'timestamp', values: numbers(rows.map((row) => row.at)) }],
    ['carried', { type: 'float64', values: Float64Array.from(rows.keys()) }],
  ]);
}

/** The rules written as loops: the answer the join is held to. */
function byHand(source: readonly SourceRow[], entities: readonly EntityRow[], rule: Rule): (number | null)[] {
  const { ttl, mode } = rule;
  return entities.map((entity) => {
    let best: SourceRow | null = null;
    if (entity.a === null || entity.b === null || entity.at === null) return null;
    for (const row of source) {
      if (row.a !== entity.a || row.b !== entity.b || row.at === null || row.at > entity.at) continue;
      if (ttl > 0 && entity.at - row.at > ttl * SECOND) continue;
      if (mode === 'leak_safe' && !((row.created ?? Infinity) <= entity.at)) continue;
      const created = (of: SourceRow) => of.created ?? -Infinity;
      const older = best && ((best.at ?? 0) > row.at || (best.at === row.at && created(best) > created(row)));
      if (!older) best = row;
    }
    return best?.value ?? null;
  });
}

function tablesOf(source: readonly SourceRow[]): OfflineTables {
  return tablesAtHand(new Map([['source', sourceTable(source)]]), () => Promise.resolve(engine));
}

function join(
  source: readonly SourceRow[],
  entities: readonly EntityRow[],
  ttl: number,
  mode: PointInTimeMode = 'feast',
) {
  return getHistoricalFeatures(
    tablesOf(source),
    { definitions: definitions(ttl), features: ['v:value'], entityRows: entityTable(entities), mode },
    {},
  );
}

function cells(table: Table, name: string): Cell[] {
  return Array.from({ length: table.rowCount }, (_, row) => cellAt(columnOf(table, name), row));
}

const key = { a: 'x', b: 1 };
const row = (at: number, value: number | null, created: number | null = at): SourceRow => ({
  ...key,
  at: at * SECOND,
  created: created === null ? null : created * SECOND,
  value,
});
const ask = (at: number): EntityRow => ({ ...key, at: at * SECOND });

describe('point-in-time join, rule by rule', () => {
  test('an event at the very moment counts, one microsecond later does not', async () => {
    const source = [
      { ...row(10, 1), at: 10 * SECOND },
      { ...row(10, 2), at: 10 * SECOND + 1 },
    ];
    expect(cells((await join(source, [ask(10)], 0)).table, 'value')).toEqual([1]);
  });
  test('ttl is inclusive and measured from each entity row; 0 is no limit', async () => {
    expect(cells((await join([row(0, 7)], [ask(5), ask(6)], 5)).table, 'value')).toEqual([7, null]);
    expect(cells((await join([row(0, 7)], [ask(1e6)], 0)).table, 'value')).toEqual([7]);
  });
  test('an expired match does not fall back, since anything older is older still', async () => {
    expect(cells((await join([row(0, 1), row(3, 2)], [ask(20)], 10)).table, 'value')).toEqual([null]);
  });
  test('created time breaks ties, then the later row of the source', async () => {
    expect(cells((await join([row(1, 1, 9), row(1, 2, 5)], [ask(9)], 0)).table, 'value')).toEqual([1]);
    expect(cells((await join([row(1, 1, 5), row(1, 2, 5)], [ask(9)], 0)).table, 'value')).toEqual([2]);
    expect(cells((await join([row(1, 1, null), row(1, 2, 5)], [ask(9)], 0)).table, 'value')).toEqual([2]);
  });
  test('the latest row wins whole: its null is the answer', async () => {
    expect(cells((await join([row(1, 1), row(2, null)], [ask(9)], 0)).table, 'value')).toEqual([null]);
  });
  test('duplicates, missing keys and missing times keep their entity rows and order', async () => {
    const entities: EntityRow[] = [ask(9), { a: null, b: 1, at: 9 * SECOND }, ask(9), { ...key, at: null }];
    const { table, coverage } = await join([row(1, 1)], entities, 0);
    expect(cells(table, 'value')).toEqual([1, null, 1, null]);
    expect(cells(table, 'carried')).toEqual([0, 1, 2, 3]);
    expect(coverage).toEqual({ value: 2 });
  });
  test('composite keys do not run together', async () => {
    const source = [
      { ...row(1, 1), a: '1', b: 11 },
      { ...row(1, 2), a: '11', b: 1 },
    ];
    const entities = [
      { a: '11', b: 1, at: 9 * SECOND },
      { a: '1', b: 11, at: 9 * SECOND },
    ];
    expect(cells((await join(source, entities, 0)).table, 'value')).toEqual([2, 1]);
  });
  test('an unknown feature and a missing key column are sentences', async () => {
    const call = { definitions: definitions(0), features: ['v:nope'], entityRows: entityTable([ask(1)]) };
    await expect(getHistoricalFeatures(tablesOf([]), call, {})).rejects.toThrow(
      'View "v" has no feature "nope"; it has value.',
    );
    const bare = makeTable([['event_timestamp', { type: 'timestamp', values: Float64Array.of(1) }]]);
    await expect(
      getHistoricalFeatures(tablesOf([]), { ...call, features: ['v:value'], entityRows: bare }, {}),
    ).rejects.toThrow('no column "a"');
  });
});

test('equals the rules written as loops, on random tables', async () => {
  const a = fc.constantFrom('x', 'y', null);
  const b = fc.constantFrom(1, 11, null);
  const time = fc.option(
    fc.integer({ min: 0, max: 6 }).map((s) => s * SECOND),
    { freq: 8 },
  );
  const value = fc.option(fc.integer({ min: 0, max: 99 }), { freq: 4 });
  const source = fc.array(fc.record({ a, b, at: time, created: time, value }), { maxLength: 25 });
  const entities = fc.array(fc.record({ a, b, at: time }), { minLength: 1, maxLength: 12 });
  const mode = fc.constantFrom<PointInTimeMode>('feast', 'leak_safe');
  await fc.assert(
    fc.asyncProperty(source, entities, fc.record({ ttl: fc.constantFrom(0, 2), mode }), async (rows, asked, rule) => {
      const { table } = await join(rows, asked, rule.ttl, rule.mode);
      expect(cells(table, 'value')).toEqual(byHand(rows, asked, rule));
      expect(cells(table, 'carried')).toEqual([...asked.keys()]);
    }),
    { numRuns: 500 },
  );
});
