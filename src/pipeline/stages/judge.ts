import { decisionThreshold } from '../../config/schema';
import { importance } from '../../training/importance';
import { roundsOf } from '../../training/model';
import { pickColumns, pickValues, progressOf, rowsDigest, type StageContext } from './context';
import type { Candidate, FittedModel } from './fit';
import type { TrainingPlan, TrainingRecord } from './plan';
import { score } from './score';

/** Hold-out metrics of a fitted model, and everything kept of its training. */
export async function judgeOnHoldout(
  context: StageContext,
  plan: TrainingPlan,
  candidate: Candidate,
  labels: Uint8Array,
): Promise<FittedModel> {
  const { config } = context.spec;
  const judged = await context.platform.services.training.evaluate(
    {
      labels: Uint8Array.from(pickValues(labels, plan.holdout)),
      probabilities: await score(context, candidate.model, pickColumns(plan.dataset.features, plan.holdout)),
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
  return { ...candidate, ...judged, record: recordOf(plan, { ...candidate, ...judged }) };
}

function recordOf(plan: TrainingPlan, fitted: Omit<FittedModel, 'record'>): TrainingRecord {
  const entities = (rows: Int32Array) => new Set(pickValues(plan.dataset.keys, rows)).size;
  const { model, study, history, validation, evaluation, groups } = fitted;
  return {
    kind: model.kind,
    study,
    history,
    bestIteration: roundsOf(model) - 1,
    validation,
    evaluation,
    groups,
    importance: model.kind === 'xgboost' ? importance(model.booster) : [],
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

function learnedSpan({ dataset, train }: TrainingPlan): Pick<TrainingRecord, 'learnedFrom' | 'learnedTo'> {
  const times = pickValues(dataset.times, train);
  return {
    learnedFrom: times.reduce((least, time) => Math.min(least, time), Infinity),
    learnedTo: times.reduce((most, time) => Math.max(most, time), 0) + 1,
  };
}
