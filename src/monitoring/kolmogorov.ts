import { exp, log, log1p, pow } from '../utils/math';

const PI = 3.141592653589793;
const ROOT_HALF_PI = 1.2533141373155003;
const HALF_LOG_TWO_PI = 0.9189385332046728;

/** Work units between two turns for the host. */
const SLICE = 20000;

/**
 * Chance that the two-sided one-sample Kolmogorov-Smirnov statistic of `n` values exceeds `x`, relative error about
 * 1e-11. The method is chosen by n and n x^2 as in R. Simard and P. L'Ecuyer, "Computing the two-sided
 * Kolmogorov-Smirnov distribution", Journal of Statistical Software 39(11), 2011; the same choice as scipy's `kstwo`,
 * whose approximations (2e-6 relative near n x^2 = 2.2) are therefore met too. A generator: long sums yield now and
 * then so that a host can take a turn.
 *
 * @param n whole number, at least 1
 */
export function* kolmogorovSurvival(n: number, x: number): Generator<void, number> {
  const t = n * x;
  if (x >= 1) return 0;
  if (t <= 0.5) return 1;
  if (t <= 1) return 1 - smallestStatistic(n, t);
  if (t >= n - 1) return 2 * exp(n * log1p(-x));
  const nx2 = t * x;
  if (n <= 140) return nx2 <= 4 && x < 0.5 ? 1 - durbin(n, x) : 2 * (yield* smirnovSurvival(n, x));
  if (nx2 >= 370) return 0;
  if (nx2 >= 2.2 || x >= 0.5) return Math.min(1, 2 * (yield* smirnovSurvival(n, x)));
  const useDurbin = n <= 100000 && t * Math.sqrt(x) <= 1.4;
  return 1 - Math.min(1, Math.max(0, useDurbin ? durbin(n, x) : pelzGood(n, x)));
}

/** P(D <= t/n) for 1/2 < t <= 1: n! (2t - 1)^n / n^n (Ruben and Gambino). */
function smallestStatistic(n: number, t: number): number {
  if (n > 140) return exp(0.5 * log(n) + HALF_LOG_TWO_PI - n + stirlingError(n) + n * log(2 * t - 1));
  let product = 1;
  for (let i = 1; i <= n; i++) product *= (i / n) * (2 * t - 1);
  return product;
}

/**
 * P(D+ > x), one-sided: the sum over j of C(n,j) (x + j/n)^(j-1) (1 - x - j/n)^(n-j) times x (Birnbaum and Tingey 1951).
 * Each term is a binomial probability at p = x + j/n, taken in the saddle-point form of C. Loader (2000), which keeps
 * full precision at n = 1e6. Beyond that scipy's closed form exp(-(6nx + 1)^2 / 18n) is used.
 */
function* smirnovSurvival(n: number, x: number): Generator<void, number> {
  if (n > 1000000) return exp(-((6 * n * x + 1) * (6 * n * x + 1)) / (18 * n));
  const t = n * x;
  const last = Math.floor(n - t);
  const whole = stirlingError(n);
  let sum = exp(n * log1p(-x));
  for (let j = 1; j <= last; j++) {
    if (j % SLICE === 0) yield;
    const rest = n - j;
    if (rest - t <= 0) break;
    const exponent = whole - stirlingError(j) - stirlingError(rest) + j * log1p(t / j) + rest * log1p(-t / rest);
    sum += (exp(exponent) * Math.sqrt(n / (2 * PI * j * rest)) * t) / (t + j);
  }
  return sum;
}

const smallStirlingErrors = makeSmallStirlingErrors();

function makeSmallStirlingErrors(): Float64Array {
  const errors = new Float64Array(16);
  let factorial = 1;
  for (let n = 1; n < 16; n++) {
    factorial *= n;
    errors[n] = log(factorial) - (n + 0.5) * log(n) + n - HALF_LOG_TWO_PI;
  }
  return errors;
}

/** log n! minus Stirling's formula, n >= 1. */
function stirlingError(n: number): number {
  if (n < 16) return smallStirlingErrors[n] ?? 0;
  const square = n * n;
  return (1 / 12 - (1 / 360 - (1 / 1260 - 1 / 1680 / square) / square) / square) / n;
}

/** 2^128. */
const BIG = 3.402823669209385e38;

/**
 * P(D <= x) by Durbin's matrix: the k-th diagonal element of n!/n^n H^n, H of side 2k - 1, k = ceil(nx); squarings with
 * a power of two kept aside (Marsaglia, Tsang and Wang, Journal of Statistical Software 8(18), 2003).
 */
