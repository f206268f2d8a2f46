import { expect, test } from 'vitest';
import { dateBars } from './date-bars';

const part = (date: string | null, rows: number, sequence = 0) => ({
  table: 'visits',
  path: `${date}-${sequence}`,
  rows,
  bytes: 10 * rows,
  digest: 'd',
  date,
  sequence,
});

test('months without rows are gaps, files of a month stand on each other, rows without date are counted apart', () => {
  const { bars, most, undated } = dateBars([
    part('2026-02', 5, 1),
    part('2025-12', 7),
    part('2026-02', 3),
    part(null, 4),
  ]);
  expect(bars.map(({ date, files }) => [date, files])).toEqual([
    ['2025-12', [7]],
    ['2026-01', []],
    ['2026-02', [3, 5]],
  ]);
  expect([most, undated]).toEqual([8, 4]);
});

test.each([
  [
    ['2023', '2025'],
    ['2023', '2024', '2025'],
  ],
  [
    ['2024-02-28', '2024-03-01'],
    ['2024-02-28', '2024-02-29', '2024-03-01'],
  ],
  [
    ['0099-12', '0100-01'],
    ['0099-12', '0100-01'],
  ],
  [
    ['1900-01-01', '2026-01-01'],
    ['1900-01-01', '2026-01-01'],
  ],
])('%j is drawn as %j', (dates, expected) => {
  expect(dateBars(dates.map((date) => part(date, 1))).bars.map(({ date }) => date)).toEqual(expected);
});

test('a table without dates has no bars', () => {
  expect(dateBars([part(null, 9)])).toEqual({ bars: [], most: 1, undated: 9 });
});
