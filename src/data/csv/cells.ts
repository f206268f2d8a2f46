import { decodeUtf8 } from './text';

const POWERS = Array.from({ length: 23 }, (_, k) => Number(`1e${k}`));
const DOT = 0x2e;
const COMMA = 0x2c;
const MINUS = 0x2d;
const PLUS = 0x2b;

/** What the last call of `parseNumber` saw beside the value. */
export const lastNumber = { integer: false, fraction: false };

/**
 * The number in [start, end), NaN when the bytes are not a decimal number. `decimal` is the byte that stands before the
 * fraction. Correctly rounded: up to 15 digits by one exact product or quotient (Clinger 1990), others by `Number`.
 */
export function parseNumber(bytes: Uint8Array, start: number, end: number, decimal: number): number {
  let at = start;
  const sign = bytes[at];
  if (sign === MINUS || sign === PLUS) at++;
  let mantissa = 0;
  let digits = 0;
  let significant = 0;
  let fractionDigits = 0;
  let inFraction = false;
  for (; at < end; at++) {
    const byte = bytes[at] ?? 0;
    if (byte >= 0x30 && byte <= 0x39) {
      digits++;
      if (significant > 0 || byte !== 0x30) significant++;
      if (significant <= 15) mantissa = mantissa * 10 + (byte - 0x30);
      if (inFraction) fractionDigits++;
    } else if (byte === decimal && !inFraction) {
      inFraction = true;
    } else {
      break;
    }
  }
  if (digits === 0) return NaN;
  let exponent = 0;
  const integer = at === end && !inFraction;
  if (at < end) {
    exponent = parseExponent(bytes, at, end);
    if (Number.isNaN(exponent)) return NaN;
  }
  lastNumber.integer = integer;
  lastNumber.fraction = inFraction;
  const scale = exponent - fractionDigits;
  if (significant > 15 || scale > 22 || scale < -22) return slowNumber(bytes, start, end, decimal);
  const value = scale < 0 ? mantissa / (POWERS[-scale] ?? NaN) : mantissa * (POWERS[scale] ?? NaN);
  return sign === MINUS ? -value : value;
}

function parseExponent(bytes: Uint8Array, at: number, end: number): number {
  if (((bytes[at] ?? 0) | 0x20) !== 0x65) return NaN;
  let position = at + 1;
  const sign = bytes[position];
  if (sign === MINUS || sign === PLUS) position++;
  if (position >= end || end - position > 6) return NaN;
  let value = 0;
  for (; position < end; position++) {
    const digit = (bytes[position] ?? 0) - 0x30;
    if (digit < 0 || digit > 9) return NaN;
    value = value * 10 + digit;
  }
  return sign === MINUS ? -value : value;
}

function slowNumber(bytes: Uint8Array, start: number, end: number, decimal: number): number {
  const text = decodeUtf8(bytes, start, end);
  const value = Number(decimal === COMMA ? text.replace(',', '.') : text);
  return Number.isFinite(value) ? value : NaN;
}

const LEAST_INT64 = -(1n << 63n);
const MOST_INT64 = (1n << 63n) - 1n;

/** The whole number in [start, end) when it fits 64 bits, else null. Call where `lastNumber.integer` held. */
export function parseInt64(bytes: Uint8Array, start: number, end: number, value: number): bigint | null {
  if (Math.abs(value) <= Number.MAX_SAFE_INTEGER) return BigInt(value);
  const text = decodeUtf8(bytes, bytes[start] === PLUS ? start + 1 : start, end);
  if (text.length > 40) return null;
  const exact = BigInt(text);
  return exact >= LEAST_INT64 && exact <= MOST_INT64 ? exact : null;
}

/** True for an empty cell, "?", NA, N/A, NaN and null in any case. */
export function isMissing(bytes: Uint8Array, start: number, end: number): boolean {
  const length = end - start;
  if (length === 0) return true;
  if (length > 4) return false;
  if (length === 1) return bytes[start] === 0x3f;
  const first = lower(bytes, start);
  if (first !== 0x6e) return false;
  const second = lower(bytes, start + 1);
  if (length === 2) return second === 0x61;
  const third = lower(bytes, start + 2);
  if (length === 3) return (second === 0x61 && third === 0x6e) || (second === 0x2f && third === 0x61);
  return second === 0x75 && third === 0x6c && lower(bytes, start + 3) === 0x6c;
}

function lower(bytes: Uint8Array, at: number): number {
  const byte = bytes[at] ?? 0;
  return byte >= 0x41 && byte <= 0x5a ? byte | 0x20 : byte;
}

/** 1 for "true", 0 for "false" in any case, else -1. */
export function parseBool(bytes: Uint8Array, start: number, end: number): number {
  if (end - start === 4 && matches(bytes, start, 'true')) return 1;
  return end - start === 5 && matches(bytes, start, 'false') ? 0 : -1;
}

const TRUE_WORDS = ['true', 'yes', 't', 'y'];
const FALSE_WORDS = ['false', 'no', 'f', 'n'];

/** As `parseBool`, and yes, no, y, n, t, f, 1, 0 besides: for a column that a person calls bool. */
export function parseLooseBool(bytes: Uint8Array, start: number, end: number): number {
  const fits = (word: string) => end - start === word.length && matches(bytes, start, word);
  if (TRUE_WORDS.some(fits)) return 1;
  if (FALSE_WORDS.some(fits)) return 0;
  const value = parseNumber(bytes, start, end, DOT);
  return value === 0 || value === 1 ? value : -1;
}

function matches(bytes: Uint8Array, start: number, word: string): boolean {
  for (let i = 0; i < word.length; i++) if (lower(bytes, start + i) !== word.charCodeAt(i)) return false;
  return true;
}
