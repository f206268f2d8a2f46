import { writeModel } from '../../interop/model-file';
import type { RunDraft } from '../../tracking/types';
import { roundsOf } from '../../training/model';
import { canonicalJson, sha256Hex } from '../../utils/hash';
import type { StageContext } from './context';
import type { FittedModel } from './fit';
import type { TrainingPlan } from './plan';
import { FEATURES_FILE, feastTags } from './trained-features';

/** Artifact with the data-set rows held out, int32 little-endian. */
export const HOLDOUT_ROWS = 'holdout_rows.i32';

/**
 * The run record of one fitted model, with everything needed to look at it again.
 * @param chosenId run that won the training this one was part of; its own id when it won itself
 */
export function runDraft(context: StageContext, plan: TrainingPlan, fitted: FittedModel, chosenId: string): RunDraft {
  const { spec } = context;
  const modelJson = writeModel(fitted.model);
  return {
    experiment: spec.config.name,
    run_name: runName(context, plan, fitted),
    status: 'FINISHED',
    start_time: fitted.started,
    end_time: fitted.ended,
    params: {
      ...paramsOf(fitted),
      'tuning.algorithm': fitted.study.algorithm,
      'tuning.max_evals': String(fitted.study.maxEvals),
      'split.description': plan.splitDescription,
    },
    tags: {
      'glasshouse.clock': String(plan.clock),
      'glasshouse.kind': fitted.model.kind,
      'glasshouse.chosen_run': chosenId,
      'glasshouse.hardware': fitted.backend.endsWith('webgpu') ? 'gpu' : 'cpu',
      'glasshouse.backend': fitted.backend,
      ...feastTags(spec, plan.features),
      'glasshouse.model_sha256': sha256Hex(modelJson),
    },
    metrics: metricsOf(fitted),
    artifacts: [
      { path: 'model.json', content: modelJson },
      { path: 'training.json', content: JSON.stringify(fitted.record) },
      { path: FEATURES_FILE, content: JSON.stringify(spec.config.features) },
      { path: HOLDOUT_ROWS, content: new Uint8Array(plan.holdout.slice().buffer) },
      { path: 'train_key_hashes.json', content: JSON.stringify(plan.trainKeyHashes) },
    ],
    dataset: { name: `${spec.config.name}/features`, digest: plan.features.digest, rows: plan.features.rows },
    config_digest: sha256Hex(canonicalJson(spec.config)),
    seed: context.seed,
  };
}

function runName({ spec, seed }: StageContext, plan: TrainingPlan, { model }: FittedModel): string {
  const kind = model.kind === 'xgboost' ? '' : `-${model.kind}`;
  return `${spec.config.name}${kind}-seed-${seed}${plan.judgeFrom === null ? '' : '-retrain'}`;
}

function paramsOf({ model }: FittedModel): Record<string, string> {
  const params: object = model.kind === 'xgboost' ? model.booster.params : model.params;
  const texts = Object.fromEntries(Object.entries(params).map(([key, value]) => [key, String(value)]));
  return { ...texts, [model.kind === 'xgboost' ? 'num_boost_round' : 'epochs']: String(roundsOf(model)) };
}

function metricsOf({ evaluation, validation, history, ended: timestamp }: FittedModel): RunDraft['metrics'] {
  const holdout = Object.entries(evaluation.metrics).map(([key, { value }]) => ({ key: `holdout.${key}`, value }));
  const chosenBy = validation ? [{ key: `validation.${validation.metric}`, value: validation.value }] : [];
  return [
    ...[...holdout, ...chosenBy].map((metric) => ({ ...metric, timestamp, step: 0 })),
    ...Object.entries(history).flatMap(([set, byMetric]) =>
      Object.entries(byMetric).flatMap(([metric, values]) =>
        values.map((value, step) => ({ key: `${set}.${metric}`, value, timestamp, step })),
      ),
    ),
  ];
}
