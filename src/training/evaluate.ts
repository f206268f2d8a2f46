import { checkpoint, type Control } from '../utils/control';
import { WorkbenchError } from '../utils/errors';
import { quantile } from '../utils/statistics';
import { clustersOf, resampleWeights } from './cluster-bootstrap';
import { calibrationBins } from './metrics/calibration';
import { prCurve, rocCurve } from './metrics/curves';
import { rowBrier, rowLogLoss } from './metrics/probability';
import { averagePrecisionSorted, rocAucSorted, rowsByScore } from './metrics/ranking';
import { confusion, precision, recall } from './metrics/threshold';
import type { BinaryEvaluation, Estimate } from './types';

export interface EvaluateRequest {
  /** 0 or 1 a row. */
  readonly labels: Uint8Array;
  readonly probabilities: Float64Array;
  /** Entity of each row: rows of one entity are resampled together. */
  readonly keys: readonly string[];
  /** Name of the entity in the method's text. Default "entity". */
  readonly entity?: string;
  /** Probability from which a row counts as predicted positive. */
  readonly threshold: number;
  readonly seed: number;
  /** Bootstrap resamples, at least 1. Default 200. */
  readonly resamples?: number;
}

type MetricName = keyof BinaryEvaluation['metrics'];
type MetricValues = Readonly<Record<MetricName, number>>;

const DEFAULT_RESAMPLES = 200;

/**
 * Hold-out metrics of a binary model with 95% intervals: percentile bootstrap clustered by entity (2.5% and 97.5%
 * quantiles, resamples where a metric is undefined left out). Precision is 0 where nothing is predicted positive, as
 * scikit-learn has it. Throws when there are no rows or one class only.
 */
export async function evaluateBinary(request: EvaluateRequest, control: Control): Promise<BinaryEvaluation> {
  const { labels, probabilities, threshold } = request;
  checkEvaluation(request);
  const measure = makeMeasure(request);
  const values = measure();
  const spread = await resampled(request, measure, control);
  const method = `percentile bootstrap over ${request.entity ?? 'entity'}, ${request.resamples ?? DEFAULT_RESAMPLES} resamples, 95%`;
  const estimate = (name: MetricName): Estimate => {
    const draws = Float64Array.from(spread, (draw) => draw[name]);
    const value = values[name];
    const [low, high] = [quantile(draws, 0.025), quantile(draws, 0.975)].map((bound) =>
      Number.isNaN(bound) ? value : bound,
    );
    return { value, low: low ?? value, high: high ?? value, n: labels.length, method };
  };
  return {
    n: labels.length,
    positives: labels.reduce((sum, label) => sum + label, 0),
    threshold,
    metrics: {
      roc_auc: estimate('roc_auc'),
      pr_auc: estimate('pr_auc'),
      log_loss: estimate('log_loss'),
      precision: estimate('precision'),
      recall: estimate('recall'),
      brier: estimate('brier'),
    },
    confusion: confusion(labels, probabilities, threshold),
    roc: rocCurve(labels, probabilities),
    pr: prCurve(labels, probabilities),
    calibration: calibrationBins(labels, probabilities),
  };
}

async function resampled(
  { keys, seed, labels, resamples = DEFAULT_RESAMPLES }: EvaluateRequest,
  measure: (weights: Int32Array) => MetricValues,
  control: Control,
): Promise<readonly MetricValues[]> {
  const clusters = clustersOf(keys);
  const weights = new Int32Array(labels.length);
  const draws: MetricValues[] = [];
  for (let number = 0; number < resamples; number++) {
    await checkpoint(control, {
      label: `bootstrap resample ${number + 1} of ${resamples}`,
      done: number,
      total: resamples,
    });
    resampleWeights(clusters, seed, number, weights);
    draws.push(measure(weights));
  }
  return draws;
}

/** All metrics of the rows, each counted `weights` times (once when absent). Rows are sorted only once. */
function makeMeasure({ labels, probabilities, threshold }: EvaluateRequest): (weights?: Int32Array) => MetricValues {
  const order = rowsByScore(probabilities);
  const losses = Float64Array.from(labels, (label, row) => rowLogLoss(label, probabilities[row] as number));
  const squares = Float64Array.from(labels, (label, row) => rowBrier(label, probabilities[row] as number));
  return (weights) => {
    const counts = confusion(labels, probabilities, threshold, weights);
    const predicted = counts.tp + counts.fp;
    return {
      roc_auc: rocAucSorted(labels, probabilities, order, weights),
      pr_auc: averagePrecisionSorted(labels, probabilities, order, weights),
      log_loss: meanOf(losses, weights),
      brier: meanOf(squares, weights),
      precision: predicted === 0 ? 0 : precision(counts),
      recall: recall(counts),
    };
  };
}

function meanOf(values: Float64Array, weights: Int32Array | undefined): number {
  let sum = 0;
  let total = 0;
  for (let row = 0; row < values.length; row++) {
    const weight = weights ? (weights[row] as number) : 1;
    sum += weight * (values[row] as number);
    total += weight;
  }
  return sum / total;
}

function checkEvaluation({ labels, probabilities, keys, threshold, resamples }: EvaluateRequest): void {
  const refuse = (text: string) => {
    throw new WorkbenchError('TRAINING_INVALID', text);
  };
  const n = labels.length;
  if (probabilities.length !== n || keys.length !== n) {
    refuse(
      `There are ${n} labels, ${probabilities.length} probabilities and ${keys.length} entity keys; expected as many of each.`,
    );
  }
  if (n === 0) refuse('There are no rows to judge the model on. Hold out a larger share.');
  const positives = labels.reduce((sum, label) => sum + label, 0);
  if (positives === 0 || positives === n) {
    refuse(
      `All ${n} rows to judge on are ${positives === 0 ? 'negative' : 'positive'}; ROC-AUC needs both classes. Hold out more rows.`,
    );
  }
  const bad = probabilities.findIndex((p) => !(p >= 0 && p <= 1));
  if (bad >= 0) refuse(`The probability of row ${bad + 1} is ${probabilities[bad] ?? NaN}; expected 0 to 1.`);
  if (!(threshold >= 0 && threshold <= 1)) refuse(`threshold is ${threshold}, expected 0 to 1.`);
  if (resamples !== undefined && !(Number.isInteger(resamples) && resamples >= 1)) {
    refuse(`resamples is ${resamples}, expected a whole number at least 1.`);
  }
}
