import { expect, test } from 'vitest';
import type { IndexKey, Records, TableSchema } from '../../src/utils/records';

export const CONTRACT_TABLES: Readonly<Record<string, TableSchema>> = {
  things: { key: 'id', indexes: { group: 'group', group_rank: ['group', 'rank'] } },
  pairs: { key: ['a', 'b'], indexes: { a: 'a' } },
};

interface Thing {
  readonly id: string | number;
  readonly group?: string;
  readonly rank?: number;
  readonly load?: unknown;
}

const THINGS: readonly Thing[] = [
  { id: 'b', group: 'x', rank: 2 },
  { id: 10, group: 'x', rank: 1 },
  { id: 2, group: 'y', rank: 1 },
  { id: 'a', group: 'x', rank: 1 },
  { id: 'c' },
];

/** What every filler of Records must do. `make` gives an empty store with CONTRACT_TABLES. */
export function recordsContract(make: () => Promise<Records>): void {
  const filled = async (): Promise<Records> => {
    const records = await make();
    await records.write(['things'], (tx) => tx.putAll('things', THINGS));
    return records;
  };
  const ids = (records: Records, query: Parameters<Parameters<Parameters<Records['read']>[1]>[0]['query']>[1]) =>
    records.read(['things'], async (tx) => (await tx.query<Thing>('things', query)).map((thing) => thing.id));

  test('keys come in order: numbers, then text', async () => {
    expect(await ids(await filled(), {})).toEqual([2, 10, 'a', 'b', 'c']);
    expect(await ids(await filled(), { reverse: true, offset: 1, limit: 2 })).toEqual(['b', 'a']);
    expect(await ids(await filled(), { from: 10, to: 'a' })).toEqual([10, 'a']);
  });

  test('an index holds only rows that have its key, ordered by it and then by the primary key', async () => {
    expect(await ids(await filled(), { index: 'group' })).toEqual([10, 'a', 'b', 2]);
    expect(await ids(await filled(), { index: 'group', equals: 'x' })).toEqual([10, 'a', 'b']);
    expect(await ids(await filled(), { index: 'group_rank', from: ['x', 2], to: ['y', 1] })).toEqual(['b', 2]);
    expect(await ids(await filled(), { index: 'group_rank', equals: ['x', 1], reverse: true })).toEqual(['a', 10]);
  });

  test('counts, gets, deletes and clears by query', async () => {
    const records = await filled();
    await records.write(['things', 'pairs'], async (tx) => {
      expect(await tx.count('things', { index: 'group', equals: 'x' })).toBe(3);
      expect(await tx.get<Thing>('things', 'a')).toEqual(THINGS[3]);
      expect(await tx.get('things', 'nope')).toBeUndefined();
      await tx.delete('things', 'a');
      await tx.clear('things', { index: 'group', equals: 'y' });
      await tx.putAll('pairs', [
        { a: 1, b: 'x' },
        { a: 1, b: 'y' },
        { a: 2, b: 'x' },
      ]);
      await tx.clear('pairs', { index: 'a', equals: 1 });
      expect(await tx.count('pairs')).toBe(1);
      expect(await tx.get('pairs', [2, 'x'])).toEqual({ a: 2, b: 'x' });
    });
    expect(await ids(records, {})).toEqual([10, 'b', 'c']);
  });

  test('a transaction sees its own writes, and one that throws leaves nothing', async () => {
    const records = await filled();
    const failing = records.write(['things', 'pairs'], async (tx) => {
      await tx.put('things', { id: 'new', group: 'x', rank: 9 });
      expect(await tx.count('things', { index: 'group', equals: 'x' })).toBe(4);
      await tx.put('pairs', { a: 1, b: 'x' });
      await tx.delete('things', 'b');
      throw new Error('half-way');
    });
    await expect(failing).rejects.toThrow('half-way');
    expect(await ids(records, {})).toEqual([2, 10, 'a', 'b', 'c']);
    expect(await records.read(['pairs'], (tx) => tx.count('pairs'))).toBe(0);
  });

  test('what is stored is a copy, and typed arrays, bigints and Maps survive', async () => {
    const records = await make();
    const load = { bytes: Uint8Array.of(1, 2), big: 9007199254740993n, map: new Map([['__proto__', 1]]), none: null };
    const thing = { id: 'x', load };
    await records.write(['things'], (tx) => tx.put('things', thing));
    load.bytes[0] = 99;
    const read = await records.read(['things'], (tx) => tx.get<typeof thing>('things', 'x'));
    expect(read?.load).toEqual({ ...load, bytes: Uint8Array.of(1, 2) });
  });

  test('writers take turns: no update is lost', async () => {
    const records = await make();
    await records.write(['things'], (tx) => tx.put('things', { id: 'n', rank: 0 }));
    const add = () =>
      records.write(['things'], async (tx) => {
        const thing = await tx.get<Thing>('things', 'n');
        await tx.put('things', { id: 'n', rank: (thing?.rank ?? 0) + 1 });
      });
    await Promise.all(Array.from({ length: 20 }, add));
    const [rank] = await records.read(['things'], async (tx) =>
      (await tx.query<Thing>('things')).map((thing) => thing.rank),
    );
    expect(rank).toBe(20);
  });

  test.each<[string, IndexKey]>([
    ['text', 'k'],
    ['a number', 7],
  ])('a put of %s as key replaces the row with that key', async (_name, id) => {
    const records = await make();
    await records.write(['things'], async (tx) => {
      await tx.put('things', { id, rank: 1 });
      await tx.put('things', { id, rank: 2 });
      expect(await tx.query('things')).toEqual([{ id, rank: 2 }]);
    });
  });
}
