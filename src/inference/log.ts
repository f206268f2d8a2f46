import type { RecordsTx, TableSchema } from '../utils/records';
import type { Prediction, PredictionBatch } from './types';

/** Tables of this room. */
export const inferenceTables = {
  predictions: { key: ['model', 'prediction_id'], indexes: { model: 'model', model_time: ['model', 'logged_at'] } },
  prediction_batches: { key: ['model', 'batch_id'], indexes: { model: 'model', model_time: ['model', 'logged_at'] } },
} as const satisfies Readonly<Record<string, TableSchema>>;

export async function logPrediction(tx: RecordsTx, prediction: Prediction): Promise<void> {
  await tx.put('predictions', prediction);
}

export async function logBatch(tx: RecordsTx, batch: PredictionBatch): Promise<void> {
  await tx.put('prediction_batches', batch);
}

/** The newest predictions of a model, newest first. */
export async function recentPredictions(tx: RecordsTx, model: string, limit: number): Promise<Prediction[]> {
  return tx.query<Prediction>('predictions', { index: 'model_time', ...wholeModel(model), reverse: true, limit });
}

/** Batches of a model, newest first. */
export async function findBatches(tx: RecordsTx, model: string): Promise<PredictionBatch[]> {
  return tx.query<PredictionBatch>('prediction_batches', { index: 'model_time', ...wholeModel(model), reverse: true });
}

/** Deletes what this room keeps of a model; the batches' files are the caller's. */
export async function deleteModelPredictions(tx: RecordsTx, model: string): Promise<void> {
  for (const table of Object.keys(inferenceTables)) await tx.clear(table, { index: 'model', equals: model });
}

function wholeModel(model: string): {
  readonly from: readonly [string, number];
  readonly to: readonly [string, number];
} {
  return { from: [model, 0], to: [model, Number.MAX_VALUE] };
}
