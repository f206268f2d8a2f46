import { recordRun, trackingTables } from '../../tracking/runs';
import { forgetStudy, tuningTables } from '../../tuning/study-records';
import { splitByEntity } from '../../training/split';
import type { BinaryEvaluation } from '../../training/types';
import { AbortError } from '../../utils/errors';
import { log } from '../../utils/math';
import { markStale, percent, putStage, requireStage } from '../stage-results';
import type { TrainingResult } from '../tables';
import type { StageState } from '../views';
import { beforeCommit, labelledRows, loadDataset, pickLabels, pickValues, type StageContext } from './context';
import { fitAndEvaluate, type FittedModel, type FittedModels } from './fit';
import type { TrainingPlan } from './plan';
import { runDraft } from './run-draft';
import { KIND_WORDS } from './validation';

/** Splits by entity, tunes, fits, judges on the hold-out and records the run. */
export async function runTrainingStage(context: StageContext): Promise<void> {
  const features = await requireStage(context.platform.records, context.spec.config.name, 'features', 'Training');
  const data = await requireStage(context.platform.records, context.spec.config.name, 'data', 'Training');
  const dataset = await loadDataset(context, features);
  const rows = labelledRows(dataset);
  const splitSeed = context.spec.config.training.split_seed ?? context.seed;
  const split = splitByEntity({
    labels: pickLabels(dataset, rows),
    keys: pickValues(dataset.keys, rows),
    seed: splitSeed,
    holdout: context.spec.config.training.holdout,
  });
  await trainAndRecord(context, {
    features,
    dataset,
    train: Int32Array.from(pickValues(rows, split.trainRows)),
    holdout: Int32Array.from(pickValues(rows, split.holdoutRows)),
    trainKeyHashes: split.trainKeyHashes,
    splitSeed,
    splitDescription: `${Math.round(context.spec.config.training.holdout * 100)}% of ${context.spec.config.entity} held out, stratified, seed ${splitSeed}`,
    judgeFrom: null,
    clock: data.clock,
  });
}

/** Trains a plan, commits a run for every kind of model, and returns the run that is registered next. */
export async function trainAndRecord(context: StageContext, plan: TrainingPlan): Promise<string> {
  const { platform, spec } = context;
  const model = spec.config.name;
  const fitted = await fitAndEvaluate(context, plan).catch((error: unknown) => forgetWhenCancelled(context, error));
  const ids = fitted.models.map(() => platform.newId());
  const chosenId = ids[fitted.models.indexOf(fitted.chosen)] ?? '';
  const drafts = fitted.models.map((one) => runDraft(context, plan, one, chosenId));
  await beforeCommit(context, 'training').catch((error: unknown) => forgetWhenCancelled(context, error));
  const tables = ['stage_results', ...Object.keys(trackingTables), ...Object.keys(tuningTables)];
  await platform.records.write(tables, async (tx) => {
    await forgetStudy(tx, model);
    for (const [i, draft] of drafts.entries()) await recordRun(tx, draft, ids[i] ?? '');
    const result: TrainingResult = { run_id: chosenId, datasetDigest: plan.features.digest };
    await putStage(tx, { model, stage: 'training', state: trainingState(fitted), result });
    await markStale(tx, model, ['registry'], 'A newer training run waits to be registered.');
  });
  return chosenId;
}

/** A cancelled training leaves nothing; what a crash cuts off keeps its trials. */
async function forgetWhenCancelled({ platform, spec }: StageContext, error: unknown): Promise<never> {
  if (error instanceof AbortError) {
    await platform.records.write(Object.keys(tuningTables), (tx) => forgetStudy(tx, spec.config.name));
  }
  throw error;
}

function trainingState({ models, chosen, reason, failed }: FittedModels): StageState {
  const { evaluation, groups } = chosen;
  const configurations = models[0]?.study.trials.length ?? 0;
  const auc = evaluation.metrics.roc_auc;
  const warnings = groups.flatMap((frame) => frame.warnings);
  const noBetter = noBetterThanConstant(evaluation);
  const half = ((auc.high - auc.low) / 2).toFixed(3);
  return {
    status: warnings.length > 0 || noBetter !== '' || failed.length > 0 ? 'attention' : 'good',
    figure: auc.value.toFixed(3),
    caption: 'ROC-AUC',
    sentence:
      `${configurations} configurations tried; ${reason === '' ? 'the best model' : `the ${KIND_WORDS[chosen.model.kind]}`} reaches ROC-AUC ${auc.value.toFixed(3)} ± ${half} on ${evaluation.n.toLocaleString('en')} held-out rows.` +
      noBetter +
      (reason === '' ? '' : ` ${reason}`) +
      lostDevices(models) +
      failed.map(({ kind, reason }) => ` The ${KIND_WORDS[kind]} could not be trained: ${reason}`).join('') +
      (warnings.length > 0
        ? ` ${warnings.length === 1 ? 'One metric differs' : `${warnings.length} metrics differ`} between groups by more than the configured gap.`
        : ''),
  };
}

/** What became of a GPU on the way; it changes no model. */
function lostDevices(models: readonly FittedModel[]): string {
  const lost = models.find(({ deviceLost }) => deviceLost !== null)?.deviceLost;
  return lost ? ` ${lost} The trees were finished in WebAssembly; the model is the same.` : '';
}

/** A warning where the model's log loss is not below that of always giving the hold-out's own prevalence. */
function noBetterThanConstant({ metrics, positives, n }: BinaryEvaluation): string {
  const prevalence = positives / n;
  const constant = -prevalence * log(prevalence) - (1 - prevalence) * log(1 - prevalence);
  const loss = metrics.log_loss.value;
  if (loss < constant) return '';
  return ` Its log loss ${loss.toFixed(3)} is no better than always saying ${percent(prevalence)} (${constant.toFixed(3)}): use its order, not its probabilities, or train on more rows.`;
}