function durbin(n: number, x: number): number {
  const k = Math.ceil(n * x);
  const side = 2 * k - 1;
  let base = durbinMatrix(k, k - n * x);
  let baseScale = 0;
  let power: Float64Array | null = null;
  let scale = 0;
  const centre = (k - 1) * side + k - 1;
  for (let left = n; left > 0; left = Math.floor(left / 2)) {
    if (left % 2 === 1) {
      power = power ? multiply(power, base, side) : base;
      scale += baseScale;
    }
    if (left === 1) break;
    base = multiply(base, base, side);
    baseScale *= 2;
    while ((base[centre] ?? 0) > BIG) {
      base = base.map((value) => value / BIG);
      baseScale += 1;
    }
  }
  let value = power?.[centre] ?? 0;
  for (let i = 1; i <= n; i++) {
    value *= i / n;
    if (value < 1 / BIG) {
      value *= BIG;
      scale -= 1;
    }
  }
  for (; scale > 0; scale--) value *= BIG;
  for (; scale < 0; scale++) value /= BIG;
  return value;
}

/** H of the matrix method: 1/(i - j + 1)! below the upper diagonal, with h's powers in its first column and last row. */
function durbinMatrix(k: number, h: number): Float64Array {
  const side = 2 * k - 1;
  const inverse = new Float64Array(side + 1);
  inverse[0] = 1;
  for (let i = 1; i <= side; i++) inverse[i] = (inverse[i - 1] ?? 0) / i;
  const matrix = new Float64Array(side * side);
  for (let row = 0; row < side; row++) {
    for (let column = 1; column < side && column <= row + 1; column++) {
      matrix[row * side + column] = inverse[row - column + 1] ?? 0;
    }
  }
  let hPower = 1;
  for (let row = 0; row < side; row++) {
    hPower *= h;
    let edge = 1 - hPower;
    if (row === side - 1) edge = 1 - 2 * hPower + (h > 0.5 ? pow(2 * h - 1, side) : 0);
    edge *= inverse[row + 1] ?? 0;
    matrix[row * side] = edge;
    matrix[(side - 1) * side + side - 1 - row] = edge;
  }
  return matrix;
}

function multiply(a: Float64Array, b: Float64Array, side: number): Float64Array {
  const product = new Float64Array(side * side);
  for (let row = 0; row < side; row++) {
    for (let inner = 0; inner < side; inner++) {
      const factor = a[row * side + inner] ?? 0;
      if (factor === 0) continue;
      for (let column = 0; column < side; column++) {
        product[row * side + column] = (product[row * side + column] ?? 0) + factor * (b[inner * side + column] ?? 0);
      }
    }
  }
  return product;
}

/** P(D <= x) by Pelz and Good's four-term expansion in 1/sqrt(n) (JRSS B 38(2), 1976), theta-transformed sums. */
function pelzGood(n: number, x: number): number {
  const root = Math.sqrt(n);
  const z = root * x;
  const z2 = z * z;
  const z4 = z2 * z2;
  const z6 = z4 * z2;
  const sums = [0, 0, 0, 0, 0, 0];
  for (let k = 20; k >= 0; k--) {
    const a = PI * PI * (k + 0.5) * (k + 0.5);
    const halfWeight = 2 * exp(-a / (2 * z2));
    const b = PI * PI * k * k;
    const wholeWeight = k === 0 ? 0 : 2 * exp(-b / (2 * z2));
    const terms = [
      halfWeight,
      halfWeight * (a - z2),
      halfWeight * (6 * z6 + 2 * z4 + a * (2 * z4 - 5 * z2) + a * a * (1 - 2 * z2)),
      halfWeight *
        (a * a * a * (5 - 30 * z2) + a * a * (212 * z4 - 60 * z2) + a * (135 * z4 - 96 * z6) - 30 * z6 - 90 * z4 * z4),
      wholeWeight * b,
      wholeWeight * (3 * b * z2 - b * b),
    ];
    for (let i = 0; i < 6; i++) sums[i] = (sums[i] ?? 0) + (terms[i] ?? 0);
  }
  const [s0 = 0, s1 = 0, s2 = 0, s3 = 0, t2 = 0, t3 = 0] = sums;
  const k0 = s0 / z;
  const k1 = s1 / (6 * z4);
  const k2 = s2 / (72 * z6 * z) - t2 / (36 * z2 * z);
  const k3 = s3 / (6480 * z6 * z4) + t3 / (216 * z6);
  return ROOT_HALF_PI * (k0 + k1 / root + k2 / n + k3 / (n * root));
}
