import { fromBase64, toBase64 } from '../../utils/base64';

/** Key that marks what JSON has no word for; an object that has it itself is written as pairs. */
const MARK = '$';
const MOST_DEPTH = 64;

const ARRAYS = {
  Int8Array,
  Uint8Array,
  Int16Array,
  Uint16Array,
  Int32Array,
  Uint32Array,
  Float32Array,
  Float64Array,
  BigInt64Array,
  BigUint64Array,
} as const;
type ArrayName = keyof typeof ARRAYS;

/**
 * A stored record as one line of JSON: typed arrays (base64, little-endian), bigints, Maps, NaN, infinities and -0 are
 * marked objects, `{"$": kind, "v": value}`. Equal records with equal order of keys give equal text.
 */
export function recordText(record: object): string {
  return JSON.stringify(plain(record));
}

function plain(value: unknown): unknown {
  switch (typeof value) {
    case 'number':
      return Number.isFinite(value) && !Object.is(value, -0)
        ? value
        : marked('number', Object.is(value, -0) ? '-0' : String(value));
    case 'bigint':
      return marked('bigint', String(value));
    case 'undefined':
      return marked('undefined', null);
    case 'object':
      return value === null ? null : plainObject(value);
    default:
      return value;
  }
}

function plainObject(value: object): unknown {
  if (Array.isArray(value)) return value.map(plain);
  if (value instanceof Map)
    return marked(
      'Map',
      [...value].map(([key, inner]) => [plain(key), plain(inner)]),
    );
  if (ArrayBuffer.isView(value)) return plainArray(value);
  const entries = Object.entries(value).flatMap(([key, inner]): [string, unknown][] =>
    inner === undefined ? [] : [[key, plain(inner)]],
  );
  const clear = entries.every(([key]) => key !== MARK && key !== '__proto__');
  return clear ? Object.fromEntries(entries) : marked('Object', entries);
}

function plainArray(value: ArrayBufferView): unknown {
  const name = Object.keys(ARRAYS).find((kind) => value instanceof ARRAYS[kind as ArrayName]);
  if (name === undefined) throw new Error('invariant: a record holds an array of a kind that is not stored');
  return marked(name, toBase64(new Uint8Array(value.buffer, value.byteOffset, value.byteLength)));
}

function marked(kind: string, value: unknown): object {
  return { [MARK]: kind, v: value };
}

/**
 * Reads a line of `recordText` that may be hostile. Answers with a sentence's end where it is no record: not JSON, an
 * unknown mark, the key `__proto__`, or deeper than 64.
 */
export function readRecord(line: string): { readonly record: object } | { readonly fault: string } {
  let json: unknown;
  try {
    json = JSON.parse(line);
  } catch {
    return { fault: 'is not JSON' };
  }
  try {
    const record = revived(json, 0);
    return typeof record === 'object' && record !== null && isPlain(record) ? { record } : { fault: 'is no object' };
  } catch (error) {
    if (error instanceof Unreadable) return { fault: error.message };
    throw error;
  }
}

class Unreadable extends Error {}

function isPlain(value: object): boolean {
  return !Array.isArray(value) && !(value instanceof Map) && !ArrayBuffer.isView(value);
}

function revived(value: unknown, depth: number): unknown {
  if (typeof value !== 'object' || value === null) return value;
  if (depth > MOST_DEPTH) throw new Unreadable(`holds values deeper than ${MOST_DEPTH}`);
  if (Array.isArray(value)) return value.map((inner) => revived(inner, depth + 1));
  const entries = Object.entries(value);
  if (entries.some(([key]) => key === '__proto__')) throw new Unreadable('has the key "__proto__"');
  if (Object.hasOwn(value, MARK)) return fromMark(value as { readonly $: unknown; readonly v?: unknown }, depth);
  return Object.fromEntries(entries.map(([key, inner]) => [key, revived(inner, depth + 1)]));
}

function fromMark({ $: kind, v: value }: { readonly $: unknown; readonly v?: unknown }, depth: number): unknown {
  if (kind === 'undefined') return undefined;
  if (kind === 'number' && typeof value === 'string' && ['NaN', 'Infinity', '-Infinity', '-0'].includes(value))
    return Number(value);
  if (kind === 'bigint' && typeof value === 'string' && /^-?\d{1,400}$/.test(value)) return BigInt(value);
  if (kind === 'Map')
    return new Map(pairsOf(value).map(([key, inner]) => [revived(key, depth + 1), revived(inner, depth + 1)]));
  // Own properties: no key can reach the prototype.
  if (kind === 'Object') {
    return Object.fromEntries(pairsOf(value).map(([key, inner]) => [String(key), revived(inner, depth + 1)]));
  }
  const bytes = typeof value === 'string' ? fromBase64(value) : null;
  const array = typeof kind === 'string' && Object.hasOwn(ARRAYS, kind) ? ARRAYS[kind as ArrayName] : undefined;
  if (!array || !bytes || bytes.length % array.BYTES_PER_ELEMENT !== 0)
    throw new Unreadable('holds a value of an unknown kind');
  return new array(bytes.buffer as ArrayBuffer);
}

function pairsOf(value: unknown): readonly (readonly [unknown, unknown])[] {
  const isPairs = Array.isArray(value) && value.every((pair) => Array.isArray(pair) && pair.length === 2);
  if (!isPairs) throw new Unreadable('holds a value of an unknown kind');
  return value as readonly (readonly [unknown, unknown])[];
}
