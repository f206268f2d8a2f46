import type { FeatureDefinitions, TimelinePoint } from '../../src/features/types';
import type {
  EntityTimeline,
  FeaturesView,
  InferenceView,
  MonitoringView,
  RegistryView,
  TrainingView,
} from '../../src/pipeline/views';
import type { Prediction } from '../../src/inference/types';
import type { Estimate } from '../../src/training/types';
import type { GroupMetrics, MetricFrame } from '../../src/fairness/types';
import type { ColumnDrift, DriftReport } from '../../src/monitoring/types';
import type { ModelVersion } from '../../src/registry/types';
import { Draws } from './draws';
import { bell, DAY, NOW, NUMERIC, tableProfiles } from './fixture-tables';

export const WALL = Date.UTC(2026, 10, 23, 14, 5);
const BOOTSTRAP = 'percentile bootstrap over patient_id, 200 resamples, 95%';
const FEATURES: Readonly<Record<string, readonly (readonly [string, string, string])[]>> = {
  patient_demographics: [
    ['age', 'age', 'Age in years at the visit'],
    [
      'age_group',
      'CASE WHEN age < 5 THEN 0 WHEN age < 18 THEN 1 WHEN age < 65 THEN 2 ELSE 3 END',
      '0-4, 5-17, 18-64, 65 and older',
    ],
    ['sex_male', "sex = 'male'", '1 for men'],
  ],
  vitals: [
    ['resting_bp', 'resting_bp', 'Resting blood pressure, mm Hg'],
    ['max_heart_rate', 'max_heart_rate', 'Highest heart rate under exercise'],
    ['exercise_angina', 'exercise_angina', 'Chest pain under exercise'],
    ['pulse_reserve', '220 - age - max_heart_rate', 'Distance to the rate expected for the age'],
  ],
  labs: [
    ['cholesterol', 'cholesterol', 'Serum cholesterol, mg/dl'],
    ['oldpeak', 'oldpeak', 'ST depression under exercise, mm'],
    ['ecg_abnormal', "resting_ecg <> 'normal'", 'Resting ECG not normal'],
    ['chest_pain', "CASE chest_pain_type WHEN 'asymptomatic' THEN 3 ELSE 1 END", 'Kind of chest pain'],
  ],
};
const NAMES = Object.entries(FEATURES).flatMap(([view, fields]) => fields.map(([name]) => `${view}:${name}`));

function estimate(value: number, spread: number, n: number, method = BOOTSTRAP): Estimate {
  return { value, low: value - spread, high: value + spread * 0.9, n, method };
}

const definitions: FeatureDefinitions = {
  entities: [{ name: 'patient', join_keys: ['patient_id'] }],
  sources: [
    { name: 'patients', table: 'patients', timestamp_field: 'registered' },
    { name: 'visits', table: 'visits', timestamp_field: 'visit_time' },
  ],
  views: Object.entries(FEATURES).map(([name, fields]) => ({
    name,
    entities: ['patient'],
    source: name === 'patient_demographics' ? 'patients' : 'visits',
    schema: fields.map(([field, expression, description]) => ({
      name: field,
      dtype: field.startsWith('sex') || field.includes('angina') ? ('bool' as const) : ('float64' as const),
      expression,
      description,
    })),
    ttl: name === 'labs' ? 180 * 86_400 : name === 'vitals' ? 90 * 86_400 : 0,
    description: name === 'labs' ? 'Laboratory values of a visit' : '',
  })),
  service: { name: 'heart_disease', features: NAMES },
};

