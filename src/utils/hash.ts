import { sha256 } from '@noble/hashes/sha2.js';
import { bytesToHex, utf8ToBytes } from '@noble/hashes/utils.js';
import { columnLength, type ListColumn, type ScalarColumn, type Table } from './columns';

/** SHA-256 as 64 lower-case hex digits. */
export function sha256Hex(data: Uint8Array | string): string {
  return bytesToHex(sha256(typeof data === 'string' ? utf8ToBytes(data) : data));
}

/** JSON with object keys sorted, so that equal values give equal text. */
export function canonicalJson(value: unknown): string {
  return JSON.stringify(value, (_key, inner: unknown) => {
    if (inner === null || typeof inner !== 'object' || Array.isArray(inner)) return inner;
    return Object.fromEntries(Object.entries(inner).sort(([a], [b]) => (a < b ? -1 : a > b ? 1 : 0)));
  });
}

/** SHA-256 of a table's names, types and values; equal tables give equal digests on every host. */
export function tableDigest(table: Table): string {
  const hash = sha256.create();
  hash.update(
    utf8ToBytes(canonicalJson([...table.columns].map(([name, column]) => [name, column.type, columnLength(column)]))),
  );
  for (const column of table.columns.values()) {
    for (const part of column.type === 'list' ? listParts(column) : scalarParts(column)) hash.update(part);
  }
  return bytesToHex(hash.digest());
}

function listParts({ offsets, valid, items }: ListColumn): readonly Uint8Array[] {
  return [utf8ToBytes(items.type), bytesOf(offsets), ...(valid ? [valid] : []), ...scalarParts(items)];
}

function scalarParts(column: ScalarColumn): readonly Uint8Array[] {
  if (column.type === 'string') return [bytesOf(column.codes), utf8ToBytes(canonicalJson(column.dictionary))];
  return [bytesOf(column.values), ...(column.type === 'int64' && column.valid ? [column.valid] : [])];
}

function bytesOf(values: ArrayBufferView): Uint8Array {
  return new Uint8Array(values.buffer, values.byteOffset, values.byteLength);
}

/**
 * A 53-bit fraction in [0, 1) from a text, evenly spread: FNV-1a over UTF-16 units in two lanes, then mixed
 * (MurmurHash3's finaliser). The same everywhere; not for secrets.
 */
export function hashFraction(text: string): number {
  let a = 0x811c9dc5;
  let b = 0x9747b28c;
  for (let i = 0; i < text.length; i++) {
    const unit = text.charCodeAt(i);
    a = Math.imul(a ^ unit, 0x01000193);
    b = Math.imul(b ^ unit, 0x5bd1e995);
    b ^= b >>> 15;
  }
  return ((mix32(a ^ (b << 16)) >>> 5) * 67108864 + (mix32(b ^ a) >>> 6)) / 9007199254740992;
}

function mix32(value: number): number {
  let h = value ^ (value >>> 16);
  h = Math.imul(h, 0x85ebca6b);
  h ^= h >>> 13;
  h = Math.imul(h, 0xc2b2ae35);
  return (h ^ (h >>> 16)) >>> 0;
}

/** 32 bits of a text, evenly spread: FNV-1a over UTF-16 units, then MurmurHash3's finaliser. The same everywhere. */
export function hash32(text: string): number {
  let hash = 0x811c9dc5;
  for (let i = 0; i < text.length; i++) hash = Math.imul(hash ^ text.charCodeAt(i), 0x01000193);
  return mix32(hash);
}
