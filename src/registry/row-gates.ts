import { metricFrames } from '../fairness/metric-frame';
import type { MetricFrame } from '../fairness/types';
import { calibrationBins, expectedCalibrationError } from '../training/metrics/calibration';
import { brier } from '../training/metrics/probability';
import type { Control } from '../utils/control';
import type { GateFacts, GateRequest } from './gates';
import { improvementOf, measureOf, METRIC_TITLES } from './metric';
import type { GateResult, GateRules } from './types';

type Asked<K extends keyof GateRules> = NonNullable<GateRules[K]>;

const FAIRNESS_TITLES = {
  selection_rate: 'share predicted positive',
  tpr: 'recall',
  fpr: 'false-positive rate',
  precision: 'precision',
  roc_auc: 'ROC-AUC',
} as const;

interface FairnessCall {
  readonly asked: Asked<'fairness'>;
  /** Whether the rows can be judged on at all. */
  readonly measurable: boolean;
  readonly control: Control;
}

/** Largest differences between the groups of each sensitive column, held to a limit and to the champion's. */
export async function fairnessGates(
  request: GateRequest,
  facts: GateFacts,
  { asked, measurable, control }: FairnessCall,
): Promise<GateResult[]> {
  const framesOf = (probabilities: Float64Array | null) =>
    probabilities && measurable
      ? metricFrames(
          {
            labels: request.labels,
            probabilities,
            groups: facts.groups,
            threshold: facts.threshold,
            maximumGap: 1,
            keys: request.keys,
            entity: facts.entity,
            metrics: asked.metrics,
          },
          control,
        )
      : null;
  const [ours, theirs] = [await framesOf(request.challenger), await framesOf(request.champion)];
  return Object.keys(facts.groups).flatMap((sensitive) =>
    asked.metrics.flatMap((metric) => {
      const gapOf = (frames: readonly MetricFrame[] | null) =>
        frames?.find((frame) => frame.sensitive === sensitive)?.gaps[metric];
      const [gap, rival] = [gapOf(ours), gapOf(theirs)];
      const both = { challenger: gap?.value ?? null, champion: rival?.value ?? null };
      const note = gap ? `${gap.worst} against ${gap.best}` : 'Fewer than two groups have enough rows.';
      const base = { gate: 'fairness', unit: 'value', n: request.labels.length, note } as const;
      const what = `${FAIRNESS_TITLES[metric]} gap between groups of ${sensitive}`;
      return heldTo({ ...base, ...both, what, worse: 'larger' }, asked.maximum_gap, asked.maximum_increase);
    }),
  );
}

/** The calibration error or the Brier score, held to a limit and to the champion's. */
export function calibrationGates(
  { labels, challenger, champion }: GateRequest,
  { metric, maximum, maximum_worsening: worsening }: Asked<'calibration'>,
  measurable: boolean,
): GateResult[] {
  const measure = (probabilities: Float64Array | null): number | null => {
    if (!probabilities || !measurable) return null;
    return metric === 'ece'
      ? expectedCalibrationError(calibrationBins(labels, probabilities))
      : brier(labels, probabilities);
  };
  const what = metric === 'ece' ? 'expected calibration error' : 'Brier score';
  const base = { gate: 'calibration', unit: 'value', n: labels.length, worse: 'larger', what } as const;
  const note = metric === 'ece' ? 'ten equally wide bins' : '';
  const both = { challenger: measure(challenger), champion: measure(champion) };
  return heldTo({ ...base, ...both, note }, maximum, worsening);
}

interface Held {
  readonly gate: GateResult['gate'];
  readonly what: string;
  readonly challenger: number | null;
  readonly champion: number | null;
  readonly unit: GateResult['unit'];
  readonly n: number | null;
  readonly note: string;
  /** "larger" than the champion's, in words. */
  readonly worse: string;
}

/** A value against its own limit, and how much worse than the champion's it is; each where it is asked for. */
function heldTo({ worse, ...held }: Held, maximum: number | undefined, increase: number | undefined): GateResult[] {
  const { challenger, champion, what } = held;
  const gates: GateResult[] = [];
  if (maximum !== undefined) {
    const passed = challenger === null ? null : challenger <= maximum;
    gates.push({ ...held, passed, measured: challenger, limit: maximum, bound: 'at most' });
  }
  if (increase !== undefined) {
    const measured = challenger === null || champion === null ? null : challenger - champion;
    gates.push({
      ...held,
      what: `${what}, ${worse} than the champion’s by`,
      passed: measured === null ? null : measured <= increase,
      measured,
      limit: increase,
      bound: 'at most',
      note: champion === null && challenger !== null ? 'There is no champion to compare with.' : held.note,
    });
  }
  return gates;
}

/** The metric in each group of each sensitive column: how much worse than the champion's it got. */
export function sliceGates(request: GateRequest, { groups }: GateFacts, asked: Asked<'slices'>): GateResult[] {
  return Object.entries(groups).flatMap(([sensitive, values]) => {
    const names = [...new Set(values)].sort();
    return names.map((name) => {
      const rows = Int32Array.from(values.keys()).filter((row) => values[row] === name);
      return sliceGate(request, asked, { slice: `${sensitive} = ${name === '' ? '(missing)' : name}`, rows });
    });
  });
}

function sliceGate(
  { rule, labels, challenger, champion }: GateRequest,
  { metric, maximum_worsening: limit, minimum_rows: least }: Asked<'slices'>,
  { slice, rows }: { readonly slice: string; readonly rows: Int32Array },
): GateResult {
  const own = Uint8Array.from(rows, (row) => labels[row] ?? 0);
  const positives = own.reduce((sum, label) => sum + label, 0);
  const area = metric === 'roc_auc' || metric === 'pr_auc';
  const reason =
    champion === null
      ? 'There is no champion to compare with.'
      : rows.length < least
        ? `${rows.length} rows, fewer than ${least}`
        : area && (positives === 0 || positives === rows.length)
          ? 'All rows have the same outcome.'
          : '';
  const valueOf = (probabilities: Float64Array | null) =>
    probabilities === null || reason !== ''
      ? null
      : measureOf(
          metric,
          own,
          Float64Array.from(rows, (row) => probabilities[row] ?? NaN),
        )();
  const [ours, theirs] = [valueOf(challenger), valueOf(champion)];
  const measured =
    ours === null || theirs === null
      ? null
      : -improvementOf({ ...rule, metric, improvement: 'absolute' }, ours, theirs);
  return {
    gate: 'slices',
    what: `${METRIC_TITLES[metric]} where ${slice}, worse than the champion’s by`,
    passed: measured === null ? null : measured <= limit,
    challenger: ours,
    champion: theirs,
    measured: measured === 0 ? 0 : measured,
    limit,
    bound: 'at most',
    unit: 'value',
    n: rows.length,
    note: reason,
  };
}