export function featuresView(): FeaturesView {
  const draws = new Draws(4);
  return {
    definitions,
    profile: { ...(tableProfiles()[0] ?? { table: '', rows: 0, columns: [] }), table: 'dataset' },
    dataset: {
      rows: 31_204,
      entities: 10_000,
      digest: '7be1a0c2d9e4f5a6b7c8d9e0f1a2b3c4',
      path: 'datasets/heart_disease/7be1.arrow',
    },
    coverage: Object.fromEntries(
      NAMES.map((name) => [name.split(':')[1] ?? name, Math.round(31_204 * (0.93 + 0.07 * draws.uniform()))]),
    ),
    online: {
      rows: 30_000,
      materialized: Object.keys(FEATURES).map((view) => ({ view, rows: 10_000, from: NOW - 730 * DAY, to: NOW })),
    },
    sampleKeys: Array.from({ length: 40 }, (_, index) => `PT${String(index * 37 + 123).padStart(4, '0')}`),
  };
}

export function timeline(key: string, at = NOW - 200 * DAY): EntityTimeline {
  const draws = new Draws(key.split('').reduce((sum, letter) => sum + letter.charCodeAt(0), 0));
  const visits = Array.from({ length: 9 }, () => NOW - Math.round(30 + 690 * draws.uniform()) * DAY).toSorted(
    (a, b) => a - b,
  );
  const points: TimelinePoint[] = [];
  for (const view of definitions.views) {
    const times = view.source === 'patients' ? [NOW - 728 * DAY] : visits;
    const before = times.filter((time) => time <= at);
    const newest = before.at(-1) ?? 0;
    const fresh = view.ttl === 0 || at - newest <= view.ttl * 1e6;
    for (const field of view.schema) {
      for (const time of times) {
        const verdict =
          time > at
            ? 'late'
            : time === newest
              ? fresh
                ? 'taken'
                : 'expired'
              : view.ttl > 0 && at - time > view.ttl * 1e6
                ? 'expired'
                : 'older';
        const known = NUMERIC.find((one) => one.name === field.name);
        points.push({
          view: view.name,
          feature: field.name,
          event_timestamp: time,
          value: known ? Number(draws.normal(known.mean, known.sd).toFixed(known.digits)) : Math.round(draws.uniform()),
          verdict,
        });
      }
    }
  }
  return { key, at, points };
}

function frame(
  sensitive: string,
  groups: readonly (readonly [string, number, number])[],
  warning: string | null,
): MetricFrame {
  const values = groups.filter(([, n]) => n > 50);
  const best = values.toSorted((a, b) => b[2] - a[2])[0];
  const worst = values.toSorted((a, b) => a[2] - b[2])[0];
  return {
    sensitive,
    groups: groups.map(([group, n, value]): GroupMetrics => ({
      group,
      n,
      positives: Math.round(n * 0.35),
      metrics:
        n > 50
          ? {
              roc_auc: estimate(value, 1.2 / Math.sqrt(n), n),
              recall: estimate(value - 0.16, 1.9 / Math.sqrt(n), n),
              precision: estimate(value - 0.14, 1.8 / Math.sqrt(n), n),
              selection_rate: estimate(0.38 + (value - 0.9), 1 / Math.sqrt(n), n),
            }
          : {
              roc_auc: { value: null, reason: `only ${n} rows, at least 50 are needed`, n },
              recall: { value: null, reason: `only ${n} rows`, n },
            },
    })),
    gaps: { roc_auc: { value: (best?.[2] ?? 0) - (worst?.[2] ?? 0), best: best?.[0] ?? '', worst: worst?.[0] ?? '' } },
    warnings: warning ? [warning] : [],
  };
}

const GROUPS: readonly MetricFrame[] = [
  frame(
    'sex',
    [
      ['male', 3_361, 0.906],
      ['female', 2_867, 0.917],
    ],
    null,
  ),
  frame(
    'age_group',
    [
      ['5-17', 12, 0],
      ['18-64', 4_612, 0.918],
      ['65+', 1_604, 0.879],
    ],
    'Recall differs by 0.118 between 18-64 and 65+, more than the 0.100 set in config.yaml.',
  ),
];

