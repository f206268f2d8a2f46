import fc from 'fast-check';
import { describe, expect, test } from 'vitest';
import { sha256Hex } from '../../utils/hash';
import { readZip } from '../../utils/unzip';
import { utf8Bytes } from '../../utils/utf8';
import { ZipWriter } from '../../utils/zip';
import { readBundle } from './read';
import { readRecord, recordText } from './record-text';
import { writeBundle } from './write';

const RECORDS = new Map([
  ['runs', [{ run_id: 'a', note: '<script>alert(1)</script>', metrics: { x: NaN, y: -0 } }]],
  [
    'online_blocks',
    [{ block: 0, values: new Map([['__proto__', Float64Array.of(1.5, NaN)]]), keys: BigInt64Array.of(7n) }],
  ],
]);
const FILE = Uint8Array.from({ length: 5000 }, (_, i) => (i * i) % 251);

function made(): Promise<Uint8Array> {
  const files = new Map([['offline/m/x.arrow', () => Promise.resolve(FILE)]]);
  return writeBundle({ kind: 'workspace', created_at: 5, models: ['m'], records: RECORDS, files }, {});
}

async function refusal(bytes: Uint8Array): Promise<string> {
  return readBundle(bytes, {}).then(
    () => 'taken',
    (error: unknown) => (error instanceof Error ? error.message : String(error)),
  );
}

/** The files of a bundle as another archive. */
async function changed(
  change: (files: Map<string, Uint8Array>, manifest: Record<string, unknown>) => void,
): Promise<Uint8Array> {
  const files = new Map(
    readZip(await made(), 'it', { entries: 9, entry: 1e6, total: 1e6 }).map((entry) => [entry.path, entry.bytes()]),
  );
  const manifest = JSON.parse(new TextDecoder().decode(files.get('manifest.json'))) as Record<string, unknown>;
  files.delete('manifest.json');
  change(files, manifest);
  files.set('manifest.json', utf8Bytes(JSON.stringify(manifest)));
  const zip = new ZipWriter();
  for (const [path, content] of files) zip.add(path, content, 6);
  return zip.finish();
}

function listed(path: string, content: Uint8Array): object {
  return { path, bytes: content.length, sha256: sha256Hex(content) };
}

describe('records as text', () => {
  test('any record comes back as it was', () => {
    const leaf = fc.oneof(
      fc.string({ unit: 'binary' }),
      fc.double(),
      fc.bigInt(),
      fc.boolean(),
      fc.constant(null),
      fc.float64Array(),
      fc.uint8Array(),
    );
    const value = fc.letrec((tie) => ({
      value: fc.oneof(
        leaf,
        fc.array(tie('value'), { maxLength: 3 }),
        fc.dictionary(fc.oneof(fc.string(), fc.constantFrom('$', '__proto__', 'v')), tie('value'), { maxKeys: 3 }),
        fc.array(fc.tuple(fc.string(), tie('value')), { maxLength: 3 }).map((pairs) => new Map(pairs)),
      ),
    })).value;
    fc.assert(
      fc.property(fc.dictionary(fc.constantFrom('a', 'b', '$', '__proto__'), value), (record) => {
        const read = readRecord(recordText(record));
        expect('record' in read ? read.record : read).toEqual(record);
        expect('record' in read && recordText(read.record)).toBe(recordText(record));
      }),
    );
  });

  test.each([
    ['{"a":{"__proto__":{"x":1}}}', 'has the key "__proto__"'],
    ['{"a":{"$":"Function","v":"x"}}', 'holds a value of an unknown kind'],
    ['{"a":{"$":"Float64Array","v":"AAAA"}}', 'holds a value of an unknown kind'],
    ['{"a":{"$":"constructor","v":""}}', 'holds a value of an unknown kind'],
    [`{"a":${'['.repeat(90)}${']'.repeat(90)}}`, 'holds values deeper than 64'],
    ['[1]', 'is no object'],
    ['{"a":', 'is not JSON'],
  ])('%s is refused', (line, fault) => expect(readRecord(line)).toEqual({ fault }));

  test('a key that would reach the prototype stays a key', () => {
    const read = readRecord('{"a":{"$":"Object","v":[["__proto__",{"polluted":1}]]}}');
    expect(({} as Record<string, unknown>)['polluted']).toBeUndefined();
    const inner = ('record' in read ? read.record : {}) as { readonly a: object };
    expect(Object.getPrototypeOf(inner.a)).toBe(Object.prototype);
    expect(Object.keys(inner.a)).toEqual(['__proto__']);
  });
});

