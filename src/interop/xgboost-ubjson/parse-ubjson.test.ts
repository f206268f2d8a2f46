import fc from 'fast-check';
import { describe, expect, it } from 'vitest';
import { WorkbenchError } from '../../utils/errors';
import type { JsonValue } from '../xgboost-json/parse-json';
import { parseUbjson } from './parse-ubjson';

/** Bytes from texts, byte values and big-endian numbers. */
const bytesOf = (...parts: readonly (string | number | readonly number[])[]): Uint8Array =>
  Uint8Array.from(
    parts.flatMap((part) =>
      typeof part === 'string' ? [...new TextEncoder().encode(part)] : typeof part === 'number' ? [part] : part,
    ),
  );
const int64 = (value: number | bigint): number[] => {
  const view = new DataView(new ArrayBuffer(8));
  view.setBigInt64(0, BigInt(value));
  return [...new Uint8Array(view.buffer)];
};
const float = (value: number, size: 4 | 8): number[] => {
  const view = new DataView(new ArrayBuffer(size));
  if (size === 4) view.setFloat32(0, value);
  else view.setFloat64(0, value);
  return [...new Uint8Array(view.buffer)];
};
const text = (value: string) => ['L', int64(new TextEncoder().encode(value).length), value] as const;

const refusal = (bytes: Uint8Array): string => {
  try {
    parseUbjson(bytes);
  } catch (error) {
    return error instanceof WorkbenchError ? error.message : `other: ${String(error)}`;
  }
  return 'accepted';
};

/** How a container says its length: as XGBoost does, by a closing bracket, or in one byte. */
type Style = 'counted' | 'closed' | 'short';

function encoded(value: unknown, style: Style): Uint8Array {
  const head = (count: number) => (style === 'counted' ? ['#L', int64(count)] : style === 'short' ? ['#U', count] : []);
  if (value === null) return bytesOf('Z');
  if (typeof value === 'boolean') return bytesOf(value ? 'T' : 'F');
  if (typeof value === 'number') return bytesOf('D', float(value, 8));
  if (typeof value === 'string') return bytesOf('S', ...text(value).flat());
  const end = style === 'closed';
  if (Array.isArray(value)) {
    const inner = value.flatMap((one) => [...encoded(one, style)]);
    return bytesOf('[', ...head(value.length), inner, end ? ']' : '');
  }
  const entries = Object.entries(value as object);
  const inner = entries.flatMap(([key, one]) => [...bytesOf(...text(key)), ...encoded(one, style)]);
  return bytesOf('{', ...head(entries.length), inner, end ? '}' : '');
}

const plain = (value: JsonValue): unknown =>
  value instanceof Map
    ? Object.fromEntries([...(value as Map<string, JsonValue>)].map(([key, inner]) => [key, plain(inner)]))
    : Array.isArray(value)
      ? (value as JsonValue[]).map(plain)
      : value;

describe('parseUbjson', () => {
  it.each<Style>(['counted', 'closed', 'short'])('reads any value, lengths %s', (style) => {
    fc.assert(
      fc.property(fc.jsonValue({ maxDepth: 4 }), (value) => {
        expect(plain(parseUbjson(encoded(value, style)))).toEqual(value);
      }),
    );
  });

  it.each<[string, number[], ArrayLike<number>]>([
    ['i', [0xff, 0x7f], Int8Array.of(-1, 127)],
    ['U', [0xff, 1], Uint8Array.of(255, 1)],
    ['I', [0xff, 0xfe, 1, 0], Int16Array.of(-2, 256)],
    ['l', [0x7f, 0xff, 0xff, 0xff, 0xff, 0xff, 0xff, 0xff], Int32Array.of(2147483647, -1)],
    ['L', [...int64(-3), ...int64(2 ** 40)], Float64Array.of(-3, 2 ** 40)],
    ['d', [...float(0.1, 4), ...float(NaN, 4)], Float32Array.of(0.1, NaN)],
    ['D', [...float(0.1, 8), ...float(-Infinity, 8)], Float64Array.of(0.1, -Infinity)],
  ])('reads numbers of type %s, alone and in a typed list', (type, payload, expected) => {
    expect(parseUbjson(bytesOf('[$', type, '#L', int64(2), payload))).toEqual(expected);
    expect(parseUbjson(bytesOf(type, payload.slice(0, payload.length / 2)))).toBe(expected[0]);
  });

  it('reads typed lists of texts and lists, and typed objects', () => {
    expect(parseUbjson(bytesOf('[$S#i', 2, 'i', 1, 'a', 'i', 0))).toEqual(['a', '']);
    expect(parseUbjson(bytesOf('[$[#i', 2, ']', '$U#i', 1, 7))).toEqual([[], Uint8Array.of(7)]);
    expect(parseUbjson(bytesOf('{$I#i', 1, 'i', 1, 'k', 1, 2))).toEqual(new Map([['k', 258]]));
  });

  it('keeps keys that are special elsewhere as keys', () => {
    const value = parseUbjson(bytesOf('{', ...text('__proto__'), '{', ...text('x'), 'T', '}}'));
    expect(value).toEqual(new Map([['__proto__', new Map([['x', true]])]]));
    expect(Object.hasOwn(Object.prototype, 'x')).toBe(false);
  });
});