export function trainingView(runs = 3): TrainingView {
  const draws = new Draws(7);
  const trials = Array.from({ length: 50 }, (_, number) => ({
    number,
    params: {
      max_depth: 2 + Math.floor(6 * draws.uniform()),
      eta: Math.exp(-3.5 + 2.3 * draws.uniform()),
      min_child_weight: Math.exp(3 * draws.uniform()),
      subsample: 0.6 + 0.4 * draws.uniform(),
      colsample_bytree: 0.5 + 0.5 * draws.uniform(),
      lambda: Math.exp(-1 + 3 * draws.uniform()),
    },
    state: 'ok' as const,
    loss: 0.372 + 0.05 * draws.uniform() ** 2 + (number % 17 === 5 ? 0.19 : 0),
    bestRounds: 60 + Math.round(120 * draws.uniform()),
    curve: [0.6, 0.5, 0.42],
    durationMs: 380 + 500 * draws.uniform(),
  }));
  const curve = (floor: number, rise: number) =>
    Array.from({ length: 148 }, (_, round) => floor + 0.3 * Math.exp(-round / 22) + rise * Math.max(0, round - 100));
  const roc = Array.from({ length: 101 }, (_, index) => ({
    x: index / 100,
    y: Math.min(1, (index / 100) ** 0.13 * (index === 0 ? 0 : 1)),
    threshold: 1 - index / 100,
  }));
  const pr = Array.from({ length: 101 }, (_, index) => ({
    x: index / 100,
    y: 0.98 - 0.62 * (index / 100) ** 5 - 0.06 * (index / 100),
    threshold: 1 - index / 100,
  }));
  const calibration = Array.from({ length: 10 }, (_, index) => {
    const predicted = 0.05 + index / 10;
    const observed = predicted + 0.03 * Math.sin(index * 1.7);
    const n = Math.round(1300 * Math.exp(-index / 4) + 180);
    const half = 1.6 * Math.sqrt((observed * (1 - observed) + 0.001) / n);
    return { n, predicted, observed, low: Math.max(0, observed - half), high: Math.min(1, observed + half) };
  });
  const all = Array.from({ length: runs }, (_, index) => ({
    run_id: `${index}c4f2be1a77d03c85e6f0aa01b2c3d4e`,
    experiment_id: '1',
    run_name: index === 0 ? 'quiet-fern-41' : index === 1 ? 'early-moss-17' : 'plain-reed-08',
    status: 'FINISHED' as const,
    start_time: WALL - index * 3_600_000,
    end_time: WALL - index * 3_600_000 + 21_400,
    params: {
      objective: 'binary:logistic',
      eta: '0.0731',
      max_depth: '5',
      min_child_weight: '4.21',
      subsample: '0.83',
      colsample_bytree: '0.77',
      lambda: '1.92',
      num_boost_round: '200',
    },
    tags: {},
    metrics: { 'holdout.roc_auc': 0.913 - 0.004 * index, 'holdout.log_loss': 0.371 + 0.003 * index },
    dataset: { name: 'heart_disease', digest: '7be1a0c2d9e4f5a6b7c8', rows: 31_204 },
    config_digest: 'a81f03cc9b7d2e5f',
    seed: 7 + index,
  }));
  const [run] = all;
  if (!run) throw new Error('a run is needed');
  return {
    run,
    runs: all,
    study: {
      algorithm: 'random',
      seed: 7,
      maxEvals: 50,
      objective: 'log loss, one 20% part by patient_id inside the training 80%',
      trials,
      bestTrial: trials.reduce((best, trial, index) => (trial.loss < (trials[best]?.loss ?? 1) ? index : best), 0),
      stopped: false,
    },
    history: { train: { logloss: curve(0.31, -0.0001) }, validation: { logloss: curve(0.366, 0.0002) } },
    bestIteration: 117,
    evaluation: {
      n: 6_228,
      positives: 2_180,
      threshold: 0.5,
      metrics: {
        roc_auc: estimate(0.9127, 0.0081, 6_228),
        pr_auc: estimate(0.861, 0.014, 6_228),
        log_loss: estimate(0.3712, 0.0119, 6_228),
        precision: estimate(0.792, 0.018, 6_228),
        recall: estimate(0.771, 0.019, 6_228),
        brier: estimate(0.1171, 0.0043, 6_228),
      },
      confusion: { tp: 1_681, fp: 441, tn: 3_607, fn: 499 },
      roc,
      pr,
      calibration,
    },
    groups: GROUPS,
    importance: NAMES.map((name, index) => ({
      feature: name.split(':')[1] ?? name,
      gain: 5400 * Math.exp(-index / 2.6),
      splits: 640 - 50 * index,
    })),
    split: { seed: 7, trainRows: 24_976, holdoutRows: 6_228, trainEntities: 8_000, holdoutEntities: 2_000 },
    modelBytes: 412_300,
  };
}

