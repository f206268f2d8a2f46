import { quantileSorted } from '../utils/statistics';
import type { Trial } from './types';

/** Settings under Optuna's names; defaults are its own (optuna 4, optuna/pruners). */
export type PrunerSettings =
  | { readonly kind: 'none' }
  | {
      readonly kind: 'median';
      /** Finished trials before any is pruned. */
      readonly n_startup_trials: number;
      /** Rounds of a trial before it can be pruned. */
      readonly n_warmup_steps: number;
      /** Rounds between looks. */
      readonly interval_steps: number;
    }
  | {
      readonly kind: 'asha';
      /** One in so many goes on to the next rung. */
      readonly reduction_factor: number;
      /** Rounds of the first rung; auto is a hundredth of those of the first trial that finished, at least 1. */
      readonly min_resource: number | 'auto';
      readonly min_early_stopping_rate: number;
    };

/**
 * What a trial is pruned by, as data, so that a worker follows it without asking: after round r (0-based) the trial ends
 * when what `by` names is greater than limits[r], or not a number. NaN: not looked at.
 */
export interface PruneRule {
  readonly limits: readonly number[];
  /** The trial's best round so far, or the round itself. */
  readonly by: 'best' | 'round';
  /** In words, for the trial's record. */
  readonly words: string;
}

/**
 * What the next trial is pruned by, from trials that have ended; null when there is nothing to go by yet. Every loss is
 * smaller-is-better.
 */
export function pruneRule(settings: PrunerSettings, ended: readonly Trial[], rounds: number): PruneRule | null {
  if (settings.kind === 'none') return null;
  const rule = settings.kind === 'median' ? medianRule(settings, ended, rounds) : ashaRule(settings, ended, rounds);
  return rule.limits.some((limit) => !Number.isNaN(limit)) ? rule : null;
}

/** Whether a trial ends after the last round of its curve. */
export function isPruned({ limits, by }: PruneRule, curve: readonly number[]): boolean {
  const limit = limits[curve.length - 1] ?? NaN;
  if (Number.isNaN(limit)) return false;
  const present = curve.filter((loss) => !Number.isNaN(loss));
  const value = by === 'round' ? (curve.at(-1) ?? NaN) : present.reduce((best, loss) => Math.min(best, loss), Infinity);
  return !(value <= limit);
}

function medianRule(
  settings: Extract<PrunerSettings, { readonly kind: 'median' }>,
  ended: readonly Trial[],
  rounds: number,
): PruneRule {
  const complete = ended.filter(({ state }) => state === 'ok');
  const { n_startup_trials, n_warmup_steps, interval_steps } = settings;
  const limits = Array.from({ length: rounds }, (_, round) => {
    if (complete.length < n_startup_trials || round < n_warmup_steps) return NaN;
    if ((round - n_warmup_steps) % interval_steps !== 0) return NaN;
    const losses = complete.map(({ curve }) => curve[round] ?? NaN).filter((loss) => !Number.isNaN(loss));
    return losses.length === 0 ? NaN : quantileSorted(Float64Array.from(losses).sort(), 0.5);
  });
  return { limits, by: 'best', words: 'its best loss so far is above the median of finished trials at this round' };
}

function ashaRule(
  settings: Extract<PrunerSettings, { readonly kind: 'asha' }>,
  ended: readonly Trial[],
  rounds: number,
): PruneRule {
  const { reduction_factor: factor, min_resource, min_early_stopping_rate } = settings;
  const limits = new Array<number>(rounds).fill(NaN);
  const words = `its loss is not among the best 1 in ${factor} at this rung`;
  const first = ended.find(({ state }) => state === 'ok');
  if (min_resource === 'auto' && !first) return { limits, by: 'round', words };
  const least = min_resource === 'auto' ? Math.max(1, Math.floor((first?.curve.length ?? 0) / 100)) : min_resource;
  let rung = least;
  for (let skipped = 0; skipped < min_early_stopping_rate; skipped++) rung *= factor;
  for (; rung <= rounds; rung *= factor) {
    const others = ended.map(({ curve }) => curve[rung - 1] ?? NaN).filter((loss) => !Number.isNaN(loss));
    // Among the others and itself, the best floor(n / factor), at least one.
    const place = Math.max(0, Math.floor((others.length + 1) / factor) - 1);
    limits[rung - 1] = Float64Array.from(others).sort()[place] ?? Infinity;
  }
  return { limits, by: 'round', words };
}
