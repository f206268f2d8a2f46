import { rocAuc } from '../training/metrics/ranking';
import type { Estimate } from '../training/types';
import { wilsonInterval } from '../utils/statistics';
import { aucInterval, AUC_INTERVAL_METHOD } from './auc-interval';
import type { GroupMetrics } from './types';

export const METRICS = ['selection_rate', 'tpr', 'fpr', 'precision', 'roc_auc'] as const;
export type FairnessMetric = (typeof METRICS)[number];

/** One group's rows. */
export interface GroupRows {
  readonly group: string;
  readonly labels: Uint8Array;
  readonly probabilities: Float64Array;
  /** Entity of each row as a small number; null when rows are taken as independent. */
  readonly entities: Int32Array | null;
}

export interface GroupRules {
  readonly metrics: readonly FairnessMetric[];
  readonly threshold: number;
  /** Fewer rows than this under a metric and it is withheld. */
  readonly minimumRows: number;
  /** Name of the entity, for the method's text. */
  readonly entity: string;
}

/** Fewer rows than this and a group is flagged. */
const FLAG_ROWS = 30;

type Withheld = { readonly value: null; readonly reason: string; readonly n: number };

/** Metrics of one group with intervals; a metric that rests on too few rows is null with the reason. */
export function groupMetrics(rows: GroupRows, rules: GroupRules): GroupMetrics {
  const n = rows.labels.length;
  const positives = rows.labels.reduce<number>((sum, label) => sum + label, 0);
  const metrics: Record<string, Estimate | Withheld> = {};
  for (const metric of rules.metrics) {
    metrics[metric] = metric === 'roc_auc' ? aucOf(rows, positives, rules) : rateOf(metric, rows, rules);
  }
  const flag = n < FLAG_ROWS ? { flag: `${n} rows, fewer than ${FLAG_ROWS}: read with care` } : {};
  return { group: rows.group, n, positives, metrics, ...flag };
}

const RESTS_ON = {
  selection_rate: 'rows',
  tpr: 'positives',
  fpr: 'negatives',
  precision: 'rows predicted positive',
} as const;

function rateOf(metric: keyof typeof RESTS_ON, rows: GroupRows, rules: GroupRules): Estimate | Withheld {
  const predicted = (row: number) => (rows.probabilities[row] ?? 0) >= rules.threshold;
  const actual = (row: number) => rows.labels[row] === 1;
  const base = { selection_rate: () => true, tpr: actual, fpr: (row: number) => !actual(row), precision: predicted }[
    metric
  ];
  const hit = metric === 'precision' ? actual : predicted;
  const counted: number[] = [];
  let hits = 0;
  for (let row = 0; row < rows.labels.length; row++) {
    if (!base(row)) continue;
    counted.push(row);
    if (hit(row)) hits++;
  }
  const n = counted.length;
  if (n < rules.minimumRows) return withheld(n, RESTS_ON[metric], rules.minimumRows);
  const value = hits / n;
  const spread = rows.entities ? designEffect(rows.entities, counted, hit, value) : 1;
  const interval = wilsonInterval(hits / spread, n / spread);
  const method =
    spread > 1
      ? `Wilson 95% at n / ${spread.toFixed(2)}, the design effect of repeated rows by ${rules.entity}`
      : 'Wilson 95%';
  return { value, ...interval, n, method };
}

function withheld(n: number, what: string, minimum: number): Withheld {
  return { value: null, n, reason: n === 0 ? `no ${what}` : `${n} ${what}, fewer than ${minimum}` };
}

/**
 * How much wider the spread of a share is because rows of one entity go together: the between-entity variance of the
 * ratio (W. Cochran, Sampling Techniques, 3rd ed., 1977, section 6) over the binomial one, at least 1.
 */
function designEffect(
  entities: Int32Array,
  counted: readonly number[],
  hit: (row: number) => boolean,
  share: number,
): number {
  const residuals = new Map<number, number>();
  for (const row of counted) {
    const entity = entities[row] ?? -1;
    residuals.set(entity, (residuals.get(entity) ?? 0) + (hit(row) ? 1 : 0) - share);
  }
  const clusters = residuals.size;
  const binomial = share * (1 - share) * counted.length;
  if (clusters < 2 || clusters === counted.length || binomial === 0) return 1;
  let squares = 0;
  for (const residual of residuals.values()) squares += residual * residual;
  return Math.max(1, (squares * clusters) / (clusters - 1) / binomial);
}

function aucOf(rows: GroupRows, positives: number, rules: GroupRules): Estimate | Withheld {
  const n = rows.labels.length;
  if (n < rules.minimumRows) return withheld(n, 'rows', rules.minimumRows);
  if (positives === 0 || positives === n)
    return { value: null, n, reason: positives === 0 ? 'no positives' : 'no negatives' };
  const value = rocAuc(rows.labels, rows.probabilities);
  return { value, ...aucInterval(value, positives, n - positives), n, method: AUC_INTERVAL_METHOD };
}
