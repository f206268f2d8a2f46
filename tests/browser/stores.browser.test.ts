import { Dexie } from 'dexie';
import { afterEach, describe, expect, test } from 'vitest';
import { indexedDbFiles } from '../../src/platform/indexeddb/files';
import { openIndexedDb } from '../../src/platform/indexeddb/records';
import type { StoreVersion } from '../../src/platform/indexeddb/schema';
import { opfsFiles } from '../../src/platform/opfs/files';
import { onlineViews, readOnline } from '../../src/features/online/read';
import { onlineTables, type OnlineBatch } from '../../src/features/online/tables';
import { replaceOnline, writeOnline } from '../../src/features/online/write';
import { allTables } from '../../src/pipeline/storage';
import { storeVersions } from '../../src/pipeline/store-versions';
import { metricHistory } from '../../src/tracking/runs';
import { makeTable, stringColumn } from '../../src/utils/columns';
import { filesContract } from '../contracts/files';
import { CONTRACT_TABLES, recordsContract } from '../contracts/records';

const ONE: StoreVersion = { version: 1, tables: CONTRACT_TABLES };
let made = 0;
const name = () => `contract-${(made += 1)}-${crypto.randomUUID()}`;
const opened: { close(): void }[] = [];

async function open(database = name(), tables = CONTRACT_TABLES, versions?: readonly StoreVersion[]) {
  const records = await openIndexedDb(database, tables, versions);
  opened.push(records);
  return records;
}

afterEach(() => {
  for (const records of opened.splice(0)) records.close();
});

describe('records in IndexedDB', () => {
  recordsContract(() => open());

  test('what was committed is there for the next connection', async () => {
    const database = name();
    const first = await open(database);
    await first.write(['things'], (tx) => tx.put('things', { id: 1, rank: 5 }));
    first.close();
    const second = await open(database);
    expect(await second.read(['things'], (tx) => tx.get('things', 1))).toEqual({ id: 1, rank: 5 });
  });

  test('a store of version 1 is brought to version 2: rows rewritten, an index and a table added', async () => {
    const database = name();
    const first = await open(database);
    await first.write(['things', 'pairs'], async (tx) => {
      await tx.putAll('things', [
        { id: 1, rank: 5 },
        { id: 2, rank: 6 },
      ]);
      await tx.put('pairs', { a: 1, b: 2 });
    });
    first.close();
    const things = { key: 'id', indexes: { group: 'group', group_rank: ['group', 'rank'], weight: 'weight' } };
    const later = { ...CONTRACT_TABLES, things, notes: { key: 'id' } };
    const toTwo: StoreVersion = {
      version: 2,
      tables: { things, notes: { key: 'id' } },
      rewrite: { things: (row) => ({ ...row, weight: Number(row['rank']) * 10 }) },
    };
    const second = await open(database, later, [ONE, toTwo]);
    await second.write(['things', 'notes', 'pairs'], async (tx) => {
      expect(await tx.query('things', { index: 'weight', from: 55 })).toEqual([{ id: 2, rank: 6, weight: 60 }]);
      await tx.put('notes', { id: 'n' });
      expect(await tx.count('pairs')).toBe(1);
    });
    second.close();
    const again = await open(database, later, [ONE, toTwo]);
    expect(await again.read(['things'], (tx) => tx.get('things', 1))).toEqual({ id: 1, rank: 5, weight: 50 });
  });

  test('a fresh browser starts at version 2 with the same tables', async () => {
    const toTwo: StoreVersion = { version: 2, tables: { notes: { key: 'id' } } };
    const records = await open(name(), { ...CONTRACT_TABLES, notes: { key: 'id' } }, [ONE, toTwo]);
    await records.write(['notes'], (tx) => tx.put('notes', { id: 'n' }));
    expect(await records.read(['notes', 'things'], (tx) => tx.count('notes'))).toBe(1);
  });

  test('a browser that refuses a database gets a sentence', async () => {
    const real = Dexie.dependencies.indexedDB;
    const refusing = {
      open: () => {
        throw new DOMException('The user denied permission.', 'SecurityError');
      },
    };
    Dexie.dependencies.indexedDB = refusing as unknown as IDBFactory;
    try {
      await expect(openIndexedDb(name(), CONTRACT_TABLES)).rejects.toMatchObject({ code: 'STORAGE_REFUSED' });
    } finally {
      Dexie.dependencies.indexedDB = real;
    }
  });

  test('a store upgraded by another tab closes here and says so', async () => {
    const database = name();
    const here = await open(database);
    await open(database, { ...CONTRACT_TABLES, notes: { key: 'id' } }, [
      ONE,
      { version: 2, tables: { notes: { key: 'id' } } },
    ]);
    const write = here.write(['things'], (tx) => tx.put('things', { id: 1 }));
    await expect(write).rejects.toMatchObject({
      code: 'STORAGE_REFUSED',
      message: expect.stringContaining('Reload') as string,
    });
  });
});

