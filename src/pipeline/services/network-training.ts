import type { NetworkParams, NetworkTrainer } from '../../training/network/types';
import { trainNetwork } from '../../training/network/train';
import type { TrainingMatrix } from '../../training/types';
import type { Control } from '../../utils/control';
import type { FitOutcome, Fold, TrialOutcome } from './training-service';

export interface NetworkTrialCall {
  readonly id: string;
  readonly params: NetworkParams;
  readonly folds: readonly Fold[];
  readonly earlyStoppingRounds: number;
}

export interface NetworkFitCall {
  readonly id: string;
  readonly params: NetworkParams;
  readonly train: Int32Array;
  /** Watched for the picture only; never used to choose anything. */
  readonly holdout: Int32Array;
  readonly epochs: number;
}

/** Trains on each fold with early stopping: mean validation log loss and number of epochs, margins by fold. */
export async function tryNetwork(
  matrix: TrainingMatrix,
  { params, folds, earlyStoppingRounds }: NetworkTrialCall,
  trainer: NetworkTrainer,
  control: Control,
): Promise<TrialOutcome> {
  let loss = 0;
  let epochs = 0;
  let curve: readonly number[] = [];
  const margins: Float32Array[] = [];
  for (const [index, { train, validation }] of folds.entries()) {
    const trained = await trainNetwork(
      { matrix, rows: train, validationRows: validation, params, earlyStoppingRounds, trainer },
      control,
    );
    const losses = trained.history['validation']?.['logloss'] ?? [];
    loss += (losses[trained.bestIteration] ?? NaN) / folds.length;
    epochs += (trained.bestIteration + 1) / folds.length;
    margins.push(trained.validationMargins);
    if (index === 0) curve = losses;
  }
  return { loss, bestRounds: Math.max(1, Math.round(epochs)), curve, margins };
}

/** Trains the final network for a fixed number of epochs, watching the hold-out. */
export async function fitNetwork(
  matrix: TrainingMatrix,
  { params, train, holdout, epochs }: NetworkFitCall,
  trainer: NetworkTrainer,
  control: Control,
): Promise<FitOutcome> {
  const trained = await trainNetwork(
    { matrix, rows: train, validationRows: holdout, params, epochs, trainer },
    control,
  );
  const { validation: watched = {}, ...rest } = trained.history;
  return {
    model: trained.model,
    history: { ...rest, holdout: watched },
    backend: `tfjs-${trained.backend}`,
    deviceLost: null,
  };
}
