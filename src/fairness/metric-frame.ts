import { checkpoint, type Control } from '../utils/control';
import { WorkbenchError } from '../utils/errors';
import { groupMetrics, METRICS, type FairnessMetric, type GroupRows } from './group-metrics';
import type { GroupMetrics, MetricFrame } from './types';
import { countText, shareText } from './wording';

export interface MetricFramesRequest {
  /** [n_rows] 0 or 1. */
  readonly labels: Uint8Array;
  /** [n_rows] */
  readonly probabilities: ArrayLike<number>;
  /** Per sensitive column, the group of each row; '' is shown as "(missing)". */
  readonly groups: Readonly<Record<string, readonly string[]>>;
  /** A probability from here on is a predicted positive. */
  readonly threshold: number;
  /** A gap above this gets a warning. */
  readonly maximumGap: number;
  /** Entity of each row: rows of one entity go together, so intervals widen. Rows are independent when absent. */
  readonly keys?: readonly string[];
  /** What the keys are, for the method's text. */
  readonly entity?: string;
  /** All five when absent. */
  readonly metrics?: readonly FairnessMetric[];
  /** Least rows under a metric; 10 when absent. */
  readonly minimumRows?: number;
}

const TITLES: Readonly<Record<string, string>> = {
  selection_rate: 'the share predicted positive',
  tpr: 'recall',
  fpr: 'the false-positive rate',
  precision: 'precision',
  roc_auc: 'ROC-AUC',
};

const MISSING = '(missing)';

/**
 * Metrics by group of each sensitive column, with the largest gaps and a warning for each above `maximumGap`. A metric
 * resting on fewer than `minimumRows` rows of its kind, or on one class, is null with the reason instead of a false 0 and
 * takes no part in gaps. Progress and cancelling group by group.
 */
export async function metricFrames(request: MetricFramesRequest, control: Control): Promise<MetricFrame[]> {
  const entities = request.keys ? numbered(request.keys) : null;
  const frames: MetricFrame[] = [];
  for (const [sensitive, groups] of Object.entries(request.groups)) {
    if (groups.length !== request.labels.length) {
      throw new WorkbenchError(
        'TRAINING_INVALID',
        `the sensitive column ${sensitive} has ${groups.length} groups for ${request.labels.length} rows; give one a row`,
      );
    }
    const measured: GroupMetrics[] = [];
    const rowsOf = rowsByGroup(groups);
    for (const [group, rows] of rowsOf) {
      await checkpoint(control, {
        label: `metrics of ${sensitive} = ${group}`,
        done: measured.length,
        total: rowsOf.length,
      });
      measured.push(groupMetrics(pickRows(request, entities, { group, rows }), rulesOf(request)));
    }
    frames.push(frameOf(sensitive, measured, request.maximumGap));
  }
  return frames;
}

function rulesOf(request: MetricFramesRequest) {
  return {
    metrics: request.metrics ?? METRICS,
    threshold: request.threshold,
    minimumRows: request.minimumRows ?? 10,
    entity: request.entity ?? 'entity',
  };
}

function numbered(keys: readonly string[]): Int32Array {
  const numberOf = new Map<string, number>();
  return Int32Array.from(keys, (key) => {
    const known = numberOf.get(key) ?? numberOf.size;
    numberOf.set(key, known);
    return known;
  });
}

function rowsByGroup(groups: readonly string[]): [string, number[]][] {
  const rows = new Map<string, number[]>();
  groups.forEach((group, row) => {
    const name = group === '' ? MISSING : group;
    const list = rows.get(name);
    if (list) list.push(row);
    else rows.set(name, [row]);
  });
  return [...rows].sort(([a], [b]) => (a < b ? -1 : 1));
}

function pickRows(
  request: MetricFramesRequest,
  entities: Int32Array | null,
  { group, rows }: { readonly group: string; readonly rows: readonly number[] },
): GroupRows {
  return {
    group,
    labels: Uint8Array.from(rows, (row) => request.labels[row] ?? 0),
    probabilities: Float64Array.from(rows, (row) => request.probabilities[row] ?? NaN),
    entities: entities && Int32Array.from(rows, (row) => entities[row] ?? -1),
  };
}

interface Extremes {
  readonly highest: Reading;
  readonly lowest: Reading;
}

interface Reading {
  readonly group: string;
  readonly value: number;
  readonly low: number;
  readonly high: number;
  readonly n: number;
}

function frameOf(sensitive: string, groups: readonly GroupMetrics[], maximumGap: number): MetricFrame {
  const gaps: Record<string, MetricFrame['gaps'][string]> = {};
  const warnings: string[] = [];
  let fourFifths: MetricFrame['four_fifths'];
  for (const metric of METRICS) {
    const extremes = extremesOf(groups, metric);
    if (!extremes) continue;
    const { highest, lowest } = extremes;
    const [best, worst] = metric === 'fpr' ? [lowest.group, highest.group] : [highest.group, lowest.group];
    const value = highest.value - lowest.value;
    gaps[metric] = { value, best, worst };
    if (value > maximumGap) warnings.push(warningOf(sensitive, metric, extremes, maximumGap));
    if (metric === 'selection_rate') fourFifths = fourFifthsOf(extremes);
  }
  return { sensitive, groups, gaps, warnings, ...(fourFifths ? { four_fifths: fourFifths } : {}) };
}

/** Largest and smallest value among the groups that have one; null with fewer than two. */
function extremesOf(groups: readonly GroupMetrics[], metric: string): Extremes | null {
  const readings: Reading[] = groups.flatMap((group) => {
    const found = group.metrics[metric];
    return found && found.value !== null ? [{ ...found, group: group.group }] : [];
  });
  if (readings.length < 2) return null;
  const order = readings.sort((a, b) => a.value - b.value);
  const [lowest, highest] = [order[0], order.at(-1)];
  return lowest && highest ? { lowest, highest } : null;
}

function warningOf(sensitive: string, metric: string, { highest, lowest }: Extremes, maximumGap: number): string {
  const part = (reading: Reading) => `${reading.value.toFixed(2)} for ${reading.group} (n=${countText(reading.n)})`;
  const chance = lowest.high >= highest.low ? '; their 95% intervals overlap, so it can be chance' : '';
  const gap = (highest.value - lowest.value).toFixed(2);
  return `${sensitive}: ${TITLES[metric] ?? metric} is ${part(lowest)} and ${part(highest)}; the gap ${gap} is above ${maximumGap.toFixed(2)}${chance}.`;
}

function fourFifthsOf({ highest, lowest }: Extremes): MetricFrame['four_fifths'] {
  if (highest.value === 0) return undefined;
  const ratio = lowest.value / highest.value;
  return {
    ratio,
    lowest: lowest.group,
    highest: highest.group,
    passes: ratio >= 0.8,
    text:
      `Four-fifths screen: ${lowest.group} is predicted positive ${shareText(ratio)} as often as ${highest.group} ` +
      `(n=${countText(lowest.n)} and ${countText(highest.n)}); the screen asks for 80%. A US employment screen, no proof of fairness or of its lack.`,
  };
}
