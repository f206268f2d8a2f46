import { log } from '../../utils/math';
import { exponentialGain } from '../objectives/gain';
import type { EvalMetric, LabelledRows } from '../objectives/types';

const LN2 = 0.6931471805599453;

/** What a query of rows in order of their scores is worth, 0..1; `ideal` says what a query without relevant rows is. */
type Worth = (labels: readonly number[], ideal: number) => number;

/** Mean over queries; a query's weight is that of its first row. */
function meanOverQueries(name: string, worth: Worth, emptyIsWorst: boolean): EvalMetric {
  return {
    name,
    direction: 'maximize',
    evaluate: ({ labels, weights, queries }: LabelledRows, predictions, rows) => {
      const bounds = queries ?? Int32Array.of(0, rows.length);
      let sum = 0;
      let total = 0;
      for (let q = 0; q + 1 < bounds.length; q++) {
        const from = bounds[q] as number;
        const own = Array.from({ length: (bounds[q + 1] as number) - from }, (_, i) => from + i);
        own.sort((a, b) => (predictions[b] as number) - (predictions[a] as number) || a - b);
        const weight = weights ? (weights[rows[from] as number] as number) : 1;
        sum +=
          weight *
          worth(
            own.map((i) => labels[rows[i] as number] as number),
            emptyIsWorst ? 0 : 1,
          );
        total += weight;
      }
      return sum / total;
    },
  };
}

/** ndcg, ndcg@k, and with "-" counting a query without relevant rows as 0. */
export function ndcg(name: string, top: number, emptyIsWorst: boolean, exponential: boolean): EvalMetric {
  const gain = (label: number) => (exponential ? exponentialGain(label) : label);
  const worthOf = (labels: readonly number[]) =>
    labels.slice(0, top).reduce((sum, label, place) => sum + (gain(label) * LN2) / log(place + 2), 0);
  return meanOverQueries(
    name,
    (labels, ideal) => {
      const most = worthOf([...labels].sort((a, b) => b - a));
      return most === 0 ? ideal : worthOf(labels) / most;
    },
    emptyIsWorst,
  );
}

/** Mean average precision of relevant (label above 0) rows. */
export function meanAveragePrecision(name: string, top: number, emptyIsWorst: boolean): EvalMetric {
  return meanOverQueries(
    name,
    (labels, ideal) => {
      const relevant = labels.filter((label) => label > 0).length;
      if (relevant === 0) return ideal;
      let hits = 0;
      let sum = 0;
      labels.forEach((label, place) => {
        if (label <= 0 || place >= top) return;
        hits += 1;
        sum += hits / (place + 1);
      });
      return sum / Math.min(relevant, top);
    },
    emptyIsWorst,
  );
}

/** Share of relevant rows among the first k. */
export function precisionAt(name: string, top: number): EvalMetric {
  return meanOverQueries(
    name,
    (labels) => labels.slice(0, top).reduce((sum, label) => sum + label, 0) / Math.min(top, labels.length),
    false,
  );
}
