import type { CurvePoint } from '../types';
import { rowsByScore } from './ranking';

type Rows = ArrayLike<number>;

/** Points a curve is thinned to. */
const MOST_POINTS = 200;

interface Step {
  readonly threshold: number;
  readonly tp: number;
  readonly fp: number;
}

/** Counts of positives and negatives at or above each distinct score, from the highest score down. */
function steps(labels: Rows, scores: Rows): Step[] {
  const order = rowsByScore(scores);
  const found: Step[] = [];
  let tp = 0;
  let fp = 0;
  for (let i = 0; i < order.length; i++) {
    const row = order[i] as number;
    if (labels[row] === 1) tp++;
    else fp++;
    const threshold = scores[row] as number;
    if (i + 1 === order.length || scores[order[i + 1] as number] !== threshold) found.push({ threshold, tp, fp });
  }
  return found;
}

/**
 * ROC curve from (0, 0) to (1, 1): x false positive rate, y true positive rate, at most 200 points. The first point,
 * above every score, has threshold 1 (scikit-learn writes infinity, which JSON cannot).
 */
export function rocCurve(labels: Rows, scores: Rows): CurvePoint[] {
  const all = steps(labels, scores);
  const last = all.at(-1) ?? { tp: 0, fp: 0 };
  const points = all.map(({ threshold, tp, fp }) => ({ x: fp / last.fp, y: tp / last.tp, threshold }));
  return thin([{ x: 0, y: 0, threshold: 1 }, ...points]);
}

/**
 * Precision-recall curve: x recall, y precision, from recall 0 (precision 1 by convention, threshold 1) to recall 1, at
 * most 200 points; thresholds below the lowest positive row add nothing and are left out.
 */
export function prCurve(labels: Rows, scores: Rows): CurvePoint[] {
  const all = steps(labels, scores);
  const positives = all.at(-1)?.tp ?? 0;
  const complete = all.findIndex(({ tp }) => tp === positives);
  const points = all
    .slice(0, complete + 1)
    .map(({ threshold, tp, fp }) => ({ x: tp / positives, y: tp / (tp + fp), threshold }));
  return thin([{ x: 0, y: 1, threshold: 1 }, ...points]);
}

/** At most 200 points, evenly picked by position, the first and the last kept. */
function thin(points: readonly CurvePoint[]): CurvePoint[] {
  if (points.length <= MOST_POINTS) return [...points];
  const step = (points.length - 1) / (MOST_POINTS - 1);
  return Array.from({ length: MOST_POINTS }, (_, i) => points[Math.round(i * step)] as CurvePoint);
}
