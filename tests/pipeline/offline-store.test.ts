import { beforeAll, describe, expect, test } from 'vitest';
import { readCsv } from '../../src/data/csv/read-csv';
import { decodeArrow, encodeArrow } from '../../src/platform/arrow/ipc';
import { readParquet } from '../../src/platform/parquet/read';
import { writeParquet } from '../../src/platform/parquet/write';
import type { Platform } from '../../src/pipeline/platform';
import { partitionsOf, stageResult } from '../../src/pipeline/stage-results';
import type { Workspace } from '../../src/pipeline/workspace';
import { columnOf, concatTables, makeTable, takeRows, type Table } from '../../src/utils/columns';
import { WorkbenchError } from '../../src/utils/errors';
import { tableDigest } from '../../src/utils/hash';
import { utf8Bytes } from '../../src/utils/utf8';
import { countedWorkspace } from './platform';

const MODEL = 'heart_disease';
const TABLE = 'visits';
const DAY = 86_400_000_000;

async function withData(change?: (platform: Platform) => Platform) {
  const { workspace, platform } = countedWorkspace(change);
  await workspace.run(MODEL, { seed: 3, rows: 3000, stages: ['data'] });
  return { workspace, platform };
}

async function rawTable(workspace: Workspace, name = TABLE): Promise<Table> {
  return decodeArrow((await workspace.exportTable(MODEL, name, 'arrow')).bytes);
}

/** Some rows of a table, three weeks later. */
function later(table: Table, rows = 40): Table {
  const some = takeRows(
    table,
    Array.from({ length: rows }, (_, i) => i * 3),
  );
  return makeTable(
    [...some.columns].map(([name, column]) => {
      if (column.type !== 'timestamp') return [name, column] as const;
      return [name, { type: 'timestamp', values: column.values.map((time) => time + 21 * DAY) }] as const;
    }),
  );
}

async function csvOf(workspace: Workspace, name = TABLE): Promise<string> {
  return new TextDecoder().decode((await workspace.exportTable(MODEL, name, 'csv')).bytes);
}

let table: Table;
beforeAll(async () => {
  const { workspace } = await withData();
  table = await rawTable(workspace);
});

