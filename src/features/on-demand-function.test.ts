import { describe, expect, test } from 'vitest';
import { loadFeatureRepo } from '../config/feature-repo';
import { memoryRecords } from '../platform/memory/records';
import { cellAt, columnOf, makeTable, stringColumn, type Cell, type Column, type Table } from '../utils/columns';
import { getHistoricalFeatures } from './historical';
import { getOnlineFeatures } from './get-online-features';
import { materialize } from './materialize';
import { onlineTables } from './online/tables';
import { writeOnline } from './online/write';
import { tablesAtHand } from './raw-tables';
import { compareServing } from './skew';
import type { FeatureDefinitions, OfflineTables, OnDemandFunction, OnDemandRow, ValueType } from './types';
import { columnFromCells } from './value-types';

const SECOND = 1_000_000;
const times = (values: readonly number[]): Column => ({ type: 'timestamp', values: Float64Array.from(values) });
const noEngine = () => Promise.reject(new Error('no SQL is needed'));

const ENTITY_ROWS = makeTable([
  ['p', stringColumn(['a', 'b', 'c'])],
  ['event_timestamp', times([5, 5, 5].map((at) => at * SECOND))],
  ['distance', { type: 'float64', values: Float64Array.of(2, NaN, 3) }],
]);

function definitionsWith(schema: Readonly<Record<string, ValueType>>): FeatureDefinitions {
  return {
    entities: [{ name: 'p', join_keys: ['p'] }],
    sources: [{ name: 's', table: 's', timestamp_field: 'at' }],
    requests: [{ name: 'quote', schema: [{ name: 'distance', dtype: 'float64' }] }],
    views: [
      {
        name: 'v',
        entities: ['p'],
        source: 's',
        ttl: 0,
        schema: [
          { name: 'n', dtype: 'int64', expression: 'n' },
          { name: 'tags', dtype: 'string[]', expression: 'tags' },
        ],
      },
    ],
    onDemandViews: [
      {
        name: 'o',
        mode: 'typescript',
        sources: ['v', 'quote'],
        schema: Object.entries(schema).map(([name, dtype]) => ({ name, dtype, expression: '' })),
      },
    ],
    service: { name: 'all', features: [{ view: 'o' }] },
  };
}

function tablesWith(compute: OnDemandFunction | null): OfflineTables {
  const source = makeTable([
    ['p', stringColumn(['a', 'b'])],
    ['at', times([SECOND, SECOND])],
    ['n', columnFromCells('int64', [2n ** 60n + 1n, null])],
    ['tags', columnFromCells('string[]', [['x', null], []])],
  ]);
  return { ...tablesAtHand(new Map([['s', source]]), noEngine), functions: compute ? { o: compute } : {} };
}

function joined(schema: Readonly<Record<string, ValueType>>, compute: OnDemandFunction | null) {
  const request = { definitions: definitionsWith(schema), features: [{ view: 'o' }], entityRows: ENTITY_ROWS };
  return getHistoricalFeatures(tablesWith(compute), request, {});
}

function cells(table: Table, name: string): Cell[] {
  return Array.from({ length: table.rowCount }, (_, row) => cellAt(columnOf(table, name), row));
}

