import fc from 'fast-check';
import { describe, expect, test } from 'vitest';
import {
  cellAt,
  columnOf,
  concatTables,
  makeTable,
  stringColumn,
  takeRows,
  toFloat64,
  type Cell,
  type Column,
  type Table,
} from './columns';

const float: Column = { type: 'float64', values: Float64Array.from([1.5, NaN, 3]) };
const int: Column = { type: 'int64', values: BigInt64Array.from([5n, 0n, 7n]), valid: Uint8Array.from([1, 0, 1]) };
const bool: Column = { type: 'bool', values: Int8Array.from([1, -1, 0]) };
const text = stringColumn(['b', null, 'a']);
const time: Column = { type: 'timestamp', values: Float64Array.from([0, NaN, 1e15]) };
const table = makeTable([
  ['float', float],
  ['int', int],
  ['bool', bool],
  ['text', text],
  ['time', time],
]);

function cells(of: Table): Cell[][] {
  return Array.from({ length: of.rowCount }, (_, row) => [...of.columns.values()].map((column) => cellAt(column, row)));
}

test('cells, missing ones as null', () => {
  expect(cells(table)).toEqual([
    [1.5, 5n, true, 'b', 0],
    [null, null, null, null, null],
    [3, 7n, false, 'a', 1e15],
  ]);
  expect(cellAt(text, 99)).toBeNull();
});

test('numbers of a column, missing ones as NaN', () => {
  expect([...toFloat64(int)]).toEqual([5, NaN, 7]);
  expect([...toFloat64(bool)]).toEqual([1, NaN, 0]);
  expect(() => toFloat64(text)).toThrow('string column');
});

test('columns of different lengths and unknown names are bugs', () => {
  expect(() =>
    makeTable([
      ['a', float],
      ['b', stringColumn(['x'])],
    ]),
  ).toThrow('column b has 1 rows, expected 3');
  expect(() => columnOf(table, 'none')).toThrow('no column none');
  expect(makeTable([]).rowCount).toBe(0);
});

test('a column may be called __proto__', () => {
  expect(columnOf(makeTable([['__proto__', float]]), '__proto__')).toBe(float);
});

describe('takeRows and concatTables', () => {
  const rowNumbers = fc.array(fc.integer({ min: 0, max: 2 }), { minLength: 1, maxLength: 12 });

  test('rows come in the order asked for', () => {
    fc.assert(
      fc.property(rowNumbers, (rows) => {
        const all = cells(table);
        expect(cells(takeRows(table, rows))).toEqual(rows.map((row) => all[row]));
      }),
    );
  });

  test('parts joined are the parts one below the other, dictionaries merged', () => {
    fc.assert(
      fc.property(rowNumbers, rowNumbers, (a, b) => {
        const [first, second] = [takeRows(table, a), takeRows(table, b)];
        expect(cells(concatTables([first, second]))).toEqual([...cells(first), ...cells(second)]);
      }),
    );
    const joined = concatTables([
      makeTable([['t', stringColumn(['x', 'y'])]]),
      makeTable([['t', stringColumn(['y', 'z'])]]),
    ]);
    expect(cells(joined).flat()).toEqual(['x', 'y', 'y', 'z']);
    expect(columnOf(joined, 't')).toMatchObject({ dictionary: ['x', 'y', 'z'] });
  });

  test('a mask appears when one part has one', () => {
    const whole: Column = { type: 'int64', values: BigInt64Array.from([1n]) };
    expect(cells(concatTables([makeTable([['i', whole]]), makeTable([['i', int]])])).flat()).toEqual([
      1n,
      5n,
      null,
      7n,
    ]);
    expect(columnOf(concatTables([makeTable([['i', whole]]), makeTable([['i', whole]])]), 'i')).not.toHaveProperty(
      'valid',
    );
  });

  test('tables that do not fit are bugs', () => {
    expect(() => concatTables([])).toThrow('no tables');
    expect(() => concatTables([makeTable([['a', float]]), makeTable([['a', text]])])).toThrow('different types');
  });
});
