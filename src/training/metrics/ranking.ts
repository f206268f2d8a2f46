/** Anything indexed by row: labels hold 0 or 1, scores are higher for likelier positives and never NaN. */
type Rows = ArrayLike<number>;

/** Rows by score from high to low; equal scores in row order. */
export function rowsByScore(scores: Rows): Int32Array {
  const order = Int32Array.from({ length: scores.length }, (_, row) => row);
  return order.sort((a, b) => (scores[b] as number) - (scores[a] as number) || a - b);
}

/**
 * Area under the ROC curve: the probability that a positive row scores above a negative one, ties counting half
 * (Mann & Whitney 1947). NaN when a class is absent. `weights` are per row, 1 when absent.
 */
export function rocAuc(labels: Rows, scores: Rows, weights?: Rows): number {
  return rocAucSorted(labels, scores, rowsByScore(scores), weights);
}

/** `rocAuc` for rows already ordered by `rowsByScore`. */
export function rocAucSorted(labels: Rows, scores: Rows, order: Int32Array, weights?: Rows): number {
  let positives = 0;
  let negatives = 0;
  let area = 0;
  for (let i = 0; i < order.length;) {
    const score = scores[order[i] as number] as number;
    let tiedPositives = 0;
    let tiedNegatives = 0;
    for (; i < order.length && scores[order[i] as number] === score; i++) {
      const row = order[i] as number;
      const weight = weights ? (weights[row] as number) : 1;
      if (labels[row] === 1) tiedPositives += weight;
      else tiedNegatives += weight;
    }
    area += tiedNegatives * (positives + tiedPositives / 2);
    positives += tiedPositives;
    negatives += tiedNegatives;
  }
  return area / (positives * negatives);
}

/**
 * Area under the precision-recall curve as average precision: the sum over distinct thresholds of (gain in recall) *
 * precision, without interpolation (scikit-learn's average_precision_score). NaN without positives.
 */
export function averagePrecision(labels: Rows, scores: Rows, weights?: Rows): number {
  return averagePrecisionSorted(labels, scores, rowsByScore(scores), weights);
}

/** `averagePrecision` for rows already ordered by `rowsByScore`. */
export function averagePrecisionSorted(labels: Rows, scores: Rows, order: Int32Array, weights?: Rows): number {
  let positives = 0;
  let predicted = 0;
  let sum = 0;
  for (let i = 0; i < order.length;) {
    const score = scores[order[i] as number] as number;
    let gained = 0;
    for (; i < order.length && scores[order[i] as number] === score; i++) {
      const row = order[i] as number;
      const weight = weights ? (weights[row] as number) : 1;
      predicted += weight;
      if (labels[row] === 1) gained += weight;
    }
    positives += gained;
    if (gained > 0) sum += gained * (positives / predicted);
  }
  return sum / positives;
}
