import fc from 'fast-check';
import { describe, expect, test } from 'vitest';
import { cellAt, stringColumn, type Column } from '../../utils/columns';
import type { AggregateFunction } from '../types';
import { KeyIndex } from './key-index';
import { pickRows } from './pick';
import { timeOrder } from './time-order';
import { aggregateWindows } from './windows';

const floats = (values: readonly number[]): Column => ({ type: 'float64', values: Float64Array.from(values) });
const bools = (values: readonly number[]): Column => ({ type: 'bool', values: Int8Array.from(values) });
const times = (values: readonly number[]): Column => ({ type: 'timestamp', values: Float64Array.from(values) });
const ints = (values: readonly (bigint | null)[]): Column => ({
  type: 'int64',
  values: BigInt64Array.from(values, (value) => value ?? 0n),
  valid: Uint8Array.from(values, (value) => (value === null ? 0 : 1)),
});

describe('keys', () => {
  const found = (a: Column, b: Column, rows: number) => [...new KeyIndex([a], rows).find([b], ['k'], rows)];

  test('whole numbers are told apart beyond 2^53, in int64 and against float64', () => {
    const big = [9007199254740992n, 9007199254740993n, -9223372036854775808n];
    expect(new KeyIndex([ints(big)], 3).size).toBe(3);
    expect(found(ints(big), ints([big[1] as bigint, 1n, null]), 3)).toEqual([1, -1, -1]);
    expect(found(ints(big), floats([9007199254740992, -9223372036854775808, 0.5]), 3)).toEqual([0, 2, -1]);
    expect(found(floats([9007199254740992, 1.5, -0]), ints([9007199254740992n, 9007199254740993n, 0n]), 3)).toEqual([
      0, -1, 2,
    ]);
  });

  test('a fraction is a key of its own and equals no whole number', () => {
    expect(found(floats([0.5, 1, NaN]), floats([1, 0.5, NaN]), 3)).toEqual([1, 0, -1]);
    expect(found(bools([1, 0, -1]), bools([0, 1, -1]), 3)).toEqual([1, 0, -1]);
    expect(found(bools([1, 0]), ints([1n, 2n]), 2)).toEqual([0, -1]);
  });

  test('texts match by what they say, whatever their dictionaries', () => {
    expect(found(stringColumn(['a', null, 'b']), stringColumn(['b', 'c', 'a']), 3)).toEqual([2 - 1, -1, 0]);
  });

  test('keys of different kinds are refused by name', () => {
    expect(() => found(stringColumn(['1']), ints([1n]), 1)).toThrow(
      '"k" is text in the entity rows and a whole number',
    );
    expect(() => found(ints([1n]), times([1]), 1)).toThrow('"k" is a whole number in the entity rows and a time');
  });

  test('composite keys are equal exactly when all parts are', () => {
    const part = fc.option(fc.bigInt({ min: -3n, max: 3n }), { freq: 6 });
    const keys = fc.array(fc.tuple(part, part, fc.constantFrom('x', 'y', null)), { minLength: 1, maxLength: 30 });
    const columns = (rows: readonly (readonly [bigint | null, bigint | null, string | null])[]) => [
      ints(rows.map((row) => row[0])),
      ints(rows.map((row) => row[1])),
      stringColumn(rows.map((row) => row[2])),
    ];
    const text = (row: readonly unknown[]) => (row.includes(null) ? null : row.join('|'));
    fc.assert(
      fc.property(keys, keys, (known, asked) => {
        const index = new KeyIndex(columns(known), known.length);
        const codes = index.find(columns(asked), ['a', 'b', 'c'], asked.length);
        asked.forEach((row, at) => {
          const same = known.findIndex((one) => text(one) !== null && text(one) === text(row));
          expect(codes[at]).toBe(same < 0 ? -1 : index.codes[same]);
        });
        expect(index.size).toBe(new Set(known.map(text).filter((one) => one !== null)).size);
      }),
    );
  });
});

describe('order', () => {
  test('is that of a stable sort by key, event and created time, whatever the span of time', () => {
    const time = fc.oneof(
      fc.integer({ min: -5, max: 5 }),
      fc.integer({ min: -4_000_000_000, max: 4_000_000_000 }),
      fc.maxSafeInteger().map((value) => Math.trunc(value / 8)),
    );
    const row = fc.record({ code: fc.integer({ min: -1, max: 3 }), event: time, created: fc.option(time) });
    fc.assert(
      fc.property(fc.array(row, { maxLength: 60 }), (rows) => {
        const order = timeOrder({
          codes: Int32Array.from(rows, (one) => one.code),
          size: 4,
          event: Float64Array.from(rows, (one) => one.event),
          created: Float64Array.from(rows, (one) => one.created ?? NaN),
        });
        const created = (at: number) => rows[at]?.created ?? -Infinity;
        const sorted = [...rows.keys()]
          .filter((at) => (rows[at]?.code ?? -1) >= 0)
          .sort(
            (a, b) =>
              (rows[a]?.code ?? 0) - (rows[b]?.code ?? 0) ||
              (rows[a]?.event ?? 0) - (rows[b]?.event ?? 0) ||
              (created(a) === created(b) ? 0 : created(a) < created(b) ? -1 : 1) ||
              a - b,
          );
        expect([...order.rows]).toEqual(sorted);
      }),
      { numRuns: 300 },
    );
  });
});

