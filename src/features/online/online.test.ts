import fc from 'fast-check';
import { afterAll, beforeAll, describe, expect, test } from 'vitest';
import { openDuckDb } from '../../platform/duckdb/node';
import { memoryRecords } from '../../platform/memory/records';
import { cellAt, columnOf, makeTable, stringColumn, type Column, type Table } from '../../utils/columns';
import type { Records } from '../../utils/records';
import { getHistoricalFeatures } from '../historical';
import { materialize } from '../materialize';
import { pushedRows, pushTarget } from '../push';
import { tablesAtHand } from '../raw-tables';
import type { FeatureDefinitions, PointInTimeMode } from '../types';
import { blocksFor } from './blocks';
import { convertOnlineRows } from './convert';
import { eachBlock, onlineViews, readOnline } from './read';
import { BEGINNING, onlineTables, type OnlineBatch } from './tables';
import { forgetOnline, replaceOnline, writeOnline } from './write';

const TABLES = Object.keys(onlineTables);
const SECOND = 1_000_000;
const floats = (values: readonly number[]): Column => ({ type: 'float64', values: Float64Array.from(values) });
const times = (values: readonly number[]): Column => ({ type: 'timestamp', values: Float64Array.from(values) });

interface Written {
  readonly key: string;
  readonly event: number;
  readonly created: number;
  readonly text: string;
}

function batch(rows: readonly Written[]): OnlineBatch {
  return {
    view: 'v',
    keys: rows.map((row) => row.key),
    event: Float64Array.from(rows, (row) => row.event),
    created: Float64Array.from(rows, (row) => row.created),
    asOf: null,
    values: makeTable([['text', stringColumn(rows.map((row) => row.text))]]),
  };
}

const write = (records: Records, rows: readonly Written[]) =>
  records.write(TABLES, (tx) => writeOnline(tx, 'm', batch(rows)));

/** Everything a view holds, block after block, by key. */
async function held(records: Records): Promise<ReadonlyMap<string, readonly [number, number, unknown]>> {
  const found = new Map<string, readonly [number, number, unknown]>();
  await eachBlock(records, { model: 'm', view: 'v' }, (block) => {
    expect(block.keys).toEqual(block.keys.toSorted());
    block.keys.forEach((key, row) => {
      const text = cellAt(columnOf(block.values, 'text'), row);
      expect(found.has(key)).toBe(false);
      found.set(key, [block.event[row] ?? NaN, block.created[row] ?? NaN, text]);
    });
    return undefined;
  });
  return found;
}

