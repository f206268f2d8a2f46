/**
 * Elementary functions built from + - * / and sqrt alone, so that every host gives the same bits. The built-in
 * Math.exp, log, sin, cos, pow and tanh differ in the last place between engines and are refused by lint where data or
 * models are made.
 */

const LN2_HIGH = 0.6931471803691238;
const LN2_LOW = 1.9082149292705877e-10;
const bits = new DataView(new ArrayBuffer(8));

/** 2^k for whole k in -1022..1023, exact. */
function powerOfTwo(k: number): number {
  bits.setUint32(0, (k + 1023) << 20);
  bits.setUint32(4, 0);
  return bits.getFloat64(0);
}

/** e^x within 1 unit in the last place (tested against big-number references). */
export function exp(x: number): number {
  if (Number.isNaN(x)) return NaN;
  if (x > 709.782712893384) return Infinity;
  if (x < -745.2) return 0;
  const k = Math.round(x * 1.4426950408889634);
  const high = x - k * LN2_HIGH;
  const r = high - k * LN2_LOW;
  let sum = 0;
  for (let i = 14; i >= 2; i--) sum = ((sum + 1) * r) / i;
  const value = 1 + (r + r * sum);
  if (k < -1021) return value * powerOfTwo(k + 100) * 7.888609052210118e-31;
  return k > 1023 ? value * 2 * powerOfTwo(k - 1) : value * powerOfTwo(k);
}

/** Natural logarithm within 1 unit in the last place; -Infinity at 0, NaN below. */
export function log(x: number): number {
  if (!(x > 0)) return x === 0 ? -Infinity : NaN;
  if (x === Infinity) return Infinity;
  let scaled = x;
  let k = 0;
  if (x < 2.2250738585072014e-308) {
    scaled = x * 18014398509481984;
    k = -54;
  }
  bits.setFloat64(0, scaled);
  const high = bits.getUint32(0);
  k += ((high >>> 20) & 0x7ff) - 1023;
  bits.setUint32(0, (high & 0xfffff) | 0x3ff00000);
  let m = bits.getFloat64(0);
  if (m > 1.4142135623730951) {
    m *= 0.5;
    k += 1;
  }
  const f = m - 1;
  const s = f / (2 + f);
  const z = s * s;
  let series = 0;
  for (let i = 23; i >= 3; i -= 2) series = z * (series + 2 / i);
  const halfSquare = 0.5 * f * f;
  return k * LN2_HIGH - (halfSquare - (s * (halfSquare + series) + k * LN2_LOW) - f);
}

/** log(1 + x), accurate for small x. */
export function log1p(x: number): number {
  const u = 1 + x;
  if (u === 1) return x;
  return u === Infinity ? Infinity : log(u) * (x / (u - 1));
}

/** 1 / (1 + e^-x). */
export function sigmoid(x: number): number {
  return x >= 0 ? 1 / (1 + exp(-x)) : exp(x) / (1 + exp(x));
}

/** (e^x - e^-x) / (e^x + e^-x), within 2e-16. */
export function tanh(x: number): number {
  const size = Math.abs(x);
  if (size < 1e-4) return x - (x * x * x) / 3;
  const e = exp(-2 * size);
  return x < 0 ? (e - 1) / (1 + e) : (1 - e) / (1 + e);
}

/** log(p / (1 - p)). */
export function logit(p: number): number {
  return log(p / (1 - p));
}

/** base^power for base > 0. */
export function pow(base: number, power: number): number {
  if (power === 0 || base === 1) return 1;
  if (base === 0) return power > 0 ? 0 : Infinity;
  return exp(power * log(base));
}
