import { quantile, weightedQuantile } from './quantiles';
import type { LabelledRows } from './types';

/** The alpha quantile, weighted when rows are, of labels, or of label - margin in float32. */
export function residualQuantile(
  { labels, weights }: LabelledRows,
  rows: Int32Array,
  alpha: number,
  margins?: Float32Array,
): number {
  const values = new Float32Array(rows.length);
  for (let i = 0; i < rows.length; i++) {
    const row = rows[i] as number;
    values[i] = (labels[row] as number) - (margins ? (margins[row] as number) : 0);
  }
  if (!weights) return quantile(values, alpha);
  return weightedQuantile(
    values,
    Float32Array.from(rows, (row) => weights[row] as number),
    alpha,
  );
}
