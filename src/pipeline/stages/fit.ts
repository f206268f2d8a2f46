import { sha256Hex } from '../../utils/hash';
import { foldsByEntity } from '../../training/split';
import type { Model } from '../../training/model';
import type { BinaryEvaluation, EvalHistory } from '../../training/types';
import type { MetricFrame } from '../../fairness/types';
import type { Study } from '../../tuning/types';
import type { FitOutcome, Fold } from '../services/training-service';
import { fitChallengers, type FailedChallenger } from './challengers';
import { pickValues, progressOf, rowsDigest, type StageContext } from './context';
import { judgeOnHoldout } from './judge';
import { mergedParams, tune } from './tune';
import type { TrainingPlan, TrainingRecord, Validation } from './plan';
import { chooseKind, validationOf } from './validation';

const SMALL_TABLE = 5000;

/** A model fitted on all training rows, before anybody looked at the hold-out. */
export interface Candidate {
  readonly model: Model;
  readonly history: EvalHistory;
  readonly backend: FitOutcome['backend'];
  /** Why a GPU was lost on the way; null when none was. */
  readonly deviceLost: string | null;
  readonly study: Study;
  /** Null when there was nothing to choose between. */
  readonly validation: Validation | null;
  /** Milliseconds, wall clock. */
  readonly started: number;
  readonly ended: number;
}

export interface FittedModel extends Candidate {
  readonly evaluation: BinaryEvaluation;
  readonly groups: readonly MetricFrame[];
  readonly record: TrainingRecord;
}

export interface FittedModels {
  /** The boosted trees first, then the challengers of config.yaml in order. */
  readonly models: readonly FittedModel[];
  /** What is registered: the trees, or a challenger that beat them on validation rows. */
  readonly chosen: FittedModel;
  /** Why, in a sentence; empty where there was nothing to choose between. */
  readonly reason: string;
  /** Challengers that could not be trained. */
  readonly failed: readonly FailedChallenger[];
}

/** What all kinds of models are trained on. */
export interface LoadedRows {
  /** Names the matrix in calls to the trainers. */
  readonly id: string;
  readonly folds: readonly Fold[];
  /** 0 or 1 by row of the data set. */
  readonly labels: Uint8Array;
  /** What validation means here, in words. */
  readonly objective: string;
}

/**
 * Tunes the trees inside the training rows, fits the best configuration and the challengers on all of them, chooses by
 * validation rows, and looks at the hold-out for the record.
 */
export async function fitAndEvaluate(context: StageContext, plan: TrainingPlan): Promise<FittedModels> {
  const rows = await loadRows(context, plan);
  const trees = await fitTrees(context, plan, rows);
  const { candidates, failed } = await fitChallengers(context, plan, rows);
  const judge = (candidate: Candidate) => judgeOnHoldout(context, plan, candidate, rows.labels);
  const models: [FittedModel, ...FittedModel[]] = [await judge(trees)];
  for (const candidate of candidates) models.push(await judge(candidate));
  return { models, ...chooseKind(models, context.spec.config.promotion), failed };
}

async function loadRows(context: StageContext, plan: TrainingPlan): Promise<LoadedRows> {
  const { config } = context.spec;
  const labels = Uint8Array.from(plan.dataset.labels, (value) => (value === 1 ? 1 : 0));
  const matrix = { featureNames: plan.dataset.featureNames, columns: plan.dataset.features, labels };
  const id = sha256Hex(
    [plan.features.digest, ...config.features, config.training.params.max_bin, rowsDigest(plan.train)].join('\n'),
  );
  await context.platform.services.training.load(
    { id, matrix, maxBin: config.training.params.max_bin, cutRows: plan.train },
    progressOf(context, 'training'),
    context.signal,
  );
  const folds = makeFolds(context, plan, labels);
  return { id, folds, labels, objective: objectiveName(folds, config.entity) };
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

async function fitTrees(context: StageContext, plan: TrainingPlan, rows: LoadedRows): Promise<Candidate> {
  const { training } = context.platform.services;
  const { config } = context.spec;
  const started = context.platform.now();
  const progress = progressOf(context, 'training');
  const study = await tune(context, rows);
  const best = study.trials[study.bestTrial ?? 0];
  const rounds = best?.bestRounds ?? config.training.num_boost_round;
  const params = mergedParams(context, best?.params ?? {});
  progress({ label: 'fitting the best configuration on all training rows', done: 0, total: rounds });
  const fitted = await training.fit(
    { id: rows.id, params, train: plan.train, holdout: plan.holdout, rounds },
    progress,
    context.signal,
  );
  const validation = config.training.challengers.length > 0 ? await validateTrees(context, rows, params) : null;
  return { ...fitted, study, validation, started, ended: context.platform.now() };
}

/** The best configuration once more on each fold, for its predictions there. */
async function validateTrees(
  context: StageContext,
  rows: LoadedRows,
  params: Readonly<Record<string, unknown>>,
): Promise<Validation> {
  const { margins } = await context.platform.services.training.trial(
    { ...trialCall(context, rows), params, keepMargins: true },
    progressOf(context, 'training'),
    context.signal,
  );
  return validationOf(context, rows, margins);
}

function trialCall({ spec }: StageContext, { id, folds }: LoadedRows) {
  const { num_boost_round: rounds, early_stopping_rounds: earlyStoppingRounds } = spec.config.training;
  return { id, folds, rounds, earlyStoppingRounds };
}
