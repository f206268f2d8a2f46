import fc from 'fast-check';
import { describe, expect, test } from 'vitest';
import { DEFINITIONS } from '../models/heart_disease/features';
import { makeTable, stringColumn, type Cell, type Column } from '../utils/columns';
import { definitionFaults } from './definition-faults';
import { checkExpectations, type ExpectationResult } from './expectations';
import { columnFromCells } from './value-types';
import type { Expectation, FeatureDefinitions, FeatureView, Field, ValueType } from './types';

const DAY = 86_400_000_000;
const CLOCK = Date.UTC(2026, 2, 2) * 1000;

function viewOf(fields: readonly Field[], more: Partial<FeatureView> = {}): FeatureView {
  return { name: 'v', entities: ['p'], source: 's', schema: fields, ttl: 0, ...more };
}

function field(dtype: ValueType, expected: Expectation): Field {
  return { name: 'x', dtype, expression: 'x', expect: expected };
}

function definitions(view: FeatureView, more: Partial<FeatureDefinitions> = {}): FeatureDefinitions {
  return { entities: [], sources: [], views: [view], service: { name: 'all', features: [] }, ...more };
}

function check(one: Field, column: Column): Promise<ExpectationResult[]> {
  const checked = [{ view: 'v', table: makeTable([['x', column]]) }];
  return checkExpectations({ definitions: definitions(viewOf([one])), checked, at: CLOCK }, {});
}

const floats = (values: readonly number[]): Column => ({ type: 'float64', values: Float64Array.from(values) });
const wholes = (values: readonly (bigint | null)[]): Column => columnFromCells('int64', values);

describe('what is found, in words', () => {
  test('a range, inclusive at both ends; NaN is missing, not out of range', async () => {
    const one = field('float64', { min: 0, max: 300 });
    expect(await check(one, floats([0, 300, NaN, 12.5]))).toEqual([
      {
        view: 'v',
        feature: 'x',
        expectation: 'range',
        expected: '0 to 300',
        found: '0 to 300, n = 3',
        passed: true,
        severity: 'warn',
      },
    ]);
    expect(await check(one, floats([-0.1, 301, NaN, 300.0001, 5]))).toMatchObject([
      { found: '1 of 4 below 0 and 2 of 4 above 300 (from -0.1 to 301)', passed: false },
    ]);
    expect(await check(one, floats([NaN, NaN]))).toMatchObject([{ found: 'no values', passed: true }]);
    expect(await check(one, floats([Infinity]))).toMatchObject([
      { found: '1 of 1 above 300 (from Infinity to Infinity)', passed: false },
    ]);
  });

  test('whole numbers beyond 2^53 are compared with all their bits', async () => {
    const one = field('int64', { max: 2 ** 53 });
    expect(await check(one, wholes([9007199254740992n, null]))).toMatchObject([{ passed: true }]);
    expect(await check(one, wholes([9007199254740993n, null]))).toMatchObject([
      {
        passed: false,
        expected: 'at most 9007199254740992',
        found: '1 of 1 above 9007199254740992 (from 9007199254740993 to 9007199254740993)',
      },
    ]);
    const listed = field('int64', { in: ['9007199254740993'] });
    expect(await check(listed, wholes([9007199254740993n, 9007199254740992n]))).toMatchObject([
      { passed: false, found: '1 of 2 others (9007199254740992 in 1)' },
    ]);
  });

  test('times, by bounds in microseconds', async () => {
    const times: Column = { type: 'timestamp', values: Float64Array.of(CLOCK - 1, CLOCK, NaN) };
    expect(await check(field('timestamp', { min: CLOCK }), times)).toMatchObject([
      { expected: 'at least 2026-03-02', passed: false },
    ]);
    expect(await check(field('timestamp', { min: CLOCK - 1, max: CLOCK }), times)).toMatchObject([{ passed: true }]);
  });

  test('a set of texts or truth values; the commonest others are named', async () => {
    const texts = stringColumn(['a', 'b', null, 'c', 'c', 'd', 'e', 'f', 'f']);
    expect(await check(field('string', { in: ['a', 'b'] }), texts)).toMatchObject([
      {
        expectation: 'set',
        expected: 'one of "a", "b"',
        found: '6 of 8 others ("c" in 2, "f" in 2, "d" in 1 and 1 more values)',
        passed: false,
      },
    ]);
    const truths: Column = { type: 'bool', values: Int8Array.of(1, 0, -1) };
    expect(await check(field('bool', { in: ['true', 'false'] }), truths)).toMatchObject([{ passed: true }]);
    expect(await check(field('bool', { in: ['true'] }), truths)).toMatchObject([
      { passed: false, found: '1 of 2 others (false in 1)' },
    ]);
  });

  test('the share missing, as declared and as refused', async () => {
    const one = field('float64', { null_share: 0.25, severity: 'refuse' });
    expect(await check(one, floats([1, 2, 3, NaN]))).toMatchObject([
      { expected: 'at most 25% missing', found: '25% missing (1 of 4)', passed: true, severity: 'refuse' },
    ]);
    expect(await check(one, floats([1, NaN, 3, NaN]))).toMatchObject([
      { found: '50% missing (2 of 4)', passed: false },
    ]);
    expect(await check(one, floats([]))).toMatchObject([{ found: 'no rows', passed: true }]);
    const lists = columnFromCells('int64[]', [[1n], null, []]);
    expect(await check(field('int64[]', { null_share: 0.3 }), lists)).toMatchObject([
      { found: '33.3% missing (1 of 3)', passed: false },
    ]);
  });

  test('freshness holds to the microsecond, and only where it is asked about', async () => {
    const view = viewOf([], { freshness: 2 * 86_400 });
    const at = (newest: number | null | undefined) =>
      checkExpectations(
        {
          definitions: definitions(view),
          checked: [{ view: 'v', table: makeTable([]), ...(newest === undefined ? {} : { newest }) }],
          at: CLOCK,
        },
        {},
      );
    expect(await at(CLOCK - 2 * DAY)).toEqual([
      {
        view: 'v',
        feature: null,
        expectation: 'freshness',
        expected: 'newest event at most 2 days old',
        found: 'newest event 2 days old (2026-02-28 00:00)',
        passed: true,
        severity: 'warn',
      },
    ]);
    expect(await at(CLOCK - 2 * DAY - 1)).toMatchObject([{ passed: false }]);
    expect(await at(null)).toMatchObject([{ passed: false, found: 'no event at all' }]);
    expect(await at(undefined)).toEqual([]);
  });
});

