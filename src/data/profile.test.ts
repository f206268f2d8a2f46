import { readFileSync } from 'node:fs';
import fc from 'fast-check';
import { describe, expect, test } from 'vitest';
import reference from '../../tests/reference/pandas/heart-cleveland.json';
import { makeTable, stringColumn, type Column } from '../utils/columns';
import { AbortError } from '../utils/errors';
import { readCsv } from './csv/read-csv';
import { profileTable } from './profile';
import { suggestRoles } from './roles';
import type { ColumnProfile } from './types';

async function profileOf(column: Column): Promise<ColumnProfile> {
  const { columns } = await profileTable('t', makeTable([['x', column]]), {});
  return columns[0] as ColumnProfile;
}

const floats = (values: number[]): Column => ({ type: 'float64', values: Float64Array.from(values) });
const ints = (values: number[]): Column => ({ type: 'int64', values: BigInt64Array.from(values, BigInt) });

test('the Cleveland table as pandas describes it', async () => {
  const bytes = readFileSync(new URL('../../static/heart_cleveland.csv', import.meta.url));
  const { table } = await readCsv(bytes, {}, {});
  const profile = await profileTable('heart', table, {});
  expect(profile.rows).toBe(reference.rows);
  for (const [name, expected] of Object.entries(reference.columns)) {
    const column = profile.columns.find((candidate) => candidate.name === name);
    expect(column).toMatchObject({
      missing: expected.missing,
      distinct: expected.distinct,
      min: expected.min,
      max: expected.max,
    });
    expect(column?.mean).toBeCloseTo(expected.mean, 10);
    expect(column?.std).toBeCloseTo(expected.std, 10);
    expect(column?.histogram.counts.reduce((sum, count) => sum + count, 0)).toBe(reference.rows - expected.missing);
  }
  expect([...suggestRoles(profile)].filter(([, role]) => role !== 'feature')).toEqual([['num', 'label']]);
});

describe('one column', () => {
  test('whole numbers that span little get a bin each', async () => {
    const { histogram } = await profileOf(ints([1, 4, 4, 4]));
    expect(histogram).toEqual({ edges: [0.5, 1.5, 2.5, 3.5, 4.5], labels: ['1', '2', '3', '4'], counts: [1, 0, 0, 3] });
  });

  test('others get 24 bins of equal width', async () => {
    const { histogram } = await profileOf(floats([0, 0.5, 24, NaN]));
    expect(histogram.edges).toHaveLength(25);
    expect([histogram.counts[0], histogram.counts[23], histogram.labels[0]]).toEqual([2, 1, '0 – 1']);
  });

  test('constant, empty and infinite columns', async () => {
    expect(await profileOf(floats([0.5, 0.5]))).toMatchObject({
      distinct: 1,
      std: 0,
      histogram: { edges: [0, 1], counts: [2] },
    });
    expect(await profileOf(floats([NaN]))).toMatchObject({
      missing: 1,
      distinct: 0,
      mean: null,
      min: null,
      histogram: { counts: [] },
    });
    expect(await profileOf(floats([Infinity, 1, 2]))).toMatchObject({ missing: 0, distinct: 3, mean: 1.5, max: 2 });
    expect(await profileOf(stringColumn([null]))).toMatchObject({ missing: 1, distinct: 0, histogram: { counts: [] } });
    expect(await profileOf({ type: 'bool', values: Int8Array.from([-1]) })).toMatchObject({
      missing: 1,
      distinct: 0,
      mean: null,
    });
  });

  test('text gets its 12 most frequent values and the rest', async () => {
    const values = Array.from({ length: 15 }, (_, i) => Array.from({ length: i + 1 }, () => `v${i}`)).flat();
    const { histogram, distinct } = await profileOf(stringColumn(values));
    expect(distinct).toBe(15);
    expect(histogram.labels.slice(0, 2)).toEqual(['v14', 'v13']);
    expect([histogram.labels[12], histogram.counts[12]]).toEqual(['other', 6]);
  });

  test('dictionary entries that no row uses do not count', async () => {
    expect(
      await profileOf({ type: 'string', codes: Int32Array.from([1, 1]), dictionary: ['gone', 'here'] }),
    ).toMatchObject({ distinct: 1 });
  });

  test('times are named by day', async () => {
    const day = 86_400_000_000;
    const { histogram, min } = await profileOf({ type: 'timestamp', values: Float64Array.from([0, 24 * day]) });
    expect([histogram.labels[0], min]).toEqual(['1970-01-01 – 1970-01-02', 0]);
  });

  test('bool counts both sides', async () => {
    expect(await profileOf({ type: 'bool', values: Int8Array.from([1, 0, 1, -1]) })).toMatchObject({
      missing: 1,
      distinct: 2,
      min: 0,
      max: 1,
      histogram: { labels: ['false', 'true'], counts: [1, 2] },
    });
  });

  test('different values are counted as a Set counts them, -0 as 0', () =>
    fc.assert(
      fc.asyncProperty(
        fc.array(fc.oneof(fc.integer({ min: -3, max: 3 }), fc.double()), { maxLength: 400 }),
        async (values) => {
          const present = values.filter((value) => !Number.isNaN(value)).map((value) => value + 0);
          expect((await profileOf(floats(values))).distinct).toBe(new Set(present).size);
        },
      ),
    ));
});

test('cancel stops between columns and inside one', async () => {
  const signal = { aborted: false };
  let pauses = 0;
  const pause = async () => {
    signal.aborted = ++pauses > 3;
  };
  const table = makeTable([['x', floats(Array.from({ length: 300_000 }, (_, i) => i))]]);
  await expect(profileTable('t', table, { signal, pause })).rejects.toBeInstanceOf(AbortError);
});

describe('roles', () => {
  const roles = async (columns: [string, Column][]) =>
    Object.fromEntries(suggestRoles(await profileTable('t', makeTable(columns), {})));
  const count = Array.from({ length: 40 }, (_, i) => i);

  test('ignored: constants, empty columns, times, numbering, names and free text', async () => {
    const found = await roles([
      ['constant', ints(count.map(() => 1))],
      ['empty', floats(count.map(() => NaN))],
      ['when', { type: 'timestamp', values: Float64Array.from(count) }],
      ['running', ints(count.map((i) => i + 100))],
      ['patient_id', ints(count.map((i) => i * i * 31))],
      ['comment', stringColumn(count.map((i) => `note ${i}`))],
      ['age', floats(count.map((i) => i / 3))],
      ['city', stringColumn(count.map((i) => (i % 3 ? 'Ulm' : 'Bonn')))],
      ['y', ints(count.map((i) => i % 2))],
    ]);
    expect(found).toEqual({
      constant: 'ignore',
      empty: 'ignore',
      when: 'ignore',
      running: 'ignore',
      patient_id: 'ignore',
      comment: 'ignore',
      age: 'feature',
      city: 'feature',
      y: 'label',
    });
  });

  test('without a customary name the last two-valued column is the label, or none', async () => {
    const two = (by: number) => ints(count.map((i) => Number(i % by === 0)));
    expect(
      await roles([
        ['a', two(2)],
        ['b', two(3)],
        ['c', floats(count)],
      ]),
    ).toEqual({ a: 'feature', b: 'label', c: 'feature' });
    expect(await roles([['c', floats(count.map((i) => i / 7))]])).toEqual({ c: 'feature' });
  });
});
