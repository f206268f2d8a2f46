import { scaleLinear } from 'd3';
import fc from 'fast-check';
import { expect, it } from 'vitest';
import { tickText } from './tick-text';

it('writes as many decimals as the step needs', () => {
  expect([0.34, 0.345, 0.35].map(tickText([0.34, 0.345, 0.35]))).toEqual(['0.340', '0.345', '0.350']);
  expect([0.4, 0.41, 0.42].map(tickText([0.4, 0.41, 0.42]))).toEqual(['0.40', '0.41', '0.42']);
  expect([-1, 0, 1].map(tickText([-1, 0, 1]))).toEqual(['−1', '0', '1']);
  expect([1000, 2000].map(tickText([1000, 2000]))).toEqual(['1,000', '2,000']);
  expect(tickText([0.1, 0.2], 2)(0.1234)).toBe('0.123');
});

it('never writes two ticks of a scale alike', () => {
  const size = fc.double({ min: 1e-5, max: 1e6, noNaN: true });
  fc.assert(
    fc.property(
      fc.double({ min: -1e3, max: 1e3, noNaN: true }),
      size,
      fc.integer({ min: 2, max: 8 }),
      (low, width, n) => {
        const ticks = scaleLinear([low, low + width], [0, 1]).ticks(n);
        expect(new Set(ticks.map(tickText(ticks))).size).toBe(ticks.length);
      },
    ),
  );
});