describe('random columns', () => {
  const cells: Readonly<Record<'float64' | 'int64' | 'string' | 'bool' | 'timestamp', fc.Arbitrary<Cell>>> = {
    float64: fc.oneof(fc.double({ noNaN: true }), fc.integer({ min: -3, max: 3 }), fc.constant(null)),
    int64: fc.oneof(
      fc.bigInt({ min: -(2n ** 63n), max: 2n ** 63n - 1n }),
      fc.bigInt({ min: -3n, max: 3n }),
      fc.constant(null),
    ),
    string: fc.constantFrom('a', 'b', 'c', '', null),
    bool: fc.constantFrom(true, false, null),
    timestamp: fc.oneof(fc.integer({ min: -5, max: 5 }), fc.constant(null)),
  };
  const bound = fc.option(
    fc.oneof(fc.integer({ min: -4, max: 4 }), fc.double({ min: -1e19, max: 1e19, noNaN: true })),
    { nil: undefined },
  );

  test.each(['float64', 'int64', 'timestamp'] as const)(
    '%s: the range is that of a loop over values',
    async (dtype) => {
      await fc.assert(
        fc.asyncProperty(fc.array(cells[dtype], { maxLength: 30 }), bound, bound, async (values, min, max) => {
          fc.pre(min !== undefined || max !== undefined);
          const results = await check(field(dtype, { min, max }), columnFromCells(dtype, values));
          // BigInt and number compare by value in JavaScript, whatever their size.
          const numbers = values.filter((value) => typeof value === 'number' || typeof value === 'bigint');
          const below = numbers.filter((value) => min !== undefined && value < min).length;
          const above = numbers.filter((value) => max !== undefined && value > max).length;
          expect(results).toHaveLength(1);
          expect(results[0]?.passed).toBe(below + above === 0);
          const counted = [...(results[0]?.found.matchAll(/(\d+) of \d+ (?:below|above)/g) ?? [])];
          expect(counted.reduce((sum, match) => sum + Number(match[1]), 0)).toBe(below + above);
        }),
        { numRuns: 300 },
      );
    },
  );

  test.each(['int64', 'string', 'bool'] as const)('%s: the set and the share are those of a loop', async (dtype) => {
    const known = dtype === 'int64' ? ['0', '1', '-2'] : dtype === 'bool' ? ['true'] : ['a', ''];
    await fc.assert(
      fc.asyncProperty(
        fc.array(cells[dtype], { maxLength: 30 }),
        fc.double({ min: 0, max: 1, noNaN: true }),
        async (values, share) => {
          const one = field(dtype, { in: known, null_share: share });
          const [set, missing] = await check(one, columnFromCells(dtype, values));
          const others = values.filter((value) => value !== null && !known.includes(String(value)));
          expect(set?.passed).toBe(others.length === 0);
          if (others.length > 0) expect(set?.found).toMatch(new RegExp(`^${others.length} of `));
          const nulls = values.filter((value) => value === null).length;
          expect(missing?.passed).toBe(values.length === 0 || nulls / values.length <= share);
        },
      ),
      { numRuns: 200 },
    );
  });
});

