import { WorkbenchError } from '../../utils/errors';
import {
  discountsOf,
  fromHighest,
  gainOf,
  inverseIdealGain,
  queryBounds,
  queryWeight,
  totalQueryWeight,
  valuesOf,
} from '../objectives/queries';
import type { EvalMetric, LabelledRows } from '../objectives/types';

/** How a ranking metric was asked for: "ndcg@5-". */
export interface RankOptions {
  readonly name: string;
  /** Places looked at; 32 when not named, as in XGBoost. */
  readonly top: number;
  /** Queries without a relevant row score 0 instead of 1. */
  readonly minus: boolean;
}

/** One query. */
interface Ranked {
  readonly labels: Float32Array;
  /** Positions from the highest score down, equal ones in row order. */
  readonly order: Uint32Array;
  readonly weight: number;
}

/** Weighted mean over queries; `weighted` gives the value of one times its weight (dmlc/xgboost:src/metric/rank_metric.cc). */
function meanOf(
  name: string,
  weighted: (query: Ranked) => number,
  check?: (data: LabelledRows, rows: Int32Array) => void,
): EvalMetric {
  return {
    name,
    direction: 'maximize',
    evaluate(data, predictions, rows) {
      check?.(data, rows);
      const bounds = queryBounds(data, rows.length);
      let sum = 0;
      for (let q = 0; q + 1 < bounds.length; q++) {
        const begin = bounds[q] as number;
        const end = bounds[q + 1] as number;
        sum += weighted({
          labels: valuesOf(data.labels, rows, begin, end),
          order: fromHighest(valuesOf(predictions, rows, begin, end)),
          weight: queryWeight(data, rows, begin),
        });
      }
      const total = totalQueryWeight(data, rows);
      return Math.min(1, total > 0 ? sum / total : sum);
    },
  };
}

/** Normalised discounted cumulative gain. As in XGBoost a query without relevant rows counts 1 whatever its weight. */
export function ndcg({ name, top, minus }: RankOptions, exponential: boolean): EvalMetric {
  return meanOf(name, ({ labels, order, weight }) => {
    const inverse = inverseIdealGain(labels, top, exponential);
    if (inverse <= 0) return minus ? 0 : 1;
    const discounts = discountsOf(order.length);
    let sum = 0;
    for (let i = 0; i < Math.min(order.length, top); i++) {
      sum += (discounts[i] as number) * gainOf(labels[order[i] as number] as number, exponential) * inverse;
    }
    return sum * weight;
  });
}

/** Mean average precision; labels are 0 or 1. */
export function meanAveragePrecision({ name, top, minus }: RankOptions): EvalMetric {
  return meanOf(
    name,
    ({ labels, order, weight }) => {
      let hits = 0;
      let sum = 0;
      for (let i = 0; i < order.length; i++) {
        const label = labels[order[i] as number] as number;
        hits += label;
        if (i < top) sum += (hits / (i + 1)) * label;
      }
      return (hits > 0 ? sum / Math.min(hits, top) : minus ? 0 : 1) * weight;
    },
    checkBinary(name),
  );
}

/** Share of relevant rows among the first places; labels are 0 or 1. */
export function precisionAt({ name, top }: RankOptions): EvalMetric {
  return meanOf(
    name,
    ({ labels, order, weight }) => {
      const count = Math.min(order.length, top);
      let hits = 0;
      for (let i = 0; i < count; i++) hits += Math.fround((labels[order[i] as number] as number) * weight);
      return hits / count;
    },
    checkBinary(name),
  );
}

function checkBinary(name: string) {
  return ({ labels }: LabelledRows, rows: Int32Array) => {
    const odd = rows.find((row) => labels[row] !== 0 && labels[row] !== 1);
    if (odd === undefined) return;
    throw new WorkbenchError(
      'TRAINING_INVALID',
      `Row ${odd + 1} has the label ${labels[odd] ?? NaN}, but the metric ${name} needs 0 or 1; use ndcg for graded labels.`,
      { row: odd, metric: name },
    );
  };
}