function version(
  number: number,
  verdict: 'promoted' | 'awaiting_approval' | 'archived',
  improvement: number | null,
): ModelVersion {
  const first = number === 1;
  return {
    name: 'heart_disease',
    version: number,
    run_id: `${number}c4f2be1a77d03c85e6f0aa01b2c3d4e`,
    creation_timestamp: WALL - (5 - number) * 2_700_000,
    tags: verdict === 'archived' || number < 3 ? { status: 'archived' } : {},
    description: '',
    decision: {
      verdict,
      reason: first
        ? 'v1 is the first version; it becomes champion without a comparison.'
        : verdict === 'archived'
          ? `v${number} is 0.4% better than the champion on 4,118 rows neither was trained on; 2% is asked for, so it is archived.`
          : `v${number} is ${((improvement ?? 0) * 100).toFixed(1)}% better than the champion on 4,118 rows neither was trained on; 2% is asked for.`,
      rule: first ? 'first' : 'improvement',
      metric: 'roc_auc',
      direction: 'maximize',
      minimum_improvement: 0.02,
      improvement_kind: 'relative',
      challenger: estimate(0.871 + 0.02 * number * (verdict === 'archived' ? 0.4 : 0.62), 0.011, 4_118),
      champion: first ? null : estimate(0.889, 0.012, 4_118),
      champion_version: first ? null : number === 4 ? 2 : 1,
      improvement,
      n: 4_118,
      judged_on: 'newest labelled window, 1 Dec 2025 to 30 Jan 2026',
    },
  };
}

export function registryView(pending: boolean): RegistryView {
  const versions = [
    version(1, 'promoted', null),
    version(2, 'promoted', 0.031),
    version(3, 'archived', 0.004),
    ...(pending ? [version(4, 'awaiting_approval', 0.026)] : []),
  ];
  const at = (number: number) => versions[number - 1]?.creation_timestamp ?? WALL;
  const audit = versions.flatMap((one) => [
    { action: 'version_created' as const, version: one.version, reason: `made by run ${one.run_id.slice(0, 8)}` },
    { action: 'compared' as const, version: one.version, reason: one.decision?.reason ?? '' },
    {
      action:
        one.decision?.verdict === 'archived'
          ? ('archived' as const)
          : one.decision?.verdict === 'promoted'
            ? ('promoted' as const)
            : ('approval_requested' as const),
      version: one.version,
      reason:
        one.decision?.verdict === 'promoted'
          ? 'approved: better on recent visits, calibration unchanged'
          : 'below the rule',
    },
  ]);
  return {
    versions,
    aliases: pending ? { champion: 2, challenger: 4 } : { champion: 2 },
    champions: [
      { version: 1, from: at(1) + 4000, to: at(2) + 180_000 },
      { version: 2, from: at(2) + 180_000, to: null },
    ],
    audit: audit.map((entry, index) => ({
      sequence: index + 1,
      timestamp: at(entry.version) + index * 1000,
      model: 'heart_disease',
      actor: entry.action === 'promoted' ? 'person' : 'rule',
      details: {},
      prev_hash: '',
      hash: String(index),
      ...entry,
    })),
    pending: pending ? (versions.at(-1) ?? null) : null,
  };
}

