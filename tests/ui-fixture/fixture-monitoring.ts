import type { ColumnDrift, DriftReport } from '../../src/monitoring/types';
import type { MonitoringView } from '../../src/pipeline/views';
import { GROUPS } from './fixture-training';
import { bell, DAY, NOW, NUMERIC } from './fixture-tables';

function columnDrift(index: number, shift: number): ColumnDrift {
  const column = NUMERIC[index % NUMERIC.length] ?? NUMERIC[0];
  if (!column) throw new Error('a column is needed');
  const low = Math.max(0, column.mean - 3 * column.sd);
  const high = column.mean + 3.2 * column.sd;
  const share = (mean: number) => bell({ mean, sd: column.sd }, [low, high], 20, 1000).counts.map((n) => n / 1000);
  const d = Math.min(0.6, 0.012 + Math.abs(shift) * 0.38);
  const drifted = d >= 0.1;
  return {
    column: column.name,
    kind: 'numeric',
    method: 'ks',
    n_reference: 31_204,
    n_current: 4_180,
    ks: { statistic: d, p_value: drifted ? 1e-9 : 0.61, p_adjusted: drifted ? 1e-8 : 0.92, mode: 'asymptotic' },
    jensenshannon: { distance: d * 0.7, binning: '20 equal bins of the reference' },
    threshold: 0.1,
    drifted,
    missing_reference: Math.round(31_204 * column.missing),
    missing_current: Math.round(4_180 * column.missing),
    mean_reference: column.mean,
    mean_current: column.mean + shift * column.sd,
    histogram: {
      edges: bell({ mean: 0, sd: 1 }, [low, high], 20, 1).edges,
      labels: [],
      reference: share(column.mean),
      current: share(column.mean + shift * column.sd),
    },
  };
}

function categoryDrift(): ColumnDrift {
  return {
    column: 'chest_pain',
    kind: 'categorical',
    method: 'jensenshannon',
    n_reference: 31_204,
    n_current: 4_180,
    ks: null,
    jensenshannon: { distance: 0.021, binning: 'one bin a value' },
    threshold: 0.1,
    drifted: false,
    missing_reference: 0,
    missing_current: 0,
    mean_reference: null,
    mean_current: null,
    histogram: {
      edges: null,
      labels: ['asymptomatic', 'non anginal', 'atypical', 'typical'],
      reference: [0.45, 0.29, 0.17, 0.09],
      current: [0.47, 0.28, 0.17, 0.08],
    },
  };
}

function report(id: string, label: string, at: number, shifts: readonly number[]): DriftReport {
  const columns = [...shifts.map((shift, index) => columnDrift(index, shift)), categoryDrift()];
  const drifted = columns.filter((column) => column.drifted).length;
  const share = drifted / columns.length;
  const moved = drifted > 0;
  return {
    report_id: id,
    model: 'heart_disease',
    version: 2,
    label,
    at,
    reference: { description: 'what v2 learned from', rows: 24_976, from: NOW - 730 * DAY, to: NOW - 60 * DAY },
    current: {
      description: `${label.replaceAll('_', ' ')}, 60 days`,
      rows: 4_180,
      labelled: 1_912,
      from: at - 60 * DAY,
      to: at,
    },
    checks: [
      {
        check: 'dataset_drift',
        drifted: share >= 0.5,
        finding: `${drifted} of ${columns.length} columns drifted (${Math.round(share * 100)}%); 50% raises an alarm.`,
        action: share >= 0.5 ? 'Review the pipeline: find out why the inputs moved.' : 'Nothing to do.',
        statistic: share,
        threshold: 0.5,
        method: 'share of drifted columns',
        columns,
      },
      {
        check: 'prediction_drift',
        drifted: moved && share < 0.9,
        finding: moved
          ? 'High-risk predictions went from 40.2% to 58.9%.'
          : 'High-risk predictions went from 40.2% to 40.6%.',
        action: moved ? 'Check the model on labelled rows before trusting its share.' : 'Nothing to do.',
        statistic: moved ? 0.187 : 0.004,
        threshold: 0.1,
        method: 'change of the high-risk share',
        columns: [columnDrift(4, moved ? 0.9 : 0)],
      },
      {
        check: 'target_drift',
        drifted: false,
        finding: 'Prevalence went from 35.0% to 35.8% on 1,912 labelled rows.',
        action: 'Nothing to do.',
        statistic: 0.008,
        threshold: 0.1,
        method: 'change of prevalence',
        columns: [],
      },
    ],
    verdict: moved
      ? 'Inputs moved and the model calls more people high-risk: review the pipeline, then retrain.'
      : 'Inputs, predictions and outcomes look as they did in training: nothing to do.',
    performance: {
      roc_auc: moved ? 0.861 : 0.909,
      n: 1_912,
      rows: 'known outcomes of the window whose patient_id it was not trained on',
    },
  };
}

export function monitoringView(): MonitoringView {
  const steady = [0.01, 0.02, -0.01, 0.02, 0.03];
  const reports = [
    report('r4', 'older_patients', NOW + 120 * DAY, [0.6, 0.5, 0.42, -0.55, 0.31]),
    report('r3', 'at rest', NOW + 60 * DAY, [0.04, 0.3, 0.02, 0.01, 0.02]),
    report('r2', 'at rest', NOW - 1 * DAY, steady),
    report('r1', 'at rest', NOW - 61 * DAY, steady),
  ];
  return {
    reports,
    schedules: [
      {
        name: 'Weekly dataset drift',
        check: 'dataset_drift',
        every_days: 7,
        window_days: 7,
        last: NOW - 7 * DAY,
        next: NOW,
        due: true,
      },
      {
        name: 'Monthly prediction drift',
        check: 'prediction_drift',
        every_days: 30,
        window_days: 30,
        last: NOW - 12 * DAY,
        next: NOW + 18 * DAY,
        due: false,
      },
      {
        name: 'Quarterly bias audit',
        check: 'bias_audit',
        every_days: 91,
        window_days: 91,
        last: null,
        next: NOW + 40 * DAY,
        due: false,
      },
    ],
    audits: [{ at: NOW - DAY, groups: GROUPS, rows: 6_228 }],
    unavailable: null,
    waiting: null,
    events: [
      ...reports.map((one) => ({ at: one.at, kind: 'report' as const, text: one.label })),
      { at: NOW + 120 * DAY, kind: 'alert', text: 'Dataset drift: 5 of 6 columns' },
      { at: NOW + 62 * DAY, kind: 'retrained', text: 'Retrained as v3 on 120 days' },
      { at: NOW - 58 * DAY, kind: 'promoted', text: 'v2 became champion' },
    ],
  };
}
