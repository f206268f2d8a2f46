import type { Signal } from '../../utils/control';
import { WorkbenchError } from '../../utils/errors';
import { referenceKernels } from '../../kernels/reference';
import type { Kernels } from '../../kernels/types';
import type { ShardHost } from '../../training/shards/types';
import { binMatrix, type BinnedMatrix } from '../../training/bin-matrix';
import { parseBoosterParams } from '../../training/params';
import { trainBooster } from '../../training/train';
import { predictMargin } from '../../training/predict';
import { sigmoid } from '../../utils/math';
import { evaluateBinary } from '../../training/evaluate';
import { metricFrames } from '../../fairness/metric-frame';
import { compareModels } from '../../registry/compare';
import type { BinaryEvaluation, Booster, EvalHistory, TrainingMatrix } from '../../training/types';
import type { MetricFrame } from '../../fairness/types';
import type { Decision, PromotionRule } from '../../registry/types';
import type { TrialParams } from '../../tuning/types';
import { controlOf, type OnProgress } from '../platform';

export interface LoadCall {
  /** Names the matrix in later calls. */
  readonly id: string;
  readonly matrix: TrainingMatrix;
  readonly maxBin: number;
  /** Rows the cuts are taken from: the training rows, so that held-out values have no say. */
  readonly cutRows: Int32Array;
}

export interface Fold {
  readonly train: Int32Array;
  readonly validation: Int32Array;
}

export interface TrialCall {
  readonly id: string;
  readonly params: Readonly<Record<string, unknown>>;
  readonly folds: readonly Fold[];
  readonly rounds: number;
  readonly earlyStoppingRounds: number;
}

export interface TrialOutcome {
  /** Mean over folds of the best validation log loss. */
  readonly loss: number;
  /** Mean over folds of the number of trees at the best round, rounded, at least 1. */
  readonly bestRounds: number;
  readonly curve: readonly number[];
}

export interface FitCall {
  readonly id: string;
  readonly params: Readonly<Record<string, unknown>>;
  readonly train: Int32Array;
  /** Watched for the picture only; never used to choose anything. */
  readonly holdout: Int32Array;
  readonly rounds: number;
}

export interface FitOutcome {
  readonly booster: Booster;
  readonly history: EvalHistory;
  /** The kernels that trained it. */
  readonly backend: Kernels['name'];
}

export interface EvaluateCall {
  readonly labels: Uint8Array;
  readonly probabilities: Float64Array;
  readonly keys: readonly string[];
  readonly entity: string;
  readonly groups: Readonly<Record<string, readonly string[]>>;
  readonly threshold: number;
  readonly maximumGap: number;
  readonly seed: number;
}

export interface JudgeCall {
  readonly rule: PromotionRule;
  readonly labels: Uint8Array;
  readonly challenger: Float64Array;
  readonly champion: Float64Array | null;
  readonly championVersion: number | null;
  readonly keys: readonly string[];
  readonly seed: number;
  readonly judgedOn: string;
}

/** Below so many cells a worker more costs more than it saves: it has to be started first. */
const CELLS_TO_SHARE = 2_000_000;

/** Boosting and judging, one matrix at a time. Holds the binned matrix between trials. */
export class TrainingService {
  readonly #pause: () => Promise<void>;
  readonly #kernels: Kernels;
  readonly #shards: ShardHost | undefined;
  #loaded: { readonly id: string; readonly binned: BinnedMatrix } | null = null;

  /**
   * @param kernels the twin to train with; plain TypeScript when left out.
   * @param shards other workers for a final model of many rows; none when left out.
   */
  constructor(pause: () => Promise<void>, kernels: Kernels = referenceKernels, shards?: ShardHost) {
    this.#pause = pause;
    this.#kernels = kernels;
    this.#shards = shards;
  }

  /** Bins a matrix once; later calls name it. */
  async load(call: LoadCall, onProgress?: OnProgress, signal?: Signal): Promise<void> {
    if (this.#loaded?.id === call.id) return;
    const control = controlOf(this.#pause, onProgress, signal);
    const binned = await binMatrix(call.matrix, call.maxBin, control, {
      cutRows: call.cutRows,
      kernels: this.#kernels,
    });
    this.#loaded?.binned.bins.close();
    this.#loaded = { id: call.id, binned };
  }

  /** Trains one configuration on each fold and reports its validation loss. */
  async trial(call: TrialCall, onProgress?: OnProgress, signal?: Signal): Promise<TrialOutcome> {
    const binned = this.#matrix(call.id);
    const params = parseBoosterParams(call.params);
    let loss = 0;
    let rounds = 0;
    let curve: readonly number[] = [];
    for (const [index, fold] of call.folds.entries()) {
      const trained = await trainBooster(
        {
          binned,
          rows: fold.train,
          validationRows: fold.validation,
          params,
          numBoostRound: call.rounds,
          earlyStoppingRounds: call.earlyStoppingRounds,
        },
        controlOf(this.#pause, onProgress, signal),
      );
      const losses = trained.history['validation']?.['logloss'] ?? [];
      loss += (losses[trained.bestIteration] ?? NaN) / call.folds.length;
      rounds += (trained.bestIteration + 1) / call.folds.length;
      if (index === 0) curve = losses;
    }
    return { loss, bestRounds: Math.max(1, Math.round(rounds)), curve };
  }

  /** Trains the final model for a fixed number of rounds, watching the hold-out. */
  async fit(call: FitCall, onProgress?: OnProgress, signal?: Signal): Promise<FitOutcome> {
    const binned = this.#matrix(call.id);
    const trained = await trainBooster(
      {
        binned,
        rows: call.train,
        validationRows: call.holdout,
        params: parseBoosterParams(call.params),
        numBoostRound: call.rounds,
        shards: binned.bins.layout.featureCount * call.train.length < CELLS_TO_SHARE ? undefined : this.#shards,
      },
      controlOf(this.#pause, onProgress, signal),
    );
    const { validation: holdout = {}, ...rest } = trained.history;
    return { booster: trained.booster, history: { ...rest, holdout }, backend: this.#kernels.name };
  }

  /** Hold-out metrics with intervals, and by group. */
  async evaluate(
    call: EvaluateCall,
    onProgress?: OnProgress,
    signal?: Signal,
  ): Promise<{ evaluation: BinaryEvaluation; groups: readonly MetricFrame[] }> {
    const control = controlOf(this.#pause, onProgress, signal);
    const evaluation = await evaluateBinary(call, control);
    const groups = await metricFrames(call, control);
    return { evaluation, groups };
  }

  /** Compares a challenger with the champion on rows neither was trained on. */
  async judge(call: JudgeCall, onProgress?: OnProgress, signal?: Signal): Promise<Decision> {
    return compareModels(call, controlOf(this.#pause, onProgress, signal));
  }

  #matrix(id: string): BinnedMatrix {
    if (this.#loaded?.id !== id) {
      throw new WorkbenchError(
        'WORKER_LOST',
        'The training worker lost its data (it was restarted). Run the Training stage again.',
      );
    }
    return this.#loaded.binned;
  }
}

/** Trial parameters over the configured ones. */
export function mergedParams(
  base: Readonly<Record<string, unknown>>,
  trial: TrialParams,
  seed: number,
): Readonly<Record<string, unknown>> {
  return { ...base, ...trial, seed };
}

/** Probabilities of a booster for feature columns, float64. */
export function probabilities(booster: Booster, columns: readonly Float32Array[]): Float64Array {
  return Float64Array.from(predictMargin(booster, columns), sigmoid);
}
