import { inflateSync } from 'fflate';
import { WorkbenchError } from './errors';
import { utf8Text } from './utf8';
import { FREE_GROWTH, MOST_GROWTH } from './zip';

const END = 0x06054b50;
const CENTRAL = 0x02014b50;
const LOCAL = 0x04034b50;

/** One file of an archive, not unpacked yet. */
export interface ZipEntry {
  readonly path: string;
  /** Bytes unpacked, as the archive says. */
  readonly size: number;
  /** Unpacks it into exactly `size` bytes; what would be more is not kept, what is less is refused. */
  bytes(): Uint8Array;
}

export interface ZipLimits {
  readonly entries: number;
  /** Bytes of one entry, unpacked. */
  readonly entry: number;
  /** Bytes of all entries, unpacked. */
  readonly total: number;
}

/**
 * The files of a zip archive that may be hostile. Everything is judged by the directory before a byte is unpacked: counts
 * and sizes within the limits, no entry that grows more than 200 times beyond 16 MB, no two entries that share bytes, no
 * path twice, and none that is absolute, has "..", a backslash or an empty part. Throws INTEROP_INVALID with the reason.
 */
export function readZip(bytes: Uint8Array, what: string, limits: ZipLimits): readonly ZipEntry[] {
  const archive: Archive = { bytes, view: new DataView(bytes.buffer, bytes.byteOffset, bytes.length), what };
  const { count, start, end } = findDirectory(archive);
  if (count > limits.entries) refuse(archive, `holds ${count} files, more than the ${limits.entries} that are read`);
  const places: Place[] = [];
  let at = start;
  for (let i = 0; i < count; i++) {
    if (at + 46 > end || archive.view.getUint32(at, true) !== CENTRAL) damaged(archive);
    const place = readPlace(archive, at);
    places.push(place);
    at = place.next;
    if (at > end) damaged(archive);
  }
  checkSizes(archive, places, limits);
  checkPaths(archive, places);
  checkOverlap(archive, places, start);
  return places.map((place) => ({ path: place.path, size: place.size, bytes: () => unpack(archive, place) }));
}

interface Archive {
  readonly bytes: Uint8Array;
  readonly view: DataView;
  readonly what: string;
}

interface Place {
  readonly path: string;
  readonly method: number;
  readonly packed: number;
  readonly size: number;
  /** Where its local header begins, and its data. */
  readonly offset: number;
  readonly data: number;
  /** Where the directory goes on. */
  readonly next: number;
}

function findDirectory(archive: Archive): { readonly count: number; readonly start: number; readonly end: number } {
  const { view, bytes } = archive;
  if (bytes.length < 4 || view.getUint32(0, true) !== LOCAL) refuse(archive, 'is not a zip archive with files in it');
  const earliest = Math.max(0, bytes.length - 22 - 65_535);
  for (let at = bytes.length - 22; at >= earliest; at--) {
    if (view.getUint32(at, true) !== END) continue;
    const count = view.getUint16(at + 10, true);
    const length = view.getUint32(at + 12, true);
    const start = view.getUint32(at + 16, true);
    if (at + 22 + view.getUint16(at + 20, true) !== bytes.length || start + length !== at) damaged(archive);
    return { count, start, end: at };
  }
  return refuse(archive, 'ends before the directory of its files; it was cut short. Take or copy it again');
}

function readPlace(archive: Archive, at: number): Place {
  const { view, bytes } = archive;
  const nameLength = view.getUint16(at + 28, true);
  const next = at + 46 + nameLength + view.getUint16(at + 30, true) + view.getUint16(at + 32, true);
  const offset = view.getUint32(at + 42, true);
  const packed = view.getUint32(at + 20, true);
  const path = utf8Text(bytes.subarray(at + 46, at + 46 + nameLength));
  if (path === null) refuse(archive, 'has a file whose name is not UTF-8');
  if ((view.getUint16(at + 8, true) & 1) !== 0) refuse(archive, `has the file "${shown(path)}" locked by a password`);
  if (offset + 30 > bytes.length || view.getUint32(offset, true) !== LOCAL) damaged(archive);
  const data = offset + 30 + view.getUint16(offset + 26, true) + view.getUint16(offset + 28, true);
  if (data + packed > bytes.length) damaged(archive);
  return {
    path,
    method: view.getUint16(at + 10, true),
    packed,
    size: view.getUint32(at + 24, true),
    offset,
    data,
    next,
  };
}

function checkSizes(archive: Archive, places: readonly Place[], limits: ZipLimits): void {
  let total = 0;
  for (const { path, packed, size, method } of places) {
    const name = shown(path);
    if (method !== 0 && method !== 8)
      refuse(archive, `has the file "${name}" packed by method ${method}; deflate is read`);
    if (method === 0 && packed !== size) damaged(archive);
    if (size > limits.entry)
      refuse(archive, `has the file "${name}" of ${size} bytes, more than the ${limits.entry} that are read`);
    if (size > FREE_GROWTH && size > MOST_GROWTH * packed) {
      refuse(archive, `has the file "${name}", which would grow from ${packed} bytes to ${size}; that is a zip bomb`);
    }
    total += size;
  }
  if (total > limits.total)
    refuse(archive, `would unpack to ${total} bytes, more than the ${limits.total} that are read`);
}

function checkPaths(archive: Archive, places: readonly Place[]): void {
  const seen = new Set<string>();
  for (const { path } of places) {
    const parts = path.split('/');
    if (
      path.includes('\\') ||
      Array.from(path).some(isControl) ||
      parts.some((part) => part === '' || part === '.' || part === '..')
    ) {
      refuse(archive, `has a file at "${shown(path)}", which is no plain path inside it`);
    }
    if (seen.has(path)) refuse(archive, `has the file "${shown(path)}" twice`);
    seen.add(path);
  }
}

/** Entries that share bytes are how a small archive unpacks to a huge one. */
function checkOverlap(archive: Archive, places: readonly Place[], directory: number): void {
  let free = 0;
  for (const place of [...places].sort((a, b) => a.offset - b.offset)) {
    if (place.offset < free) refuse(archive, `has files that share bytes ("${shown(place.path)}"); that is a zip bomb`);
    free = place.data + place.packed;
  }
  if (free > directory) damaged(archive);
}

function unpack(archive: Archive, { path, method, data, packed, size }: Place): Uint8Array {
  const piece = archive.bytes.subarray(data, data + packed);
  if (method === 0) return piece;
  try {
    const out = inflateSync(piece, { out: new Uint8Array(size) });
    if (out.length === size) return out;
  } catch {
    // Told below, as one sentence for every way of being damaged.
  }
  return refuse(archive, `is damaged at the file "${shown(path)}". Take or copy it again`);
}

function damaged(archive: Archive): never {
  return refuse(archive, 'is damaged: its directory and its files do not fit. Take or copy it again');
}

function refuse({ what }: Archive, why: string): never {
  throw new WorkbenchError('INTEROP_INVALID', `${what} ${why}. Nothing was changed.`);
}

function shown(path: string): string {
  const clear = Array.from(path.slice(0, 80), (character) => (isControl(character) ? '\ufffd' : character)).join('');
  return path.length > 80 ? `${clear}…` : clear;
}

function isControl(character: string): boolean {
  return (
    character < ' ' ||
    (character >= '\u007f' && character < '\u00a0') ||
    character === '\u2028' ||
    character === '\u2029'
  );
}