describe('the online store in IndexedDB', () => {
  const TABLES = Object.keys(onlineTables);
  const batch = (from: number, to: number, event: number): OnlineBatch => {
    const entities = Array.from({ length: to - from }, (_, i) => from + i);
    return {
      view: 'v',
      keys: entities.map((i) => `k${i}`),
      event: Float64Array.from(entities, () => event),
      created: Float64Array.from(entities, () => event),
      asOf: null,
      values: makeTable([
        ['x', { type: 'float64', values: Float64Array.from(entities, (i) => i + event / 10) }],
        ['n', { type: 'int64', values: BigInt64Array.from(entities, (i) => BigInt(i) + 9007199254740993n) }],
        ['s', stringColumn(entities.map((i) => (i % 5 === 0 ? null : `é${i}`)))],
      ]),
    };
  };
  const find = async (records: Awaited<ReturnType<typeof open>>, keys: readonly string[]) => {
    const rows = (await readOnline(records, 'm', new Map([['v', new Set(keys)]]))).get('v');
    return keys.map((key) => rows?.get(key)?.value('x') ?? null);
  };

  test('keeps blocks, grows them, overwrites nothing newer, and a fresh connection finds every key', async () => {
    const database = name();
    const first = await open(database, onlineTables);
    await first.write(TABLES, (tx) => writeOnline(tx, 'm', batch(0, 50, 5)));
    expect(await find(first, ['k7', 'k50'])).toEqual([7.5, null]);
    expect(await first.write(TABLES, (tx) => writeOnline(tx, 'm', batch(20, 5000, 4)))).toEqual({
      view: 'v',
      written: 4950,
      rows: 5000,
    });
    expect(await find(first, ['k7', 'k30', 'k4999', 'k5000'])).toEqual([7.5, 30.5, 4999.4, null]);
    first.close();
    const second = await open(database, onlineTables);
    const keys = Array.from({ length: 5000 }, (_, i) => `k${i}`);
    const rows = (await readOnline(second, 'm', new Map([['v', new Set(keys)]]))).get('v');
    expect(keys.map((key) => rows?.get(key)?.value('n'))).toEqual(keys.map((_, i) => BigInt(i) + 9007199254740993n));
    expect([rows?.get('k5')?.value('s'), rows?.get('k6')?.value('s')]).toEqual([null, 'é6']);
    expect(await onlineViews(second, 'm')).toMatchObject([{ rows: 5000, blocks: 64, newest: 5 }]);
  });

  test('a write that fails half-way leaves the store as it was', async () => {
    const records = await open(name(), onlineTables);
    await records.write(TABLES, (tx) => writeOnline(tx, 'm', batch(0, 3000, 5)));
    const failing = records.write(TABLES, async (tx) => {
      await replaceOnline(tx, 'm', [batch(0, 10, 9)], {});
      await writeOnline(tx, 'm', batch(0, 9000, 8));
      throw new Error('killed');
    });
    await expect(failing).rejects.toThrow('killed');
    expect(await find(records, ['k7', 'k2999', 'k3000'])).toEqual([7.5, 2999.5, null]);
    expect(await onlineViews(records, 'm')).toMatchObject([{ rows: 3000, blocks: 32 }]);
  });

  test('what a browser of version 1 holds is there in the newest', async () => {
    const database = name();
    const [one] = storeVersions;
    if (!one) throw new Error('no version 1');
    const tables = Object.fromEntries(
      Object.entries(one.tables).flatMap(([key, table]) => (table ? [[key, table]] : [])),
    );
    const first = await open(database, tables, [one]);
    const rows = Array.from({ length: 7000 }, (_, i) => ({
      model: i < 6500 ? 'm' : 'other',
      view: 'v',
      entity_key: `k${i}`,
      event_timestamp: i,
      created_timestamp: i,
      values: { x: i / 2, n: BigInt(i), yes: i % 2 === 0, s: null },
    }));
    await first.write(['online_rows', 'stage_results', 'runs', 'metric_points'], async (tx) => {
      await tx.putAll('online_rows', rows);
      await tx.put('runs', { run_id: 'r', experiment_id: 'm', start_time: 1, metrics: { loss: 2 } });
      const points = [3, 2].map((value, step) => ({
        run_id: 'r',
        key: 'loss',
        value,
        step,
        timestamp: 1,
        sequence: step,
      }));
      await tx.putAll('metric_points', points);
      await tx.put('stage_results', { model: 'm', stage: 'data', kept: true });
    });
    first.close();
    const second = await open(database, allTables, storeVersions);
    expect(await find(second, ['k0', 'k1', 'k6499', 'k6500'])).toEqual([0, 0.5, 3249.5, null]);
    expect(await onlineViews(second, 'other')).toMatchObject([{ rows: 500, newest: 6999, intervals: [] }]);
    expect(await second.read(['stage_results'], (tx) => tx.get('stage_results', ['m', 'data']))).toMatchObject({
      kept: true,
    });
    await second.read(['runs', 'metric_histories'], async (tx) => {
      expect(await tx.get('runs', 'r')).toMatchObject({ lifecycle_stage: 'active', metric_ranges: { loss: [2, 3] } });
      expect((await metricHistory(tx, 'r', 'loss')).map(({ value }) => value)).toEqual([3, 2]);
    });
    await second.write(TABLES, (tx) => writeOnline(tx, 'm', { ...batch(0, 1, 9e15), values: newer() }));
    expect(await find(second, ['k0', 'k1'])).toEqual([-1, 0.5]);
  });

  test('what version 2 registered has tags, sources and no schema in version 3', async () => {
    const database = name();
    const [one, two] = storeVersions;
    if (!one || !two) throw new Error('no version 2');
    const tables = { ...allTables, online_rows: { key: ['model', 'view', 'entity_key'] } };
    const old = await open(database, tables, [one, two]);
    const registered = { name: 'm', creation_timestamp: 5, last_version: 1, aliases: { champion: 1 } };
    const run = { run_id: 'abc', creation_timestamp: 6, tags: { status: 'champion' }, description: '', decision: null };
    await old.write(['registered_models', 'model_versions'], async (tx) => {
      await tx.put('registered_models', registered);
      await tx.put('model_versions', { name: 'm', version: 1, ...run });
    });
    old.close();
    const three = await open(database, allTables, storeVersions);
    const [model, version] = await three.read(['registered_models', 'model_versions'], async (tx) => [
      await tx.get('registered_models', 'm'),
      await tx.get('model_versions', ['m', 1]),
    ]);
    expect(model).toEqual({ ...registered, description: '', tags: {}, last_updated_timestamp: 5 });
    expect(version).toEqual({
      name: 'm',
      version: 1,
      ...run,
      source: 'runs:/abc/model.json',
      last_updated_timestamp: 6,
      current_stage: 'None',
      signature: null,
      input_example: null,
    });
  });

  /** Features as definitions have them now: all-missing texts were numbers without values in version 1. */
  function newer() {
    const number = { type: 'float64', values: Float64Array.of(-1) } as const;
    return makeTable([
      ['x', number],
      ['n', { type: 'int64', values: BigInt64Array.of(1n) }],
      ['yes', { type: 'bool', values: Int8Array.of(1) }],
      ['s', number],
    ]);
  }
});

describe('files in IndexedDB', () => filesContract(() => indexedDbFiles(name())));

describe('files in the private file system', () => {
  filesContract(() => opfsFiles(name()));

  test('what a killed tab left half-written is not listed', async () => {
    const root = name();
    const files = await opfsFiles(root);
    await files.write('a/whole.arrow', Uint8Array.of(1));
    const top = await (await navigator.storage.getDirectory()).getDirectoryHandle(root);
    await (await top.getDirectoryHandle('a')).getFileHandle('half.arrow.part', { create: true });
    expect(await files.list()).toEqual(['a/whole.arrow']);
  });
});
