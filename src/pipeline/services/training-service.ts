import type { Signal } from '../../utils/control';
import { WorkbenchError } from '../../utils/errors';
import { referenceKernels } from '../../kernels/reference';
import type { Kernels } from '../../kernels/types';
import type { GrowthDevice } from '../../training/growth/device';
import type { ShardHost } from '../../training/shards/types';
import { binMatrix, type BinnedMatrix } from '../../training/bin-matrix';
import type { Model } from '../../training/model';
import type { NetworkTrainer } from '../../training/network/types';
import { parseBoosterParams } from '../../training/params';
import { trainBooster, type TrainResult } from '../../training/train';
import { predictMargins } from '../../training/predict';
import { evaluateBinary } from '../../training/evaluate';
import { judgeBooster, type Fold } from '../../tuning/booster-trial';
import type { PruneRule } from '../../tuning/pruners';
import { metricFrames } from '../../fairness/metric-frame';
import { compareModels } from '../../registry/compare';
import type { BinaryEvaluation, EvalHistory, TrainingMatrix } from '../../training/types';
import type { MetricFrame } from '../../fairness/types';
import type { GateFacts } from '../../registry/gates';
import type { Decision, PromotionRule } from '../../registry/types';
import { controlOf, type OnProgress } from '../platform';
import { fitNetwork, tryNetwork, type NetworkFitCall, type NetworkTrialCall } from './network-training';

export interface LoadCall {
  /** Names the matrix in later calls. */
  readonly id: string;
  readonly matrix: TrainingMatrix;
  readonly maxBin: number;
  /** Rows the cuts are taken from: the training rows, so that held-out values have no say. */
  readonly cutRows: Int32Array;
}

export type { Fold };

export interface TrialCall {
  readonly id: string;
  readonly params: Readonly<Record<string, unknown>>;
  readonly folds: readonly Fold[];
  readonly rounds: number;
  readonly earlyStoppingRounds: number;
  /** Ends a trial early in its first fold. */
  readonly prune?: PruneRule | null;
  /** Whether the outcome brings margins, for comparing kinds of models. Default false. */
  readonly keepMargins?: boolean;
}

export interface TrialOutcome {
  /** Mean over folds of the best validation log loss. */
  readonly loss: number;
  /** Mean over folds of the number of trees at the best round, rounded, at least 1. */
  readonly bestRounds: number;
  readonly curve: readonly number[];
  /** By fold, margins of its validation rows at the best round; empty unless asked for. */
  readonly margins: readonly Float32Array[];
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
  readonly model: Model;
  /** "train" and "holdout" by round. */
  readonly history: EvalHistory;
  /** What trained it: our kernels (js or wasm), our trees on a GPU, or tfjs on a device. */
  readonly backend: Kernels['name'] | GrowthDevice['name'] | 'tfjs-cpu' | 'tfjs-wasm' | 'tfjs-webgpu';
  /** Why a GPU was lost since the data was loaded; null when none was. */
  readonly deviceLost: string | null;
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
  /** What the rule's gates need to know. */
  readonly facts?: GateFacts | undefined;
}

/** What takes part in training large tables, besides this worker. */
export interface TrainingHelpers {
  readonly shards?: ShardHost;
  readonly device?: GrowthDevice;
}

/** Training and judging, one matrix at a time. Holds the binned matrix between trials. */
export class TrainingService {
  readonly #pause: () => Promise<void>;
  readonly #kernels: Kernels;
  readonly #helpers: TrainingHelpers;
  readonly #loadTrainer: () => Promise<NetworkTrainer>;
  #trainer: Promise<NetworkTrainer> | null = null;
  #deviceLost: string | null = null;
  #loaded: { readonly id: string; readonly binned: BinnedMatrix } | null = null;

  /**
   * @param loadTrainer brings the library that trains networks, when it is first needed.
   * @param kernels the twin that trees are trained with; plain TypeScript when left out.
   * @param helpers other workers and a GPU for tables large enough for them; none when left out.
   */
  constructor(
    pause: () => Promise<void>,
    loadTrainer: () => Promise<NetworkTrainer>,
    kernels: Kernels = referenceKernels,
    helpers: TrainingHelpers = {},
  ) {
    this.#pause = pause;
    this.#loadTrainer = loadTrainer;
    this.#kernels = kernels;
    this.#helpers = helpers;
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
    this.#deviceLost = null;
  }

  /** Trains one configuration on each fold and reports its validation loss. */
  async trial(call: TrialCall, onProgress?: OnProgress, signal?: Signal): Promise<TrialOutcome> {
    const binned = this.#matrix(call.id);
    const params = parseBoosterParams(call.params);
    const margins: Float32Array[] = [];
    const onFold = async ({ booster, grownOn }: TrainResult, { validation }: Fold) => {
      this.#deviceLost ??= grownOn.lost;
      if (!call.keepMargins) return;
      const columns = rowsOfColumns(binned.matrix.columns, validation);
      const control = controlOf(this.#pause, undefined, signal);
      margins.push(await predictMargins(booster, columns, this.#kernels, control));
    };
    const { folds, rounds, earlyStoppingRounds, prune } = call;
    const outcome = await judgeBooster(
      { binned, params, folds, rounds, earlyStoppingRounds, prune, device: this.#helpers.device, onFold },
      controlOf(this.#pause, onProgress, signal),
    );
    return { ...outcome, margins };
  }

  /** As `trial`, for a logistic regression or a multilayer perceptron; always brings margins. */
  async networkTrial(call: NetworkTrialCall, onProgress?: OnProgress, signal?: Signal): Promise<TrialOutcome> {
    const { matrix } = this.#matrix(call.id);
    return tryNetwork(matrix, call, await this.#networks(), controlOf(this.#pause, onProgress, signal));
  }

  /** As `fit`, for a logistic regression or a multilayer perceptron. */
  async networkFit(call: NetworkFitCall, onProgress?: OnProgress, signal?: Signal): Promise<FitOutcome> {
    const { matrix } = this.#matrix(call.id);
    return fitNetwork(matrix, call, await this.#networks(), controlOf(this.#pause, onProgress, signal));
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
        ...this.#helpers,
      },
      controlOf(this.#pause, onProgress, signal),
    );
    const { validation: holdout = {}, ...rest } = trained.history;
    const model = { kind: 'xgboost', booster: trained.booster } as const;
    const { device, lost } = trained.grownOn;
    this.#deviceLost ??= lost;
    return {
      model,
      history: { ...rest, holdout },
      backend: device ?? this.#kernels.name,
      deviceLost: this.#deviceLost,
    };
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

  #networks(): Promise<NetworkTrainer> {
    this.#trainer ??= this.#loadTrainer().catch((error: unknown) => {
      this.#trainer = null;
      throw error;
    });
    return this.#trainer;
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

function rowsOfColumns(columns: readonly Float32Array[], rows: Int32Array): Float32Array[] {
  return columns.map((column) => Float32Array.from(rows, (row) => column[row] ?? NaN));
}
