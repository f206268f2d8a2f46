import type { Granularity } from './types';

const DAY = 86_400_000_000;
/** A partition holds about this many rows at least, so that a small table is not a hundred files … */
const FEW_ROWS = 1000;
/** … and not many more than this, so that one can be read without the others. */
const MANY_ROWS = 500_000;

/** Number of the day, month or year of a time, in order of time; months are year * 12 + month. */
function periodOf(micros: number, granularity: Granularity): number {
  const days = Math.floor(micros / DAY);
  if (granularity === 'day') return days;
  const { year, month } = civilFromDays(days);
  return granularity === 'year' ? year : year * 12 + month - 1;
}

/** "2026-03-07", "2026-03" or "2026" of a period's number. */
function periodText(period: number, granularity: Granularity): string {
  if (granularity === 'year') return yearText(period);
  if (granularity === 'month') {
    const year = Math.floor(period / 12);
    return `${yearText(year)}-${two(period - year * 12 + 1)}`;
  }
  const { year, month, day } = civilFromDays(period);
  return `${yearText(year)}-${two(month)}-${two(day)}`;
}

function yearText(year: number): string {
  return `${year < 0 ? '-' : ''}${String(Math.abs(year)).padStart(4, '0')}`;
}

function two(value: number): string {
  return String(value).padStart(2, '0');
}

/**
 * Date of the proleptic Gregorian calendar from days since 1970-01-01 (Howard Hinnant, "chrono-Compatible Low-Level Date
 * Algorithms", civil_from_days).
 */
function civilFromDays(days: number): { readonly year: number; readonly month: number; readonly day: number } {
  const z = days + 719468;
  const era = Math.floor(z / 146097);
  const dayOfEra = z - era * 146097;
  const yearOfEra = Math.floor(
    (dayOfEra - Math.floor(dayOfEra / 1460) + Math.floor(dayOfEra / 36524) - Math.floor(dayOfEra / 146096)) / 365,
  );
  const dayOfYear = dayOfEra - (365 * yearOfEra + Math.floor(yearOfEra / 4) - Math.floor(yearOfEra / 100));
  const shifted = Math.floor((5 * dayOfYear + 2) / 153);
  const month = shifted < 10 ? shifted + 3 : shifted - 9;
  return {
    year: yearOfEra + era * 400 + (month <= 2 ? 1 : 0),
    month,
    day: dayOfYear - Math.floor((153 * shifted + 2) / 5) + 1,
  };
}

/** Rows of one date: their numbers in the table, ascending, and their first and last event time. */
export interface DatedRows {
  /** Null for rows without event time. */
  readonly date: string | null;
  readonly rows: Int32Array;
  readonly from: number | null;
  readonly to: number | null;
}

/**
 * How long a time a partition should be about: months, unless they would hold next to nothing (years) or too much to
 * read at once (days).
 */
export function chooseGranularity(times: Float64Array): Granularity {
  const months = new Set<number>();
  let present = 0;
  for (const time of times) {
    if (Number.isNaN(time)) continue;
    present += 1;
    months.add(periodOf(time, 'month'));
  }
  const rows = present / Math.max(months.size, 1);
  return rows < FEW_ROWS && months.size > 1 ? 'year' : rows > MANY_ROWS ? 'day' : 'month';
}

/** The rows of each date in order of time; those without event time (NaN) come first, under null. */
export function rowsByDate(times: Float64Array, granularity: Granularity): readonly DatedRows[] {
  const numbers = new Map<number, number>();
  const group = new Int32Array(times.length);
  const counts: number[] = [];
  const cache = { day: NaN, group: -1 };
  for (let row = 0; row < times.length; row++) {
    const time = times[row] as number;
    const day = Math.floor(time / DAY);
    if (day !== cache.day) {
      const period = Number.isNaN(time) ? -Infinity : periodOf(time, granularity);
      const known = numbers.get(period);
      if (known === undefined) numbers.set(period, counts.push(0) - 1);
      cache.day = day;
      cache.group = known ?? counts.length - 1;
    }
    group[row] = cache.group;
    counts[cache.group] = (counts[cache.group] ?? 0) + 1;
  }
  const rows = counts.map((count) => new Int32Array(count));
  const filled = new Int32Array(counts.length);
  for (let row = 0; row < times.length; row++) {
    const into = group[row] as number;
    const list = rows[into];
    if (list) list[filled[into] as number] = row;
    filled[into] = (filled[into] as number) + 1;
  }
  return [...numbers]
    .sort(([a], [b]) => a - b)
    .map(([period, at]) => dated(period === -Infinity ? null : periodText(period, granularity), rows[at], times));
}

function dated(date: string | null, rows: Int32Array = new Int32Array(), times: Float64Array): DatedRows {
  if (date === null) return { date, rows, from: null, to: null };
  let [from, to] = [Infinity, -Infinity];
  for (const row of rows) {
    const time = times[row] as number;
    if (time < from) from = time;
    if (time > to) to = time;
  }
  return { date, rows, from, to };
}
