import { expect, test } from 'vitest';
import { sha256Hex } from './hash';
import { exp, log, log1p, pow, sigmoid } from './math';
import { makeRandom } from './random';
import { normalCdf, normalQuantile } from './statistics';

test('elementary functions give the same bits on every host', () => {
  const random = makeRandom(1, 'bits');
  const values = new Float64Array(7 * 3000);
  for (let i = 0; i < values.length; i += 7) {
    const x = 40 * (random.uniform() - 0.5);
    const p = random.uniform();
    values.set(
      [
        exp(x),
        log(p + 0.001),
        log1p(p - 0.5),
        sigmoid(x),
        pow(p + 0.01, x / 10),
        normalCdf(x / 4),
        normalQuantile(0.999 * p + 0.0005),
      ],
      i,
    );
  }
  expect(values.every(Number.isFinite)).toBe(true);
  expect(sha256Hex(new Uint8Array(values.buffer))).toBe(
    '4f5e84264906a55683ab2120bc8b4f1f5f15681ded73700cfb426b9ccc3c1f3d',
  );
});

test('normal draws give the same bits on every host', () => {
  const random = makeRandom(2, 'bits');
  const values = Float64Array.from({ length: 10_000 }, () => random.normal());
  expect(sha256Hex(new Uint8Array(values.buffer))).toBe(
    'd2f9c50b78a74b71892c18c670f320eb9858e5e380d1fbfb861209e62ee9eca5',
  );
});
