type Rows = ArrayLike<number>;

/** Two ROC areas on the same rows with the covariance of their estimates. */
export interface PairedAreas {
  readonly areas: readonly [number, number];
  /** Variance of the first, covariance, variance of the second. */
  readonly covariance: readonly [number, number, number];
}

/**
 * ROC areas of two scores and their covariance after DeLong, DeLong & Clarke-Pearson (Biometrics 44, 1988), by midranks
 * (Sun & Xu, IEEE Signal Processing Letters 21, 2014). Rows are taken as independent. Needs two rows of each class; the
 * covariance is NaN with one.
 *
 * @param labels [n_rows] 0 or 1
 */
export function pairedDelong(labels: Rows, first: Rows, second: Rows): PairedAreas {
  const [a, b] = [placements(labels, first), placements(labels, second)];
  const covariance = (x: Placements, y: Placements) =>
    covarianceOf(x.positives, y.positives) / x.positives.length +
    covarianceOf(x.negatives, y.negatives) / x.negatives.length;
  return { areas: [a.area, b.area], covariance: [covariance(a, a), covariance(a, b), covariance(b, b)] };
}

interface Placements {
  readonly area: number;
  /** By positive row, the share of negatives it scores above, ties half. */
  readonly positives: Float64Array;
  /** By negative row, the share of positives that score above it. */
  readonly negatives: Float64Array;
}

function placements(labels: Rows, scores: Rows): Placements {
  const rowsOf = (label: number) =>
    Int32Array.from({ length: labels.length }, (_, row) => row).filter((row) => (labels[row] === 1 ? 1 : 0) === label);
  const [positive, negative] = [rowsOf(1), rowsOf(0)];
  const all = midranks(Float64Array.from({ length: labels.length }, (_, row) => scores[row] as number));
  const among = (rows: Int32Array) => midranks(Float64Array.from(rows, (row) => scores[row] as number));
  const [ofPositives, ofNegatives] = [among(positive), among(negative)];
  const positives = Float64Array.from(
    positive,
    (row, i) => ((all[row] as number) - (ofPositives[i] as number)) / negative.length,
  );
  const negatives = Float64Array.from(
    negative,
    (row, i) => 1 - ((all[row] as number) - (ofNegatives[i] as number)) / positive.length,
  );
  return { area: positives.reduce((sum, share) => sum + share, 0) / positives.length, positives, negatives };
}

/** Ranks from 1, equal values sharing the mean of theirs. */
function midranks(values: Float64Array): Float64Array {
  const order = Int32Array.from(values.keys()).sort((x, y) => (values[x] as number) - (values[y] as number));
  const ranks = new Float64Array(values.length);
  for (let from = 0; from < order.length;) {
    let to = from + 1;
    while (to < order.length && values[order[to] as number] === values[order[from] as number]) to++;
    for (let at = from; at < to; at++) ranks[order[at] as number] = (from + to + 1) / 2;
    from = to;
  }
  return ranks;
}

function covarianceOf(x: Float64Array, y: Float64Array): number {
  const mean = (values: Float64Array) => values.reduce((sum, value) => sum + value, 0) / values.length;
  const [mx, my] = [mean(x), mean(y)];
  return x.reduce((sum, value, i) => sum + (value - mx) * ((y[i] as number) - my), 0) / (x.length - 1);
}
