import { compact, duration, fixed, wallTime } from '../../format';

/** A field of runs as its column shows it. */
export interface ColumnWords {
  /** "best", "min", "max" or empty. */
  readonly prefix: string;
  readonly title: string;
  /** What the field is ordered by: params by the numbers they write. */
  readonly order: string;
}

const PREFIXES: readonly string[] = ['best', 'min', 'max'];

export function columnWords(field: string): ColumnWords {
  const dot = field.indexOf('.');
  const word = dot < 0 ? '' : field.slice(0, dot);
  const key = (dot < 0 ? field : field.slice(dot + 1)).replaceAll('`', '');
  return {
    prefix: PREFIXES.includes(word) ? word : word === 'tags' || word === 'dataset' ? word.replace(/s$/, '') : '',
    title: key,
    order: word === 'params' ? `number(${field})` : field,
  };
}

export function isOrderable(field: string): boolean {
  return !field.startsWith('dataset.');
}

/** A cell as text; a dash where the run has no such value. */
export function cellText(field: string, value: string | number | null | undefined): string {
  if (value === null || value === undefined) return '–';
  if (typeof value === 'string') return value;
  if (field === 'start_time' || field === 'end_time') return wallTime(value);
  if (field === 'duration') return duration(value);
  return numberText(value);
}

/** Metrics with four decimals where they are of that size, so that a column lines up. */
export function numberText(value: number | null): string {
  if (value === null) return '–';
  if (Number.isNaN(value)) return 'NaN';
  if (!Number.isFinite(value)) return value > 0 ? '∞' : '−∞';
  const size = Math.abs(value);
  return Number.isInteger(value) || size >= 100 || (size > 0 && size < 0.001) ? compact(value) : fixed(value, 4);
}
