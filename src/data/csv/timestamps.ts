/**
 * Days from 1970-01-01 to a date of the proleptic Gregorian calendar (Howard Hinnant, "chrono-Compatible Low-Level Date
 * Algorithms", days_from_civil). `month` is 1..12.
 */
function daysFromCivil(year: number, month: number, day: number): number {
  const y = month <= 2 ? year - 1 : year;
  const era = Math.floor(y / 400);
  const yearOfEra = y - era * 400;
  const dayOfYear = Math.floor((153 * (month + (month > 2 ? -3 : 9)) + 2) / 5) + day - 1;
  const dayOfEra = yearOfEra * 365 + Math.floor(yearOfEra / 4) - Math.floor(yearOfEra / 100) + dayOfYear;
  return era * 146097 + dayOfEra - 719468;
}

const DAYS_IN_MONTH = [31, 28, 31, 30, 31, 30, 31, 31, 30, 31, 30, 31];
const SECOND = 1_000_000;

/**
 * Microseconds since 1970 UTC of an ISO 8601 date or date-time in [start, end): YYYY-MM-DD, then optionally T or a
 * space, HH:MM, :SS, a fraction (cut after microseconds) and Z or ±HH:MM. Without a zone UTC is meant. NaN when the
 * bytes are anything else or no real date.
 */
export function parseTimestamp(bytes: Uint8Array, start: number, end: number): number {
  const length = end - start;
  if (length < 10 || length > 35 || bytes[start + 4] !== 0x2d || bytes[start + 7] !== 0x2d) return NaN;
  const year = digitsAt(bytes, start, 4);
  const month = digitsAt(bytes, start + 5, 2);
  const day = digitsAt(bytes, start + 8, 2);
  if (Number.isNaN(year) || !(month >= 1 && month <= 12) || !(day >= 1 && day <= daysIn(year, month))) return NaN;
  const date = daysFromCivil(year, month, day) * 86400 * SECOND;
  if (length === 10) return date;
  const separator = (bytes[start + 10] ?? 0) | 0x20;
  return separator === 0x74 || separator === 0x20 ? date + timeOfDay(bytes, start + 11, end) : NaN;
}

/** Whether a text that `parseTimestamp` takes says its zone: a Z, or an offset after the time of day. */
export function hasZone(bytes: Uint8Array, start: number, end: number): boolean {
  for (let at = start + 11; at < end; at++) {
    const byte = bytes[at] ?? 0;
    if (byte === 0x2b || byte === 0x2d || (byte | 0x20) === 0x7a) return true;
  }
  return false;
}

function daysIn(year: number, month: number): number {
  const leap = month === 2 && year % 4 === 0 && (year % 100 !== 0 || year % 400 === 0);
  return (DAYS_IN_MONTH[month - 1] ?? 0) + (leap ? 1 : 0);
}

function digitsAt(bytes: Uint8Array, at: number, count: number): number {
  let value = 0;
  for (let i = 0; i < count; i++) {
    const digit = (bytes[at + i] ?? 0) - 0x30;
    if (digit < 0 || digit > 9) return NaN;
    value = value * 10 + digit;
  }
  return value;
}

function timeOfDay(bytes: Uint8Array, start: number, end: number): number {
  if (end - start < 5 || bytes[start + 2] !== 0x3a) return NaN;
  const hour = digitsAt(bytes, start, 2);
  const minute = digitsAt(bytes, start + 3, 2);
  let at = start + 5;
  let second = 0;
  let micros = 0;
  if (bytes[at] === 0x3a && at + 3 <= end) {
    second = digitsAt(bytes, at + 1, 2);
    at += 3;
    if (at < end && (bytes[at] === 0x2e || bytes[at] === 0x2c)) {
      const digits = at + 1;
      at = digits;
      while (at < end && !Number.isNaN(digitsAt(bytes, at, 1))) at++;
      if (at === digits) return NaN;
      for (let i = 0; i < 6; i++) micros = micros * 10 + (digits + i < at ? digitsAt(bytes, digits + i, 1) : 0);
    }
  }
  if (!(hour <= 23 && minute <= 59 && second <= 59)) return NaN;
  return (hour * 3600 + minute * 60 + second) * SECOND + micros - zoneOffset(bytes, at, end);
}

function zoneOffset(bytes: Uint8Array, at: number, end: number): number {
  if (at === end) return 0;
  const first = bytes[at];
  if (first !== undefined && (first | 0x20) === 0x7a && at + 1 === end) return 0;
  if ((first !== 0x2b && first !== 0x2d) || end - at < 5) return NaN;
  const colon = bytes[at + 3] === 0x3a ? 1 : 0;
  if (end - at !== 5 + colon) return NaN;
  const hours = digitsAt(bytes, at + 1, 2);
  const minutes = digitsAt(bytes, at + 3 + colon, 2);
  if (!(hours <= 14 && minutes <= 59)) return NaN;
  return (first === 0x2d ? -1 : 1) * (hours * 60 + minutes) * 60 * SECOND;
}

/** Microseconds since 1970 UTC as "2026-03-02T14:05:00Z", with six more digits where there is a fraction. */
export function formatTimestamp(micros: number): string {
  const fraction = ((micros % SECOND) + SECOND) % SECOND;
  const text = new Date((micros - fraction) / 1000).toISOString().slice(0, 19);
  return fraction === 0 ? `${text}Z` : `${text}.${String(fraction).padStart(6, '0')}Z`;
}
