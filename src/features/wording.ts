import { formatTimestamp } from '../data/csv/timestamps';
import type { ColumnType } from '../utils/columns';

/** 12345 as "12,345". */
export function countText(value: number): string {
  return String(value).replace(/\B(?=(\d{3})+$)/g, ',');
}

/** A share 0 to 1 as "6.1%", with as many digits as it needs not to be 0. */
export function shareText(share: number): string {
  const percent = 100 * share;
  return `${percent > 0 && percent < 0.1 ? Number(percent.toPrecision(2)) : Number(percent.toFixed(1))}%`;
}

const LENGTHS = [
  ['day', 86_400],
  ['hour', 3600],
  ['minute', 60],
] as const;

/** Seconds as "2.5 days". */
export function lengthText(seconds: number): string {
  const [name, length] = LENGTHS.find(([, size]) => Math.abs(seconds) >= size) ?? ['second', 1];
  const value = Number((seconds / length).toFixed(1));
  return `${value} ${value === 1 ? name : `${name}s`}`;
}

/** The last time that a Date can be of, in microseconds. */
const LATEST = 8.64e18;

/** A bound or value of a column: numbers in six significant digits, whole ones in full, times as UTC. */
export function valueText(type: ColumnType, value: number | bigint): string {
  if (typeof value === 'bigint') return String(value);
  if (type === 'timestamp' && Math.abs(value) <= LATEST) {
    const text = formatTimestamp(value);
    return /[T ]00:00:00(\.0+)?Z?$/.test(text) ? text.slice(0, 10) : text;
  }
  return Number.isInteger(value) ? String(value) : String(Number(value.toPrecision(6)));
}
