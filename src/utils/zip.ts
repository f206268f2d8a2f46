import { deflateSync, strToU8, zipSync } from 'fflate';
import { crc32 } from './crc32';
import { utf8Bytes } from './utf8';

/** MS-DOS time, which zip files hold, begins here; every file has it, so that equal files give equal archives. */
const EPOCH = new Date(1980, 0, 1);
const EPOCH_DATE = (1 << 5) | 1;

/** Files by path as one zip archive, in their order. */
export function zipFiles(files: ReadonlyMap<string, string | Uint8Array>): Uint8Array {
  const entries = [...files].map(([path, content]) => [path, typeof content === 'string' ? strToU8(content) : content]);
  return zipSync(Object.fromEntries(entries) as Record<string, Uint8Array>, { mtime: EPOCH });
}

/** More than this many times its size in the archive, an entry is held for one made to fill the memory. */
export const MOST_GROWTH = 200;
/** Entries up to this size may grow as they like. */
export const FREE_GROWTH = 16 * 1024 * 1024;

interface Placed {
  readonly header: Uint8Array;
  readonly offset: number;
}

/**
 * A zip archive made entry by entry, so that a caller can stop in between. What would grow more than readers allow is
 * stored as it is. At most 65,535 entries and 4 GB (no zip64).
 */
export class ZipWriter {
  readonly #pieces: Uint8Array[] = [];
  readonly #placed: Placed[] = [];
  #length = 0;

  /** @param level 0 stores, 9 packs the most */
  add(path: string, bytes: Uint8Array, level: 0 | 1 | 6): void {
    const packed = level === 0 ? bytes : deflateSync(bytes, { level });
    const grows = bytes.length > FREE_GROWTH && bytes.length > MOST_GROWTH * packed.length;
    const stored = level === 0 || grows || packed.length >= bytes.length;
    const name = utf8Bytes(path);
    const data = stored ? bytes : packed;
    const common = commonHeader({
      stored,
      crc: crc32(bytes),
      packed: data.length,
      size: bytes.length,
      name: name.length,
    });
    this.#placed.push({ header: joined([common, new Uint8Array(14), name]), offset: this.#length });
    this.#push(signed(0x04034b50, common), name, data);
  }

  /** The archive; the writer is done with. */
  finish(): Uint8Array {
    const start = this.#length;
    for (const { header, offset } of this.#placed) {
      const view = new DataView(header.buffer);
      view.setUint32(COMMON + 10, offset, true);
      this.#push(signed(0x02014b50, Uint8Array.of(20, 0), header));
    }
    const end = new DataView(new ArrayBuffer(22));
    end.setUint32(0, 0x06054b50, true);
    end.setUint16(8, this.#placed.length, true);
    end.setUint16(10, this.#placed.length, true);
    end.setUint32(12, this.#length - start, true);
    end.setUint32(16, start, true);
    this.#push(new Uint8Array(end.buffer));
    return joined(this.#pieces);
  }

  #push(...pieces: readonly Uint8Array[]): void {
    for (const piece of pieces) {
      this.#pieces.push(piece);
      this.#length += piece.length;
    }
  }
}

/** Bytes of what a local and a central header have alike, from the version needed to the extra field's length. */
const COMMON = 26;

function commonHeader(entry: {
  readonly stored: boolean;
  readonly crc: number;
  readonly packed: number;
  readonly size: number;
  readonly name: number;
}): Uint8Array {
  const view = new DataView(new ArrayBuffer(COMMON));
  view.setUint16(0, 20, true);
  // Bit 11: the name is UTF-8.
  view.setUint16(2, 0x0800, true);
  view.setUint16(4, entry.stored ? 0 : 8, true);
  view.setUint16(8, EPOCH_DATE, true);
  view.setUint32(10, entry.crc, true);
  view.setUint32(14, entry.packed, true);
  view.setUint32(18, entry.size, true);
  view.setUint16(22, entry.name, true);
  return new Uint8Array(view.buffer);
}

function signed(signature: number, ...rest: readonly Uint8Array[]): Uint8Array {
  const view = new DataView(new ArrayBuffer(4));
  view.setUint32(0, signature, true);
  return joined([new Uint8Array(view.buffer), ...rest]);
}

function joined(pieces: readonly Uint8Array[]): Uint8Array {
  const whole = new Uint8Array(pieces.reduce((sum, piece) => sum + piece.length, 0));
  let at = 0;
  for (const piece of pieces) {
    whole.set(piece, at);
    at += piece.length;
  }
  return whole;
}
