import fc from 'fast-check';
import { describe, expect, test } from 'vitest';
import { profileTable } from '../../src/data/profile';
import { decodeArrow, encodeArrow } from '../../src/platform/arrow/ipc';
import { readParquet } from '../../src/platform/parquet/read';
import { writeParquet } from '../../src/platform/parquet/write';
import {
  cellText,
  columnOf,
  concatTables,
  makeTable,
  presentIn,
  sameCell,
  stringColumn,
  takeOrMissing,
  takeRows,
  toFloat64,
  type Column,
} from '../../src/utils/columns';
import { tableDigest } from '../../src/utils/hash';
import { contentOf, listTables } from './list-tables';

const whole: Column = {
  type: 'list',
  offsets: Int32Array.of(0, 2, 2, 2, 3),
  valid: Uint8Array.of(1, 1, 0, 1),
  items: { type: 'int64', values: BigInt64Array.of(2n ** 60n + 1n, 0n, 7n), valid: Uint8Array.of(1, 0, 1) },
};
const table = makeTable([['list', whole]]);

describe('a column of lists', () => {
  test('an empty list is no missing one, and an element may be missing', () => {
    expect(contentOf(table)).toEqual([['list', 'int64[]', [[2n ** 60n + 1n, null], [], null, [7n]]]]);
    expect(presentIn(whole)).toBe(3);
    expect(contentOf(makeTable([['list', takeOrMissing(whole, Int32Array.of(3, -1, 0))]]))[0]?.[2]).toEqual([
      [7n],
      null,
      [2n ** 60n + 1n, null],
    ]);
  });

  test('cells are compared by content and written with all digits', () => {
    expect(sameCell([1n, null], [1n, null])).toBe(true);
    expect([sameCell([], null), sameCell([1], [1, 2]), sameCell([1], 1), sameCell(null, null)]).toEqual([
      false,
      false,
      false,
      true,
    ]);
    expect([cellText([2n ** 60n + 1n, null]), cellText(['a"', -0]), cellText(null), cellText(3)]).toEqual([
      '[1152921504606846977,null]',
      '["a\\"",-0]',
      'missing',
      '3',
    ]);
  });

  test('has no single numbers, which is said with what to do', () => {
    expect(() => toFloat64(whole)).toThrow('Take a number of each list by an expression: an element (name[1])');
  });

  test('whose lists do not span its elements is a bug', () => {
    const broken = (offsets: readonly number[], valid?: readonly number[]): Column => ({
      ...whole,
      offsets: Int32Array.from(offsets),
      valid: Uint8Array.from(valid ?? offsets.slice(1).fill(1)),
    });
    expect(() => makeTable([['x', broken([0, 2])]])).toThrow('the lists of column x do not span its 3 elements');
    expect(() => makeTable([['x', broken([1, 3])]])).toThrow('do not span');
    expect(() => makeTable([['x', broken([0, 3, 2, 3])]])).toThrow('row 1 of column x is no list');
    expect(() => makeTable([['x', broken([0, 3], [0])]])).toThrow('row 0 of column x is no list');
  });

  test('is not joined with a column of single values', () => {
    const texts = makeTable([['list', stringColumn(['a'])]]);
    expect(() => concatTables([table, texts])).toThrow('columns of different types');
  });

  test('picked rows and parts one below the other hold what they held', () => {
    fc.assert(
      fc.property(listTables, fc.infiniteStream(fc.nat()), (lists, places) => {
        const rows = lists.rowCount === 0 ? [] : [...places.take(9)].map((place) => place % lists.rowCount);
        const taken = takeRows(lists, rows);
        const held = contentOf(lists);
        expect(contentOf(taken)).toEqual(
          held.map(([name, type, cells]) => [name, type, rows.map((row) => cells[row])]),
        );
        expect(contentOf(concatTables([lists, taken, lists]))).toEqual(
          held.map(([name, type, cells]) => [name, type, [...cells, ...rows.map((row) => cells[row]), ...cells]]),
        );
      }),
    );
  });

  test('the digest tells lists apart that hold the same elements', () => {
    const of = (offsets: readonly number[], valid?: Uint8Array) => {
      const items = { type: 'float64', values: Float64Array.of(1, 2) } as const;
      const list = { type: 'list', offsets: Int32Array.from(offsets), items, ...(valid ? { valid } : {}) } as const;
      return tableDigest(makeTable([['x', list]]));
    };
    const digests = [of([0, 1, 2]), of([0, 2, 2]), of([0, 0, 2]), of([0, 2, 2], Uint8Array.of(1, 0))];
    expect(new Set(digests).size).toBe(4);
    expect(of([0, 1, 2])).toBe(digests[0]);
  });
});

describe('lists in files', () => {
  test('Arrow gives back what it was given', () => {
    fc.assert(
      fc.property(listTables, (lists) => {
        expect(contentOf(decodeArrow(encodeArrow(lists)))).toEqual(contentOf(lists));
      }),
    );
  });

  test('Parquet gives back what it was given', () =>
    fc.assert(
      fc.asyncProperty(listTables, async (lists) => {
        expect(contentOf(await readParquet(writeParquet(lists)))).toEqual(contentOf(lists));
      }),
    ));

  test('more rows than one row group, and lists longer than a page', async () => {
    const rows = 3000;
    const offsets = Int32Array.from({ length: rows + 1 }, (_, row) => row * 70);
    const items: Column = { type: 'float64', values: Float64Array.from({ length: rows * 70 }, (_, at) => at / 8) };
    const long = makeTable([['x', { type: 'list', offsets, items }]]);
    expect(tableDigest(await readParquet(writeParquet(long)))).toBe(tableDigest(long));
  });
});

describe('a profile of lists', () => {
  test('describes their lengths and counts different lists', async () => {
    const texts: Column = {
      type: 'list',
      offsets: Int32Array.of(0, 2, 4, 5, 5, 5),
      valid: Uint8Array.of(1, 1, 1, 1, 0),
      items: stringColumn(['a', null, 'a', null, 'a']),
    };
    const { columns } = await profileTable('t', makeTable([['texts', texts]]), {});
    expect(columns).toEqual([
      {
        name: 'texts',
        type: 'list',
        items: 'string',
        missing: 1,
        distinct: 3,
        mean: 1.25,
        std: Math.sqrt(2.75 / 3),
        min: 0,
        max: 2,
        histogram: { edges: [-0.5, 0.5, 1.5, 2.5], labels: ['0', '1', '2'], counts: [1, 1, 2] },
      },
    ]);
  });

  test('different lists are counted as a set of texts counts them', () =>
    fc.assert(
      fc.asyncProperty(listTables, async (lists) => {
        const { columns } = await profileTable('t', lists, {});
        for (const [at, [, , cells]] of contentOf(lists).entries()) {
          const texts = new Set(
            cells.flatMap((cell) =>
              cell === null ? [] : [cellText(cell).replaceAll('-0,', '0,').replaceAll('-0]', '0]')],
            ),
          );
          expect(columns[at]?.distinct).toBe(texts.size);
        }
      }),
    ));
});

test('the column of a name keeps its items', () => {
  expect(columnOf(table, 'list')).toBe(whole);
});
