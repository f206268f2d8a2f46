import { expect, test } from 'vitest';
import { nanosToMicros, toInt64 } from './int64';

test('nanoseconds are in the microsecond they lie in, before 1970 as after', () => {
  const nanos = [1999n, 1000n, 1n, 0n, -1n, -1000n, -1001n, 1_772_000_000_000_000_999n];
  expect(nanos.map(nanosToMicros)).toEqual([1, 1, 0, 0, -1, -1, -2, 1_772_000_000_000_000]);
});

test('whole numbers keep all bits of int64, and what has no place there is refused by name', () => {
  expect([toInt64('x', 9223372036854775807n), toInt64('x', -9223372036854775808n), toInt64('x', -5)]).toEqual([
    9223372036854775807n,
    -9223372036854775808n,
    -5n,
  ]);
  expect(() => toInt64('x', 9223372036854775808n)).toThrow(
    'The column "x" holds 9223372036854775808, which is beyond int64',
  );
  expect(() => toInt64('x', -9223372036854775809n)).toThrow('beyond int64');
});
