import { canonicalJson, sha256Hex } from '../../utils/hash';
import { recordRun, trackingTables } from '../../tracking/runs';
import type { RunDraft } from '../../tracking/types';
import { splitByEntity } from '../../training/split';
import { writeXgboostJson } from '../../interop/xgboost-json/write';
import type { BinaryEvaluation } from '../../training/types';
import { log } from '../../utils/math';
import { markStale, percent, putStage, requireStage } from '../stage-results';
import type { TrainingResult } from '../tables';
import type { StageState } from '../views';
import { beforeCommit, labelledRows, loadDataset, pickLabels, pickValues, type StageContext } from './context';
import { fitAndEvaluate, roundsOf, type FittedModel } from './fit';
import type { TrainingPlan } from './plan';

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

/** Artifact with the data-set rows held out, int32 little-endian. */
export const HOLDOUT_ROWS = 'holdout_rows.i32';

/** Trains a plan and commits the run with everything needed to look at it again. */
export async function trainAndRecord(context: StageContext, plan: TrainingPlan): Promise<string> {
  const { platform, spec } = context;
  const model = spec.config.name;
  const started = platform.now();
  const fitted = await fitAndEvaluate(context, plan);
  const draft = runDraft(context, plan, fitted, started);
  const runId = platform.newId();
  await beforeCommit(context, 'training');
  await platform.records.write(['stage_results', ...Object.keys(trackingTables)], async (tx) => {
    await recordRun(tx, draft, runId);
    const result: TrainingResult = { run_id: runId, datasetDigest: plan.features.digest };
    await putStage(tx, { model, stage: 'training', state: trainingState(fitted), result });
    await markStale(tx, model, ['registry'], 'A newer training run waits to be registered.');
  });
  return runId;
}

function runDraft(context: StageContext, plan: TrainingPlan, fitted: FittedModel, started: number): RunDraft {
  const { spec, platform } = context;
  const ended = platform.now();
  const modelJson = writeXgboostJson(fitted.booster);
  const metrics = Object.entries(fitted.evaluation.metrics).map(([key, estimate]) => ({
    key: `holdout.${key}`,
    value: estimate.value,
    timestamp: ended,
    step: 0,
  }));
  const history = Object.entries(fitted.history).flatMap(([set, byMetric]) =>
    Object.entries(byMetric).flatMap(([metric, values]) =>
      values.map((value, step) => ({ key: `${set}.${metric}`, value, timestamp: ended, step })),
    ),
  );
  return {
    experiment: spec.config.name,
    run_name: `${spec.config.name}-seed-${context.seed}${plan.judgeFrom === null ? '' : '-retrain'}`,
    status: 'FINISHED',
    start_time: started,
    end_time: ended,
    params: {
      ...Object.fromEntries(Object.entries(fitted.booster.params).map(([key, value]) => [key, String(value)])),
      num_boost_round: String(roundsOf(fitted.history)),
      'tuning.algorithm': fitted.study.algorithm,
      'tuning.max_evals': String(fitted.study.maxEvals),
      'split.description': plan.splitDescription,
    },
    tags: {
      'glasshouse.clock': String(plan.clock),
      'glasshouse.hardware': 'cpu',
      'glasshouse.backend': fitted.backend,
      'glasshouse.model_sha256': sha256Hex(modelJson),
    },
    metrics: [...metrics, ...history],
    artifacts: [
      { path: 'model.json', content: modelJson },
      { path: 'training.json', content: JSON.stringify(fitted.record) },
      { path: HOLDOUT_ROWS, content: new Uint8Array(plan.holdout.slice().buffer) },
      { path: 'train_key_hashes.json', content: JSON.stringify(plan.trainKeyHashes) },
    ],
    dataset: { name: `${spec.config.name}/features`, digest: plan.features.digest, rows: plan.features.rows },
    config_digest: sha256Hex(canonicalJson(spec.config)),
    seed: context.seed,
  };
}

function trainingState(fitted: FittedModel): StageState {
  const { evaluation, study, groups } = fitted;
  const auc = evaluation.metrics.roc_auc;
  const warnings = groups.flatMap((frame) => frame.warnings);
  const noBetter = noBetterThanConstant(evaluation);
  const half = ((auc.high - auc.low) / 2).toFixed(3);
  return {
    status: warnings.length > 0 || noBetter !== '' ? 'attention' : 'good',
    figure: auc.value.toFixed(3),
    caption: 'ROC-AUC',
    sentence:
      `${study.trials.length} configurations tried; the best model reaches ROC-AUC ${auc.value.toFixed(3)} ± ${half} on ${evaluation.n.toLocaleString('en')} held-out rows.` +
      noBetter +
      (warnings.length > 0
        ? ` ${warnings.length === 1 ? 'One metric differs' : `${warnings.length} metrics differ`} between groups by more than the configured gap.`
        : ''),
  };
}

/** A warning where the model's log loss is not below that of always giving the hold-out's own prevalence. */
function noBetterThanConstant({ metrics, positives, n }: BinaryEvaluation): string {
  const prevalence = positives / n;
  const constant = -prevalence * log(prevalence) - (1 - prevalence) * log(1 - prevalence);
  const loss = metrics.log_loss.value;
  if (loss < constant) return '';
  return ` Its log loss ${loss.toFixed(3)} is no better than always saying ${percent(prevalence)} (${constant.toFixed(3)}): use its order, not its probabilities, or train on more rows.`;
}
