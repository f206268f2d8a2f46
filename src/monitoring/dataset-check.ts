import { countText, listText, shareText } from '../fairness/wording';
import { checkpoint } from '../utils/control';
import type { Control } from '../utils/control';
import { columnDrift, withAdjustedPValues } from './column-drift';
import { benjaminiHochberg } from './multiple-testing';
import { tooFew, type DriftReportRequest } from './report-request';
import type { CheckResult, ColumnDrift } from './types';

/** A change of the missing share from which it is named in the finding. */
const MISSING_CHANGE = 0.05;
/** Most columns named in a sentence. */
const NAMED = 5;

/** Share of feature columns that drifted; reports progress column by column. */
export async function datasetCheck(request: DriftReportRequest, control: Control): Promise<CheckResult> {
  const { config, featureNames } = request;
  const rows = [request.reference.probabilities.length, request.current.probabilities.length] as const;
  const fixed = { check: 'dataset_drift' as const, threshold: config.drift_share, method: methodOf(request) };
  const few = tooFew(rows[0], rows[1]);
  if (few)
    return {
      ...fixed,
      drifted: false,
      statistic: 0,
      columns: [],
      finding: few,
      action: 'Nothing to do until more rows arrive.',
    };
  const measured: ColumnDrift[] = [];
  for (const [index, column] of featureNames.entries()) {
    await checkpoint(control, { label: `drift of ${column}`, done: index, total: featureNames.length + 2 });
    const [reference, current] = [request.reference.columns[index], request.current.columns[index]];
    if (reference && current) measured.push(await columnDrift({ column, reference, current, config }, control));
  }
  const columns = withAdjustedPValues(measured, config, benjaminiHochberg);
  const drifted = columns.filter((column) => column.drifted);
  const statistic = columns.length === 0 ? 0 : drifted.length / columns.length;
  const alert = columns.length > 0 && statistic >= config.drift_share;
  return {
    ...fixed,
    columns,
    drifted: alert,
    statistic,
    finding: findingOf(request, columns, rows),
    action: actionOf(alert, drifted),
  };
}

function methodOf({ config }: DriftReportRequest): string {
  const js = `Jensen-Shannon distance (base 2) from ${config.distance} on and above sampling noise`;
  return config.numeric === 'jensenshannon'
    ? js
    : `numbers: Kolmogorov-Smirnov, Benjamini-Hochberg adjusted p at most ${config.p_value} and D at least ${config.minimum_effect}; categories: ${js}`;
}

function findingOf(
  { config }: DriftReportRequest,
  columns: readonly ColumnDrift[],
  rows: readonly [number, number],
): string {
  const drifted = columns.filter((column) => column.drifted).sort((a, b) => effectOf(b) - effectOf(a));
  const named = drifted.slice(0, NAMED).map((column) => `${column.column} (${effectText(column)})`);
  if (drifted.length > NAMED) named.push(`${drifted.length - NAMED} more`);
  const which = named.length > 0 ? `: ${listText(named)}` : '';
  return [
    `${drifted.length} of ${columns.length} columns drifted (${shareText(drifted.length / Math.max(columns.length, 1))}, drift from ${shareText(config.drift_share)} on)${which}.`,
    `Compared ${countText(rows[0])} reference rows with ${countText(rows[1])} current rows.`,
    ...missingText(columns),
  ].join(' ');
}

function effectOf(column: ColumnDrift): number {
  return column.method === 'ks' && column.ks ? column.ks.statistic : column.jensenshannon.distance;
}

function effectText(column: ColumnDrift): string {
  return column.method === 'ks' && column.ks
    ? `KS D ${column.ks.statistic.toFixed(2)}`
    : `JS distance ${column.jensenshannon.distance.toFixed(2)}`;
}

function missingText(columns: readonly ColumnDrift[]): string[] {
  const moved = columns
    .map((column) => ({
      name: column.column,
      before: column.missing_reference / Math.max(1, column.missing_reference + column.n_reference),
      after: column.missing_current / Math.max(1, column.missing_current + column.n_current),
    }))
    .filter(({ before, after }) => Math.abs(after - before) >= MISSING_CHANGE);
  if (moved.length === 0) return [];
  const parts = moved
    .slice(0, NAMED)
    .map(({ name, before, after }) => `${name} ${shareText(before)} to ${shareText(after)}`);
  if (moved.length > NAMED) parts.push(`${moved.length - NAMED} more`);
  return [`Missing values changed: ${listText(parts)}.`];
}

function actionOf(alert: boolean, drifted: readonly ColumnDrift[]): string {
  const names = listText(drifted.slice(0, NAMED).map((column) => column.column));
  if (alert) return `Review the data pipeline: find out what changed in ${names}, and whether the values are right.`;
  return drifted.length > 0 ? `Nothing to do yet; watch ${names}.` : 'Nothing to do.';
}
