/**
 * The alpha quantile with linear interpolation at alpha * (n + 1) of the order statistics, float32; NaN without values.
 * Sorts `values` (dmlc/xgboost:src/common/stats.h, Quantile).
 */
export function quantile(values: Float32Array, alpha: number): number {
  const n = values.length;
  if (n === 0) return NaN;
  values.sort();
  if (alpha <= 1 / (n + 1)) return values[0] as number;
  if (alpha >= n / (n + 1)) return values[n - 1] as number;
  const x = alpha * (n + 1);
  const k = Math.floor(x) - 1;
  const low = values[k] as number;
  return Math.fround(low + (x - 1 - k) * Math.fround((values[k + 1] as number) - low));
}

/**
 * The first value, in order, whose cumulative weight reaches alpha of the total; NaN without values. Cumulates in
 * float32 as XGBoost does (dmlc/xgboost:src/common/stats.h, WeightedQuantile); equal values go by weight, so that the
 * order of rows does not matter.
 */
export function weightedQuantile(values: Float32Array, weights: Float32Array, alpha: number): number {
  if (values.length === 0) return NaN;
  const order = Uint32Array.from(values, (_, i) => i).sort(
    (a, b) => (values[a] as number) - (values[b] as number) || (weights[a] as number) - (weights[b] as number),
  );
  const reached = new Float32Array(order.length);
  let total = 0;
  for (let i = 0; i < order.length; i++) {
    total = Math.fround(total + (weights[order[i] as number] as number));
    reached[i] = total;
  }
  const wanted = Math.fround(total * alpha);
  let low = 0;
  let high = order.length - 1;
  while (low < high) {
    const middle = (low + high) >> 1;
    if ((reached[middle] as number) < wanted) low = middle + 1;
    else high = middle;
  }
  // Equal values are one value: of the two zeros, 0.
  return (values[order[low] as number] as number) + 0;
}
