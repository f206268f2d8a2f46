import { describe, expect, it } from 'vitest';
import { csvText } from './take-away';

describe('tables taken away as CSV', () => {
  it('quotes what needs it and leaves nothing empty', () => {
    expect(
      csvText({
        columns: ['a', 'b,c'],
        rows: [
          ['say "x"', null],
          [1.5, 2n],
        ],
      }),
    ).toBe('a,"b,c"\r\n"say ""x""",\r\n1.5,2\r\n');
  });

  it('keeps a spreadsheet from running a cell, but leaves numbers alone', () => {
    expect(csvText({ columns: ['x'], rows: [['=1+1'], ['@cmd'], ['-3.5'], ['-a']] })).toBe(
      "x\r\n'=1+1\r\n'@cmd\r\n-3.5\r\n'-a\r\n",
    );
  });
});
