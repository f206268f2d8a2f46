import { expect, test } from 'vitest';
import { examplesFor, sqlName } from './sql-text';

test('names stand in quotes where they need them', () => {
  expect(['visits', 'Table 1', 'table', 'a"b', '1st', 'Über', 'Sex'].map(sqlName)).toEqual([
    'visits',
    '"Table 1"',
    '"table"',
    '"a""b"',
    '"1st"',
    '"Über"',
    '"Sex"',
  ]);
});

test('examples name only what is there', () => {
  expect(examplesFor([])).toEqual([]);
  const table = { name: 'rows', kind: 'table', columns: [{ name: 'id', type: 'int64' }] } as const;
  expect(examplesFor([table]).map(({ sql }) => sql)).toEqual(['SUMMARIZE rows']);
});
