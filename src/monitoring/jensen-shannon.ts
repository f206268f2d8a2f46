import { log } from '../utils/math';
import { WorkbenchError } from '../utils/errors';
import {
  categoryCounts,
  categoryShares,
  isTextual,
  presentNumbers,
  quantileShares,
  sturgesShares,
  type BinnedShares,
  type DriftColumn,
} from './binning';

/**
 * reference_quantiles: base 2, bins between reference quantiles. evidently: what Evidently 0.7 reports, base e
 * (0..0.8326) over Sturges bins of both sides pooled; differs from the default in every number.
 */
export type JensenShannonMode = 'reference_quantiles' | 'evidently';

export interface JensenShannonResult extends BinnedShares {
  /** Square root of the divergence: 0..1 in base 2, 0..0.8326 in base e. */
  readonly distance: number;
  readonly base: '2' | 'e';
}

const LN2 = 0.6931471805599453;

/**
 * Jensen-Shannon distance of two columns (J. Lin 1991; the square root as scipy.spatial.distance.jensenshannon). Missing
 * values are dropped; empty bins are not filled. Throws MONITORING_INVALID when a side has no values.
 *
 * @param kind numeric columns are binned, categorical ones (and text whatever `kind` says) have one bin a value
 */
export function jensenShannon(
  reference: DriftColumn,
  current: DriftColumn,
  kind: 'numeric' | 'categorical',
  mode: JensenShannonMode = 'reference_quantiles',
): JensenShannonResult {
  const base = mode === 'evidently' ? 'e' : '2';
  const shares = binColumns(reference, current, kind, mode);
  return { ...shares, base, distance: jensenShannonOfShares(shares.reference, shares.current, base) };
}

function binColumns(
  reference: DriftColumn,
  current: DriftColumn,
  kind: 'numeric' | 'categorical',
  mode: JensenShannonMode,
): BinnedShares {
  if (kind === 'categorical' || isTextual(reference) || isTextual(current)) {
    const counts = [categoryCounts(reference), categoryCounts(current)] as const;
    refuseEmpty(counts[0].size, counts[1].size);
    return categoryShares(counts[0], counts[1], mode === 'evidently' ? Infinity : undefined);
  }
  const numbers = [presentNumbers(reference), presentNumbers(current)] as const;
  refuseEmpty(numbers[0].length, numbers[1].length);
  if (mode === 'reference_quantiles') return quantileShares(numbers[0], numbers[1]);
  const whole = [reference, current].every((column) => 'type' in column && column.type === 'int64');
  return sturgesShares(numbers[0], numbers[1], whole);
}

function refuseEmpty(reference: number, current: number): void {
  if (reference > 0 && current > 0) return;
  const side = reference === 0 ? 'reference' : 'current';
  throw new WorkbenchError(
    'MONITORING_INVALID',
    `the ${side} side has no values to compare; give both sides at least one value that is not missing`,
  );
}

/** Distance of two lists of shares over the same bins; each is scaled to sum to 1. */
export function jensenShannonOfShares(p: readonly number[], q: readonly number[], base: '2' | 'e' = '2'): number {
  const pTotal = p.reduce((sum, share) => sum + share, 0);
  const qTotal = q.reduce((sum, share) => sum + share, 0);
  let sum = 0;
  for (let i = 0; i < p.length; i++) {
    const a = (p[i] ?? 0) / pTotal;
    const b = (q[i] ?? 0) / qTotal;
    const middle = (a + b) / 2;
    if (a > 0) sum += a * log(a / middle);
    if (b > 0) sum += b * log(b / middle);
  }
  return Math.sqrt(Math.max(0, sum) / 2 / (base === '2' ? LN2 : 1));
}

/**
 * Distance (base 2) that two samples of `n` and `m` rows from one distribution over `bins` bins stay below 95 times in
 * 100: near no difference 8 ln 2 D^2 / (1/n + 1/m) follows chi-square with bins - 1 degrees of freedom, whose quantile is
 * taken by Wilson and Hilferty (1931). Tells a small window's noise from drift.
 */
export function noiseDistance(n: number, m: number, bins: number): number {
  const k = bins - 1;
  if (k < 1) return 0;
  const root = 1 - 2 / (9 * k) + 1.6448536269514722 * Math.sqrt(2 / (9 * k));
  return Math.min(1, Math.sqrt((k * root * root * root * (1 / n + 1 / m)) / (8 * LN2)));
}
