type Rows = ArrayLike<number>;

/** Weighted counts at a threshold. */
export interface Confusion {
  readonly tp: number;
  readonly fp: number;
  readonly tn: number;
  readonly fn: number;
}

/** Counts of true and false positives and negatives; a row is predicted positive when probability >= threshold. */
export function confusion(labels: Rows, probabilities: Rows, threshold: number, weights?: Rows): Confusion {
  const counts = { tp: 0, fp: 0, tn: 0, fn: 0 };
  for (let row = 0; row < labels.length; row++) {
    const weight = weights ? (weights[row] as number) : 1;
    const predicted = (probabilities[row] as number) >= threshold;
    if (labels[row] === 1) counts[predicted ? 'tp' : 'fn'] += weight;
    else counts[predicted ? 'fp' : 'tn'] += weight;
  }
  return counts;
}

/** Share of predicted positives that are positive; NaN when none is predicted. */
export function precision({ tp, fp }: Confusion): number {
  return tp / (tp + fp);
}

/** Share of positives that are predicted positive (true positive rate); NaN without positives. */
export function recall({ tp, fn }: Confusion): number {
  return tp / (tp + fn);
}
