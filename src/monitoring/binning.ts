import { log } from '../utils/math';
import { sortedPresent } from '../utils/statistics';
import { cellAt, columnLength, toFloat64, type Cell, type Column } from '../utils/columns';

/** A column to watch: a table's column, or plain numbers with NaN for missing. */
export type DriftColumn = Column | Float64Array | Float32Array;

/** Shares of both sides over the same bins; each side sums to 1. */
export interface BinnedShares {
  /** How the bins came about, in words. */
  readonly binning: string;
  /** Ascending, one more than bins; null when a bin is a value, named in `labels`. */
  readonly edges: readonly number[] | null;
  readonly labels: readonly string[];
  readonly reference: readonly number[];
  readonly current: readonly number[];
}

/** Bins of the default mode. */
const QUANTILE_BINS = 20;
/** A numeric reference with at most so many distinct values gets one bin a value (Evidently draws the line there too). */
const FEW_VALUES = 20;
/** Most categories shown and compared one by one. */
const MAX_CATEGORIES = 50;
const NEW_VALUES = '(values not in the reference)';
const OTHER = '(all other categories)';

/** Rows of a column. */
export function rowsOf(column: DriftColumn): number {
  return isPlain(column) ? column.length : columnLength(column);
}

/** The numbers of a column in row order, NaN where missing. Text columns have none: ask for their categories. */
export function numbersOf(column: DriftColumn): Float64Array | Float32Array {
  return isPlain(column) ? column : toFloat64(column);
}

/** The numbers of a column that are not missing, ascending. */
export function presentNumbers(column: DriftColumn): Float64Array {
  return sortedPresent(numbersOf(column));
}

/** True for text and true/false columns, whatever their values. */
export function isTextual(column: DriftColumn): boolean {
  return !isPlain(column) && (column.type === 'string' || column.type === 'bool');
}

function isPlain(column: DriftColumn): column is Float64Array | Float32Array {
  return ArrayBuffer.isView(column);
}

/** Rows by category name; numbers by their decimal form, missing left out. */
export function categoryCounts(column: DriftColumn): Map<string, number> {
  const counts = new Map<Cell, number>();
  for (let row = 0; row < rowsOf(column); row++) {
    const cell = isPlain(column) ? (column[row] ?? NaN) : cellAt(column, row);
    if (cell !== null && !Number.isNaN(cell)) counts.set(cell, (counts.get(cell) ?? 0) + 1);
  }
  // -0 and 0 are one Map key; names are made once a category, not once a row.
  return new Map([...counts].map(([cell, count]) => [String(cell), count]));
}

/**
 * One bin a category, new ones included; ascending numbers first, then names. With more than 50 categories the 50 with
 * the largest shares (both sides added) stand alone and the rest is one bin; `most` sets another number than 50.
 */
export function categoryShares(
  reference: ReadonlyMap<string, number>,
  current: ReadonlyMap<string, number>,
  most = MAX_CATEGORIES,
): BinnedShares {
  const names = [...new Set([...reference.keys(), ...current.keys()])];
  const nReference = total(reference);
  const nCurrent = total(current);
  const weight = (name: string) => (reference.get(name) ?? 0) / nReference + (current.get(name) ?? 0) / nCurrent;
  const kept =
    names.length <= most ? names : names.sort((a, b) => weight(b) - weight(a) || compareNames(a, b)).slice(0, most);
  kept.sort(compareNames);
  const shares = (counts: ReadonlyMap<string, number>, n: number): number[] => {
    const alone = kept.map((name) => counts.get(name) ?? 0);
    if (kept.length === names.length) return alone.map((count) => count / n);
    return [...alone, n - alone.reduce((sum, count) => sum + count, 0)].map((count) => count / n);
  };
  const merged = kept.length < names.length;
  return {
    binning: merged
      ? `${most} largest of ${names.length} categories, the rest in one bin`
      : `${names.length} ${names.length === 1 ? 'category' : 'categories'}`,
    edges: null,
    labels: merged ? [...kept, OTHER] : kept,
    reference: shares(reference, nReference),
    current: shares(current, nCurrent),
  };
}

function total(counts: ReadonlyMap<string, number>): number {
  let sum = 0;
  for (const count of counts.values()) sum += count;
  return sum;
}

function compareNames(a: string, b: string): number {
  const difference = Number(a) - Number(b);
  if (difference !== 0 && !Number.isNaN(difference)) return difference;
  return a < b ? -1 : a > b ? 1 : 0;
}

/**
 * 20 bins between reference quantiles, so that each holds about a twentieth of the reference and no outlier stretches
 * them; equal quantiles are one edge. A reference of at most 20 distinct values gets a bin for each and one for all
 * values it does not have. Both sides ascending, without NaN, not empty.
 */
export function quantileShares(reference: Float64Array, current: Float64Array): BinnedShares {
  const distinct = distinctValues(reference, FEW_VALUES + 1);
  if (distinct.length <= FEW_VALUES) return valueShares(distinct, reference, current);
  const edges = quantileEdges(reference, current);
  return {
    binning: `${edges.length - 1} bins between reference quantiles`,
    edges,
    labels: rangeLabels(edges),
    reference: sharesBetween(reference, edges),
    current: sharesBetween(current, edges),
  };
}

