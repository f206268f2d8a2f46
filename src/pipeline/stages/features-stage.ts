import { BEGINNING, onlineTables } from '../../features/online/tables';
import { replaceOnline } from '../../features/online/write';
import type { ModelSpec } from '../model-spec';
import type { DatasetFile } from '../services/dataset';
import type { DataResult, FeaturesResult } from '../tables';
import { checkQuality, keepCheck, batchesToCheck, withWarnings } from '../store/check-quality';
import type { QualityCheck } from '../store/types';
import type { Stage, StageState } from '../views';
import { count, markStale, partitionsOf, percent, putStage, requireStage, stageResult } from '../stage-results';
import { recordTrainingSet } from '../store/dataset-records';
import { beforeCommit, controlFor, progressOf, storeContext, type StageContext } from './context';
import { servedFeatures } from './trained-features';

/** Builds the training data set by a point-in-time join and fills the online store from the same definitions. */
export async function runFeaturesStage(context: StageContext): Promise<void> {
  const { platform, spec } = context;
  const model = spec.config.name;
  const data = await requireStage(platform.records, model, 'data', 'Features');
  const also = await servedFeatures(platform.records, spec);
  const partitions = await partitionsOf(platform.records, model);
  const built = await platform.services.data.buildDataset(
    { spec, partitions, clock: data.clock, materializeFrom: BEGINNING, also },
    progressOf(context, 'features'),
    context.signal,
  );
  const before = await stageResult(platform.records, model, 'features');
  const online = built.online.reduce((sum, batch) => sum + batch.keys.length, 0);
  const result = featuresResult(built, { data, spec }, online);
  try {
    const check = await checkMaterialized(context, { built, clock: data.clock }, 'features');
    const state = withWarnings(featuresState(spec, result), [check]);
    await beforeCommit(context, 'features');
    const tables = ['stage_results', 'saved_datasets', 'feature_definitions', 'quality_checks'];
    await platform.records.write([...tables, ...Object.keys(onlineTables)], async (tx) => {
      await keepCheck(tx, check);
      await replaceOnline(tx, model, built.online, {
        interval: { from: BEGINNING, to: data.clock },
        control: controlFor(context, 'features'),
      });
      await recordTrainingSet(tx, spec, built, { partitions, now: platform.now() });
      await putStage(tx, { model, stage: 'features', state, result });
      if (before && before.result.digest !== built.digest) {
        await markStale(tx, model, ['training', 'inference', 'monitoring'], 'The features changed since.');
      }
    });
  } catch (error) {
    if (before?.result.path !== built.path) await platform.files.delete(built.path);
    throw error;
  }
  if (before && before.result.path !== built.path) await platform.files.delete(before.result.path);
}

/** Holds what goes into the online store, and how fresh it is, against what is expected. */
export function checkMaterialized(
  context: StageContext,
  { built, clock }: { readonly built: DatasetFile; readonly clock: number },
  stage: Stage,
): Promise<QualityCheck> {
  const views = batchesToCheck(context.spec.definitions, built.online, built.newest);
  return checkQuality(storeContext(context, stage), { occasion: 'materialize', at: clock, views });
}

export function featuresResult(
  built: DatasetFile,
  { data, spec }: { readonly data: DataResult; readonly spec: ModelSpec },
  onlineRows: number,
): FeaturesResult {
  const { online: _online, ...kept } = built;
  return { ...kept, definitions_version: spec.definitionsVersion, dataDigest: data.digest, onlineRows };
}

/** The sentence and figure of the Features stage. */
export function featuresState(spec: ModelSpec, result: FeaturesResult): StageState {
  const views = spec.definitions.views.length;
  const features = spec.config.features.length;
  const [weakest] = Object.entries(result.coverage).sort((a, b) => a[1] - b[1]);
  const coverage = weakest
    ? ` The least covered, ${weakest[0]}, has a value in ${percent(weakest[1] / Math.max(result.rows, 1))}.`
    : '';
  return {
    status: 'good',
    figure: String(features),
    caption: `in ${views} ${views === 1 ? 'view' : 'views'}`,
    sentence:
      `${features} features from ${views} ${views === 1 ? 'view' : 'views'}, joined as known at each of ${count(result.rows)} moments ` +
      `(${count(result.labelled)} with a known outcome).${coverage}`,
  };
}
