import { WorkbenchError } from '../../utils/errors';
import { keyHash } from '../../training/split';
import { requireStage } from '../stage-results';
import { labelledRows, loadDataset, type StageContext } from './context';
import { requireChampion } from './inference-stage';
import { isoDay, loadModel, unseenRows } from './registry-stage';
import { trainAndRecord } from './training-stage';
import type { Dataset } from '../services/dataset';

const DAY = 86_400_000_000;
const JUDGE_DAYS = 30;

/**
 * Trains a challenger on recent labelled visits. The newest labelled window is kept from it, with every entity that
 * occurs there, and decides between it and the champion afterwards.
 */
export async function retrain(context: StageContext): Promise<void> {
  const { platform, spec } = context;
  const model = spec.config.name;
  const data = await requireStage(platform.records, model, 'data', 'Retraining');
  if (!data.hasHistory) {
    throw new WorkbenchError(
      'USAGE',
      `${model} has no event times, so there is no newer window to retrain on. Open a newer table as a new model instead.`,
    );
  }
  const champion = await requireChampion(context);
  const features = await requireStage(platform.records, model, 'features', 'Retraining');
  const dataset = await loadDataset(context, features);
  const trained = await loadModel(platform.records, spec, champion.run_id);
  const labelled = labelledRows(dataset);
  const newest = labelled.reduce((most, row) => Math.max(most, dataset.times[row] ?? 0), 0);
  const judgeFrom = newest - JUDGE_DAYS * DAY;
  if (data.windows.length === 0 || judgeFrom < (trained.record.judgeFrom ?? -Infinity) + JUDGE_DAYS * DAY) {
    throw new WorkbenchError(
      'USAGE',
      `Champion v${champion.version} has seen all labelled data there is (up to ${isoDay(newest)}), so no window is left to judge a retrained model on. Let time pass first: choose a scenario.`,
    );
  }
  const judge = unseenRows(dataset, [trained], judgeFrom);
  const judged = new Set(Array.from(judge, (row) => dataset.keys[row]));
  const windowStart = judgeFrom - spec.config.training.retrain_window_days * DAY;
  const train = labelled.filter((row) => {
    const time = dataset.times[row] ?? 0;
    return time >= windowStart && time < judgeFrom && !judged.has(dataset.keys[row]);
  });
  requireBothClasses(
    dataset,
    train,
    `the ${spec.config.training.retrain_window_days} days before ${isoDay(judgeFrom)}`,
  );
  requireBothClasses(
    dataset,
    judge,
    `the newest labelled window, from ${isoDay(judgeFrom)}, of patients the champion was not trained on`,
  );
  await trainAndRecord(context, {
    features,
    dataset,
    train,
    holdout: judge,
    trainKeyHashes: [...new Set(Array.from(train, (row) => keyHash(dataset.keys[row] ?? '')))].sort(),
    splitSeed: spec.config.training.split_seed ?? context.seed,
    splitDescription: `trained on ${isoDay(windowStart)} to ${isoDay(judgeFrom)}; judged on the newest labelled window from ${isoDay(judgeFrom)}`,
    judgeFrom,
    clock: data.clock,
  });
}

function requireBothClasses(dataset: Dataset, rows: Int32Array, what: string): void {
  const positives = rows.reduce((sum, row) => sum + (dataset.labels[row] ?? 0), 0);
  if (positives === 0 || positives === rows.length) {
    throw new WorkbenchError(
      'TRAINING_INVALID',
      `Retraining needs both outcomes in ${what}, and found ${positives} positive of ${rows.length} rows. Generate more rows or let more time pass.`,
    );
  }
}
