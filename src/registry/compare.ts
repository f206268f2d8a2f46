import { checkpoint, type Control } from '../utils/control';
import { quantile } from '../utils/statistics';
import { countText } from '../fairness/wording';
import { clustersOf, resampleWeights } from '../training/cluster-bootstrap';
import { pairedDelong } from '../training/metrics/delong';
import type { Estimate } from '../training/types';
import { measureGates, withGates, type GateFacts } from './gates';
import { directionOf, improvementOf, measureOf, METRIC_TITLES, type Measure } from './metric';
import type { Decision, PromotionRule } from './types';

const MINIMUM_ROWS = 20;
const RESAMPLES = 200;

export interface CompareRequest {
  readonly rule: PromotionRule;
  /** [n_rows] 0 or 1, of rows neither model was trained on. */
  readonly labels: Uint8Array;
  readonly challenger: Float64Array;
  /** Null when there is no champion yet. */
  readonly champion: Float64Array | null;
  readonly championVersion: number | null;
  /** Entity of each row; rows of one entity are resampled together. */
  readonly keys: readonly string[];
  readonly seed: number;
  /** Which rows these are, for people. */
  readonly judgedOn: string;
  /** What the rule's gates need to know; those that need it are left out without it. */
  readonly facts?: GateFacts | undefined;
}

/**
 * Decides about a challenger. The first version of a model is exempt from the comparison. Else both models are measured on
 * the same rows: an improvement of at least the rule's minimum, in the metric's own direction, is promoted (approval
 * automatic) or waits for a person; less is archived. Too few rows, or rows of one class, refuse the comparison. Gates of
 * the rule are measured in any case; one that is not passed refuses what would have been promoted.
 */
export async function compareModels(request: CompareRequest, control: Control): Promise<Decision> {
  const refusal = refusalOf(request);
  const decision = await decide(request, refusal, control);
  return withGates(decision, await measureGates(request, { ...decision, refusal }, control));
}

async function decide(request: CompareRequest, refusal: string | null, control: Control): Promise<Decision> {
  const { rule, labels, champion } = request;
  const base = {
    metric: rule.metric,
    direction: directionOf(rule.metric),
    minimum_improvement: rule.minimum_improvement,
    improvement_kind: rule.improvement,
    champion_version: request.championVersion,
    n: labels.length,
    judged_on: request.judgedOn,
  } as const;
  const nothing = { challenger: null, champion: null, improvement: null } as const;
  if (!champion) {
    const challenger = refusal === null ? await measureAlone(request, control) : null;
    const shown = challenger
      ? ` It reaches ${METRIC_TITLES[rule.metric]} ${challenger.value.toFixed(3)} (n = ${countText(labels.length)}).`
      : '';
    const reason = `The first version becomes champion without a comparison.${shown}`;
    return { ...base, ...nothing, verdict: 'promoted', rule: 'first', reason, challenger };
  }
  if (refusal !== null) return { ...base, ...nothing, verdict: 'refused', rule: 'improvement', reason: refusal };
  const measured =
    rule.interval === 'delong' ? measureByDelong(request, champion) : await measureBoth(request, champion, control);
  const passed = measured.improvement >= rule.minimum_improvement;
  const verdict = passed ? (rule.approval === 'automatic' ? 'promoted' : 'awaiting_approval') : 'archived';
  return { ...base, ...measured, verdict, rule: 'improvement', reason: sentence(request, measured) };
}

function refusalOf({ labels, judgedOn }: CompareRequest): string | null {
  const positives = labels.reduce((sum, label) => sum + label, 0);
  if (labels.length < MINIMUM_ROWS) {
    return `Not compared: ${labels.length === 0 ? 'there are no' : `there ${labels.length === 1 ? 'is' : 'are'} only ${labels.length}`} ${judgedOn}, and ${MINIMUM_ROWS} are needed. Train with the champion's split seed, so that both hold out the same rows, or add data.`;
  }
  if (positives === 0 || positives === labels.length) {
    return `Not compared: the ${labels.length} ${judgedOn} all have the same outcome. Add data with both outcomes.`;
  }
  return null;
}

