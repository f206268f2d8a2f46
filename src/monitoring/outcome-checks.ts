import { countText, pointsText, pValueText, shareText } from '../fairness/wording';
import type { Control } from '../utils/control';
import { columnDrift } from './column-drift';
import { isChange, SHARE_CHANGE_METHOD, shareChange, type ShareChange } from './share-change';
import { tooFew, type DriftReportRequest } from './report-request';
import type { CheckResult } from './types';

const WAIT = 'Nothing to do until more rows arrive.';

/** Change of the share predicted high-risk, with the probabilities' own distribution beside it. */
export async function predictionCheck(request: DriftReportRequest, control: Control): Promise<CheckResult> {
  const { config, highRisk } = request;
  const [before, after] = [request.reference.probabilities, request.current.probabilities];
  const fixed = {
    check: 'prediction_drift' as const,
    threshold: config.prediction_change,
    method: SHARE_CHANGE_METHOD,
  };
  const few = tooFew(before.length, after.length);
  if (few) return { ...fixed, drifted: false, statistic: 0, columns: [], finding: few, action: WAIT };
  const change = shareChange(countFrom(before, highRisk), countFrom(after, highRisk));
  const drifted = isChange(change, config.prediction_change);
  const column = await columnDrift(
    {
      column: 'predicted probability',
      reference: Float64Array.from(before),
      current: Float64Array.from(after),
      config,
    },
    control,
  );
  const ks = column.ks
    ? ` KS of the probabilities: D ${column.ks.statistic.toFixed(3)}, p ${pValueText(column.ks.p_value)}.`
    : '';
  return {
    ...fixed,
    drifted,
    statistic: Math.abs(change.change),
    columns: [column],
    finding: `The share predicted high-risk (probability ${highRisk} or more) ${changeText(change, config.prediction_change)}${ks}`,
    action: drifted
      ? 'Check the model: see which inputs move its predictions, whether the served version is the right one, and whether its risk bands still fit.'
      : 'Nothing to do.',
  };
}

/** Change of prevalence over the rows whose outcome is known. */
export async function targetCheck(request: DriftReportRequest, control: Control): Promise<CheckResult> {
  const { config } = request;
  const before = knownLabels(request.reference.labels);
  const after = knownLabels(request.current.labels);
  const fixed = { check: 'target_drift' as const, threshold: config.target_change, method: SHARE_CHANGE_METHOD };
  if (after.length === 0) {
    const finding = `No outcome of the ${countText(request.current.probabilities.length)} current rows is known yet, so prevalence cannot be compared.`;
    return {
      ...fixed,
      drifted: false,
      statistic: 0,
      columns: [],
      finding,
      action: 'Nothing to do until outcomes arrive.',
    };
  }
  const few = tooFew(before.length, after.length, 'rows with a known outcome');
  if (few) return { ...fixed, drifted: false, statistic: 0, columns: [], finding: few, action: WAIT };
  const change = shareChange(countFrom(before, 1), countFrom(after, 1));
  const drifted = isChange(change, config.target_change);
  return {
    ...fixed,
    drifted,
    statistic: Math.abs(change.change),
    columns: [await columnDrift({ column: 'outcome', reference: before, current: after, config }, control)],
    finding: `Prevalence ${changeText(change, config.target_change)} Outcomes are known for ${countText(after.length)} of ${countText(request.current.probabilities.length)} current rows.`,
    action: drifted ? 'Retrain on recent data: how often the outcome occurs has changed.' : 'Nothing to do.',
  };
}

function countFrom(values: ArrayLike<number>, least: number): { count: number; n: number } {
  let count = 0;
  for (let i = 0; i < values.length; i++) if ((values[i] ?? 0) >= least) count++;
  return { count, n: values.length };
}

/** The labels that are 0 or 1. */
export function knownLabels(labels: ArrayLike<number> | null): Float64Array {
  return labels ? Float64Array.from(labels).filter((label) => label === 0 || label === 1) : new Float64Array(0);
}

function changeText(change: ShareChange, least: number): string {
  const size = Math.abs(change.change);
  const chance =
    size >= least && !isChange(change, least) ? ' The interval holds no change, so this can be chance.' : '';
  return (
    `went from ${shareText(change.reference)} (n=${countText(change.nReference)}) to ${shareText(change.current)} ` +
    `(n=${countText(change.nCurrent)}): ${pointsText(change.change)} points, 95% interval ${pointsText(change.low)} to ` +
    `${pointsText(change.high)}; drift from ${(100 * least).toFixed(1)} points on.${chance}`
  );
}
