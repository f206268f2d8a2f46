import fc from 'fast-check';
import { readFileSync } from 'node:fs';
import { describe, expect, test } from 'vitest';
import { cellAt, columnOf, type Cell, type Table } from '../../utils/columns';
import { AbortError } from '../../utils/errors';
import type { CsvOptions, CsvResult } from '../types';
import { readCsv } from './read-csv';

function read(text: string, options: CsvOptions = {}): Promise<CsvResult> {
  return readCsv(new TextEncoder().encode(text), options, {});
}

function cells(table: Table, name: string): Cell[] {
  const column = columnOf(table, name);
  return Array.from({ length: table.rowCount }, (_, row) => cellAt(column, row));
}

function types(table: Table): string[] {
  return [...table.columns.values()].map((column) => column.type);
}

describe('options', () => {
  test('columns named as text are text, and names that the file does not have are passed over', async () => {
    const { table } = await read('code,n\n07,07\n12,NA\n', { textColumns: new Set(['code', 'other']) });
    expect(types(table)).toEqual(['string', 'int64']);
    expect(cells(table, 'code')).toEqual(['07', '12']);
    expect(cells(table, 'n')).toEqual([7n, null]);
  });

  test('a single column is taken where that is asked for', async () => {
    const { table } = await read('x\n1\n2.5\n', { singleColumn: 'take' });
    expect(cells(table, 'x')).toEqual([1, 2.5]);
  });
});

