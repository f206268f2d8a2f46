import { exp, log } from './math';
import { invariant } from './errors';

/** Equal-width counts of numbers. */
export interface HistogramCounts {
  /** [bins + 1], ascending; bin i holds edges[i] <= v < edges[i + 1], the last one its upper edge too. */
  readonly edges: Float64Array;
  /** [bins] */
  readonly counts: Float64Array;
}

export interface Interval {
  readonly low: number;
  readonly high: number;
}

/** Arithmetic mean; NaN values are left out, NaN when none is left. */
export function mean(values: ArrayLike<number>): number {
  let sum = 0;
  let n = 0;
  for (let i = 0; i < values.length; i++) {
    const value = values[i] as number;
    if (Number.isNaN(value)) continue;
    sum += value;
    n++;
  }
  return n === 0 ? NaN : sum / n;
}

/**
 * Sample variance, two passes with a rounding correction (Chan, Golub & LeVeque 1983, eq. 1.7). NaN values are left
 * out. `ddof` is subtracted from the count: 1 (default) as pandas, 0 as numpy. NaN when too few values are left.
 */
export function variance(values: ArrayLike<number>, ddof = 1): number {
  const center = mean(values);
  let squares = 0;
  let drift = 0;
  let n = 0;
  for (let i = 0; i < values.length; i++) {
    const value = values[i] as number;
    if (Number.isNaN(value)) continue;
    const distance = value - center;
    squares += distance * distance;
    drift += distance;
    n++;
  }
  return n <= ddof ? NaN : Math.max(0, squares - (drift * drift) / n) / (n - ddof);
}

/** The values without NaN, ascending, as a new array. */
export function sortedPresent(values: ArrayLike<number>): Float64Array {
  const present = new Float64Array(values.length);
  let n = 0;
  for (let i = 0; i < values.length; i++) {
    const value = values[i] as number;
    if (!Number.isNaN(value)) present[n++] = value;
  }
  return present.subarray(0, n).sort();
}

/**
 * The `q` quantile, 0 <= q <= 1, between neighbours linearly (Hyndman & Fan 1996 type 7; numpy's default). NaN values
 * are left out; NaN when none is left. Sorts a copy: for many quantiles of one array sort once and use `quantileSorted`.
 */
export function quantile(values: ArrayLike<number>, q: number): number {
  return quantileSorted(sortedPresent(values), q);
}

/** `quantile` of values already ascending and without NaN. */
export function quantileSorted(sorted: ArrayLike<number>, q: number): number {
  invariant(q >= 0 && q <= 1, () => `quantile ${q}, expected 0 to 1`);
  if (sorted.length === 0) return NaN;
  const position = (sorted.length - 1) * q;
  const index = Math.floor(position);
  const below = sorted[index] as number;
  const above = sorted[Math.min(index + 1, sorted.length - 1)] as number;
  const share = position - index;
  return share === 0 || above === below ? below : below + (above - below) * share;
}

const INVERSE_ROOT_TWO_PI = 0.3989422804014327;
const SERIES_LIMIT = 2.5;

/**
 * Standard normal distribution function. Near zero the series of Abramowitz & Stegun 26.2.11, in the tails the
 * continued fraction 26.2.14: relative error below 1e-13 for |x| <= 8 (tested).
 */
export function normalCdf(x: number): number {
  if (Number.isNaN(x)) return NaN;
  const z = Math.abs(x);
  if (z > 38.6) return x > 0 ? 1 : 0;
  const density = INVERSE_ROOT_TWO_PI * exp(-0.5 * z * z);
  if (z < SERIES_LIMIT) {
    let term = z;
    let sum = z;
    for (let k = 3; term > sum * 1e-18 && k < 200; k += 2) {
      term *= (z * z) / k;
      sum += term;
    }
    const body = density * sum;
    return x >= 0 ? 0.5 + body : 0.5 - body;
  }
  let fraction = z;
  for (let k = 120; k >= 1; k--) fraction = z + k / fraction;
  const tail = density / fraction;
  return x > 0 ? 1 - tail : tail;
}

/**
 * Inverse of `normalCdf`: Wichura 1988, algorithm AS 241 (PPND16), about 1e-15 relative. -Infinity at 0, Infinity at 1,
 * NaN outside 0..1.
 */
export function normalQuantile(p: number): number {
  if (!(p >= 0 && p <= 1)) return NaN;
  if (p === 0) return -Infinity;
  if (p === 1) return Infinity;
  const q = p - 0.5;
  if (Math.abs(q) <= 0.425) return q * ratio(0.180625 - q * q, CENTRAL);
  const r = Math.sqrt(-log(q < 0 ? p : 1 - p));
  const value = r <= 5 ? ratio(r - 1.6, MIDDLE) : ratio(r - 5, FAR);
  return q < 0 ? -value : value;
}

