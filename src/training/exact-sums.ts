/** Sums of whole numbers below this are exact in float64. */
const EXACT = 4503599627370496;

/**
 * Sum of value(row) over rows that is the same in any order of them: values are taken to a power of two so fine that
 * only the last of 52 bits of the whole is rounded, and added as whole numbers.
 */
export function orderFreeSum(rows: Int32Array, value: (row: number) => number): number {
  let largest = 0;
  for (const row of rows) largest = Math.max(largest, Math.abs(value(row)));
  if (largest === 0 || !Number.isFinite(largest)) return largest;
  let scale = 1;
  while (largest * rows.length * scale * 2 <= EXACT) scale *= 2;
  while (largest * rows.length * scale > EXACT) scale /= 2;
  let sum = 0;
  for (const row of rows) sum += Math.floor(value(row) * scale + 0.5);
  return sum / scale;
}

/** Mean of value(row), weighted where there are weights; NaN where they sum to 0. */
export function orderFreeMean(
  rows: Int32Array,
  value: (row: number) => number,
  weights: Float32Array | undefined,
): number {
  if (!weights) return orderFreeSum(rows, value) / rows.length;
  const total = orderFreeSum(rows, (row) => weights[row] as number);
  return orderFreeSum(rows, (row) => value(row) * (weights[row] as number)) / total;
}

/**
 * A quantile as XGBoost takes it (dmlc/xgboost:src/common/stats.h): without weights by interpolation at
 * alpha * (n + 1), with weights the first value whose cumulative weight reaches alpha of the whole. 0 for no rows.
 */
export function quantileOf(
  rows: Int32Array,
  value: (row: number) => number,
  alpha: number,
  weights: Float32Array | undefined,
): number {
  const n = rows.length;
  if (n === 0) return 0;
  const sorted = rows.slice().sort((a, b) => value(a) - value(b) || a - b);
  const at = (i: number) => value(sorted[i] as number);
  if (weights) return weightedQuantile(sorted, at, alpha, weights);
  if (alpha <= 1 / (n + 1)) return at(0);
  if (alpha >= n / (n + 1)) return at(n - 1);
  const x = alpha * (n + 1);
  const k = Math.floor(x) - 1;
  return at(k) + (x - 1 - k) * (at(k + 1) - at(k));
}

function weightedQuantile(sorted: Int32Array, at: (i: number) => number, alpha: number, weights: Float32Array): number {
  const total = orderFreeSum(sorted, (row) => weights[row] as number);
  let reached = 0;
  for (let i = 0; i < sorted.length; i++) {
    reached += weights[sorted[i] as number] as number;
    if (reached >= alpha * total) return at(i);
  }
  return at(sorted.length - 1);
}