describe('an on-demand view in TypeScript', () => {
  test('sees what SQL sees of its own row, and needs no SQL', async () => {
    const seen: OnDemandRow[] = [];
    await joined({ x: 'float64' }, (row) => {
      seen.push(row);
      return { x: null };
    });
    expect(seen[0]).toEqual({
      v__n: 2n ** 60n + 1n,
      v__tags: ['x', null],
      n: 2n ** 60n + 1n,
      tags: ['x', null],
      distance: 2,
    });
    expect(seen[2]).toEqual({ v__n: null, v__tags: null, n: null, tags: null, distance: 3 });
  });

  test('makes every value type, whole numbers of either kind, and lists', async () => {
    const schema = {
      b: 'bool',
      i: 'int64',
      small: 'int32',
      f: 'float32',
      s: 'string',
      t: 'timestamp',
      l: 'int64[]',
      none: 'float64',
    } as const;
    const { table, coverage } = await joined(schema, ({ n, distance }) => ({
      b: n === null,
      i: typeof n === 'bigint' ? n + 1n : 7,
      small: -(2 ** 31),
      f: 0.1,
      s: `d${String(distance)}`,
      t: 1_772_000_000_000_001,
      l: [1, 2n, null],
      none: NaN,
    }));
    expect(Object.keys(schema).map((name) => cells(table, name)[0])).toEqual([
      false,
      2n ** 60n + 2n,
      -(2n ** 31n),
      Math.fround(0.1),
      'd2',
      1_772_000_000_000_001,
      [1n, 2n, null],
      null,
    ]);
    expect(cells(table, 'i')).toEqual([2n ** 60n + 2n, 7n, 7n]);
    expect(coverage['none']).toBe(0);
  });

  test('is served as it was trained with', async () => {
    const compute: OnDemandFunction = ({ n, tags, distance }) => ({
      far: typeof distance === 'number' && distance > 2,
      words: Array.isArray(tags) ? [...(tags as readonly (string | null)[]), 'more'] : null,
      digits: n === null ? null : String(n).length,
    });
    const schema = { far: 'bool', words: 'string[]', digits: 'int32' } as const;
    const definitions = definitionsWith(schema);
    const { table } = await joined(schema, compute);
    const records = memoryRecords(onlineTables);
    const batches = await materialize(tablesWith(null), { definitions, from: 0, to: 5 * SECOND }, {});
    await records.write(Object.keys(onlineTables), async (tx) => {
      for (const batch of batches) await writeOnline(tx, 'm', batch);
    });
    const keys = ['a', 'b', 'c'];
    const distance = cells(ENTITY_ROWS, 'distance');
    const served = await getOnlineFeatures(records, {
      definitions,
      model: 'm',
      features: [{ view: 'o' }],
      entityRows: keys.map((p, row) => ({ p, distance: distance[row] ?? null })),
      at: 5 * SECOND,
      functions: { o: compute },
    });
    expect(compareServing({ keys, served, trained: table }).differing).toEqual([]);
    expect(served[0]?.map(({ value }) => value)).toEqual([false, ['x', null, 'more'], 19n]);
  });

  test.each<readonly [string, ValueType, unknown, string]>([
    ['a text for a number', 'float64', 'abc', 'o:x in row 1 is "abc"; expected a number or null.'],
    ['nothing', 'float64', undefined, 'o:x in row 1 is nothing; expected a number or null.'],
    ['a fraction for a whole number', 'int64', 1.5, 'o:x in row 1 is 1.5; expected a whole number'],
    [
      'a number that has lost digits',
      'int64',
      2 ** 53,
      'o:x in row 1 is 9007199254740992; expected a whole number (a bigint',
    ],
    ['more than int64', 'int64', 2n ** 63n, 'o:x in row 1 is 9223372036854775808; expected'],
    ['more than int32', 'int32', 2 ** 31, 'o:x in row 1 is 2147483648; expected a whole number of 32 bits'],
    ['a number for a truth value', 'bool', 1, 'o:x in row 1 is 1; expected true, false or null.'],
    ['a fraction of a microsecond', 'timestamp', 0.5, 'expected whole microseconds since 1970'],
    ['a value for a list', 'string[]', 'a', 'o:x in row 1 is "a"; expected a text in a list or null.'],
    ['a list in a list', 'float64[]', [[1]], 'expected a number in a list'],
    ['a list for a value', 'float64', [1], 'o:x in row 1 is [1]; expected a number or null.'],
    ['an object', 'string', {}, 'o:x in row 1 is an object; expected a text'],
  ])('%s is refused by feature and row', async (_, dtype, value, says) => {
    const compute = () => ({ x: value }) as ReturnType<OnDemandFunction>;
    await expect(joined({ x: dtype }, compute)).rejects.toThrow(says);
  });

  test('faults of the function itself are sentences', async () => {
    const broken = () => {
      throw new Error('no such thing');
    };
    await expect(joined({ x: 'float64' }, broken)).rejects.toThrow(
      'The function of on-demand view "o" failed in row 1: no such thing',
    );
    await expect(joined({ x: 'float64' }, () => ({ x: 1, y: 2 }))).rejects.toThrow(
      'gave "y" in row 1, which its schema does not name; it has x.',
    );
    const nothing = (() => undefined) as unknown as OnDemandFunction;
    await expect(joined({ x: 'float64' }, nothing)).rejects.toThrow('gave undefined in row 1; expected an object');
    await expect(joined({ x: 'float64' }, null)).rejects.toThrow(
      'On-demand view "o" is a function in TypeScript, and the model\'s folder has none of that name.',
    );
  });

  test('has no place in a features.yaml', () => {
    const loaded = loadFeatureRepo(`project: x
entities: []
sources: [{ name: s, path: s.csv, timestamp_field: at }]
feature_views: [{ name: v, source: s, schema: [{ name: a, dtype: Int64 }] }]
on_demand_feature_views:
  - { name: o, mode: typescript, sources: [v], schema: [{ name: b, dtype: Int64, expression: a }] }
`);
    const faults = 'faults' in loaded ? loaded.faults.map(({ message }) => message).join(' ') : '';
    expect(faults).toContain('mode is typescript; expected sql, with each feature as an SQL expression');
  });
});
