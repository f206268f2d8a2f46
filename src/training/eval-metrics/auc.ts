import { fromHighest, queryBounds, queryWeight, valuesOf } from '../objectives/queries';
import type { EvalMetric, LabelledRows } from '../objectives/types';
import { precisionRecallArea, rocArea, type Area, type Scored } from './areas';

/** One curve: its area over rows of two classes, and its value for one query. */
interface Curve {
  readonly name: string;
  readonly area: (scored: Scored) => Area;
  /** NaN when the query has none. */
  readonly ofQuery: (scored: Scored) => number;
}

/**
 * Area under the ROC curve; one against the rest, weighed by how frequent each class is, for several; mean over queries
 * of the share of their pairs in the right order for ranking (dmlc/xgboost:src/metric/auc.cc). NaN when a class is
 * absent.
 */
export function auc(): EvalMetric {
  return metricOf({ name: 'auc', area: rocArea, ofQuery: pairsInOrder });
}

/** Area under the precision-recall curve, for the cases of `auc`. */
export function aucpr(): EvalMetric {
  return metricOf({ name: 'aucpr', area: precisionRecallArea, ofQuery: (scored) => precisionRecallArea(scored).area });
}

function metricOf(curve: Curve): EvalMetric {
  return {
    name: curve.name,
    direction: 'maximize',
    evaluate(data, predictions, rows) {
      if (rows.length === 0) return NaN;
      if (data.queries) return overQueries(curve, data, predictions, rows);
      const weights = data.weights ? valuesOf(data.weights, rows, 0, rows.length) : 1;
      const labels = valuesOf(data.labels, rows, 0, rows.length);
      const classes = predictions.length / data.labels.length;
      if (classes > 1) return overClasses(curve, { labels, weights, classes }, predictions, rows);
      const { area, fp, tp } = curve.area({ labels, scores: valuesOf(predictions, rows, 0, rows.length), weights });
      return fp * tp > 0 ? Math.min(area / (fp * tp), 1) : NaN;
    },
  };
}

function overClasses(
  curve: Curve,
  { labels, weights, classes }: Pick<Scored, 'labels' | 'weights'> & { readonly classes: number },
  predictions: Float32Array,
  rows: Int32Array,
): number {
  let sum = 0;
  let positives = 0;
  for (let k = 0; k < classes; k++) {
    const scores = Float32Array.from(rows, (row) => predictions[row * classes + k] as number);
    const { area, fp, tp } = curve.area({ labels: labels.map((label) => (label === k ? 1 : 0)), scores, weights });
    if (!(fp * tp > 0)) return NaN;
    sum += (area / (fp * tp)) * tp;
    positives += tp;
  }
  return sum / positives;
}

function overQueries(curve: Curve, data: LabelledRows, predictions: Float32Array, rows: Int32Array): number {
  const bounds = queryBounds(data, rows.length);
  let sum = 0;
  let counted = 0;
  for (let q = 0; q + 1 < bounds.length; q++) {
    const begin = bounds[q] as number;
    const end = bounds[q + 1] as number;
    const value = curve.ofQuery({
      labels: valuesOf(data.labels, rows, begin, end),
      scores: valuesOf(predictions, rows, begin, end),
      weights: queryWeight(data, rows, begin),
    });
    if (Number.isNaN(value)) continue;
    sum += value;
    counted++;
  }
  return counted > 0 ? sum / counted : NaN;
}

/**
 * Share of pairs of a query, sorted by label, whose scores descend, equal ones counting half; equal labels count as
 * XGBoost counts them, in the order of rows. NaN below 3 rows.
 */
function pairsInOrder({ labels, scores }: Scored): number {
  if (labels.length < 3) return NaN;
  const order = fromHighest(labels);
  let sum = 0;
  for (let i = 0; i < order.length; i++) {
    for (let j = i + 1; j < order.length; j++) {
      const difference = (scores[order[i] as number] as number) - (scores[order[j] as number] as number);
      sum += difference > 0 ? 1 : difference === 0 ? 0.5 : 0;
    }
  }
  return sum / ((order.length * (order.length - 1)) / 2);
}