describe('blocks', () => {
  const row = fc.record({
    key: fc.integer({ min: 0, max: 700 }).map(String),
    event: fc.integer({ min: 0, max: 3 }),
    created: fc.integer({ min: 0, max: 3 }),
  });
  const batches = fc.array(fc.array(row, { maxLength: 300, size: 'max' }), { minLength: 1, maxLength: 5 });

  test('hold the newest row of each key whatever was written in which portions, and are found by key', async () => {
    await fc.assert(
      fc.asyncProperty(batches, async (portions) => {
        const records = memoryRecords(onlineTables);
        const best = new Map<string, Written>();
        let number = 0;
        for (const portion of portions) {
          const rows = portion.map((one) => ({ ...one, text: `${(number += 1)} ${one.key}` }));
          const before = new Map(best);
          for (const one of rows) {
            const known = best.get(one.key);
            const newer = !known || one.event - known.event || one.created - known.created || 1;
            if (newer === true || newer > 0) best.set(one.key, one);
          }
          const { written, rows: all } = await write(records, rows);
          expect(written).toBe([...best].filter(([key, one]) => before.get(key) !== one).length);
          expect(all).toBe(best.size);
        }
        const wanted = new Map([...best].map(([key, one]) => [key, [one.event, one.created, one.text]]));
        expect(await held(records)).toEqual(wanted);
        const [view] = await onlineViews(records, 'm');
        expect(view?.rows ?? 0).toBe(best.size);
        expect(view?.blocks ?? 1).toBeGreaterThanOrEqual(blocksFor(best.size));
        const asked = new Set(['nobody', ...best.keys()]);
        const read = (await readOnline(records, 'm', new Map([['v', asked]]))).get('v');
        expect(read?.size).toBe(best.size);
        for (const [key, one] of best) expect(read?.get(key)?.value('text')).toBe(one.text);
      }),
      { numRuns: 40, endOnFailure: true },
    );
  });

  test('a reader that knew fewer blocks finds its way after a rebuild, and after the store is emptied', async () => {
    const records = memoryRecords(onlineTables);
    const rows = (from: number, to: number) =>
      Array.from({ length: to - from }, (_, i) => ({ key: String(from + i), event: 1, created: 1, text: 'x' }));
    const find = async (key: string) =>
      (await readOnline(records, 'm', new Map([['v', new Set([key])]]))).get('v')?.has(key) ?? false;
    await write(records, rows(0, 10));
    expect(await find('7')).toBe(true);
    await write(records, rows(10, 3000));
    expect([await find('7'), await find('2999'), await find('3000')]).toEqual([true, true, false]);
    await records.write(TABLES, (tx) => forgetOnline(tx, 'm'));
    expect(await find('7')).toBe(false);
  });

  test('a block keeps no text of others, and another model stays when one is replaced', async () => {
    const records = memoryRecords(onlineTables);
    const rows = Array.from({ length: 1000 }, (_, i) => ({ key: String(i), event: 1, created: 1, text: `t${i}` }));
    await write(records, rows);
    await records.write(TABLES, (tx) => writeOnline(tx, 'm2', batch(rows)));
    await eachBlock(records, { model: 'm', view: 'v' }, ({ keys, values }) => {
      const column = columnOf(values, 'text');
      expect(column.type === 'string' && column.dictionary.length).toBe(keys.length);
      return undefined;
    });
    await records.write(TABLES, (tx) =>
      replaceOnline(tx, 'm', [batch(rows.slice(0, 5))], { interval: { from: BEGINNING, to: 9 } }),
    );
    expect((await held(records)).size).toBe(5);
    expect((await onlineViews(records, 'm2'))[0]?.rows).toBe(1000);
    expect((await onlineViews(records, 'm'))[0]?.intervals).toEqual([{ from: BEGINNING, to: 9 }]);
  });

  test('intervals that touch are one; rows of other features are refused, or give way when asked', async () => {
    const records = memoryRecords(onlineTables);
    const rows = [{ key: 'a', event: 1, created: 1, text: 'x' }];
    for (const [from, to] of [
      [10, 20],
      [40, 50],
      [20, 30],
    ] as const) {
      await records.write(TABLES, (tx) => writeOnline(tx, 'm', batch(rows), { interval: { from, to } }));
    }
    expect((await onlineViews(records, 'm'))[0]?.intervals).toEqual([
      { from: 10, to: 30 },
      { from: 40, to: 50 },
    ]);
    const other = { ...batch(rows), values: makeTable([['number', floats([1])]]) };
    await expect(records.write(TABLES, (tx) => writeOnline(tx, 'm', other))).rejects.toThrow(
      'were written when it had other features (text as string)',
    );
    await records.write(TABLES, (tx) => writeOnline(tx, 'm', other, { anew: true, interval: { from: 0, to: 1 } }));
    expect(await onlineViews(records, 'm')).toMatchObject([{ rows: 1, intervals: [{ from: 0, to: 1 }] }]);
  });

  test('rows of version 1 are found in the blocks', async () => {
    const records = memoryRecords({ ...onlineTables, online_rows: { key: ['model', 'view', 'entity_key'] } });
    const old = (view: string, i: number) => ({
      model: 'm',
      view,
      entity_key: `k${i}`,
      event_timestamp: i,
      created_timestamp: i + 1,
      values: { n: i % 7 === 0 ? null : BigInt(i) + 9007199254740993n, yes: i % 2 === 0, none: null, s: `é${i}` },
    });
    const all = ['v', 'w'].flatMap((view) => Array.from({ length: 6000 }, (_, i) => old(view, i)));
    await records.write(['online_rows', ...TABLES], async (tx) => {
      await tx.putAll('online_rows', all);
      await convertOnlineRows(tx);
    });
    const keys = new Set(all.map((row) => row.entity_key));
    const read = await readOnline(
      records,
      'm',
      new Map([
        ['v', keys],
        ['w', keys],
      ]),
    );
    for (const row of all) {
      const found = read.get(row.view)?.get(row.entity_key);
      expect([found?.event, found?.created]).toEqual([row.event_timestamp, row.created_timestamp]);
      for (const [name, value] of Object.entries(row.values)) expect(found?.value(name)).toBe(value);
    }
  });
});

let engine: Awaited<ReturnType<typeof openDuckDb>>;
beforeAll(async () => {
  engine = await openDuckDb();
}, 60_000);
afterAll(() => engine.close());

const DEFINITIONS: FeatureDefinitions = {
  entities: [{ name: 'p', join_keys: ['p'] }],
  sources: [{ name: 's', table: 'source', timestamp_field: 'at', created_timestamp_column: 'created' }],
  views: [
    { name: 'v', entities: ['p'], source: 's', ttl: 0, schema: [{ name: 'x', dtype: 'float64', expression: 'x + 1' }] },
    {
      name: 'w',
      entities: ['p'],
      source: 's',
      ttl: 0,
      schema: [
        { name: 'n', dtype: 'int64', expression: 'x', aggregate: { function: 'count', window: 4 } },
        { name: 'sum', dtype: 'float64', expression: 'x', aggregate: { function: 'sum', window: 4 } },
      ],
    },
  ],
  service: { name: 'all', features: ['v:x', 'w:n', 'w:sum'] },
};

