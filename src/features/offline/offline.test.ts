import fc from 'fast-check';
import { describe, expect, test } from 'vitest';
import { decodeArrow, encodeArrow } from '../../platform/arrow/ipc';
import { memoryFiles } from '../../platform/memory/files';
import { cellAt, concatTables, makeTable, stringColumn, type Table } from '../../utils/columns';
import { tableDigest } from '../../utils/hash';
import { compactPartitions } from './compact';
import { chooseGranularity, rowsByDate } from './dates';
import { compactTable } from './dictionaries';
import { OfflineStore } from './offline-store';
import { readPartitions } from './read';
import { writePartitions } from './write';
import type { Partition } from './types';

const DAY = 86_400_000_000;
const arrow = {
  encode: (table: Table) => Promise.resolve(encodeArrow(table)),
  decode: (bytes: Uint8Array) => Promise.resolve(decodeArrow(bytes)),
};

/** Times from 1880 to 2100, to the microsecond, some missing. */
const time = fc.oneof(
  { weight: 6, arbitrary: fc.integer({ min: -90 * 365, max: 130 * 365 }).map((day) => day * DAY + 12_345) },
  { weight: 1, arbitrary: fc.constantFrom(NaN, 0, -1, DAY, DAY - 1, -DAY) },
);
const row = fc.record({
  time,
  number: fc.oneof(fc.double(), fc.constant(NaN)),
  whole: fc.option(fc.bigInt({ min: -(1n << 63n), max: (1n << 63n) - 1n })),
  flag: fc.constantFrom(-1, 0, 1),
  text: fc.option(fc.constantFrom('', 'a', 'ä', 'b', '__proto__', 'null')),
});
type Row = typeof row extends fc.Arbitrary<infer R> ? R : never;

function tableOf(rows: readonly Row[]): Table {
  const valid = Uint8Array.from(rows, ({ whole }) => (whole === null ? 0 : 1));
  return makeTable([
    ['t', { type: 'timestamp', values: Float64Array.from(rows, (one) => one.time) }],
    ['number', { type: 'float64', values: Float64Array.from(rows, (one) => one.number) }],
    ['whole', { type: 'int64', values: BigInt64Array.from(rows, (one) => one.whole ?? 0n), valid }],
    ['flag', { type: 'bool', values: Int8Array.from(rows, (one) => one.flag) }],
    ['__row', stringColumn(rows.map((one) => one.text))],
  ]);
}

async function stored(appends: readonly (readonly Row[])[], timeColumn: string | null = 't') {
  const files = memoryFiles();
  const partitions: Partition[] = [];
  for (const [sequence, rows] of appends.entries()) {
    const call = { model: 'm', table: 'x', rows: tableOf(rows), before: [...partitions], timeColumn, sequence };
    partitions.push(...(await writePartitions({ files, arrow }, call, {})));
  }
  const whole = compactTable(concatTables(appends.map((rows) => compactTable(tableOf(rows)))));
  return { store: { files, arrow }, partitions, whole };
}

const appends = fc.array(fc.array(row, { maxLength: 40 }), { minLength: 1, maxLength: 4 });