type Rational = readonly [numerator: readonly number[], denominator: readonly number[]];

const CENTRAL: Rational = [
  [
    3.3871328727963665, 133.14166789178438, 1971.5909503065513, 13731.69376550946, 45921.95393154987, 67265.7709270087,
    33430.57558358813, 2509.0809287301227,
  ],
  [
    1, 42.31333070160091, 687.1870074920579, 5394.196021424751, 21213.794301586597, 39307.89580009271,
    28729.085735721943, 5226.495278852546,
  ],
];
const MIDDLE: Rational = [
  [
    1.4234371107496835, 4.630337846156546, 5.769497221460691, 3.6478483247632045, 1.2704582524523684,
    0.2417807251774506, 0.022723844989269184, 0.0007745450142783414,
  ],
  [
    1, 2.053191626637759, 1.6763848301838038, 0.6897673349851, 0.14810397642748008, 0.015198666563616457,
    0.0005475938084995345, 1.0507500716444169e-9,
  ],
];
const FAR: Rational = [
  [
    6.657904643501103, 5.463784911164114, 1.7848265399172913, 0.29656057182850487, 0.026532189526576124,
    0.0012426609473880784, 2.7115555687434876e-5, 2.0103343992922881e-7,
  ],
  [
    1, 0.599832206555888, 0.1369298809227358, 0.014875361290850615, 0.0007868691311456133, 1.8463183175100548e-5,
    1.421511758316446e-7, 2.0442631033899397e-15,
  ],
];

function ratio(x: number, [numerator, denominator]: Rational): number {
  const value = (terms: readonly number[]) => terms.reduceRight((sum, term) => sum * x + term, 0);
  return value(numerator) / value(denominator);
}

/**
 * Wilson's score interval (Wilson 1927) of a share, two-sided; 0..1 when n is 0. `successes` may be a weighted count.
 */
export function wilsonInterval(successes: number, n: number, confidence = 0.95): Interval {
  if (n === 0) return { low: 0, high: 1 };
  const z = normalQuantile(0.5 + confidence / 2);
  const share = successes / n;
  const scale = 1 + (z * z) / n;
  const center = (share + (z * z) / (2 * n)) / scale;
  const half = (z / scale) * Math.sqrt((share * (1 - share)) / n + (z * z) / (4 * n * n));
  return { low: Math.max(0, center - half), high: Math.min(1, center + half) };
}

/** `bins` + 1 evenly spaced edges from `low` to `high`; one unit wide in all when they are equal. */
export function equalWidthEdges(low: number, high: number, bins: number): Float64Array {
  invariant(bins >= 1 && low <= high, () => `no ${bins} bins between ${low} and ${high}`);
  const [from, to] = low === high ? [low - 0.5, high + 0.5] : [low, high];
  const edges = new Float64Array(bins + 1);
  for (let i = 0; i <= bins; i++) edges[i] = from + ((to - from) * i) / bins;
  edges[bins] = to;
  return edges;
}

/**
 * Counts per bin of ascending `edges` [bins + 1]. Values below the first edge count in the first bin and values above
 * the last edge in the last, so that counts of two samples over shared edges are complete; NaN values are left out.
 */
export function countInEdges(values: ArrayLike<number>, edges: ArrayLike<number>): Float64Array {
  const bins = edges.length - 1;
  const counts = new Float64Array(bins);
  for (let i = 0; i < values.length; i++) {
    const value = values[i] as number;
    if (Number.isNaN(value)) continue;
    let low = 0;
    let high = bins - 1;
    while (low < high) {
      const middle = (low + high + 1) >>> 1;
      if (value >= (edges[middle] as number)) low = middle;
      else high = middle - 1;
    }
    counts[low] = (counts[low] ?? 0) + 1;
  }
  return counts;
}

/** Equal-width histogram between the least and greatest finite value; NaN and infinite values are left out. */
export function histogram(values: ArrayLike<number>, bins: number): HistogramCounts {
  let low = Infinity;
  let high = -Infinity;
  const finite = new Float64Array(values.length);
  let n = 0;
  for (let i = 0; i < values.length; i++) {
    const value = values[i] as number;
    if (!Number.isFinite(value)) continue;
    finite[n++] = value;
    if (value < low) low = value;
    if (value > high) high = value;
  }
  if (n === 0) return { edges: new Float64Array(0), counts: new Float64Array(0) };
  const edges = equalWidthEdges(low, high, bins);
  return { edges, counts: countInEdges(finite.subarray(0, n), edges) };
}