describe('a file appended to a raw table', () => {
  test.each(['arrow', 'parquet', 'csv'] as const)('of %s: rows stand below, later stages are told', async (format) => {
    const { workspace, platform } = await withData();
    const added = later(table);
    const before = await stageResult(platform.records, MODEL, 'data');
    const bytes =
      format === 'arrow'
        ? encodeArrow(added)
        : format === 'parquet'
          ? writeParquet(added)
          : await platform.services.data.fileBytes(added, 'csv');
    const result = await workspace.appendFile(MODEL, TABLE, { fileName: `more.${format}`, bytes });
    expect(result).toMatchObject({ table: TABLE, rows: 40, warnings: [] });
    const whole = await rawTable(workspace);
    expect(tableDigest(whole)).toBe(tableDigest(decodeArrow(encodeArrow(concatTables([table, added])))));
    const after = await stageResult(platform.records, MODEL, 'data');
    expect(after?.result.digest).not.toBe(before?.result.digest);
    expect(after?.result.profiles.find((one) => one.table === TABLE)?.rows).toBe(table.rowCount + 40);
    expect((await workspace.verifyStore()).faults).toEqual([]);
  });

  test('the same rows in files cut otherwise make another history and the same table', async () => {
    const { workspace } = await withData();
    const added = later(table);
    const half = (from: number, to: number) =>
      takeRows(
        added,
        Array.from({ length: to - from }, (_, i) => from + i),
      );
    await workspace.appendFile(MODEL, TABLE, { fileName: 'a.arrow', bytes: encodeArrow(half(0, 15)) });
    await workspace.appendFile(MODEL, TABLE, { fileName: 'b.arrow', bytes: encodeArrow(half(15, 40)) });
    expect(tableDigest(await rawTable(workspace))).toBe(
      tableDigest(decodeArrow(encodeArrow(concatTables([table, added])))),
    );
  });

  const refusals: readonly (readonly [string, () => { fileName: string; bytes: Uint8Array }, RegExp])[] = [
    [
      'a column under another name',
      () => {
        const columns = [...later(table).columns].map(
          ([name, column]) => [name === 'resting_bp' ? 'resting_bpm' : name, column] as const,
        );
        return { fileName: 'x.arrow', bytes: encodeArrow(makeTable(columns)) };
      },
      /lacks the column "resting_bp" \(is it "resting_bpm"\?\) of the table "visits"/,
    ],
    [
      'a column of another type',
      () => {
        const rows = later(table);
        const columns = [...rows.columns].map(([name, column]) => {
          return name === 'resting_bp'
            ? ([name, columnOf(rows, 'chest_pain_type')] as const)
            : ([name, column] as const);
        });
        return { fileName: 'x.parquet', bytes: writeParquet(makeTable(columns)) };
      },
      /"resting_bp" of x.parquet is string, and that of the table "visits" is float64/,
    ],
    [
      'a Parquet file cut in half',
      () => {
        const bytes = writeParquet(later(table));
        return { fileName: 'half.parquet', bytes: bytes.slice(0, bytes.length >> 1) };
      },
      /half\.parquet: The bytes are no Parquet file, or are cut short/,
    ],
    [
      'an Arrow file cut short',
      () => ({ fileName: 'short.arrow', bytes: encodeArrow(later(table)).slice(0, -200) }),
      /short\.arrow: .*(cut short|not an Arrow)/,
    ],
    ['an empty CSV', () => ({ fileName: 'e.csv', bytes: new Uint8Array() }), /The file is empty/],
  ];
  test.each(refusals)('%s is refused and nothing changes', async (_, file, says) => {
    const { workspace } = await withData();
    const digest = await workspace.digest();
    await expect(workspace.appendFile(MODEL, TABLE, file())).rejects.toThrow(says);
    expect(await workspace.digest()).toBe(digest);
  });

  test('times with and without a zone in one column are refused', async () => {
    const { workspace } = await withData();
    const [header = '', first = '', second = ''] = (await csvOf(workspace)).split('\n');
    const text = [header, first, second.replace(/(\d\d:\d\d:\d\d)Z/, '$1')].join('\n');
    const file = { fileName: 'mixed.csv', bytes: utf8Bytes(text) };
    await expect(workspace.appendFile(MODEL, TABLE, file)).rejects.toThrow(/mixes times with a zone/);
  });

  test('an unknown table is answered with the nearest name', async () => {
    const { workspace } = await withData();
    const file = { fileName: 'x.arrow', bytes: encodeArrow(later(table)) };
    await expect(workspace.appendFile(MODEL, 'visit', file)).rejects.toThrow(/did you mean "visits"\?/);
  });

  test('columns the table does not have are left out and named', async () => {
    const { workspace } = await withData();
    const rows = later(table);
    const bytes = encodeArrow(makeTable([...rows.columns, ['note', columnOf(rows, 'resting_bp')] as const]));
    const { warnings } = await workspace.appendFile(MODEL, TABLE, { fileName: 'x.arrow', bytes });
    expect(warnings).toEqual([expect.stringContaining('"note"')]);
  });

  test('of a model made from a file: rows are numbered on and its clock moves with the newest event', async () => {
    const { workspace, platform } = countedWorkspace();
    const lines = (from: number) =>
      Array.from({ length: 60 }, (_, i) => `${from + i},${i % 2},2026-03-${String((i % 28) + 1).padStart(2, '0')}`);
    const bytes = utf8Bytes(`a,y,at\n${lines(0).join('\n')}`);
    const model = await workspace.createModel({
      fileName: 'own.csv',
      bytes,
      label: 'y',
      positive: '> 0',
      eventTimestamp: 'at',
    });
    await workspace.run(model, { stages: ['data'] });
    const clock = (await stageResult(platform.records, model, 'data'))?.result.clock ?? 0;
    const more = { fileName: 'more.csv', bytes: utf8Bytes(`at,a,y\n2026-05-01,7,1\n`) };
    await workspace.appendFile(model, 'rows', more);
    const after = await stageResult(platform.records, model, 'data');
    expect(after?.result.clock).toBe(clock + 34 * DAY);
    const page = await workspace.tablePage(model, 'rows', 60, 5);
    expect(page.rows).toEqual([[61n, 1_772_000_000_000_000, 7n, 1n, Date.UTC(2026, 4, 1) * 1000]]);
  });
});