function sentence({ rule, championVersion, labels }: CompareRequest, measured: Measured): string {
  const amount = (value: number) =>
    rule.improvement === 'relative' ? `${(100 * value).toFixed(1)}%` : value.toFixed(4);
  const { challenger, champion, improvement, improvement_interval: interval } = measured;
  const against = `${champion.value.toFixed(4)} of champion v${championVersion ?? '?'} (n = ${countText(labels.length)})`;
  const numbers = `${METRIC_TITLES[rule.metric]} ${challenger.value.toFixed(4)} against ${against}`;
  const direction = improvement < 0 ? 'worse' : 'better';
  const [from, to] = improvement < 0 ? [-interval.high, -interval.low] : [interval.low, interval.high];
  const better = `${amount(Math.abs(improvement))} ${direction} (95% interval ${amount(from)} to ${amount(to)})`;
  const asked = `${amount(rule.minimum_improvement)} ${rule.improvement === 'relative' ? 'relative ' : ''}improvement asked for`;
  if (improvement < rule.minimum_improvement) return `Archived: ${numbers} is ${better}, less than the ${asked}.`;
  const next = rule.approval === 'automatic' ? 'Promoted' : 'Passes the rule';
  return `${next}: ${numbers} is ${better}, at least the ${asked}.`;
}

interface Measured {
  readonly challenger: Estimate;
  readonly champion: Estimate;
  readonly improvement: number;
  readonly improvement_interval: { readonly low: number; readonly high: number };
}

async function measureAlone(request: CompareRequest, control: Control): Promise<Estimate> {
  const measure = measureOf(request.rule.metric, request.labels, request.challenger);
  const [draws] = await resample(request, [measure], control);
  return { value: measure(), ...boundsOf(draws ?? [], measure()), n: request.labels.length, method: METHOD };
}

const METHOD = `percentile bootstrap by entity, ${RESAMPLES} resamples, 95%`;

/** Both models on the same rows with paired intervals: each resample draws the same entities for both. */
async function measureBoth(request: CompareRequest, rival: Float64Array, control: Control): Promise<Measured> {
  const { rule, labels } = request;
  const measures = [measureOf(rule.metric, labels, request.challenger), measureOf(rule.metric, labels, rival)] as const;
  const [ours = [], theirs = []] = await resample(request, measures, control);
  const [challenger, champion] = [measures[0](), measures[1]()];
  const improvement = improvementOf(rule, challenger, champion);
  const gains = ours.map((value, number) => improvementOf(rule, value, theirs[number] ?? NaN));
  return {
    challenger: { value: challenger, ...boundsOf(ours, challenger), n: labels.length, method: METHOD },
    champion: { value: champion, ...boundsOf(theirs, champion), n: labels.length, method: METHOD },
    improvement,
    improvement_interval: boundsOf(gains, improvement),
  };
}

const DELONG = 'DeLong, paired, rows taken as independent, 95%';
const Z = 1.959963984540054;

/** Both ROC areas on the same rows with DeLong's covariance; a relative improvement by the delta method. */
function measureByDelong({ rule, labels, challenger, ...rest }: CompareRequest, rival: Float64Array): Measured {
  const { covariance } = pairedDelong(labels, challenger, rival);
  const [ours, theirs] = [measureOf(rule.metric, labels, challenger)(), measureOf(rule.metric, labels, rival)()];
  const [ownVariance, shared, rivalVariance] = covariance;
  const improvement = improvementOf(rule, ours, theirs);
  const slope = rule.improvement === 'absolute' || theirs === 0 ? [1, -1] : [1 / theirs, -ours / (theirs * theirs)];
  const [own = 1, other = -1] = slope;
  const variance = own * own * ownVariance + 2 * own * other * shared + other * other * rivalVariance;
  const spread = (square: number) => (Number.isNaN(square) ? 0 : Z * Math.sqrt(Math.max(0, square)));
  const estimate = (value: number, square: number): Estimate => ({
    value,
    low: Math.max(0, value - spread(square)),
    high: Math.min(1, value + spread(square)),
    n: rest.keys.length,
    method: DELONG,
  });
  return {
    challenger: estimate(ours, ownVariance),
    champion: estimate(theirs, rivalVariance),
    improvement,
    improvement_interval: { low: improvement - spread(variance), high: improvement + spread(variance) },
  };
}

/** Values of each measure by resample; NaN where a resample drew one class only. */
async function resample(request: CompareRequest, measures: readonly Measure[], control: Control): Promise<number[][]> {
  const clusters = clustersOf(request.keys);
  const weights = new Int32Array(request.labels.length);
  const values = measures.map((): number[] => []);
  for (let number = 0; number < RESAMPLES; number++) {
    await checkpoint(control, {
      label: `comparing, resample ${number + 1} of ${RESAMPLES}`,
      done: number,
      total: RESAMPLES,
    });
    resampleWeights(clusters, request.seed, number, weights);
    measures.forEach((measure, index) => values[index]?.push(measure(weights)));
  }
  return values;
}

/** The middle 95% of the draws that have a value; the value itself when none has. */
function boundsOf(draws: readonly number[], value: number): { low: number; high: number } {
  const known = Float64Array.from(draws.filter((draw) => !Number.isNaN(draw)));
  if (known.length === 0) return { low: value, high: value };
  return { low: quantile(known, 0.025), high: quantile(known, 0.975) };
}