function quantileEdges(reference: Float64Array, current: Float64Array): number[] {
  const [low, high] = finiteEnds(reference, current);
  const edges = [low];
  let last = reference[0] ?? low;
  const push = (edge: number): void => {
    if (edge > (edges.at(-1) ?? low) && edge < Infinity) edges.push(edge);
    last = edge;
  };
  for (let i = 1; i < QUANTILE_BINS; i++) {
    const edge = reference[Math.floor((i * reference.length) / QUANTILE_BINS)] ?? 0;
    if (edge < last) continue;
    // A value on two quantiles is common enough for a bin of its own, which ends right above it.
    const again = edge === last;
    push(edge);
    if (again) push(nextAbove(edge));
  }
  const top = edges.at(-1) ?? low;
  edges.push(high > top ? high : top + Math.max(0.05 * (top - low), 1e-9 * Math.abs(top)));
  return edges;
}

function nextAbove(value: number): number {
  return value + Math.max(Math.abs(value) * Number.EPSILON, Number.MIN_VALUE);
}

function rangeLabels(edges: readonly number[]): string[] {
  return edges.slice(1).map((upper, i) => {
    const lower = edges[i] ?? 0;
    return upper <= nextAbove(lower) ? shortNumber(lower) : `${shortNumber(lower)} to ${shortNumber(upper)}`;
  });
}

/** Least and greatest finite value of two ascending sides. */
function finiteEnds(a: Float64Array, b: Float64Array): [number, number] {
  const first = (sorted: Float64Array) => sorted[lowerBound(sorted, -Infinity, true)] ?? Infinity;
  const last = (sorted: Float64Array) => sorted[lowerBound(sorted, Infinity) - 1] ?? -Infinity;
  return [Math.min(first(a), first(b)), Math.max(last(a), last(b))];
}

function distinctValues(sorted: Float64Array, most: number): number[] {
  const distinct: number[] = [];
  for (let i = 0; i < sorted.length && distinct.length < most; i = lowerBound(sorted, sorted[i] ?? 0, true)) {
    distinct.push(sorted[i] ?? 0);
  }
  return distinct;
}

/** First index whose value is at least `value` (past all equal ones with `after`). */
function lowerBound(sorted: Float64Array, value: number, after = false): number {
  let low = 0;
  let high = sorted.length;
  while (low < high) {
    const middle = (low + high) >>> 1;
    const at = sorted[middle] ?? Infinity;
    if (at < value || (after && at === value)) low = middle + 1;
    else high = middle;
  }
  return low;
}

function valueShares(distinct: readonly number[], reference: Float64Array, current: Float64Array): BinnedShares {
  const shares = (sorted: Float64Array) =>
    distinct.map((value) => (lowerBound(sorted, value, true) - lowerBound(sorted, value)) / sorted.length);
  const known = shares(current);
  const unknown = Math.max(0, 1 - known.reduce((sum, share) => sum + share, 0));
  const hasNew =
    distinct.reduce((sum, value) => sum + lowerBound(current, value, true) - lowerBound(current, value), 0) <
    current.length;
  return {
    binning: `${distinct.length} distinct values of the reference${hasNew ? ' and one bin for all others' : ''}`,
    edges: null,
    labels: [...distinct.map(String), ...(hasNew ? [NEW_VALUES] : [])],
    reference: [...shares(reference), ...(hasNew ? [0] : [])],
    current: [...known, ...(hasNew ? [unknown] : [])],
  };
}

/** Values below the first edge count in the first bin and those above the last in the last. */
function sharesBetween(sorted: Float64Array, edges: readonly number[]): number[] {
  const bounds = edges.map((edge, i) =>
    i === 0 ? 0 : i === edges.length - 1 ? sorted.length : lowerBound(sorted, edge),
  );
  return bounds.slice(1).map((bound, i) => (bound - (bounds[i] ?? 0)) / sorted.length);
}

function shortNumber(value: number): string {
  return String(Number(value.toPrecision(4)));
}

/**
 * The bins Evidently 0.7 uses for Jensen-Shannon: numpy's "sturges" on both sides pooled, ceil(log2 N + 1) bins of equal
 * width (evidentlyai/evidently:src/evidently/legacy/calculations/stattests/utils.py), when the reference has more than
 * 20 distinct values, else one bin a value. `whole` says that the column is stored as whole numbers, for which numpy 2.1
 * and later make no bin narrower than 1. Both sides ascending, without NaN, finite.
 */
export function sturgesShares(reference: Float64Array, current: Float64Array, whole: boolean): BinnedShares {
  if (distinctValues(reference, FEW_VALUES + 1).length <= FEW_VALUES) {
    return categoryShares(categoryCounts(reference), categoryCounts(current), Infinity);
  }
  const [low, high] = finiteEnds(reference, current);
  const sturges = (high - low) / (log2(reference.length + current.length) + 1);
  const bins = Math.ceil((high - low) / (whole ? Math.max(1, sturges) : sturges));
  const step = (high - low) / bins;
  const edges = Array.from({ length: bins + 1 }, (_, i) => (i === bins ? high : i * step + low));
  return {
    binning: `${bins} Sturges bins of both sides pooled`,
    edges,
    labels: rangeLabels(edges),
    reference: sharesBetween(reference, edges),
    current: sharesBetween(current, edges),
  };
}

/** Exact at powers of two, where the ceiling above would feel the last digit. */
function log2(n: number): number {
  let exponent = 0;
  let rest = n;
  while (rest >= 2) {
    rest /= 2;
    exponent += 1;
  }
  return exponent + log(rest) / 0.6931471805599453;
}