describe('compaction', () => {
  test('makes one file a date, gives space back, and changes neither rows nor digest', async () => {
    const { workspace, platform } = await withData();
    for (const n of [20, 30]) {
      await workspace.appendFile(MODEL, TABLE, { fileName: 'x.arrow', bytes: encodeArrow(later(table, n)) });
    }
    const before = await rawTable(workspace);
    const digest = (await stageResult(platform.records, MODEL, 'data'))?.result.digest;
    const result = await workspace.compact(MODEL);
    const own = result.tables.find((one) => one.table === TABLE);
    expect(own?.after).toBeLessThan(own?.before ?? 0);
    expect(result.freed).toBeGreaterThan(0);
    expect(tableDigest(await rawTable(workspace))).toBe(tableDigest(before));
    const left = (await partitionsOf(platform.records, MODEL)).filter((one) => one.table === TABLE);
    expect(new Set(left.map(({ date }) => date)).size).toBe(left.length);
    expect((await stageResult(platform.records, MODEL, 'data'))?.result.digest).toBe(digest);
    expect((await workspace.verifyStore()).faults).toEqual([]);
    expect((await workspace.compact(MODEL)).freed, 'a second time there is nothing to do').toBe(0);
    await workspace.appendFile(MODEL, TABLE, { fileName: 'y.arrow', bytes: encodeArrow(later(table, 10)) });
    expect((await rawTable(workspace)).rowCount).toBe(before.rowCount + 10);
  });

  test('a reader that holds the old list reads it once more', async () => {
    const { workspace, platform } = await withData();
    await workspace.appendFile(MODEL, TABLE, { fileName: 'x.arrow', bytes: encodeArrow(later(table)) });
    const rows = table.rowCount + 40;
    let stale = await partitionsOf(platform.records, MODEL);
    await workspace.compact(MODEL);
    // Another tab: the same stores, nothing in memory, and a list from before.
    const { workspace: other } = countedWorkspace((fresh) => ({
      ...fresh,
      files: platform.files,
      records: {
        ...platform.records,
        read: async (tables, work) => {
          if (tables.length === 1 && tables[0] === 'partitions' && stale.length > 0) {
            const list = stale;
            stale = [];
            return list as never;
          }
          return platform.records.read(tables, work);
        },
      },
      services: { ...fresh.services, data: readingFrom(fresh, platform) },
    }));
    expect((await other.tablePage(MODEL, TABLE, 0, 5)).total).toBe(rows);
    expect(stale).toEqual([]);
  });
});

/** The data service of another tab over the same files. */
function readingFrom(fresh: Platform, shared: Platform): Platform['services']['data'] {
  const Service = fresh.services.data.constructor as new (host: object) => Platform['services']['data'];
  const { files, arrow } = shared;
  return new Service({ files, arrow, parquet: arrow, pause: fresh.pause, openSql: () => Promise.reject(new Error()) });
}

describe('files taken away', () => {
  test('a raw table and a feature view come out the same in every format', async () => {
    const { workspace } = await withData();
    for (const name of [TABLE, 'labs']) {
      const asArrow = await rawTable(workspace, name);
      const asParquet = await readParquet((await workspace.exportTable(MODEL, name, 'parquet')).bytes);
      const { table: asCsv } = await readCsv((await workspace.exportTable(MODEL, name, 'csv')).bytes, {}, {});
      expect(asParquet.rowCount).toBe(asArrow.rowCount);
      expect([...asCsv.columns.keys()]).toEqual([...asArrow.columns.keys()]);
      for (const [column, values] of asArrow.columns) expect(columnOf(asParquet, column).type).toBe(values.type);
    }
    await expect(workspace.exportTable(MODEL, 'visitz', 'csv')).rejects.toThrow(/did you mean "visits"/);
  });
});

