import { checkpoint, type Control } from '../utils/control';
import { quantile } from '../utils/statistics';
import { clustersOf, resampleWeights } from '../training/cluster-bootstrap';
import { brier, logLoss } from '../training/metrics/probability';
import { averagePrecision, rocAuc } from '../training/metrics/ranking';
import type { Estimate } from '../training/types';
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
}

type Metric = PromotionRule['metric'];
type Measure = (labels: Uint8Array, probabilities: Float64Array, weights?: Int32Array) => number;

const MEASURE: Readonly<Record<Metric, Measure>> = { roc_auc: rocAuc, pr_auc: averagePrecision, log_loss: logLoss, brier };

export const METRIC_TITLES: Readonly<Record<Metric, string>> = {
  roc_auc: 'ROC-AUC',
  pr_auc: 'PR-AUC',
  log_loss: 'log loss',
  brier: 'Brier score',
};

/**
 * Decides about a challenger. The first version of a model is exempt and promoted. Else both models are measured on the
 * same rows: an improvement of at least the rule's minimum, in the metric's own direction, is promoted (approval
 * automatic) or waits for a person; less is archived. Too few rows, or rows of one class, refuse the comparison.
 */
export async function compareModels(request: CompareRequest, control: Control): Promise<Decision> {
  const { rule, labels, champion } = request;
  const refusal = refusalOf(request);
  const base = {
    metric: rule.metric,
    direction: directionOf(rule.metric),
    minimum_improvement: rule.minimum_improvement,
    improvement_kind: rule.improvement,
    champion_version: request.championVersion,
    n: labels.length,
    judged_on: request.judgedOn,
  } as const;
  if (!champion) {
    const challenger = refusal === null ? (await estimates(request, control)).challenger : null;
    const shown = challenger ? ` It reaches ${METRIC_TITLES[rule.metric]} ${challenger.value.toFixed(3)} (n = ${labels.length}).` : '';
    return { ...base, verdict: 'promoted', rule: 'first', reason: `The first version becomes champion without a comparison.${shown}`, challenger, champion: null, improvement: null };
  }
  if (refusal !== null) return { ...base, verdict: 'refused', rule: 'improvement', reason: refusal, challenger: null, champion: null, improvement: null };
  const both = await estimates(request, control);
  const rival = both.champion ?? both.challenger;
  const improvement = improvementOf(rule, both.challenger.value, rival.value);
  const passed = improvement >= rule.minimum_improvement;
  const verdict = passed ? (rule.approval === 'automatic' ? 'promoted' : 'awaiting_approval') : 'archived';
  return { ...base, verdict, rule: 'improvement', reason: sentence(request, both.challenger, rival, improvement), challenger: both.challenger, champion: rival, improvement };
}

export function directionOf(metric: Metric): 'maximize' | 'minimize' {
  return metric === 'log_loss' || metric === 'brier' ? 'minimize' : 'maximize';
}

function improvementOf(rule: PromotionRule, challenger: number, champion: number): number {
  const gain = directionOf(rule.metric) === 'maximize' ? challenger - champion : champion - challenger;
  if (rule.improvement === 'absolute') return gain;
  return gain === 0 ? 0 : gain / Math.abs(champion);
}

function refusalOf({ labels, judgedOn }: CompareRequest): string | null {
  const positives = labels.reduce((sum, label) => sum + label, 0);
  if (labels.length < MINIMUM_ROWS) {
    return `Not compared: ${labels.length === 0 ? 'there are no' : `only ${labels.length}`} ${judgedOn}, and ${MINIMUM_ROWS} are needed. Train with the champion's split seed, so that both hold out the same rows, or add data.`;
  }
  if (positives === 0 || positives === labels.length) {
    return `Not compared: the ${labels.length} ${judgedOn} all have the same outcome. Add data with both outcomes.`;
  }
  return null;
}

function sentence({ rule, championVersion, labels }: CompareRequest, challenger: Estimate, champion: Estimate, improvement: number): string {
  const amount = (value: number) => (rule.improvement === 'relative' ? `${(100 * value).toFixed(1)}%` : value.toFixed(4));
  const title = METRIC_TITLES[rule.metric];
  const numbers = `${title} ${challenger.value.toFixed(4)} against ${champion.value.toFixed(4)} of champion v${championVersion} (n = ${labels.length})`;
  const passed = improvement >= rule.minimum_improvement;
  const asked = `${amount(rule.minimum_improvement)} ${rule.improvement === 'relative' ? 'relative ' : ''}improvement asked for`;
  if (!passed) return `Archived: ${numbers} is ${amount(improvement)} better, less than the ${asked}.`;
  const next = rule.approval === 'automatic' ? 'Promoted' : 'Waits for approval';
  return `${next}: ${numbers} is ${amount(improvement)} better, at least the ${asked}.`;
}

/** Both models on the same rows, with paired bootstrap intervals: each resample draws the same entities for both. */
async function estimates(request: CompareRequest, control: Control): Promise<{ challenger: Estimate; champion: Estimate | null }> {
  const measure = MEASURE[request.rule.metric];
  const clusters = clustersOf(request.keys);
  const weights = new Int32Array(request.labels.length);
  const draws: { challenger: number[]; champion: number[] } = { challenger: [], champion: [] };
  for (let number = 0; number < RESAMPLES; number++) {
    await checkpoint(control, { label: `comparing, resample ${number + 1} of ${RESAMPLES}`, done: number, total: RESAMPLES });
    resampleWeights(clusters, request.seed, number, weights);
    draws.challenger.push(measure(request.labels, request.challenger, weights));
    if (request.champion) draws.champion.push(measure(request.labels, request.champion, weights));
  }
  return {
    challenger: estimateOf(measure(request.labels, request.challenger), draws.challenger, request.labels.length),
    champion: request.champion ? estimateOf(measure(request.labels, request.champion), draws.champion, request.labels.length) : null,
  };
}

function estimateOf(value: number, draws: readonly number[], n: number): Estimate {
  const known = Float64Array.from(draws.filter((draw) => !Number.isNaN(draw)));
  const bound = (share: number) => (known.length === 0 ? value : quantile(known, share));
  return { value, low: bound(0.025), high: bound(0.975), n, method: `paired percentile bootstrap by entity, ${RESAMPLES} resamples, 95%` };
}
