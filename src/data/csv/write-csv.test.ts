import fc from 'fast-check';
import { expect, test } from 'vitest';
import { cellAt, makeTable, stringColumn, type Column, type ScalarColumn, type Table } from '../../utils/columns';
import { readCsv } from './read-csv';
import { formatTimestamp } from './timestamps';
import { csvPieces, writeCsv } from './write-csv';

test('one table, cell by cell', () => {
  const table = makeTable([
    ['a "b"', { type: 'float64', values: Float64Array.from([0.1, NaN, -1e21]) }],
    ['i', { type: 'int64', values: BigInt64Array.from([2n ** 62n, 0n, 1n]), valid: Uint8Array.from([1, 0, 1]) }],
    ['b', { type: 'bool', values: Int8Array.from([1, 0, -1]) }],
    ['t', { type: 'timestamp', values: Float64Array.from([1772409600000000, 1772409600000001, NaN]) }],
    ['s', stringColumn(['x,y', null, 'two\nlines'])],
  ]);
  expect(writeCsv(table)).toBe(
    '"a ""b""",i,b,t,s\n0.1,4611686018427387904,true,2026-03-02T00:00:00Z,"x,y"\n,,false,2026-03-02T00:00:00.000001Z,\n-1e+21,1,,,"two\nlines"\n',
  );
});

test('lists are JSON text', async () => {
  const list = (items: ScalarColumn): Column => ({
    type: 'list',
    offsets: Int32Array.of(0, 2, 2, 2),
    valid: Uint8Array.of(1, 1, 0),
    items,
  });
  const table = makeTable([
    ['f', list({ type: 'float64', values: Float64Array.of(-0, Infinity) })],
    ['i', list({ type: 'int64', values: BigInt64Array.of(2n ** 63n - 1n, 0n), valid: Uint8Array.of(1, 0) })],
    ['b', list({ type: 'bool', values: Int8Array.of(1, -1) })],
    ['t', list({ type: 'timestamp', values: Float64Array.of(1772409600000001, NaN) })],
    ['s', list(stringColumn(['a "b"', 'c,d']))],
  ]);
  const text = writeCsv(table);
  expect(text).toBe(
    'f,i,b,t,s\n"[-0,""Infinity""]","[9223372036854775807,null]","[true,null]","[""2026-03-02T00:00:00.000001Z"",null]","[""a \\""b\\"""",""c,d""]"\n[],[],[],[],[]\n,,,,\n',
  );
  const { table: back } = await readCsv(new TextEncoder().encode(text), {}, {});
  expect(cells(back)[1]).toEqual(['i', 'string', ['[9223372036854775807,null]', '[]', null]]);
});

test('times before 1970 and their fractions', () => {
  expect([formatTimestamp(-1), formatTimestamp(-1_000_000), formatTimestamp(0)]).toEqual([
    '1969-12-31T23:59:59.999999Z',
    '1969-12-31T23:59:59Z',
    '1970-01-01T00:00:00Z',
  ]);
});

const missing = new Set(['', '?', 'na', 'n/a', 'nan', 'null']);
const someText = fc
  .string({ unit: fc.constantFrom(...'ab,;"\n\r \t|é😀.5-?'), maxLength: 6 })
  .filter((text) => !missing.has(text.toLowerCase()));
const rows = fc.array(
  fc.record({
    f: fc.option(fc.double({ noNaN: true, noDefaultInfinity: true }), { nil: null }),
    i: fc.option(fc.bigInt({ min: -(2n ** 63n), max: 2n ** 63n - 1n }), { nil: null }),
    b: fc.option(fc.boolean(), { nil: null }),
    t: fc.option(fc.integer({ min: -6e15, max: 9e15 }), { nil: null }),
    s: fc.option(someText, { nil: null }),
  }),
  { minLength: 1, maxLength: 20 },
);

function cells(table: Table) {
  return [...table.columns].map(([name, column]) => [
    name,
    column.type,
    Array.from({ length: table.rowCount }, (_, row) => cellAt(column, row)),
  ]);
}

test('what is written reads back the same, when the types are named', () =>
  fc.assert(
    fc.asyncProperty(rows, async (values) => {
      const int: ScalarColumn = {
        type: 'int64',
        values: BigInt64Array.from(values, (row) => row.i ?? 0n),
        valid: Uint8Array.from(values, (row) => Number(row.i !== null)),
      };
      const columns: readonly (readonly [string, ScalarColumn])[] = [
        ['f', { type: 'float64', values: Float64Array.from(values, (row) => row.f ?? NaN) }],
        ['i', int],
        ['b', { type: 'bool', values: Int8Array.from(values, (row) => (row.b === null ? -1 : Number(row.b))) }],
        ['t', { type: 'timestamp', values: Float64Array.from(values, (row) => row.t ?? NaN) }],
        ['s', stringColumn(values.map((row) => row.s))],
        ['last', { type: 'float64', values: new Float64Array(values.length) }],
      ];
      const table = makeTable(columns);
      const types = Object.fromEntries(columns.map(([name, column]) => [name, column.type]));
      const { table: back } = await readCsv(
        new TextEncoder().encode(writeCsv(table)),
        { types, delimiter: ',', decimal: '.' },
        {},
      );
      expect(cells(back)).toEqual(cells(table));
    }),
    { numRuns: 300 },
  ));

test('pieces of a long table are its text', () => {
  const values = Float64Array.from({ length: 10_000 }, (_, i) => i / 8);
  const table = makeTable([['x', { type: 'float64', values }]]);
  const pieces = [...csvPieces(table)];
  expect(pieces.length).toBeGreaterThan(2);
  expect(pieces.join('')).toBe(`x\n${[...values].map(String).join('\n')}\n`);
  expect([...csvPieces(makeTable([['x', { type: 'float64', values: new Float64Array() }]]))]).toEqual(['x\n']);
});