describe('values', () => {
  test('types are inferred over all rows', async () => {
    const { table } = await read(
      'i,f,b,t,s,mixed\n1,1.5,true,2026-03-02,x,1\n-2,2,FALSE,2026-03-02T14:05:00Z,y,2\n3,1e3,True,2024-02-29 01:02,1,z\n',
    );
    expect(types(table)).toEqual(['int64', 'float64', 'bool', 'timestamp', 'string', 'string']);
    expect(cells(table, 'i')).toEqual([1n, -2n, 3n]);
    expect(cells(table, 'f')).toEqual([1.5, 2, 1000]);
    expect(cells(table, 'b')).toEqual([true, false, true]);
    expect(cells(table, 't')).toEqual(
      ['2026-03-02T00:00:00Z', '2026-03-02T14:05:00Z', '2024-02-29T01:02:00Z'].map((time) => Date.parse(time) * 1000),
    );
    expect(cells(table, 's')).toEqual(['x', 'y', '1']);
  });

  test('all ways to say missing, quoted or not', async () => {
    const { table, warnings } = await read(
      'a,b,none\n1,x,\n?,NA,?\nn/a,"",NaN\nNULL,nan,null\n"NA",nano,na\n2,none,\n',
    );
    expect(cells(table, 'a')).toEqual([1n, null, null, null, null, 2n]);
    expect(cells(table, 'b')).toEqual(['x', null, null, null, 'nano', 'none']);
    expect(cells(table, 'none')).toEqual([null, null, null, null, null, null]);
    expect(types(table)).toEqual(['int64', 'string', 'float64']);
    expect(warnings).toEqual(['The column "none" holds no value at all.']);
  });

  test('quotes hold delimiters, doubled quotes, line ends and spaces', async () => {
    const { table, firstRows } = await read('a;b\n"x;y";"say ""hi"""\n"two\r\nlines";"  kept "\n  trimmed ; 5" pipe\n');
    expect(cells(table, 'a')).toEqual(['x;y', 'two\r\nlines', 'trimmed']);
    expect(cells(table, 'b')).toEqual(['say "hi"', '  kept ', '5" pipe']);
    expect(firstRows[0]).toEqual(['x;y', 'say "hi"']);
  });

  test('whole numbers are exact to 64 bits; longer ones are text', async () => {
    const { table } = await read(
      'a,b,c\n9223372036854775807,9223372036854775808,1\n-9223372036854775808,1,1e3\n9007199254740993,2,3\n',
    );
    expect(types(table)).toEqual(['int64', 'string', 'float64']);
    expect(cells(table, 'a')).toEqual([9223372036854775807n, -9223372036854775808n, 9007199254740993n]);
  });

  test('decimal commas where commas do not separate columns', async () => {
    const german = await read('x;y;n\n1,5;2;3\n-0,25;1e2;4\n');
    expect(german.decimal).toBe(',');
    expect(cells(german.table, 'x')).toEqual([1.5, -0.25]);
    expect(types(german.table)).toEqual(['float64', 'float64', 'int64']);
    expect((await read('x;y\n1.5;2\n2;3\n')).decimal).toBe('.');
    const asked = await read('x,y\n"1,5",2\n"2,5",3\n', { decimal: ',' });
    expect(cells(asked.table, 'x')).toEqual([1.5, 2.5]);
    expect(types((await read('x,y\n"1,5",2\n')).table)).toEqual(['string', 'int64']);
  });

  test('a text column that is almost numbers says where it is not', async () => {
    const rows = Array.from({ length: 30 }, (_, i) => (i === 12 ? '1O,1' : `${i},1`));
    const { warnings } = await read(`a,b\n${rows.join('\n')}`);
    expect(warnings).toEqual([
      'The column "a" was read as text, because 1 of its 30 values is no number; the first is in row 13.',
    ]);
  });

  test('numbers are the doubles that Number gives', () =>
    fc.assert(
      fc.asyncProperty(
        fc.array(fc.double({ noNaN: true, noDefaultInfinity: true }), { minLength: 1, maxLength: 20 }),
        async (values) => {
          const { table } = await read(`x,y\n${values.map((value) => `${value},0.5`).join('\n')}\n`, {
            types: { x: 'float64' },
          });
          expect(cells(table, 'x')).toEqual(values.map((value) => Number(String(value))));
        },
      ),
    ));

  test('long, short and odd numbers', async () => {
    const texts = [
      '0.1000000000000000055511151231257827',
      '123456789012345678901234567890',
      '1e-320',
      '.5',
      '5.',
      '+3',
      '1E+22',
      '1e23',
      '4.35',
      '0000000000000000000012.5',
    ];
    const { table } = await read(`x,y\n${texts.map((text) => `${text},1`).join('\n')}`, { types: { x: 'float64' } });
    expect(cells(table, 'x')).toEqual(texts.map(Number));
    const { table: odd } = await read('a,b,c,d,e\n1e,--1,1.2.3,e5,0x10\n');
    expect(types(odd)).toEqual(['string', 'string', 'string', 'string', 'string']);
  });

  test('dates that do not exist are text', async () => {
    const { table } = await read('a,b,c,d\n2025-02-29,2026-13-01,2026-01-01T25:00,2026-01-01T10:00+01:30\n');
    expect(types(table)).toEqual(['string', 'string', 'string', 'timestamp']);
    expect(cells(table, 'd')).toEqual([Date.parse('2026-01-01T08:30:00Z') * 1000]);
  });

  test('times agree with Date, fractions to the microsecond', () =>
    fc.assert(
      fc.asyncProperty(
        fc.date({ min: new Date('1690-01-01'), max: new Date('2255-01-01'), noInvalidDate: true }),
        async (date) => {
          const text = date.toISOString();
          const { table } = await read(`a,b\n${text},${text.replace('Z', '123Z')}\n`);
          expect(cells(table, 'a')).toEqual([date.getTime() * 1000]);
          expect(cells(table, 'b')).toEqual([date.getTime() * 1000 + 123]);
        },
      ),
      { numRuns: 50 },
    ));
});

