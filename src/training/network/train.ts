import { checkpoint, type Control } from '../../utils/control';
import { WorkbenchError } from '../../utils/errors';
import { sigmoid } from '../../utils/math';
import { checkMatrix } from '../bin-matrix';
import { EarlyStopping } from '../early-stopping';
import { rowLogLoss } from '../metrics/probability';
import type { EvalHistory, TrainingMatrix } from '../types';
import { Batches } from './batches';
import { encodeRows, fitInputs } from './encode';
import { initialLayers } from './initial-layers';
import { activationOf } from './predict';
import type { DenseLayer, NetworkModel, NetworkParams, NetworkSession, NetworkTrainer } from './types';

export interface NetworkTrainRequest {
  readonly matrix: TrainingMatrix;
  /** Rows trained on, at least one of each class. */
  readonly rows: Int32Array;
  /** Watched, never learned from. */
  readonly validationRows?: Int32Array;
  readonly params: NetworkParams;
  /** Most epochs; those of the parameters when absent. */
  readonly epochs?: number;
  /** Stop when this many epochs bring no better validation loss, and keep the best epoch's weights. Off when absent. */
  readonly earlyStoppingRounds?: number;
  readonly trainer: NetworkTrainer;
}

export interface NetworkTrainResult {
  readonly model: NetworkModel;
  /** logloss of "train" and, when watched, "validation", one value an epoch. */
  readonly history: EvalHistory;
  /** 0-based: the best epoch with early stopping, else the last. */
  readonly bestIteration: number;
  /** Margins of the validation rows at that epoch, in their order. */
  readonly validationMargins: Float32Array;
  readonly backend: NetworkSession['backend'];
}

/**
 * Trains a logistic regression or a multilayer perceptron for binary:logistic by Adam on shuffled batches. Inputs are
 * standardised by the training rows alone. On the CPU backend the same request gives the same bits on every host;
 * elsewhere weights differ in their last digits. Cancelling takes effect within one batch and leaves nothing behind.
 */
export async function trainNetwork(request: NetworkTrainRequest, control: Control): Promise<NetworkTrainResult> {
  const run = prepare(request);
  const { params, trainer } = request;
  const session = await trainer.open({
    inputs: run.inputs,
    labels: run.labels,
    layers: initialLayers(params, run.width, run.prevalence),
    activation: activationOf(params),
    l2: params.kind === 'logistic' ? params.l2 : 0,
    weightDecay: params.kind === 'mlp' ? params.weight_decay : 0,
    learningRate: params.learning_rate,
    batchSize: Math.min(params.batch_size, request.rows.length),
    backend: params.backend,
  });
  try {
    return await runEpochs(request, run, session, control);
  } finally {
    session.close();
  }
}

/** The rows of a training, those trained on first, then those watched. */
interface Prepared {
  readonly features: NetworkModel['features'];
  readonly inputs: Float32Array;
  readonly labels: Float32Array;
  readonly width: number;
  readonly prevalence: number;
}

function prepare({ matrix, rows, validationRows = new Int32Array(), epochs, params }: NetworkTrainRequest): Prepared {
  checkMatrix(matrix);
  const most = epochs ?? params.epochs;
  if (!Number.isInteger(most) || most < 1) refuse(`epochs is ${most}, expected a whole number at least 1.`);
  const all = new Int32Array(rows.length + validationRows.length);
  all.set(rows);
  all.set(validationRows, rows.length);
  const bad = all.find((row) => row < 0 || row >= matrix.labels.length);
  if (bad !== undefined) refuse(`Training names row ${bad}, but there are only ${matrix.labels.length} rows.`);
  const labels = Float32Array.from(all, (row) => matrix.labels[row] as number);
  const odd = labels.findIndex((label) => label !== 0 && label !== 1);
  if (odd >= 0)
    refuse(`The label of row ${(all[odd] ?? 0) + 1} is ${labels[odd] ?? NaN}; ${params.kind} learns 0 and 1.`);
  const positives = labels.subarray(0, rows.length).reduce((sum, label) => sum + label, 0);
  if (positives === 0 || positives === rows.length) {
    refuse(`All ${rows.length} training rows have the same outcome; ${params.kind} needs both classes.`);
  }
  const features = fitInputs(matrix, rows);
  const inputs = encodeRows(features, matrix.columns, all);
  return { features, inputs, labels, width: inputs.length / all.length, prevalence: positives / rows.length };
}

async function runEpochs(
  request: NetworkTrainRequest,
  run: Prepared,
  session: NetworkSession,
  control: Control,
): Promise<NetworkTrainResult> {
  const { params, rows, earlyStoppingRounds, epochs: most = params.epochs } = request;
  const batches = new Batches(params, rows.length);
  const stopping = earlyStoppingRounds === undefined ? null : new EarlyStopping(earlyStoppingRounds);
  const train: number[] = [];
  const validation: number[] = [];
  let best: { readonly layers: readonly DenseLayer[]; readonly margins: Float32Array; readonly epoch: number } | null =
    null;
  for (let epoch = 0; epoch < most; epoch++) {
    for (const { picked, masks } of batches.epoch()) {
      await checkpoint(control);
      session.step(picked, masks);
    }
    const margins = await session.margins();
    const watched = margins.slice(rows.length);
    train.push(meanLogLoss(run.labels.subarray(0, rows.length), margins));
    requireFinite(train.at(-1), params, epoch);
    if (watched.length > 0) validation.push(meanLogLoss(run.labels.subarray(rows.length), watched));
    const loss = validation.at(-1);
    const stop = stopping !== null && loss !== undefined && stopping.seen(epoch, loss, 'minimize');
    if (!stopping || stopping.bestRound === epoch) best = { layers: await session.layers(), margins: watched, epoch };
    await checkpoint(control, progressOf(request, epoch + 1, loss ?? train.at(-1) ?? NaN));
    if (stop) break;
  }
  if (!best) throw new Error('invariant: no epoch was trained');
  return {
    model: modelOf(request, run, best.layers, best.epoch + 1),
    history: {
      train: { logloss: train },
      ...(validation.length > 0 ? { validation: { logloss: validation } } : {}),
    },
    bestIteration: best.epoch,
    validationMargins: best.margins,
    backend: session.backend,
  };
}

function modelOf(
  { matrix, params }: NetworkTrainRequest,
  { features }: Prepared,
  layers: readonly DenseLayer[],
  epochs: number,
): NetworkModel {
  return { kind: params.kind, params, featureNames: matrix.featureNames, features, layers, epochs };
}

function progressOf({ params, epochs: most = params.epochs }: NetworkTrainRequest, done: number, loss: number) {
  return { label: `${params.kind}, epoch ${done} of ${most}`, done, total: most, detail: { epoch: done, loss } };
}

function meanLogLoss(labels: Float32Array, margins: Float32Array): number {
  return labels.reduce((sum, label, i) => sum + rowLogLoss(label, sigmoid(margins[i] as number)), 0) / labels.length;
}

function requireFinite(loss: number | undefined, params: NetworkParams, epoch: number): void {
  if (Number.isFinite(loss)) return;
  refuse(
    `The loss of the ${params.kind} is no longer a number after epoch ${epoch + 1}: its steps are too large. Lower learning_rate (now ${params.learning_rate}).`,
  );
}

function refuse(text: string): never {
  throw new WorkbenchError('TRAINING_INVALID', text);
}
