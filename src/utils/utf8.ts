const PIECE = 8192;
/** Least code point that needs so many continuation bytes; shorter ones may not be written longer. */
const LEAST = [0, 0x80, 0x800, 0x10000];

/**
 * The text of UTF-8 bytes; null where they are not UTF-8 (cut off, overlong, a surrogate, beyond U+10FFFF). Nothing is
 * replaced and a byte-order mark is kept.
 */
export function utf8Text(bytes: Uint8Array): string | null {
  let text = '';
  let units: number[] = [];
  for (let at = 0; at < bytes.length;) {
    const ascii = asciiRun(bytes, at);
    if (ascii > at) {
      text += String.fromCharCode(...units, ...bytes.subarray(at, ascii));
      units = [];
      at = ascii;
      continue;
    }
    const more = continuationsOf(bytes[at] as number);
    const point = more === 0 ? -1 : codePoint(bytes, at, more);
    if (point < 0) return null;
    if (point < 0x10000) units.push(point);
    else units.push(0xd800 + ((point - 0x10000) >> 10), 0xdc00 + ((point - 0x10000) & 0x3ff));
    if (units.length >= PIECE) {
      text += String.fromCharCode(...units);
      units = [];
    }
    at += more + 1;
  }
  return text + String.fromCharCode(...units);
}

/** Where a run of ASCII from `at` ends, at most PIECE bytes on. */
function asciiRun(bytes: Uint8Array, at: number): number {
  const end = Math.min(at + PIECE, bytes.length);
  while (at < end && (bytes[at] as number) < 0x80) at++;
  return at;
}

/** Bytes that follow this first one; 0 where it cannot begin a character of several. */
function continuationsOf(first: number): number {
  if (first < 0xc2 || first > 0xf4) return 0;
  return first < 0xe0 ? 1 : first < 0xf0 ? 2 : 3;
}

/** The code point of `more` + 1 bytes from `at`; -1 where there is none. */
function codePoint(bytes: Uint8Array, at: number, more: number): number {
  let point = (bytes[at] as number) & (0x3f >> more);
  for (let i = 1; i <= more; i++) {
    const next = bytes[at + i] ?? 0;
    if ((next & 0xc0) !== 0x80) return -1;
    point = (point << 6) | (next & 0x3f);
  }
  const surrogate = point >= 0xd800 && point <= 0xdfff;
  return point < (LEAST[more] as number) || surrogate || point > 0x10ffff ? -1 : point;
}

/** The UTF-8 bytes of a text; a lone surrogate becomes U+FFFD. */
export function utf8Bytes(text: string): Uint8Array {
  const bytes = new Uint8Array(3 * text.length);
  let at = 0;
  for (const character of text) {
    const code = character.codePointAt(0) as number;
    const point = code >= 0xd800 && code <= 0xdfff ? 0xfffd : code;
    if (point < 0x80) {
      bytes[at++] = point;
      continue;
    }
    const more = point < 0x800 ? 1 : point < 0x10000 ? 2 : 3;
    bytes[at++] = ((0xff00 >> (more + 1)) & 0xff) | (point >> (6 * more));
    for (let i = more - 1; i >= 0; i--) bytes[at++] = 0x80 | ((point >> (6 * i)) & 0x3f);
  }
  return bytes.slice(0, at);
}
