import { expect, test } from 'vitest';
import type { RowsAnswer } from '../../pipeline/store/types';
import { chartData, colorColumns, firstChoice, MOST_BARS, xColumns } from './answer-chart';

const answer: RowsAnswer = {
  columns: [
    { name: 'month', type: 'timestamp' },
    { name: 'site', type: 'string' },
    { name: 'rows', type: 'int64' },
    { name: 'share', type: 'float64' },
  ],
  rows: [
    [2, 'north', 5n, 0.5],
    [1, 'south', 3n, null],
    [1, 'north', 4n, 0.25],
  ],
  total: 3,
};

test('a chart nobody chose suits the columns', () => {
  expect(firstChoice(answer)).toEqual({ kind: 'line', x: 'month', y: 'rows', color: '' });
  expect(firstChoice({ ...answer, columns: answer.columns.slice(1) })).toMatchObject({ kind: 'bars', x: 'site' });
  expect(firstChoice({ columns: [{ name: 'a', type: 'string' }], rows: [['x']], total: 1 })).toBeNull();
  expect(colorColumns(answer).map(({ name }) => name)).toEqual(['site', 'rows']);
  expect(xColumns(answer, 'points').map(({ name }) => name)).toEqual(['month', 'rows', 'share']);
});

test('a line is in order of x, a series a colour, and missing values are counted', () => {
  const { series, left } = chartData(answer, { kind: 'line', x: 'month', y: 'rows', color: 'site' });
  expect(series.map(({ name, points }) => [name, points])).toEqual([
    [
      'north',
      [
        { x: 1, y: 4 },
        { x: 2, y: 5 },
      ],
    ],
    ['south', [{ x: 1, y: 3 }]],
  ]);
  expect(left).toBe(0);
  expect(chartData(answer, { kind: 'points', x: 'month', y: 'share', color: '' }).left).toBe(1);
});

test('bars stand by text, at most so many, and the rest is counted', () => {
  expect(chartData(answer, { kind: 'bars', x: 'site', y: 'rows', color: '' }).labels).toEqual(['north', 'south']);
  const many: RowsAnswer = {
    columns: [
      { name: 'a', type: 'string' },
      { name: 'b', type: 'int64' },
    ],
    rows: Array.from({ length: 80 }, (_, row) => [`a${row}`, BigInt(row)]),
    total: 80,
  };
  const { labels, left } = chartData(many, { kind: 'bars', x: 'a', y: 'b', color: '' });
  expect([labels.length, left]).toEqual([MOST_BARS, 80 - MOST_BARS]);
});