export function prediction(key: string, index = 0): Prediction {
  const draws = new Draws(key.split('').reduce((sum, letter) => sum + letter.charCodeAt(0), index));
  const factors = NAMES.map((reference, position) => {
    const feature = reference.split(':')[1] ?? reference;
    const known = NUMERIC.find((one) => one.name === feature);
    const missing = feature === 'oldpeak';
    const value = missing
      ? null
      : known
        ? Number(draws.normal(known.mean, known.sd).toFixed(known.digits))
        : Math.round(draws.uniform());
    const shap = draws.normal(0.05, 0.75) * Math.exp(-position / 6);
    return {
      feature,
      value,
      status: missing ? ('NULL_VALUE' as const) : ('PRESENT' as const),
      shap,
      text: `${feature}=${value ?? 'missing'} ${shap >= 0 ? 'raises' : 'lowers'} risk by ${shap >= 0 ? '+' : '−'}${Math.abs(shap).toFixed(2)} (log-odds)`,
    };
  });
  const base = -0.619;
  const margin = base + factors.reduce((sum, factor) => sum + factor.shap, 0);
  const probability = 1 / (1 + Math.exp(-margin));
  return {
    prediction_id: `${key}-${index}`,
    model: 'heart_disease',
    version: 2,
    entity_key: key,
    event_timestamp: NOW,
    logged_at: WALL - index * 60_000,
    probability,
    margin,
    base,
    band: probability < 0.2 ? 'low' : probability < 0.5 ? 'medium' : 'high',
    factors,
    explainer: 'Exact path-dependent tree SHAP (Lundberg and others 2018), 118 trees',
  };
}

export function inferenceView(logged: readonly Prediction[]): InferenceView {
  const draws = new Draws(3);
  return {
    champion: 2,
    bands: { medium: 0.2, high: 0.5 },
    batches: [
      {
        batch_id: 'b1',
        model: 'heart_disease',
        version: 2,
        from: NOW - 730 * DAY,
        to: NOW,
        logged_at: WALL,
        rows: 31_204,
        high_risk_share: 0.402,
        mean_probability: 0.351,
        path: 'x',
        source: 'run',
      },
    ],
    recent: [
      ...logged,
      ...featuresView()
        .sampleKeys.slice(0, 6)
        .map((key, index) => prediction(key, index)),
    ],
    keys: featuresView().sampleKeys,
    histogram: Array.from({ length: 20 }, (_, index) =>
      Math.round(900 + 3000 * Math.exp(-index / 3) + 900 * Math.exp(-((index - 16) ** 2) / 9) + 200 * draws.uniform()),
    ),
    importance: NAMES.map((name, index) => ({
      feature: name.split(':')[1] ?? name,
      meanAbsShap: 0.62 * Math.exp(-index / 4),
      n: 2_000,
    })),
  };
}

function columnDrift(index: number, shift: number): ColumnDrift {
  const column = NUMERIC[index % NUMERIC.length] ?? NUMERIC[0];
  if (!column) throw new Error('a column is needed');
  const low = Math.max(0, column.mean - 3 * column.sd);
  const high = column.mean + 3.2 * column.sd;
  const share = (mean: number) => bell(mean, column.sd, low, high, 20, 1000).counts.map((n) => n / 1000);
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
      edges: bell(0, 1, low, high, 20, 1).edges,
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

export function report(id: string, label: string, at: number, shifts: readonly number[]): DriftReport {
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
    reference: { description: 'the rows v2 was trained on', rows: 24_976 },
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
    performance: { roc_auc: moved ? 0.861 : 0.909, n: 1_912 },
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
    events: [
      ...reports.map((one) => ({ at: one.at, kind: 'report' as const, text: one.label })),
      { at: NOW + 120 * DAY, kind: 'alert', text: 'Dataset drift: 5 of 6 columns' },
      { at: NOW + 62 * DAY, kind: 'retrained', text: 'Retrained as v3 on 120 days' },
      { at: NOW - 58 * DAY, kind: 'promoted', text: 'v2 became champion' },
    ],
  };
}