describe('chosen types', () => {
  test('are used where the values fit', async () => {
    const types = { a: 'string', b: 'bool', c: 'int64', d: 'float64' } as const;
    const { table } = await read('a,b,c,d\n1,yes,63.0,5\n2,0,?,6\n', { types });
    expect(cells(table, 'a')).toEqual(['1', '2']);
    expect(cells(table, 'b')).toEqual([true, false]);
    expect(cells(table, 'c')).toEqual([63n, null]);
    expect(cells(table, 'd')).toEqual([5, 6]);
  });

  test('are refused with row, column and value where they do not', async () => {
    const wrong = read('a,b\nx,1\n2,1.5\ny,x\n', { types: { a: 'float64', b: 'int64' } });
    await expect(wrong).rejects.toThrow(
      'Row 1 of the column "a" holds "x", which is not a number, and 1 more. Row 2 of the column "b" holds "1.5", which is not a whole number, and 1 more.',
    );
    await expect(read('alpha,b\n1,2\n', { types: { alhpa: 'string' } })).rejects.toThrow('Did you mean "alpha"?');
  });
});

describe('delimiters', () => {
  test.each([
    [',', 'a,b,c\n1,2,3\n'],
    [';', 'a;b;c\n1,5;2,5;3,5\n1,5;2,5;3,5\n'],
    ['\t', 'a\tb\n1,5\tx;y\n'],
    ['|', 'a|b\n1|2\n'],
    [',', 'a,b\n"1;2;3",x\n"4;5;6",y\n'],
    [';', 'sep=;\na;b\n1;2\n'],
    [',', 'name,note\nx,"a\nb,c\nd"\n'],
  ])('%j is found', async (delimiter, text) => {
    const result = await read(text);
    expect(result.delimiter).toBe(delimiter);
    expect(result.table.columns.size).toBeGreaterThan(1);
  });

  test('one that is named is used', async () => {
    expect((await read('a;b,c;d\n1;2,3;4\n', { delimiter: ';' })).table.columns.size).toBe(3);
  });
});

describe('names', () => {
  test('empty and repeated names get names of their own', async () => {
    const { table, warnings } = await read('a,a,,a_2,a, b \n1,2,3,4,5,6\n');
    expect([...table.columns.keys()]).toEqual(['a', 'a_3', 'column_3', 'a_2', 'a_4', 'b']);
    expect(warnings).toHaveLength(3);
    expect(warnings[0]).toBe('The name "a" is there more than once; column 2 is called "a_3" here.');
  });

  test('__proto__ is a name like any other', async () => {
    const { table } = await read('__proto__,constructor\n1,2\n');
    expect([...table.columns.keys()]).toEqual(['__proto__', 'constructor']);
  });

  test('a header that looks like data is pointed out', async () => {
    expect((await read('63.0,1.0,?\n67.0,1.0,4\n')).warnings[0]).toContain(
      'The first row looks like data (63.0, 1.0, ?, …)',
    );
  });
});

describe('ragged rows', () => {
  test('short rows are filled and counted', async () => {
    const { table, warnings } = await read('a,b,c\n1,2,3\n4\n\n5,6\n');
    expect(cells(table, 'c')).toEqual([3n, null, null]);
    expect(warnings).toEqual([
      '2 of 3 rows have fewer values than the 3 columns of the header; the first is row 2 (line 3) with 1. The cells that are not there count as missing.',
    ]);
  });

  test('long rows are refused with the first one named, or cut when asked', async () => {
    const text = 'a,b\n1,2\n"x\ny",4\n5,6,7\n8,9,10\n';
    await expect(read(text)).rejects.toMatchObject({ code: 'DATA_INVALID', details: { row: 3, line: 5, count: 2 } });
    const { table, warnings } = await read(text, { longRows: 'cut' });
    expect(cells(table, 'b')).toEqual([2n, 4n, 6n, 9n]);
    expect(warnings[0]).toContain(
      '2 of 4 rows have more values than the 2 columns of the header; the first is row 3 (line 5) with 3.',
    );
  });

  test('empty cells past the header are nothing', async () => {
    const { table, warnings } = await read('a,b\n1,2,\n3,4,,\n');
    expect([table.columns.size, warnings]).toEqual([2, []]);
  });

  test('broken quotes name their line', async () => {
    await expect(read('a,b\n1,2\n"open,3\n4,5\n')).rejects.toThrow('A quote that opens on line 3 is never closed.');
    await expect(read('a,b\n1,2\n"x"y,3\n')).rejects.toThrow('On line 3 text follows a closing quote.');
  });
});