describe('what was known, over long histories of one key', () => {
  test('equals a look at every row', () => {
    const rows = 5000;
    fc.assert(
      fc.property(fc.integer({ min: 1, max: 1_000_000 }), fc.constantFrom(3, 400, 1e9), (seed, delay) => {
        let state = seed;
        const draw = (below: number) => (state = (state * 48271) % 2147483647) % below;
        const event = Float64Array.from({ length: rows }, (_, row) => row);
        // Mostly far too late, so that whole groups are passed over.
        const created = event.map((time) => (draw(700) === 0 ? time + draw(50) : time + 6000 + draw(delay)));
        created[draw(rows)] = NaN;
        const order = timeOrder({ codes: new Int32Array(rows), size: 1, event, created });
        const asked = Float64Array.from({ length: 200 }, () => draw(12_000));
        const picked = pickRows(order, { codes: new Int32Array(200), times: asked }, { ttl: 0, leakSafe: true });
        asked.forEach((time, at) => {
          let best = -1;
          event.forEach((happened, row) => {
            if (happened <= time && (created[row] as number) <= time) best = row;
          });
          expect(picked[at]).toBe(best);
        });
      }),
      { numRuns: 30 },
    );
  });
});

describe('windows', () => {
  const FUNCTIONS: readonly AggregateFunction[] = ['count', 'sum', 'mean', 'min', 'max', 'last', 'distinct'];

  /** SQL's rules as loops. */
  function byHand(values: readonly bigint[], what: AggregateFunction): bigint | number | null {
    if (what === 'count') return values.length;
    if (what === 'distinct') return new Set(values).size;
    if (values.length === 0) return null;
    const sum = values.reduce((total, value) => total + value, 0n);
    if (what === 'sum') return sum;
    if (what === 'mean') return values.reduce((total, value) => total + Number(value), 0) / values.length;
    if (what === 'last') return values[values.length - 1] as bigint;
    return values.reduce((best, value) => ((what === 'min' ? value < best : value > best) ? value : best));
  }

  test('hold every event of (t - w, t] that was known, and nothing else', async () => {
    const event = fc.record({
      code: fc.integer({ min: 0, max: 1 }),
      event: fc.integer({ min: 0, max: 12 }),
      created: fc.integer({ min: 0, max: 12 }),
      value: fc.option(fc.constantFrom(1n, 2n, 9007199254740993n, 9007199254740992n), { freq: 5 }),
    });
    const rule = fc.record({
      what: fc.constantFrom(...FUNCTIONS),
      length: fc.constantFrom(1, 4, 100),
      leakSafe: fc.boolean(),
    });
    await fc.assert(
      fc.asyncProperty(fc.array(event, { maxLength: 25 }), rule, async (rows, { what, length, leakSafe }) => {
        const order = timeOrder({
          codes: Int32Array.from(rows, (row) => row.code),
          size: 2,
          event: Float64Array.from(rows, (row) => row.event),
          created: Float64Array.from(rows, (row) => row.created),
        });
        const moments = { codes: Int32Array.of(0, 1, 1, -1, 0), times: Float64Array.of(5, 5, 12, 5, NaN) };
        const source = { order, values: ints(rows.map((row) => row.value)) };
        const column = await aggregateWindows(source, moments, { function: what, length, leakSafe }, {});
        const sorted = rows.toSorted((a, b) => a.event - b.event || a.created - b.created);
        for (const [at, code] of [0, 1, 1].entries()) {
          const time = moments.times[at] as number;
          const inside = sorted.filter(
            (row) =>
              row.code === code &&
              row.event > time - length &&
              row.event <= time &&
              (!leakSafe || row.created <= time) &&
              row.value !== null,
          );
          const known = inside.flatMap((row) => (row.value === null ? [] : [row.value]));
          expect(cellAt(column, at)).toEqual(byHand(known, what));
        }
        expect([cellAt(column, 3), cellAt(column, 4)]).toEqual([null, null]);
      }),
      { numRuns: 500 },
    );
  });
});
