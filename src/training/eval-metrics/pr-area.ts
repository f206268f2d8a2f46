import { log } from '../../utils/math';
import { rowsByScore } from '../metrics/ranking';

/**
 * Area under the precision-recall curve as XGBoost takes it: between distinct scores false positives grow in proportion
 * to true ones (Davis and Goadrich 2006; dmlc/xgboost:src/metric/auc.h). NaN when a class is absent.
 */
export function precisionRecallArea(labels: Float32Array, scores: Float32Array, weights?: Float32Array): number {
  const order = rowsByScore(scores);
  const weightOf = (row: number) => (weights ? (weights[row] as number) : 1);
  let positives = 0;
  let negatives = 0;
  for (const row of order) {
    positives += weightOf(row) * (labels[row] as number);
    negatives += weightOf(row) * (1 - (labels[row] as number));
  }
  if (!(positives > 0 && negatives > 0)) return NaN;
  let area = 0;
  let before = { hits: 0, misses: 0 };
  for (let i = 0; i < order.length;) {
    const score = scores[order[i] as number];
    const now = { ...before };
    for (; i < order.length && scores[order[i] as number] === score; i++) {
      const row = order[i] as number;
      now.hits += weightOf(row) * (labels[row] as number);
      now.misses += weightOf(row) * (1 - (labels[row] as number));
    }
    area += stepArea(before, now, positives);
    before = now;
  }
  return area;
}

interface Counted {
  readonly hits: number;
  readonly misses: number;
}

/** Integral of precision over recall where misses = misses before + slope * (hits - hits before). */
function stepArea(before: Counted, now: Counted, positives: number): number {
  if (now.hits === before.hits) return 0;
  const from = before.hits / positives;
  const to = now.hits / positives;
  const slope = (now.misses - before.misses) / (now.hits - before.hits);
  const a = 1 + slope;
  const b = (before.misses - slope * before.hits) / positives;
  if (b === 0) return (to - from) / a;
  return (to - from - (b / a) * (log(a * to + b) - log(a * from + b))) / a;
}
