import type { Cell, ColumnType, ScalarCell, ScalarType } from '../utils/columns';

const MONTHS = ['Jan', 'Feb', 'Mar', 'Apr', 'May', 'Jun', 'Jul', 'Aug', 'Sep', 'Oct', 'Nov', 'Dec'];
const grouped = new Intl.NumberFormat('en-US', { maximumFractionDigits: 0 });

export const MICROS_PER_DAY = 86_400_000_000;

/** 12345 as "12,345". */
export function count(value: number): string {
  return grouped.format(value);
}

/** A count with its noun: "1 row", "2 rows". */
export function counted(value: number, noun: string, plural = `${noun}s`): string {
  return `${count(value)} ${value === 1 ? noun : plural}`;
}

/** A fixed number of decimals with a true minus sign; "–" when there is no value. */
export function fixed(value: number | null | undefined, decimals = 3): string {
  if (value === null || value === undefined || !Number.isFinite(value)) return '–';
  const text = value.toFixed(decimals);
  return text.startsWith('-') ? (Number(text) === 0 ? text.slice(1) : `−${text.slice(1)}`) : text;
}

/** As `fixed`, with a plus sign on positive values. */
export function signed(value: number, decimals = 2): string {
  const text = fixed(value, decimals);
  return value > 0 && Number(value.toFixed(decimals)) !== 0 ? `+${text}` : text;
}

/** A share 0..1 as "40%" or "6.2%". */
export function percent(share: number | null | undefined, decimals?: number): string {
  if (share === null || share === undefined || !Number.isFinite(share)) return '–';
  const value = 100 * share;
  if (decimals === undefined && value > 0 && value < 0.05) return '< 0.1%';
  const places = decimals ?? (value === 0 || Math.abs(value) >= 9.95 ? 0 : 1);
  return `${fixed(value, places)}%`;
}

/** A number in three or four significant digits, grouped where it is large. */
export function compact(value: number | null | undefined): string {
  if (value === null || value === undefined || !Number.isFinite(value)) return '–';
  const size = Math.abs(value);
  if (Number.isInteger(value) && size < 1e15) return grouped.format(value).replace('-', '−');
  if (size >= 1000) return grouped.format(value).replace('-', '−');
  if (size !== 0 && size < 0.001) return value.toExponential(1).replace('-', '−');
  const decimals = size >= 100 ? 1 : size >= 1 ? 2 : 3;
  return fixed(Number(value.toFixed(decimals)), decimals)
    .replace(/(\.\d*?)0+$/, '$1')
    .replace(/\.$/, '');
}

/** Microseconds since 1970 UTC as "2 Mar 2026". */
export function date(micros: number): string {
  const day = new Date(micros / 1000);
  return `${day.getUTCDate()} ${MONTHS[day.getUTCMonth()] ?? ''} ${day.getUTCFullYear()}`;
}

/** Microseconds since 1970 UTC as "2026-03-02", the form a date input takes. */
export function isoDate(micros: number): string {
  return new Date(micros / 1000).toISOString().slice(0, 10);
}

/** Wall-clock milliseconds as "2 Mar 2026, 14:05" in the reader's time zone. */
export function wallTime(ms: number): string {
  const at = new Date(ms);
  const pad = (value: number) => String(value).padStart(2, '0');
  return `${at.getDate()} ${MONTHS[at.getMonth()] ?? ''} ${at.getFullYear()}, ${pad(at.getHours())}:${pad(at.getMinutes())}`;
}

/** A length of time: "0.8 s", "21 s", "1 min 12 s". */
export function duration(ms: number): string {
  const seconds = ms / 1000;
  if (seconds < 1) return `${Math.max(seconds, 0).toFixed(1)} s`;
  if (seconds < 90) return `${Math.round(seconds)} s`;
  const minutes = Math.floor(seconds / 60);
  return `${minutes} min ${Math.round(seconds - 60 * minutes)} s`;
}

/** Whole days between two times, in words: "27 days". */
export function daysBetween(from: number, to: number): string {
  return counted(Math.round(Math.abs(to - from) / MICROS_PER_DAY), 'day');
}

export function bytes(value: number): string {
  if (value < 1000) return `${value} B`;
  const units = ['kB', 'MB', 'GB'];
  let size = value / 1000;
  let unit = 0;
  while (size >= 999.5 && unit < units.length - 1) {
    size /= 1000;
    unit++;
  }
  return `${size >= 100 ? Math.round(size) : size.toFixed(1)} ${units[unit] ?? ''}`;
}

/** A column's type: "int64", "int64[]" for lists. */
export function typeText({ type, items }: { readonly type: ColumnType; readonly items?: ScalarType }): string {
  return items === undefined ? type : `${items}[]`;
}

/** A list as JSON text with all digits of whole numbers. */
export function listText(list: readonly ScalarCell[]): string {
  return `[${list.map((item) => (typeof item === 'bigint' ? String(item) : JSON.stringify(item))).join(', ')}]`;
}

/** One table cell as text, `items` saying what lists hold; missing is an empty string, which the caller marks. */
export function cell(value: Cell, type: ColumnType, items?: ScalarType): string {
  if (value === null) return '';
  if (typeof value === 'object') {
    return `[${value.map((item) => (item === null ? 'missing' : cell(item, items ?? 'string'))).join(', ')}]`;
  }
  if (type === 'timestamp' && typeof value === 'number') {
    const iso = new Date(value / 1000).toISOString();
    return iso.endsWith('T00:00:00.000Z') ? iso.slice(0, 10) : iso.slice(0, 16).replace('T', ' ');
  }
  if (typeof value === 'number') return Number.isInteger(value) ? String(value) : String(Number(value.toPrecision(6)));
  return String(value);
}

const METRICS: Readonly<Record<string, string>> = {
  roc_auc: 'ROC-AUC',
  pr_auc: 'PR-AUC',
  log_loss: 'log loss',
  logloss: 'log loss',
  brier: 'Brier score',
  precision: 'precision',
  recall: 'recall',
  selection_rate: 'share called positive',
  tpr: 'recall',
  fpr: 'false-positive rate',
  jensenshannon: 'Jensen-Shannon distance',
  ks: 'Kolmogorov-Smirnov D',
};

/** A stored metric key as people write it. */
export function metricName(key: string): string {
  return METRICS[key] ?? key.replaceAll('_', ' ');
}

/** "resting_bp" as "resting bp", for headings; identifiers stay as they are in tables. */
export function plainName(name: string): string {
  return name.replaceAll('_', ' ');
}

/** The first letter in capitals. */
export function sentenceCase(text: string): string {
  return text.charAt(0).toUpperCase() + text.slice(1);
}