describe('raw tables in partitions by event date', () => {
  test('read back as they came, in order, with their types; also after compaction', async () => {
    await fc.assert(
      fc.asyncProperty(appends, fc.constantFrom('t', null), async (rows, timeColumn) => {
        const { store, partitions, whole } = await stored(rows, timeColumn);
        const digest = tableDigest(whole);
        expect(tableDigest((await readPartitions(store, partitions)).rows)).toBe(digest);
        const compacted = await compactPartitions(store, partitions, {});
        const gone = new Set(compacted.flatMap((one) => one.gone.map(({ path }) => path)));
        const now = [...partitions.filter(({ path }) => !gone.has(path)), ...compacted.map(({ made }) => made)];
        expect(tableDigest((await readPartitions(store, now)).rows)).toBe(digest);
        expect(new Set(now.map(({ date }) => date)).size, 'one partition a date').toBe(now.length);
        const lineage = now.flatMap((one) => one.replaces ?? [one.digest]);
        expect(new Set(lineage)).toEqual(new Set(partitions.map((one) => one.digest)));
      }),
      { numRuns: 150 },
    );
  });

  test('a table in memory and one read anew are the same, whatever was read before the last append', async () => {
    await fc.assert(
      fc.asyncProperty(appends, fc.boolean(), async (rows, readBetween) => {
        const files = memoryFiles();
        const warm = new OfflineStore({ files, arrow });
        const partitions: Partition[] = [];
        for (const [sequence, added] of rows.entries()) {
          const call = {
            model: 'm',
            table: 'x',
            rows: tableOf(added),
            before: [...partitions],
            timeColumn: 't',
            sequence,
          };
          partitions.push(...(await warm.write(files, call, {})));
          if (readBetween) await warm.table(partitions, 'x');
        }
        const cold = await new OfflineStore({ files, arrow }).table(partitions, 'x');
        expect(tableDigest(await warm.table(partitions, 'x'))).toBe(tableDigest(cold));
      }),
    );
  });

  test('a damaged file is told from one that is gone', async () => {
    const { store, partitions } = await stored([[{ time: 0, number: 1, whole: 1n, flag: 1, text: 'a' }]]);
    const [only] = partitions;
    if (!only) throw new Error('no partition');
    await store.files.write(only.path, Uint8Array.of(1, 2, 3));
    await expect(readPartitions(store, partitions)).rejects.toMatchObject({ details: { missing: false } });
    await store.files.delete(only.path);
    await expect(readPartitions(store, partitions)).rejects.toMatchObject({
      code: 'STORAGE_CORRUPT',
      details: { missing: true },
    });
  });
});

describe('dates', () => {
  test.each([
    [0, '1970-01-01'],
    [-1, '1969-12-31'],
    [951_782_400_000_000, '2000-02-29'],
    [-62_135_596_800_000_000, '0001-01-01'],
    [4_107_542_400_000_000, '2100-03-01'],
  ])('%d is of %s', (micros, date) => {
    const of = (granularity: 'day' | 'month' | 'year') => rowsByDate(Float64Array.of(micros), granularity)[0]?.date;
    expect([of('day'), of('month'), of('year')]).toEqual([date, date.slice(0, 7), date.slice(0, 4)]);
  });

  test('every row is of one date, dates ascend and are those of the calendar', () => {
    fc.assert(
      fc.property(fc.array(time), (times) => {
        const groups = rowsByDate(Float64Array.from(times), 'day');
        const rows = groups.flatMap((group) => [...group.rows]);
        expect(rows.toSorted((a, b) => a - b)).toEqual([...times.keys()]);
        for (const { date, rows: numbers } of groups) {
          for (const at of numbers) {
            const micros = times[at] ?? NaN;
            expect(date).toBe(
              Number.isNaN(micros) ? null : new Date(Math.floor(micros / 1000)).toISOString().slice(0, 10),
            );
          }
        }
      }),
    );
  });

  test('months are the rule; few rows are kept by year, very many by day', () => {
    const months = (rowsAMonth: number) =>
      Float64Array.from({ length: 3 * rowsAMonth }, (_, row) => Math.floor(row / rowsAMonth) * 31 * DAY);
    expect(chooseGranularity(months(10))).toBe('year');
    expect(chooseGranularity(months(5000))).toBe('month');
    expect(chooseGranularity(months(600_000))).toBe('day');
    expect(chooseGranularity(Float64Array.of(NaN))).toBe('month');
  });
});

test('cells of a stored table are those that went in', async () => {
  const { store, partitions } = await stored([
    [
      { time: 400 * DAY, number: -0, whole: (1n << 62n) + 1n, flag: 0, text: 'ä' },
      { time: NaN, number: NaN, whole: null, flag: -1, text: null },
      { time: 5, number: 0.1, whole: -1n, flag: 1, text: '' },
    ],
  ]);
  expect(partitions.map(({ date, rows, from }) => [date, rows, from])).toEqual([
    [null, 1, null],
    ['1970', 1, 5],
    ['1971', 1, 400 * DAY],
  ]);
  const { rows } = await readPartitions(store, partitions);
  const cells = [...rows.columns.values()].map((column) => [0, 1, 2].map((at) => cellAt(column, at)));
  expect(cells).toEqual([
    [400 * DAY, null, 5],
    [-0, null, 0.1],
    [(1n << 62n) + 1n, null, -1n],
    [false, null, true],
    ['ä', null, ''],
  ]);
});