describe('faults of declaration', () => {
  const NEEDED: Partial<FeatureDefinitions> = {
    entities: [{ name: 'p', join_keys: ['p'] }],
    sources: [{ name: 's', table: 's', timestamp_field: 'at' }],
  };
  const faults = (dtype: ValueType, expected: Expectation) =>
    definitionFaults(definitions(viewOf([field(dtype, expected)]), NEEDED)).map(({ message }) => message);

  test.each([
    ['float64', { min: 3, max: 1 }, /v:x expects at least 3 and at most 1/],
    ['float64', { min: NaN }, /bound of NaN/],
    ['float64', { max: Infinity }, /bound of Infinity/],
    ['string', { min: 1 }, /v:x is string and expects a range; expect a list of values/],
    ['bool', { max: 1 }, /is bool and expects a range/],
    ['float64', { in: ['1'] }, /is float64 and expects one of a list of values \(in\); expect a range/],
    ['timestamp', { in: ['2026-03-02'] }, /is timestamp and expects one of a list/],
    ['string', { in: [] }, /one of no values/],
    ['int64', { in: ['1', 'two'] }, /expects the value "two", which is no whole number/],
    ['bool', { in: ['yes'] }, /"yes", which is neither true nor false/],
    ['float64', { null_share: 1.5 }, /null_share of 1.5; give a share of the rows between 0 and 1/],
    ['float64', { null_share: NaN }, /null_share of NaN/],
    ['int64[]', { min: 1 }, /is a list, of which only a null_share can be expected.*len\(x\)/],
  ] as const)('%s %o', (dtype, expected, sentence) => {
    expect(faults(dtype, expected)).toEqual([expect.stringMatching(sentence)]);
  });

  test('what can be expected is no fault', () => {
    expect(faults('float64', { min: 1, max: 1, null_share: 0 })).toEqual([]);
    expect(faults('int64', { in: ['-3', '9223372036854775807'], min: -5 })).toEqual([]);
    expect(faults('string', { in: ['', 'a'] })).toEqual([]);
    expect(faults('timestamp', { min: CLOCK, null_share: 1 })).toEqual([]);
    expect(faults('string[]', { null_share: 0.5 })).toEqual([]);
    expect(definitionFaults(DEFINITIONS)).toEqual([]);
  });

  test('a freshness of nothing, and on-demand features, of which nothing is checked', () => {
    expect(definitionFaults(definitions(viewOf([], { freshness: 0 }), NEEDED))).toEqual([
      {
        path: ['views', 0],
        message: 'The freshness of view "v" is 0; give a time above 0, such as 7d, or leave it out.',
      },
    ]);
    const onDemandViews = [{ name: 'd', sources: ['v'], schema: [field('float64', { min: 0 })] }];
    expect(definitionFaults(definitions(viewOf([]), { ...NEEDED, onDemandViews }))).toEqual([
      {
        path: ['onDemandViews', 0, 'schema', 0],
        message: expect.stringMatching(/^d:x is computed when it is asked for, so nothing is checked of it/) as string,
      },
    ]);
  });
});