describe('the check of the store', () => {
  test('finds a file that was changed, one that is gone, and one nobody knows', async () => {
    const { workspace, platform } = await withData();
    expect(await workspace.verifyStore()).toMatchObject({ faults: [] });
    const [first, second] = await partitionsOf(platform.records, MODEL);
    const bytes = (await platform.files.read(first?.path ?? '')) ?? new Uint8Array();
    bytes[bytes.length >> 1] = (bytes[bytes.length >> 1] ?? 0) ^ 1;
    await platform.files.write(first?.path ?? '', bytes);
    await platform.files.delete(second?.path ?? '');
    await platform.files.write('offline/stray.arrow', Uint8Array.of(1));
    const { faults } = await workspace.verifyStore();
    expect(faults).toHaveLength(3);
    expect(faults.join('\n')).toMatch(/hash differs[^]*missing[^]*No record names/);
  });
});

/** Stores that find the disk full at a write: the `at`-th from when `writes` is 0. */
function fullAt(disk: { writes: number; at: number }): (platform: Platform) => Platform {
  const full = () => {
    if (++disk.writes === disk.at) {
      throw new WorkbenchError('STORAGE_REFUSED', 'This browser has no space left. Nothing was saved of this step.', {
        full: true,
      });
    }
  };
  return (platform) => {
    const { files, records } = platform;
    const write = files.write.bind(files);
    // The services hold the same store.
    files.write = (path, bytes) => {
      full();
      return write(path, bytes);
    };
    return {
      ...platform,
      records: {
        ...records,
        write: (tables, work) =>
          records.write(tables, (tx) =>
            work({
              ...tx,
              get: (...args) => tx.get(...args),
              query: (...args) => tx.query(...args),
              count: (...args) => tx.count(...args),
              clear: (...args) => tx.clear(...args),
              delete: (...args) => tx.delete(...args),
              put: (...args) => {
                full();
                return tx.put(...args);
              },
              putAll: (...args) => {
                full();
                return tx.putAll(...args);
              },
            }),
          ),
      },
    };
  };
}

describe('a disk that is full at the n-th write, for every n', () => {
  const file = () => ({ fileName: 'x.arrow', bytes: encodeArrow(later(table)) });
  const steps: readonly (readonly [string, (workspace: Workspace) => Promise<unknown>])[] = [
    ['ingest', (w) => w.run(MODEL, { seed: 4, rows: 1000, stages: ['data'] })],
    ['append', (w) => w.appendFile(MODEL, TABLE, file())],
    ['compaction', (w) => w.compact(MODEL)],
    ['the Features stage', (w) => w.run(MODEL, { seed: 3, stages: ['features'] })],
  ];
  test.each(steps)(
    '%s leaves the store as it was and says what to free',
    async (_, step) => {
      const disk = { writes: 0, at: Infinity };
      const { workspace } = countedWorkspace(fullAt(disk));
      await workspace.run(MODEL, { seed: 3, rows: 1000, stages: ['data'] });
      await workspace.appendFile(MODEL, TABLE, file());
      const digest = await workspace.digest();
      let refused = 0;
      for (let n = 1; ; n++) {
        Object.assign(disk, { writes: 0, at: n });
        const outcome = await step(workspace).then(
          () => null,
          (error: unknown) => error as WorkbenchError,
        );
        if (outcome === null) break;
        refused += 1;
        expect(outcome.message, `at write ${n}`).toMatch(/What takes space here: .*raw tables of heart_disease \(/);
        expect(await workspace.digest(), `after write ${n}`).toBe(digest);
      }
      expect(refused).toBeGreaterThan(1);
      expect((await workspace.verifyStore()).faults).toEqual([]);
    },
    120_000,
  );
});
