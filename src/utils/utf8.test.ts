import fc from 'fast-check';
import { describe, expect, it } from 'vitest';
import { utf8Bytes, utf8Text } from './utf8';

const strict = new TextDecoder('utf-8', { fatal: true, ignoreBOM: true });
const platform = (bytes: Uint8Array): string | null => {
  try {
    return strict.decode(bytes);
  } catch {
    return null;
  }
};

describe('utf8Bytes', () => {
  it('gives the bytes of TextEncoder', () => {
    fc.assert(
      fc.property(fc.string({ unit: 'binary', maxLength: 60 }), (text) => {
        expect(utf8Bytes(text)).toEqual(new TextEncoder().encode(text));
      }),
      { numRuns: 500 },
    );
    expect(utf8Bytes('a\ud800b')).toEqual(new TextEncoder().encode('a\ud800b'));
  });
});

describe('utf8Text', () => {
  it('reads what TextDecoder reads and refuses what it refuses', () => {
    const some = fc.oneof(
      fc.uint8Array({ maxLength: 6 }),
      fc.string({ unit: 'binary', maxLength: 20 }).map((text) => new TextEncoder().encode(text)),
      fc.constantFrom(
        [0xc0, 0x80],
        [0xe0, 0x80, 0x80],
        [0xed, 0xa0, 0x80],
        [0xf4, 0x90, 0x80, 0x80],
        [0xef, 0xbb, 0xbf],
      ),
    );
    fc.assert(
      fc.property(fc.array(some, { maxLength: 4 }), (parts) => {
        const bytes = Uint8Array.from(parts.flatMap((part) => [...part]));
        expect(utf8Text(bytes)).toBe(platform(bytes));
      }),
      { numRuns: 2000 },
    );
  });

  it.each(['a', 'é', '€', '😀', 'aé€😀'])('reads 30,000 times %s', (text) => {
    const long = text.repeat(30_000);
    expect(utf8Text(new TextEncoder().encode(long))).toBe(long);
  });
});
