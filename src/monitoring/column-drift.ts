import type { DriftTestConfig } from '../config/schema';
import { checkpoint, type Control } from '../utils/control';
import { mean } from '../utils/statistics';
import {
  categoryCounts,
  categoryShares,
  isTextual,
  numbersOf,
  presentNumbers,
  quantileShares,
  rowsOf,
  type BinnedShares,
  type DriftColumn,
} from './binning';
import { jensenShannonOfShares, noiseDistance } from './jensen-shannon';
import { ksTestSorted } from './ks-test';
import type { ColumnDrift } from './types';

export interface ColumnDriftRequest {
  readonly column: string;
  /** Both sides in the same precision: 0.1 in float32 is another number than 0.1 in float64. */
  readonly reference: DriftColumn;
  readonly current: DriftColumn;
  readonly config: DriftTestConfig;
}

/** Whole numbers with at most so many distinct values are read as categories (Evidently's rule too). */
const FEW_WHOLE_NUMBERS = 10;

/**
 * Drift of one column. Text, true/false and whole numbers of at most 10 distinct reference values are categorical: the
 * Jensen-Shannon distance decides, at `config.distance` or above and above what sampling noise alone gives. Other numbers:
 * by `config.numeric`, either the same or KS, drifted when the p-value is at most `config.p_value` and the D statistic at
 * least `config.minimum_effect`. A column with values on one side only has drifted (distance 1). Missing values are
 * counted and left out of the tests. `p_adjusted` is the p-value itself here; a report adjusts over its columns.
 */
export async function columnDrift(request: ColumnDriftRequest, control: Control): Promise<ColumnDrift> {
  return isCategorical(request) ? categoricalDrift(request) : numericDrift(request, control);
}

/** Decides again with p-values adjusted over the columns, in the same order. */
export function withAdjustedPValues(
  columns: readonly ColumnDrift[],
  config: DriftTestConfig,
  adjust: (pValues: readonly number[]) => number[],
): ColumnDrift[] {
  const adjusted = adjust(columns.flatMap((column) => (column.ks ? [column.ks.p_value] : [])));
  let next = 0;
  return columns.map((column) => {
    if (!column.ks) return column;
    const ks = { ...column.ks, p_adjusted: adjusted[next++] ?? 1 };
    return { ...column, ks, drifted: column.method === 'ks' ? ksDecides(ks, config) : column.drifted };
  });
}

function isCategorical({ reference, current }: ColumnDriftRequest): boolean {
  if (isTextual(reference) || isTextual(current)) return true;
  return fewWholeNumbers(numbersOf(reference)) ?? fewWholeNumbers(numbersOf(current)) ?? true;
}

/** null when there are no values. */
function fewWholeNumbers(values: ArrayLike<number>): boolean | null {
  const distinct = new Set<number>();
  for (let i = 0; i < values.length; i++) {
    const value = values[i] ?? NaN;
    if (Number.isNaN(value)) continue;
    if (!Number.isInteger(value)) return false;
    distinct.add(value);
    if (distinct.size > FEW_WHOLE_NUMBERS) return false;
  }
  return distinct.size === 0 ? null : true;
}

function categoricalDrift(request: ColumnDriftRequest): ColumnDrift {
  const counts = [categoryCounts(request.reference), categoryCounts(request.current)] as const;
  const [n, m] = counts.map((side) => [...side.values()].reduce((sum, count) => sum + count, 0));
  const shares = n && m ? categoryShares(counts[0], counts[1]) : null;
  return decided(request, { kind: 'categorical', n: n ?? 0, m: m ?? 0, shares, ks: null });
}

async function numericDrift(request: ColumnDriftRequest, control: Control): Promise<ColumnDrift> {
  const reference = presentNumbers(request.reference);
  await checkpoint(control);
  const current = presentNumbers(request.current);
  await checkpoint(control);
  const both = reference.length > 0 && current.length > 0;
  const test = both ? await ksTestSorted(reference, current, control) : null;
  const column = decided(request, {
    kind: 'numeric',
    n: reference.length,
    m: current.length,
    shares: both ? quantileShares(reference, current) : null,
    ks: test && { ...test, p_adjusted: test.p_value },
  });
  return { ...column, mean_reference: finiteMean(reference), mean_current: finiteMean(current) };
}

interface Measured {
  readonly kind: ColumnDrift['kind'];
  readonly n: number;
  readonly m: number;
  /** null when a side has no values. */
  readonly shares: BinnedShares | null;
  readonly ks: ColumnDrift['ks'];
}

function decided(request: ColumnDriftRequest, measured: Measured): ColumnDrift {
  const { config } = request;
  const jensenshannon = distanceOf(measured);
  const byKs = measured.ks !== null && config.numeric === 'ks';
  const jsDrifted = jensenshannon.distance >= config.distance && jensenshannon.distance > jensenshannon.noise;
  return {
    column: request.column,
    kind: measured.kind,
    method: byKs ? 'ks' : 'jensenshannon',
    n_reference: measured.n,
    n_current: measured.m,
    ks: measured.ks,
    jensenshannon,
    threshold: byKs ? config.p_value : config.distance,
    drifted: byKs && measured.ks ? ksDecides(measured.ks, config) : jsDrifted,
    missing_reference: rowsOf(request.reference) - measured.n,
    missing_current: rowsOf(request.current) - measured.m,
    mean_reference: null,
    mean_current: null,
    histogram: {
      edges: measured.shares?.edges ?? null,
      labels: measured.shares?.labels ?? [],
      reference: measured.shares?.reference ?? [],
      current: measured.shares?.current ?? [],
    },
  };
}

function distanceOf({ n, m, shares }: Measured): { distance: number; binning: string; noise: number } {
  if (!shares) {
    const binning =
      n + m === 0 ? 'no values on either side' : `no values on the ${n === 0 ? 'reference' : 'current'} side`;
    return { distance: n + m === 0 ? 0 : 1, binning, noise: 0 };
  }
  return {
    distance: jensenShannonOfShares(shares.reference, shares.current),
    binning: shares.binning,
    noise: noiseDistance(n, m, shares.reference.length),
  };
}

function ksDecides(ks: NonNullable<ColumnDrift['ks']>, config: DriftTestConfig): boolean {
  return ks.p_adjusted <= config.p_value && ks.statistic >= config.minimum_effect;
}

function finiteMean(values: Float64Array): number | null {
  const value = mean(values);
  return Number.isFinite(value) ? value : null;
}
