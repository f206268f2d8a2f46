import { describe, expect, it } from 'vitest';
import * as format from './format';

describe('numbers as people read them', () => {
  it.each([
    [0, '0%'],
    [0.0001, '< 0.1%'],
    [0.062, '6.2%'],
    [0.402, '40%'],
    [1, '100%'],
    [null, '–'],
  ])('percent(%s) is %s', (value, text) => expect(format.percent(value)).toBe(text));

  it.each([
    [-0.0001, 2, '0.00'],
    [-0.126, 2, '−0.13'],
    [NaN, 2, '–'],
  ])('fixed(%s, %s) is %s', (value, decimals, text) => expect(format.fixed(value, decimals)).toBe(text));

  it.each([
    [0.184, '+0.18'],
    [-0.5, '−0.50'],
    [0.001, '0.00'],
  ])('signed(%s) is %s', (value, text) => expect(format.signed(value)).toBe(text));

  it.each([
    [31204, '31,204'],
    [-1234.5, '−1,235'],
    [0.5, '0.5'],
    [52.0, '52'],
    [246.31, '246.3'],
    [0.00002, '2.0e−5'],
  ])('compact(%s) is %s', (value, text) => expect(format.compact(value)).toBe(text));

  it.each([
    [400, '0.4 s'],
    [21_400, '21 s'],
    [72_000, '72 s'],
    [125_000, '2 min 5 s'],
  ])('duration(%s) is %s', (ms, text) => expect(format.duration(ms)).toBe(text));

  it.each([
    [999, '999 B'],
    [1_240_000, '1.2 MB'],
    [999_960, '1.0 MB'],
    [70_000_000_000, '70.0 GB'],
  ])('bytes(%s) is %s', (size, text) => expect(format.bytes(size)).toBe(text));
});

describe('times', () => {
  it('are UTC days on the simulated clock', () => {
    const micros = Date.UTC(2026, 2, 2, 23, 59) * 1000;
    expect([format.date(micros), format.isoDate(micros)]).toEqual(['2 Mar 2026', '2026-03-02']);
    expect(format.daysBetween(micros, micros + format.MICROS_PER_DAY)).toBe('1 day');
  });

  it('stand in cells without a midnight', () => {
    const day = Date.UTC(2026, 2, 2) * 1000;
    expect(format.cell(day, 'timestamp')).toBe('2026-03-02');
    expect(format.cell(day + 3_660_000_000, 'timestamp')).toBe('2026-03-02 01:01');
  });
});

it('cells keep whole numbers exact and mark nothing as nothing', () => {
  expect(format.cell(9007199254740993n, 'int64')).toBe('9007199254740993');
  expect([format.cell(0.1 + 0.2, 'float64'), format.cell(null, 'string'), format.cell(false, 'bool')]).toEqual([
    '0.3',
    '',
    'false',
  ]);
});
