import type { GroupMetrics, MetricFrame } from '../../src/fairness/types';
import type { TrainingView } from '../../src/pipeline/views';
import { Draws } from './draws';
import { estimate, WALL } from './fixture-estimate';
import { NAMES } from './fixture-features';

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

export const GROUPS: readonly MetricFrame[] = [
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
  const metrics = {
    roc_auc: estimate(0.9127, 0.0081, 6_228),
    pr_auc: estimate(0.861, 0.014, 6_228),
    log_loss: estimate(0.3712, 0.0119, 6_228),
    precision: estimate(0.792, 0.018, 6_228),
    recall: estimate(0.771, 0.019, 6_228),
    brier: estimate(0.1171, 0.0043, 6_228),
  };
  const rival = (kind: TrainingView['kind'], worse: number) => ({
    run_id: kind === 'xgboost' ? run.run_id : `${kind}-${run.run_id}`,
    kind,
    chosen: kind === 'xgboost',
    validation: { metric: 'log_loss' as const, value: 0.368 + worse, folds: 1, n: 4_995 },
    metrics: { ...metrics, log_loss: estimate(0.3712 + worse, 0.0119, 6_228) },
  });
  return {
    run,
    runs: all,
    kind: 'xgboost',
    rivals: [rival('xgboost', 0), rival('logistic', 0.021), rival('mlp', 0.004)],
    study: {
      algorithm: 'tpe',
      parallelism: 4,
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
      metrics,
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
    search: {
      axes: [
        { parameter: 'max_depth', log: false, options: null },
        { parameter: 'eta', log: true, options: null },
      ],
      importance: [
        { parameter: 'eta', importance: 0.71 },
        { parameter: 'max_depth', importance: 0.29 },
      ],
    },
  };
}
