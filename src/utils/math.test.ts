import fc from 'fast-check';
import { describe, expect, test } from 'vitest';
import reference from '../../tests/reference/mpmath/elementary.json';
import { exp, log, log1p, logit, pow, sigmoid, tanh } from './math';

const view = new DataView(new ArrayBuffer(8));

/** Position of a double among all doubles, so that neighbours differ by 1. */
function ordinal(x: number): bigint {
  view.setFloat64(0, x);
  const bits = view.getBigInt64(0);
  return bits < 0n ? -(bits & 0x7fffffffffffffffn) : bits;
}

function ulps(a: number, b: number): number {
  const distance = ordinal(a) - ordinal(b);
  return Number(distance < 0n ? -distance : distance);
}

function pairs(rows: readonly (readonly number[])[]): [number, number][] {
  return rows.map(([x = NaN, y = NaN]) => [x, y]);
}

describe('against correctly rounded references', () => {
  test('exp within 1 unit in the last place', () => {
    for (const [x, y] of pairs(reference.exp)) expect(ulps(exp(x), y), `exp(${x})`).toBeLessThanOrEqual(1);
  });

  test('log within 1 unit in the last place', () => {
    for (const [x, y] of pairs(reference.log)) expect(ulps(log(x), y), `log(${x})`).toBeLessThanOrEqual(1);
  });

  test('log1p within 3 units in the last place', () => {
    for (const [x, y] of pairs(reference.log1p)) expect(ulps(log1p(x), y), `log1p(${x})`).toBeLessThanOrEqual(3);
  });

  test('pow within a relative error that grows with the exponent', () => {
    for (const [base = NaN, power = NaN, y = NaN] of reference.pow) {
      const bound = 4e-16 * (2 + Math.abs(power * log(base)));
      expect(Math.abs(pow(base, power) / y - 1), `pow(${base}, ${power})`).toBeLessThanOrEqual(bound);
    }
  });
});

test('edges', () => {
  expect([exp(NaN), exp(Infinity), exp(-Infinity), exp(709.783), exp(-746)]).toEqual([NaN, Infinity, 0, Infinity, 0]);
  expect([log(0), log(-1), log(NaN), log(Infinity), log(1)]).toEqual([-Infinity, NaN, NaN, Infinity, 0]);
  expect([log1p(-1), log1p(Infinity), log1p(0)]).toEqual([-Infinity, Infinity, 0]);
  expect([pow(0, 2), pow(0, -1), pow(5, 0), pow(1, 1e9)]).toEqual([0, Infinity, 1, 1]);
  expect([sigmoid(0), sigmoid(800), sigmoid(-800)]).toEqual([0.5, 1, 0]);
  expect(logit(0.5)).toBe(0);
});

const finite = (min: number, max: number) => fc.double({ min, max, noNaN: true });

test('exp and log undo each other', () => {
  fc.assert(fc.property(finite(-300, 300), (x) => Math.abs(log(exp(x)) - x) <= 3e-16 * Math.max(1, Math.abs(x))));
});

test('exp never decreases', () => {
  fc.assert(fc.property(finite(-745, 709), finite(0, 1), (x, step) => exp(x + step) >= exp(x) * (1 - 4e-16)));
});

test('sigmoid is symmetric and undoes logit', () => {
  fc.assert(fc.property(finite(-30, 30), (x) => Math.abs(sigmoid(x) + sigmoid(-x) - 1) <= 3e-16));
  fc.assert(fc.property(finite(1e-6, 1 - 1e-6), (p) => Math.abs(sigmoid(logit(p)) - p) <= 1e-14));
});

test('tanh is the built-in one to 4e-16, odd, and keeps small numbers', () => {
  fc.assert(fc.property(finite(-20, 20), (x) => Math.abs(tanh(x) - Math.tanh(x)) <= 4e-16));
  fc.assert(fc.property(finite(-1e-3, 1e-3), (x) => Math.abs(tanh(x) - Math.tanh(x)) <= 1e-11 * Math.abs(x)));
  fc.assert(fc.property(finite(-20, 20), (x) => tanh(-x) === -tanh(x)));
  expect([tanh(0), tanh(Infinity), tanh(-Infinity), tanh(NaN)]).toEqual([0, 1, -1, NaN]);
});
