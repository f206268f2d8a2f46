import { checkpoint, type Control } from '../utils/control';
import { WorkbenchError } from '../utils/errors';
import { sortedPresent } from '../utils/statistics';
import { kolmogorovSurvival } from './kolmogorov';

export interface KsResult {
  /** Largest distance between the two distribution functions, 0..1. */
  readonly statistic: number;
  /** Two-sided. */
  readonly p_value: number;
  readonly mode: 'exact' | 'asymptotic';
}

/** Largest sample size for which the exact distribution is used, as scipy's method="auto" has it. */
const MAX_EXACT_ROWS = 10000;

/** Cells of the exact recursion between two turns for the host. */
const SLICE = 2000000;

/**
 * Two-sample Kolmogorov-Smirnov test, two-sided, with the choices of scipy.stats.ks_2samp(method="auto"): exact when the
 * larger sample has at most 10,000 values (falling back to asymptotic when rounding takes the exact sum out of 0..1),
 * else the distribution of the one-sample statistic at n1 n2 / (n1 + n2). NaN is missing and dropped; infinities rank
 * as values. Throws MONITORING_INVALID when a side has no values.
 *
 * Cost: a sort of each side, then for unequal exact samples n times the band's width, at worst n1 n2 steps.
 */
export function ksTest(reference: Float64Array, current: Float64Array): KsResult {
  return finish(ksSorted(sortedPresent(reference), sortedPresent(current)));
}

/** `ksTest` on sides already sorted and free of NaN, with turns for the host and cancelling. */
export async function ksTestSorted(
  reference: Float64Array,
  current: Float64Array,
  control: Control,
): Promise<KsResult> {
  const steps = ksSorted(reference, current);
  for (;;) {
    const step = steps.next();
    if (step.done) return step.value;
    await checkpoint(control);
  }
}

function finish<T>(steps: Generator<void, T>): T {
  for (;;) {
    const step = steps.next();
    if (step.done) return step.value;
  }
}

function* ksSorted(reference: Float64Array, current: Float64Array): Generator<void, KsResult> {
  const n1 = reference.length;
  const n2 = current.length;
  if (n1 === 0 || n2 === 0) {
    const side = n1 === 0 ? 'reference' : 'current';
    throw new WorkbenchError(
      'MONITORING_INVALID',
      `the ${side} side has no values to test; give both sides at least one value that is not missing`,
    );
  }
  const statistic = distanceOfEcdfs(reference, current);
  if (Math.max(n1, n2) <= MAX_EXACT_ROWS) {
    const lcm = (n1 / greatestCommonDivisor(n1, n2)) * n2;
    const h = Math.round(statistic * lcm);
    const p = h === 0 ? 1 : n1 === n2 ? exactEqualSizes(n1, h) : yield* exactUnequalSizes(n1, n2, h);
    if (p >= 0 && p <= 1) return { statistic: h / lcm, p_value: p, mode: 'exact' };
  }
  const n = roundHalfEven((n1 * n2) / (n1 + n2));
  const p = yield* kolmogorovSurvival(n, statistic);
  return { statistic, p_value: Math.min(1, Math.max(0, p)), mode: 'asymptotic' };
}

function distanceOfEcdfs(a: Float64Array, b: Float64Array): number {
  let i = 0;
  let j = 0;
  let largest = 0;
  while (i < a.length || j < b.length) {
    const value = Math.min(a[i] ?? Infinity, b[j] ?? Infinity);
    while (i < a.length && (a[i] ?? NaN) <= value) i++;
    while (j < b.length && (b[j] ?? NaN) <= value) j++;
    largest = Math.max(largest, Math.abs(i / a.length - j / b.length));
  }
  return largest;
}

function greatestCommonDivisor(a: number, b: number): number {
  return b === 0 ? a : greatestCommonDivisor(b, a % b);
}

function roundHalfEven(value: number): number {
  const rounded = Math.round(value);
  return rounded - value === 0.5 && rounded % 2 === 1 ? rounded - 1 : rounded;
}

/**
 * P(n D >= h) for two samples of n: twice the alternating sum of C(2n, n - kh) / C(2n, n) over k = 1, 2, ...
 * (Gnedenko and Korolyuk 1951), from the innermost ratio outwards so that nothing overflows.
 */
function exactEqualSizes(n: number, h: number): number {
  let sum = 0;
  for (let k = Math.floor(n / h); k >= 0; k--) {
    let ratio = 1;
    for (let j = 0; j < h; j++) ratio = ((n - k * h - j) * ratio) / (n + k * h + j + 1);
    sum = ratio * (1 - sum);
  }
  return 2 * sum;
}

/**
 * P(lcm D >= h) for samples of n1 and n2: the share of lattice paths from (0, 0) to (m, n) that touch the lines
 * |x n - y m| gcd = h lcm, by the recursion of J. L. Hodges (Arkiv foer Matematik 3, 1958) on the share itself rather
 * than on its complement (T. Viehmann, arXiv 2102.08037), which keeps small p-values exact: a path through (i, j) came
 * from (i - 1, j) with chance i / (i + j), else from (i, j - 1); outside the band the share is 1.
 */
function* exactUnequalSizes(n1: number, n2: number, h: number): Generator<void, number> {
  const m = Math.max(n1, n2);
  const n = Math.min(n1, n2);
  const g = greatestCommonDivisor(m, n);
  const mg = m / g;
  const ng = n / g;
  const touched = new Float64Array(n + 1).fill(1);
  let cells = 0;
  for (let i = 0; i <= m; i++) {
    const low = Math.max(0, Math.floor((ng * i - h) / mg) + 1);
    const high = Math.min(n, Math.ceil((ng * i + h) / mg) - 1);
    if (low > high) return 1;
    if (low > 0) touched[low - 1] = 1;
    for (let j = low; j <= high; j++) {
      const before = j === 0 ? 1 : (touched[j - 1] ?? 1);
      touched[j] = i + j === 0 ? 0 : ((touched[j] ?? 1) * i + before * j) / (i + j);
    }
    cells += high - low + 1;
    if (cells > SLICE) {
      cells = 0;
      yield;
    }
  }
  return touched[n] ?? 1;
}
