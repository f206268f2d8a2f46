import fc from 'fast-check';
import { createHash } from 'node:crypto';
import { describe, expect, test } from 'vitest';
import { makeTable, stringColumn, type Column } from './columns';
import { canonicalJson, hashFraction, sha256Hex, tableDigest } from './hash';

test('SHA-256 as node:crypto computes it', () => {
  expect(sha256Hex('abc')).toBe('ba7816bf8f01cfea414140de5dae2223b00361a396177a9cb410ff61f20015ad');
  fc.assert(
    fc.property(
      fc.uint8Array({ maxLength: 200 }),
      (bytes) => sha256Hex(bytes) === createHash('sha256').update(bytes).digest('hex'),
    ),
  );
  fc.assert(
    fc.property(
      fc.string({ unit: 'grapheme' }),
      (text) => sha256Hex(text) === createHash('sha256').update(text, 'utf8').digest('hex'),
    ),
  );
});

describe('canonicalJson', () => {
  test('does not depend on the order of keys, at any depth', () => {
    expect(canonicalJson({ b: 1, a: { d: [1, { y: 1, x: 2 }], c: null } })).toBe(
      '{"a":{"c":null,"d":[1,{"x":2,"y":1}]},"b":1}',
    );
  });

  test('reads back as the same value', () => {
    fc.assert(
      fc.property(fc.jsonValue(), (value) => JSON.stringify(JSON.parse(canonicalJson(value))) === canonicalJson(value)),
    );
  });
});

describe('tableDigest', () => {
  const numbers: Column = { type: 'float64', values: Float64Array.from([1, NaN]) };
  const digest = (columns: [string, Column][]) => tableDigest(makeTable(columns));

  test('equal tables agree, also when the values lie inside a larger buffer', () => {
    const inside = new Float64Array([9, 1, NaN, 9]).subarray(1, 3);
    expect(digest([['a', numbers]])).toBe(digest([['a', { type: 'float64', values: inside }]]));
  });

  test('names, order, types, values, masks and dictionaries all count', () => {
    const text = stringColumn(['x', 'y']);
    const digests = [
      digest([['a', numbers]]),
      digest([['b', numbers]]),
      digest([['a', { type: 'timestamp', values: numbers.values }]]),
      digest([['a', { type: 'float64', values: Float64Array.from([1, 2]) }]]),
      digest([
        ['a', numbers],
        ['t', text],
      ]),
      digest([
        ['t', text],
        ['a', numbers],
      ]),
      digest([
        ['t', stringColumn(['x', 'z'])],
        ['a', numbers],
      ]),
      digest([['i', { type: 'int64', values: BigInt64Array.from([1n, 0n]) }]]),
      digest([['i', { type: 'int64', values: BigInt64Array.from([1n, 0n]), valid: Uint8Array.from([1, 0]) }]]),
    ];
    expect(new Set(digests).size).toBe(digests.length);
  });
});

describe('hashFraction', () => {
  test('gives the numbers it always gave', () => {
    expect([hashFraction('PT00001'), hashFraction('PT00002'), hashFraction('')]).toMatchInlineSnapshot(`
      [
        0.4633819507532244,
        0.5385518367262095,
        0.8299308314483402,
      ]
    `);
  });

  test('is even over keys that differ in one digit', () => {
    const bins = new Float64Array(50);
    for (let i = 0; i < 50_000; i++) {
      const fraction = hashFraction(`7:PT${String(i).padStart(5, '0')}`);
      expect(fraction >= 0 && fraction < 1).toBe(true);
      const bin = Math.floor(fraction * 50);
      bins[bin] = (bins[bin] ?? 0) + 1;
    }
    const chiSquare = bins.reduce((sum, count) => sum + (count - 1000) ** 2 / 1000, 0);
    expect(chiSquare).toBeLessThan(86);
  });
});
