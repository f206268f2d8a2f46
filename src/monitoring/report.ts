import { countText } from '../fairness/wording';
import { rocAuc } from '../training/metrics/ranking';
import { checkpoint, type Control } from '../utils/control';
import { datasetCheck } from './dataset-check';
import { knownLabels, predictionCheck, targetCheck } from './outcome-checks';
import { checkRequest, type DriftReportRequest } from './report-request';
import type { CheckResult, DriftReport } from './types';
import { readTogether } from './verdict';

export type { DriftReportRequest } from './report-request';

/**
 * Three checks of a window against a reference, each with its own verdict and action: dataset drift (share of drifted
 * feature columns at least `drift_share`), prediction drift (share predicted high-risk changed by at least
 * `prediction_change`), target drift (prevalence changed by at least `target_change`, rows with a known outcome only). A
 * change of a share counts when its 95% interval leaves out no change. With too few rows (30) or no outcomes a check has
 * not drifted and its finding says why. Progress and cancelling column by column.
 */
export async function driftReport(request: DriftReportRequest, control: Control): Promise<DriftReport> {
  checkRequest(request);
  const total = request.featureNames.length + 2;
  const dataset = await datasetCheck(request, control);
  await checkpoint(control, { label: 'drift of predictions', done: total - 2, total });
  const prediction = await predictionCheck(request, control);
  await checkpoint(control, { label: 'drift of outcomes', done: total - 1, total });
  const target = await targetCheck(request, control);
  const performance = performanceOf(request);
  await checkpoint(control, { label: 'drift checked', done: total, total });
  const { reference, current } = request;
  return {
    report_id: request.report_id,
    model: request.model,
    version: request.version,
    label: request.label,
    at: request.at,
    reference: {
      description: reference.description,
      rows: reference.probabilities.length,
      from: reference.from,
      to: reference.to,
    },
    current: {
      description: current.description,
      rows: current.probabilities.length,
      labelled: knownLabels(current.labels).length,
      from: current.from,
      to: current.to,
    },
    checks: [dataset, prediction, target],
    verdict: verdictOf([dataset, prediction, target], performance),
    performance,
  };
}

/** A check that compared nothing has no columns. */
function verdictOf(
  checks: readonly [CheckResult, CheckResult, CheckResult],
  performance: DriftReport['performance'],
): string {
  const [dataset, prediction, target] = checks.map((check) => (check.columns.length > 0 ? check.drifted : null));
  const sentence = readTogether({ dataset: dataset ?? null, prediction: prediction ?? null, target: target ?? null });
  if (!performance) return sentence;
  return `${sentence} ROC-AUC ${performance.roc_auc.toFixed(3)} on ${countText(performance.n)} ${performance.rows}.`;
}

function performanceOf({ current, entity }: DriftReportRequest): DriftReport['performance'] {
  const { labels, probabilities, unseen } = current;
  if (!labels) return null;
  const rows = Array.from({ length: labels.length }, (_, row) => row).filter(
    (row) => (labels[row] === 0 || labels[row] === 1) && unseen[row] === 1,
  );
  const known = Uint8Array.from(rows, (row) => labels[row] ?? 0);
  if (!known.includes(0) || !known.includes(1)) return null;
  return {
    roc_auc: rocAuc(
      known,
      Float64Array.from(rows, (row) => probabilities[row] ?? 0),
    ),
    n: known.length,
    rows: `known outcomes whose ${entity} is new to the model`,
  };
}
