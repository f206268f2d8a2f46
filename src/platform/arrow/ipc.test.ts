import { tableFromIPC, tableToIPC } from 'apache-arrow';
import { describe, expect, test } from 'vitest';
import { makeTable, stringColumn, type Column } from '../../utils/columns';
import { tableDigest } from '../../utils/hash';
import { decodeArrow, encodeArrow } from './ipc';

const ROWS = 50;
const floats: Column = { type: 'float64', values: Float64Array.from({ length: ROWS }, (_, i) => i / 3) };
const texts = stringColumn(Array.from({ length: ROWS }, (_, i) => `t${i % 7}`));
const stream = encodeArrow(makeTable([['a', floats] as const, ['s', texts] as const]));

describe.each([
  ['a stream', stream],
  ['a file', tableToIPC(tableFromIPC(stream), 'file')],
  ['a stream of two batches', tableToIPC(tableFromIPC(stream).concat(tableFromIPC(stream)), 'stream')],
])('%s', (_, bytes) => {
  test('cut anywhere is refused with a sentence', () => {
    for (let length = 0; length < bytes.length; length++) {
      expect(() => decodeArrow(bytes.slice(0, length)), `${length} of ${bytes.length} bytes`).toThrow(/cut short/);
    }
    expect(decodeArrow(bytes).rowCount % ROWS).toBe(0);
  });
});

test('a table without rows keeps the types of its columns', () => {
  const empty = makeTable([
    ['n', { type: 'int64', values: new BigInt64Array() }] as const,
    ['t', { type: 'timestamp', values: new Float64Array() }] as const,
    ['b', { type: 'bool', values: new Int8Array() }] as const,
    ['s', { type: 'string', codes: new Int32Array(), dictionary: [] }] as const,
  ]);
  expect(tableDigest(decodeArrow(encodeArrow(empty)))).toBe(tableDigest(empty));
});
