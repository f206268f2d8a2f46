import { Dexie } from 'dexie';
import { afterEach, describe, expect, test } from 'vitest';
import { indexedDbFiles } from '../../src/platform/indexeddb/files';
import { openIndexedDb } from '../../src/platform/indexeddb/records';
import type { StoreVersion } from '../../src/platform/indexeddb/schema';
import { opfsFiles } from '../../src/platform/opfs/files';
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
