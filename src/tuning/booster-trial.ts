import type { BinnedMatrix } from '../training/bin-matrix';
import { makeEvalMetric } from '../training/eval-metrics';
import type { GrowthDevice } from '../training/growth/device';
import { makeObjective } from '../training/objectives';
import { trainBooster, type TrainResult } from '../training/train';
import type { RoundMetrics } from '../training/train-request';
import type { BoosterParams } from '../training/types';
import type { Control } from '../utils/control';
import { isPruned, type PruneRule } from './pruners';

/** Ascending row numbers of the matrix. */
export interface Fold {
  readonly train: Int32Array;
  readonly validation: Int32Array;
}

export interface BoosterTrial {
  readonly binned: BinnedMatrix;
  readonly params: BoosterParams;
  readonly folds: readonly Fold[];
  /** Most rounds. */
  readonly rounds: number;
  readonly earlyStoppingRounds: number;
  /** XGBoost's name of the metric; the objective's own when absent. */
  readonly evalMetric?: string;
  readonly weights?: Float32Array;
  /** Ends the trial in its first fold. */
  readonly prune?: PruneRule | null;
  readonly device?: GrowthDevice;
  /** What to do with each fold's model. */
  readonly onFold?: (trained: TrainResult, fold: Fold) => Promise<void>;
}

export interface BoosterTrialOutcome {
  /** Mean over folds of the best value on validation rows, smaller is better: a metric to maximise counts negative. */
  readonly loss: number;
  /** Mean over folds of the number of rounds up to the best one, rounded, at least 1. */
  readonly bestRounds: number;
  /** The loss by round in the first fold. */
  readonly curve: readonly number[];
}

/** Trains one configuration on each fold with early stopping; a pruned one up to the round it was pruned after. */
export async function judgeBooster(trial: BoosterTrial, control: Control): Promise<BoosterTrialOutcome> {
  const { binned, params, folds, rounds, earlyStoppingRounds, prune, weights, device } = trial;
  const metric = metricOf(trial);
  let loss = 0;
  let bestRounds = 0;
  let curve: readonly number[] = [];
  for (const [index, fold] of folds.entries()) {
    const rule = index === 0 ? (prune ?? null) : null;
    const trained = await trainBooster(
      {
        binned,
        params,
        rows: fold.train,
        validationRows: fold.validation,
        numBoostRound: rounds,
        earlyStoppingRounds,
        evalMetrics: [metric.name],
        weights,
        device,
        ...(rule ? { stopAfter: prunedBy(rule, metric) } : {}),
      },
      control,
    );
    const losses = (trained.history['validation']?.[metric.name] ?? []).map((value) => metric.sign * value);
    if (index === 0) curve = losses;
    if (rule && isPruned(rule, losses)) return { loss: losses.at(-1) ?? NaN, bestRounds: losses.length, curve };
    loss += (losses[trained.bestIteration] ?? NaN) / folds.length;
    bestRounds += (trained.bestIteration + 1) / folds.length;
    await trial.onFold?.(trained, fold);
  }
  return { loss, bestRounds: Math.max(1, Math.round(bestRounds)), curve };
}

interface TrialMetric {
  readonly name: string;
  /** -1 for a metric to maximise. */
  readonly sign: 1 | -1;
}

function metricOf({ params, evalMetric }: BoosterTrial): TrialMetric {
  const name = evalMetric ?? makeObjective(params.objective, params).defaultMetric;
  const metric = makeEvalMetric(name, params);
  return { name: metric.name, sign: metric.direction === 'maximize' ? -1 : 1 };
}

/** Follows the loss round by round, and says when it is pruned. */
function prunedBy(rule: PruneRule, { name, sign }: TrialMetric): (metrics: RoundMetrics) => boolean {
  const seen: number[] = [];
  return (metrics) => {
    seen.push(sign * (metrics['validation']?.[name] ?? NaN));
    return isPruned(rule, seen);
  };
}