describe('files that are refused', () => {
  test.each([
    ['', 'The file is empty'],
    ['\n \n\n', 'only blank lines'],
    ['a,b\n', 'a header but no rows'],
    ['a\n1\n2\n', 'only one column (read with commas between columns)'],
    [
      `${Array.from({ length: 2001 }, (_, i) => `c${i}`).join(',')}\n`,
      'The file has 2,001 columns; at most 2,000 are read.',
    ],
    ['PK\u0003\u0004xxxx', 'an Excel workbook or a zip archive'],
    ['a,b\n1,\u00002\n', 'Byte 7 of the file is zero'],
  ])('%j', async (text, words) => {
    await expect(read(text)).rejects.toMatchObject({ name: 'WorkbenchError', code: 'DATA_INVALID' });
    await expect(read(text)).rejects.toThrow(words);
  });
});

describe('size', () => {
  test('2,000 columns work', async () => {
    const header = Array.from({ length: 2000 }, (_, i) => `c${i}`).join(',');
    const row = Array.from({ length: 2000 }, (_, i) => String(i / 2)).join(',');
    const { table } = await read(`${header}\n${row}\n${row}\n`);
    expect([table.rowCount, table.columns.size]).toEqual([2, 2000]);
    expect(cells(table, 'c1999')).toEqual([999.5, 999.5]);
  });

  test('the Cleveland table', async () => {
    const bytes = readFileSync(new URL('../../../static/heart_cleveland.csv', import.meta.url));
    const { table, warnings, delimiter } = await readCsv(bytes, {}, {});
    expect([table.rowCount, table.columns.size, delimiter, warnings]).toEqual([303, 14, ',', []]);
    expect(cells(table, 'num').filter((value) => Number(value) > 0)).toHaveLength(139);
  });

  test('progress goes from start to end, and cancel stops in the middle', async () => {
    const text = `a,b\n${'1.5,x\n'.repeat(100_000)}`;
    const seen: number[] = [];
    let pauses = 0;
    await readCsv(
      new TextEncoder().encode(text),
      {},
      {
        onProgress: ({ done, total }) => seen.push(done / total),
        pause: async () => {
          pauses++;
        },
      },
    );
    expect(seen.at(-1)).toBe(1);
    expect(pauses).toBeGreaterThan(10);
    const signal = { aborted: false };
    const stopped = readCsv(
      new TextEncoder().encode(text),
      {},
      { signal, onProgress: ({ label, done }) => (signal.aborted ||= label === 'reading the values' && done > 0) },
    );
    await expect(stopped).rejects.toBeInstanceOf(AbortError);
  });
});

test('times with and without a zone in one column are taken as UTC with a warning, or refused', async () => {
  const bytes = new TextEncoder().encode(
    'at,x\n2026-01-01,1\n2026-01-01T02:00:00+02:00,2\n2026-01-01T00:00:00-05:00,3\n',
  );
  const { table, warnings } = await readCsv(bytes, {}, {});
  const at = columnOf(table, 'at');
  const midnight = Date.UTC(2026, 0, 1) * 1000;
  expect(at.type === 'timestamp' && [...at.values]).toEqual([midnight, midnight, midnight + 5 * 3_600_000_000]);
  expect(warnings).toEqual([
    'The column "at" mixes times with a zone (first in row 2) and without one (first in row 1). Those without are taken as UTC.',
  ]);
  await expect(readCsv(bytes, { mixedZones: 'refuse' }, {})).rejects.toThrow('Write all of them with a zone');
});