interface Event {
  readonly p: string;
  readonly at: number;
  readonly created: number;
}

/** The value follows from the rest, so that rows of equal times are alike. */
const valueOf = ({ p, at, created }: Event) => (p === 'a' ? 100 : 200) + 10 * at + created;

function tableOf(rows: readonly Event[]): Table {
  return makeTable([
    ['p', stringColumn(rows.map((row) => row.p))],
    ['at', times(rows.map((row) => row.at * SECOND))],
    ['created', times(rows.map((row) => row.created * SECOND))],
    ['x', floats(rows.map(valueOf))],
  ]);
}

const event: fc.Arbitrary<Event> = fc.record({
  p: fc.constantFrom('a', 'b'),
  at: fc.integer({ min: 0, max: 8 }),
  created: fc.integer({ min: 0, max: 8 }),
});
const CLOCK = 8;

/** Windows that part [0, CLOCK], and pushes, in any order. */
const steps = fc
  .record({
    cuts: fc.uniqueArray(fc.integer({ min: 1, max: CLOCK - 1 }), { maxLength: 3 }),
    pushes: fc.array(fc.array(event, { minLength: 1, maxLength: 3 }), { maxLength: 4 }),
  })
  .chain(({ cuts, pushes }) => {
    const ends = [0, ...cuts.toSorted((a, b) => a - b), CLOCK];
    const windows = ends.slice(1).map((to, i) => ({ from: ends[i] ?? 0, to }));
    const all = [...windows, ...pushes];
    return fc.shuffledSubarray(all, { minLength: all.length, maxLength: all.length });
  });

describe('materialize and push', () => {
  test('in any portions and order end in the newest row of each entity, and in what training would join then', async () => {
    const modes = fc.constantFrom<PointInTimeMode>('leak_safe', 'feast');
    await fc.assert(
      fc.asyncProperty(fc.array(event, { minLength: 1, maxLength: 12 }), steps, modes, async (history, todo, mode) => {
        const records = memoryRecords(onlineTables);
        let rows = history;
        const tables = () => tablesAtHand(new Map([['source', tableOf(rows)]]), () => Promise.resolve(engine));
        const target = pushTarget(DEFINITIONS, 'v');
        for (const step of todo) {
          if (Array.isArray(step)) {
            const pushed = { target, rows: tableOf(step), at: CLOCK * SECOND, mode };
            const batches = await pushedRows(tables(), pushed, {});
            rows = [...rows, ...step];
            for (const one of batches) await records.write(TABLES, (tx) => writeOnline(tx, 'm', one));
          } else {
            const window = { definitions: DEFINITIONS, from: step.from * SECOND, to: step.to * SECOND, mode };
            for (const one of await materialize(tables(), window, {}))
              await records.write(TABLES, (tx) => writeOnline(tx, 'm', one, { interval: window }));
          }
        }
        const keys = new Set(['a', 'b']);
        const views = new Map([
          ['v', keys],
          ['w', keys],
        ]);
        const served = await readOnline(records, 'm', views);
        const entityRows = makeTable([
          ['p', stringColumn([...keys])],
          ['event_timestamp', times([CLOCK * SECOND, CLOCK * SECOND])],
        ]);
        const request = { definitions: DEFINITIONS, features: DEFINITIONS.service.features, entityRows, mode };
        const { table } = await getHistoricalFeatures(tables(), request, {});
        [...keys].forEach((p, at) => {
          let best: Event | undefined;
          for (const one of rows) {
            if (one.p !== p || (mode === 'leak_safe' && one.created > CLOCK)) continue;
            if (!best || one.at > best.at || (one.at === best.at && one.created >= best.created)) best = one;
          }
          const found = served.get('v')?.get(p);
          expect(found?.value('x')).toBe(best && valueOf(best) + 1);
          expect(found?.event).toBe(best && best.at * SECOND);
          for (const name of ['n', 'sum']) {
            const trained = cellAt(columnOf(table, name), at);
            expect(served.get('w')?.get(p)?.value(name) ?? (name === 'n' ? 0n : null)).toBe(trained);
          }
        });
        expect((await onlineViews(records, 'm'))[0]?.intervals).toEqual([{ from: 0, to: CLOCK * SECOND }]);
      }),
      { numRuns: 80 },
    );
  });
});