describe('bundles', () => {
  test('come back as they were, and are the same bytes again', async () => {
    const bytes = await made();
    expect(await made()).toEqual(bytes);
    const { records, files, manifest } = await readBundle(bytes, {});
    expect(records).toEqual(RECORDS);
    expect(files.get('offline/m/x.arrow')?.()).toEqual(FILE);
    expect(manifest).toMatchObject({ kind: 'workspace', created_at: 5, models: ['m'] });
  });

  test('cut short anywhere are refused', async () => {
    const bytes = await made();
    await fc.assert(
      fc.asyncProperty(fc.integer({ min: 0, max: bytes.length - 1 }), async (length) => {
        expect(await refusal(bytes.slice(0, length))).toMatch(/^The bundle .*Nothing was changed\.$/);
      }),
    );
  });

  test('with any byte changed are refused, or hold the same', async () => {
    const bytes = await made();
    await fc.assert(
      fc.asyncProperty(
        fc.integer({ min: 0, max: bytes.length - 1 }),
        fc.integer({ min: 1, max: 255 }),
        async (at, by) => {
          const other = bytes.slice();
          other[at] = (other[at] as number) ^ by;
          const told = await refusal(other);
          if (told !== 'taken') {
            expect(told).toMatch(/^The bundle .*Nothing was changed\.$/);
            return;
          }
          const { records, files } = await readBundle(other, {});
          expect(records).toEqual(RECORDS);
          expect(files.get('offline/m/x.arrow')?.()).toEqual(FILE);
        },
      ),
      { numRuns: 300 },
    );
  });

  test('any bytes at all are refused in a sentence', async () => {
    await fc.assert(
      fc.asyncProperty(fc.uint8Array({ maxLength: 300 }), async (noise) => {
        expect(await refusal(Uint8Array.from([0x50, 0x4b, 3, 4, ...noise]))).toMatch(/^The bundle /);
        expect(await refusal(noise)).toMatch(/^The bundle /);
      }),
    );
  });

  test.each<[string, (files: Map<string, Uint8Array>, manifest: Record<string, unknown>) => void, RegExp]>([
    [
      'a newer format',
      (_f, manifest) => (manifest['format_version'] = 2),
      /newer Glasshouse \(format 2; this one reads up to 1\)/,
    ],
    ['another format', (_f, manifest) => (manifest['format'] = 'x'), /of another format/],
    [
      'a wrong hash',
      (files) => files.set('files/offline/m/x.arrow', FILE.slice().fill(0, 0, 1).fill(9, 1, 2)),
      /has another hash than the manifest says/,
    ],
    ['a file too many', (files) => files.set('files/more', FILE), /"files\/more", which its manifest does not list/],
    ['a file missing', (files) => files.delete('records/runs.jsonl'), /lacks the file records\/runs\.jsonl/],
    ['a model called otherwise', (_f, manifest) => (manifest['models'] = ['../x']), /no model name/],
  ])('with %s are refused', async (_name, change, message) => {
    expect(await refusal(await changed(change))).toMatch(message);
  });

  test.each([
    'files/../../etc/passwd',
    '/etc/passwd',
    'files/a\\b',
    'files//a',
    'C:/x',
    'files/./a',
    'records/../x.jsonl',
  ])('with a file at %s are refused', async (path) => {
    const bytes = await changed((files, manifest) => {
      files.set(path, FILE);
      (manifest['entries'] as object[]).push(listed(path, FILE));
    });
    expect(await refusal(bytes)).toMatch(/no plain path inside it|cannot be one of a bundle/);
  });

  test('a zip bomb is refused before it is unpacked', async () => {
    const bytes = await changed((files) => files.set('files/bomb', new Uint8Array(17 * 1024 * 1024)));
    const at = findName(bytes, 'files/bomb');
    // The writer stores what would grow too much; say that it is packed, as a bomb does.
    const view = new DataView(bytes.buffer);
    view.setUint16(at + 10, 8, true);
    view.setUint32(at + 20, 1000, true);
    expect(await refusal(bytes)).toMatch(/would grow from 1000 bytes to 17825792; that is a zip bomb/);
  });

  test('files that share bytes are refused', async () => {
    const bytes = await made();
    const view = new DataView(bytes.buffer);
    const [first, second] = [findName(bytes, 'records/runs.jsonl'), findName(bytes, 'records/online_blocks.jsonl')];
    view.setUint32(second + 42, view.getUint32(first + 42, true), true);
    expect(await refusal(bytes)).toMatch(/that share bytes|damaged/);
  });
});

/** Where the directory of an archive speaks of a file. */
function findName(bytes: Uint8Array, name: string): number {
  const wanted = utf8Bytes(name);
  for (let at = bytes.length - wanted.length; at > 46; at--) {
    const isHere = wanted.every((byte, i) => bytes[at + i] === byte);
    if (isHere && bytes[at - 46] === 0x50 && bytes[at - 44] === 1 && bytes[at - 43] === 2) return at - 46;
  }
  throw new Error(`no ${name} in the directory`);
}
