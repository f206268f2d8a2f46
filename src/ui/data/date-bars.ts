import type { DataView } from '../../pipeline/views';

type PartitionView = DataView['partitions'][number];

/** Rows and files of one date of a table; dates without any are there too, so that gaps show. */
export interface DateBar {
  readonly date: string;
  readonly rows: number;
  /** Rows of each file, oldest append first. */
  readonly files: readonly number[];
}

export interface DateBars {
  readonly bars: readonly DateBar[];
  readonly most: number;
  /** Rows in partitions without a date. */
  readonly undated: number;
}

/** More gaps than this are not drawn: bars would be thinner than a pixel. */
const MOST_BARS = 400;

/** The dates of one table's partitions, from the first to the last. */
export function dateBars(partitions: readonly PartitionView[]): DateBars {
  const byDate = new Map<string, number[]>();
  let undated = 0;
  for (const { date, rows } of [...partitions].sort((a, b) => a.sequence - b.sequence)) {
    if (date === null) undated += rows;
    else byDate.set(date, [...(byDate.get(date) ?? []), rows]);
  }
  const bars = datesBetween([...byDate.keys()].sort()).map((date) => {
    const files = byDate.get(date) ?? [];
    return { date, rows: files.reduce((sum, rows) => sum + rows, 0), files };
  });
  return { bars, most: Math.max(1, ...bars.map(({ rows }) => rows)), undated };
}

/** Every day, month or year from the first to the last of `dates`; only those given where that is too many. */
function datesBetween(dates: readonly string[]): readonly string[] {
  const [first] = dates;
  const last = dates.at(-1);
  if (first === undefined || last === undefined) return [];
  const all: string[] = [];
  for (let date: string | null = first; date !== null && date <= last; date = nextDate(date)) {
    all.push(date);
    if (all.length > MOST_BARS) return dates;
  }
  return all;
}

/** The day, month or year after; null for dates beyond the years 0 to 9999. */
function nextDate(date: string): string | null {
  const parts = date.split('-').map(Number);
  const [year = NaN, month = 1, day = 1] = parts;
  if (!(year >= 0 && year < 9999)) return null;
  const [y, m, d] = [parts.length === 1 ? 1 : 0, parts.length === 2 ? 1 : 0, parts.length === 3 ? 1 : 0];
  const next = new Date(0);
  next.setUTCFullYear(year + y, month - 1 + m, day + d);
  return next.toISOString().slice(0, date.length);
}
