import { sha256Hex } from '../../utils/hash';
import { decisionThreshold } from '../../config/schema';
import { foldsByEntity } from '../../training/split';
import { importance } from '../../training/importance';
import { runStudy } from '../../tuning/study';
import type { BinaryEvaluation, Booster, EvalHistory } from '../../training/types';
import type { MetricFrame } from '../../fairness/types';
import type { Study } from '../../tuning/types';
import { mergedParams, probabilities, type Fold } from '../services/training-service';
import { controlFor, pickColumns, pickValues, progressOf, type StageContext } from './context';
import type { TrainingPlan, TrainingRecord } from './plan';

const SMALL_TABLE = 5000;

export interface FittedModel {
  readonly booster: Booster;
  readonly history: EvalHistory;
  readonly backend: 'js' | 'wasm';
  readonly study: Study;
  readonly evaluation: BinaryEvaluation;
  readonly groups: readonly MetricFrame[];
  readonly record: TrainingRecord;
}

/** Tunes inside the training rows, fits the best configuration on all of them, and looks at the hold-out once. */
export async function fitAndEvaluate(context: StageContext, plan: TrainingPlan): Promise<FittedModel> {
  const { training } = context.platform.services;
  const { config } = context.spec;
  const progress = progressOf(context, 'training');
  const labels = Uint8Array.from(plan.dataset.labels, (value) => (value === 1 ? 1 : 0));
  const matrix = { featureNames: plan.dataset.featureNames, columns: plan.dataset.features, labels };
  const id = sha256Hex(
    [plan.features.digest, ...config.features, config.training.params.max_bin, rowsDigest(plan.train)].join('\n'),
  );
  await training.load(
    { id, matrix, maxBin: config.training.params.max_bin, cutRows: plan.train },
    progress,
    context.signal,
  );

  const folds = makeFolds(context, plan, labels);
  const study = await tune(context, id, folds, objectiveName(folds, config.entity));
  const best = study.trials[study.bestTrial ?? 0];
  const rounds = best?.bestRounds ?? config.training.num_boost_round;
  const params = mergedParams(config.training.params, best?.params ?? {}, context.seed);
  progress({ label: 'fitting the best configuration on all training rows', done: 0, total: rounds });
  const { booster, history, backend } = await training.fit(
    { id, params, train: plan.train, holdout: plan.holdout, rounds },
    progress,
    context.signal,
  );

  const judged = await evaluateHoldout(context, plan, booster, labels);
  return {
    booster,
    history,
    backend,
    study,
    ...judged,
    record: recordOf(plan, { booster, history, study, ...judged }),
  };
}

function makeFolds(context: StageContext, plan: TrainingPlan, labels: Uint8Array): Fold[] {
  const { config } = context.spec;
  const k = config.tuning.folds === 'auto' ? (plan.train.length < SMALL_TABLE ? 5 : 1) : config.tuning.folds;
  const folds = foldsByEntity({
    labels: Uint8Array.from(pickValues(labels, plan.train)),
    keys: pickValues(plan.dataset.keys, plan.train),
    seed: plan.splitSeed,
    folds: k,
  });
  return folds.map((fold) => ({
    train: Int32Array.from(pickValues(plan.train, fold.train)),
    validation: Int32Array.from(pickValues(plan.train, fold.validation)),
  }));
}

function objectiveName(folds: readonly Fold[], entity: string): string {
  return folds.length === 1
    ? `log loss on one validation part by ${entity}, inside the training rows`
    : `log loss, ${folds.length}-fold by ${entity}, inside the training rows`;
}

async function tune(context: StageContext, id: string, folds: readonly Fold[], objective: string): Promise<Study> {
  const { config } = context.spec;
  const { training } = context.platform.services;
  const progress = progressOf(context, 'training');
  let done = 0;
  let best = Infinity;
  return runStudy(
    {
      space: config.tuning.space,
      seed: context.seed,
      maxEvals: context.maxEvals,
      objective,
      concurrency: training.concurrency,
      now: context.platform.now,
      evaluate: (params) =>
        training.trial(
          {
            id,
            params: mergedParams(config.training.params, params, context.seed),
            folds,
            rounds: config.training.num_boost_round,
            earlyStoppingRounds: config.training.early_stopping_rounds,
          },
          undefined,
          context.signal,
        ),
      onTrial: (trial) => {
        done += 1;
        if (trial.loss !== null && trial.loss < best) best = trial.loss;
        progress({
          label: `configuration ${done} of ${context.maxEvals}`,
          done,
          total: context.maxEvals,
          detail: { trial: trial.number, loss: trial.loss, best, params: trial.params, curve: trial.curve },
        });
      },
    },
    { ...controlFor(context, 'training'), onProgress: undefined },
  );
}

async function evaluateHoldout(context: StageContext, plan: TrainingPlan, booster: Booster, labels: Uint8Array) {
  const { config } = context.spec;
  return context.platform.services.training.evaluate(
    {
      labels: Uint8Array.from(pickValues(labels, plan.holdout)),
      probabilities: probabilities(booster, pickColumns(plan.dataset.features, plan.holdout)),
      keys: pickValues(plan.dataset.keys, plan.holdout),
      entity: config.entity,
      groups: Object.fromEntries(
        Object.entries(plan.dataset.groups).map(([name, values]) => [name, pickValues(values, plan.holdout)]),
      ),
      threshold: decisionThreshold(config),
      maximumGap: config.maximum_gap,
      seed: context.seed,
    },
    progressOf(context, 'training'),
    context.signal,
  );
}

function recordOf(plan: TrainingPlan, fitted: Omit<FittedModel, 'record' | 'backend'>): TrainingRecord {
  const entities = (rows: Int32Array) => new Set(pickValues(plan.dataset.keys, rows)).size;
  return {
    study: fitted.study,
    history: fitted.history,
    bestIteration: roundsOf(fitted.history) - 1,
    evaluation: fitted.evaluation,
    groups: fitted.groups,
    importance: importance(fitted.booster),
    split: {
      seed: plan.splitSeed,
      trainRows: plan.train.length,
      holdoutRows: plan.holdout.length,
      trainEntities: entities(plan.train),
      holdoutEntities: entities(plan.holdout),
    },
    holdoutDigest: rowsDigest(plan.holdout),
    judgeFrom: plan.judgeFrom,
    ...learnedSpan(plan),
  };
}

/** Boosting rounds that a history tells of; a round may grow several trees. */
export function roundsOf(history: EvalHistory): number {
  return Object.values(history['train'] ?? {})[0]?.length ?? 0;
}

function learnedSpan({ dataset, train }: TrainingPlan): Pick<TrainingRecord, 'learnedFrom' | 'learnedTo'> {
  const times = pickValues(dataset.times, train);
  return {
    learnedFrom: times.reduce((least, time) => Math.min(least, time), Infinity),
    learnedTo: times.reduce((most, time) => Math.max(most, time), 0) + 1,
  };
}

function rowsDigest(rows: Int32Array): string {
  return sha256Hex(new Uint8Array(rows.buffer, rows.byteOffset, rows.byteLength));
}
