import { checkpoint, type Control } from '../../utils/control';
import { WorkbenchError } from '../../utils/errors';
import type { CsvEncoding } from '../types';
import { Utf8Writer } from './text';

export interface DecodedBytes {
  /** Valid UTF-8 without a byte order mark. */
  readonly bytes: Uint8Array;
  readonly encoding: CsvEncoding;
  readonly warnings: readonly string[];
}

const CHUNK = 1 << 21;

const MAGIC: readonly (readonly [prefix: readonly number[], what: string])[] = [
  [[0x50, 0x4b, 0x03, 0x04], 'an Excel workbook or a zip archive'],
  [[0xd0, 0xcf, 0x11, 0xe0], 'an old Excel workbook'],
  [[0x50, 0x41, 0x52, 0x31], 'a Parquet file'],
  [[0x41, 0x52, 0x52, 0x4f, 0x57, 0x31], 'an Arrow file'],
  [[0x1f, 0x8b], 'a gzip archive'],
  [[0x25, 0x50, 0x44, 0x46], 'a PDF'],
];

/**
 * Text bytes as UTF-8. UTF-8 and UTF-16 are told by their byte order mark; without one, bytes that are not valid UTF-8
 * are read as Windows-1252, with a warning. Files that are not text are refused.
 */
export async function toUtf8(bytes: Uint8Array, control: Control): Promise<DecodedBytes> {
  refuseBinary(bytes);
  if (bytes[0] === 0xff && bytes[1] === 0xfe) return decodeUtf16(bytes, false, control);
  if (bytes[0] === 0xfe && bytes[1] === 0xff) return decodeUtf16(bytes, true, control);
  const marked = bytes[0] === 0xef && bytes[1] === 0xbb && bytes[2] === 0xbf;
  const body = marked ? bytes.subarray(3) : bytes;
  const invalidAt = await findInvalidUtf8(body, control);
  if (invalidAt < 0) return { bytes: body, encoding: 'UTF-8', warnings: [] };
  const warnings = [
    `The file is not valid UTF-8 (byte ${(invalidAt + 1).toLocaleString('en')}), so it was read as Windows-1252. If letters look wrong, save it as UTF-8 and open it again.`,
  ];
  return { bytes: await decodeWindows1252(body, control), encoding: 'Windows-1252', warnings };
}

function refuseBinary(bytes: Uint8Array): void {
  for (const [prefix, what] of MAGIC) {
    if (prefix.every((byte, i) => bytes[i] === byte)) {
      throw new WorkbenchError('DATA_INVALID', `The file is ${what}, not text. Save the table as CSV and open that.`);
    }
  }
}

/** Position of the first byte that breaks UTF-8 (RFC 3629), -1 when there is none. NUL bytes are refused. */
async function findInvalidUtf8(bytes: Uint8Array, control: Control): Promise<number> {
  let at = 0;
  while (at < bytes.length) {
    await checkpoint(control, { label: 'checking the encoding', done: at, total: bytes.length });
    const end = Math.min(at + CHUNK, bytes.length);
    while (at < end) {
      const byte = bytes[at] ?? 0;
      if (byte === 0) throw nulByte(at);
      if (byte < 0x80) {
        at++;
        continue;
      }
      const length = sequenceLength(bytes, at);
      if (length === 0) return at;
      at += length;
    }
  }
  return -1;
}

function nulByte(at: number): WorkbenchError {
  return new WorkbenchError(
    'DATA_INVALID',
    `Byte ${(at + 1).toLocaleString('en')} of the file is zero, so this is not plain text. If it is UTF-16, save it with a byte order mark or as UTF-8.`,
  );
}

/** Bytes of the multi-byte sequence at `at`; 0 when it is not valid (overlong, surrogate, too large, cut). */
function sequenceLength(bytes: Uint8Array, at: number): number {
  const [lead, second = 0] = [bytes[at] ?? 0, bytes[at + 1]];
  const follows = (count: number) => {
    for (let i = 1; i <= count; i++) if (((bytes[at + i] ?? 0) & 0xc0) !== 0x80) return false;
    return true;
  };
  if (lead >= 0xc2 && lead <= 0xdf) return follows(1) ? 2 : 0;
  if (lead >= 0xe0 && lead <= 0xef) {
    const bad = (lead === 0xe0 && second < 0xa0) || (lead === 0xed && second > 0x9f);
    return !bad && follows(2) ? 3 : 0;
  }
  if (lead >= 0xf0 && lead <= 0xf4) {
    const bad = (lead === 0xf0 && second < 0x90) || (lead === 0xf4 && second > 0x8f);
    return !bad && follows(3) ? 4 : 0;
  }
  return 0;
}

/** Code points of bytes 0x80 to 0x9f (WHATWG Encoding Standard, index windows-1252). */
const WINDOWS_1252 = [
  0x20ac, 0x81, 0x201a, 0x0192, 0x201e, 0x2026, 0x2020, 0x2021, 0x02c6, 0x2030, 0x0160, 0x2039, 0x0152, 0x8d, 0x017d,
  0x8f, 0x90, 0x2018, 0x2019, 0x201c, 0x201d, 0x2022, 0x2013, 0x2014, 0x02dc, 0x2122, 0x0161, 0x203a, 0x0153, 0x9d,
  0x017e, 0x0178,
];

async function decodeWindows1252(bytes: Uint8Array, control: Control): Promise<Uint8Array> {
  const writer = new Utf8Writer(bytes.length + 64);
  for (let start = 0; start < bytes.length; start += CHUNK) {
    await checkpoint(control, { label: 'decoding Windows-1252', done: start, total: bytes.length });
    const end = Math.min(start + CHUNK, bytes.length);
    for (let at = start; at < end; at++) {
      const byte = bytes[at] ?? 0;
      if (byte === 0) throw nulByte(at);
      writer.write(byte >= 0x80 && byte <= 0x9f ? (WINDOWS_1252[byte - 0x80] ?? 0xfffd) : byte);
    }
  }
  return writer.finish();
}

const REPLACEMENT = 0xfffd;

async function decodeUtf16(bytes: Uint8Array, bigEndian: boolean, control: Control): Promise<DecodedBytes> {
  const [high, low] = bigEndian ? [0, 1] : [1, 0];
  const unitAt = (at: number) => ((bytes[at + high] ?? 0) << 8) | (bytes[at + low] ?? 0);
  const writer = new Utf8Writer(bytes.length);
  const end = bytes.length - (bytes.length % 2);
  let broken = bytes.length % 2;
  for (let at = 2; at < end; at += 2) {
    if (at % CHUNK === 0) await checkpoint(control, { label: 'decoding UTF-16', done: at, total: end });
    const unit = unitAt(at);
    if (unit === 0) throw nulByte(at);
    const next = at + 2 < end ? unitAt(at + 2) : 0;
    if (unit >= 0xd800 && unit <= 0xdbff && next >= 0xdc00 && next <= 0xdfff) {
      writer.write(0x10000 + ((unit - 0xd800) << 10) + (next - 0xdc00));
      at += 2;
    } else if (unit >= 0xd800 && unit <= 0xdfff) {
      broken++;
      writer.write(REPLACEMENT);
    } else {
      writer.write(unit);
    }
  }
  const warnings =
    broken > 0 ? [`${broken} characters of the file are broken UTF-16 and were replaced by \uFFFD.`] : [];
  return { bytes: writer.finish(), encoding: bigEndian ? 'UTF-16BE' : 'UTF-16LE', warnings };
}
