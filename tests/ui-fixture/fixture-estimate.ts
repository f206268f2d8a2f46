import type { Estimate } from '../../src/training/types';

/** When everything happened, wall clock. */
export const WALL = Date.UTC(2026, 10, 23, 14, 5);
const BOOTSTRAP = 'percentile bootstrap over patient_id, 200 resamples, 95%';

export function estimate(value: number, spread: number, n: number, method = BOOTSTRAP): Estimate {
  return { value, low: value - spread, high: value + spread * 0.9, n, method };
}