describe('a claim without the bytes for it', () => {
  const claims: [string, Uint8Array, RegExp][] = [
    [
      'floats',
      bytesOf('[$d#L', int64(1_000_000_000), 0, 0, 0, 0),
      /a list or object of 1000000000 values: 4 bytes are/,
    ],
    ['bytes', bytesOf('[$U#L', int64(1_000_000_000)), /of 1000000000 values: 0 bytes are left at byte 14/],
    ['values', bytesOf('[#L', int64(1_000_000_000), 'T'), /of 1000000000 values: 1 byte is left/],
    ['keys', bytesOf('{#L', int64(1_000_000_000), 'T'), /of 1000000000 values/],
    ['a text', bytesOf('SL', int64(1_000_000_000), 'abc'), /a text of 1000000000 bytes: 3 bytes are left/],
    ['2^62 int64s', bytesOf('[$L#L', int64(2n ** 62n)), /ends within a list/],
    ['-1 values', bytesOf('[#L', int64(-1)), /has the length -1/],
    ['lists in lists', bytesOf(...Array.from({ length: 30 }, () => ['[#l', [0, 0, 0, 9]]).flat()), /ends within/],
  ];
  it.each(claims)('%s: is refused without allocating', (_, bytes, message) => {
    const before = process.memoryUsage().arrayBuffers;
    expect(refusal(bytes)).toMatch(message);
    expect(process.memoryUsage().arrayBuffers - before).toBeLessThan(1_000_000);
  });
});

describe('what is not UBJSON', () => {
  const cases: [string, Uint8Array, RegExp][] = [
    ['nothing', bytesOf(), /ends within a value: 0 bytes are left at byte 1/],
    ['an unknown marker', bytesOf('[', 'x'), /has "x" where a value begins at byte 2/],
    ['an unknown byte', bytesOf('[', 7), /has the byte 7 where a value begins/],
    ['a high-precision number', bytesOf('Hi', 1, '1'), /has "H" where a value begins/],
    ['a list that does not end', bytesOf('[TF'), /ends within a list or object/],
    ['a type without a length', bytesOf('[$d', float(1, 4)), /a type but no length/],
    ['a list of a type without bytes', bytesOf('[$Z#L', int64(1e9)), /has "Z" as the type of a list/],
    ['a length of the wrong type', bytesOf('[#d', float(1, 4)), /has "d" where a length is expected at byte 3/],
    ['a key twice', bytesOf('{', ...text('a'), 'T', ...text('a'), 'T}'), /has the key "a" twice/],
    ['a text that is not UTF-8', bytesOf('Si', 2, 0xc3, 0x28), /not UTF-8/],
    ['bytes after the end', bytesOf('T', 0), /more bytes after the end at byte 2/],
    ['half a number', bytesOf('d', 0, 0), /ends within a number: 2 bytes are left/],
    ['deep lists', bytesOf('['.repeat(100_000)), /more than 32 levels deep/],
    ['deep typed lists', bytesOf(...Array.from({ length: 100 }, () => ['$[#i', 1]).flat()), /where a value begins/],
    ['deep objects', bytesOf(...Array.from({ length: 100 }, () => ['{i', 1, 'k']).flat()), /32 levels deep/],
  ];
  it.each(cases)('%s: is refused with the place', (_, bytes, message) => {
    expect(refusal(bytes)).toMatch(/^The file is not the UBJSON of a model: it .* at byte \d+\.$/);
    expect(refusal(bytes)).toMatch(message);
  });

  it('more parts than memory has room for', () => {
    const lists = new Uint8Array(12_000_001).fill('['.charCodeAt(0));
    for (let i = 2; i < lists.length; i += 2) lists[i] = ']'.charCodeAt(0);
    expect(refusal(lists)).toMatch(/holds more than 5000000 lists, objects and texts/);
    const values = new Uint8Array(9_000_000).fill('T'.charCodeAt(0));
    values[0] = '['.charCodeAt(0);
    expect(refusal(values)).toMatch(/a list of more than 8000000 values/);
  });
});
