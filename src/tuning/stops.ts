import type { StudyStop, Trial } from './types';

/** When a study ends before max_evals; null for never. */
export interface StopSettings {
  /** Seconds from its start, those before a reload counted. */
  readonly timeout: number | null;
  /** Hyperopt's no_progress_loss: trials in a row that bring no better loss. */
  readonly noProgress: { readonly trials: number; readonly percent: number } | null;
  /** Ends once a loss is at or below it. */
  readonly lossThreshold: number | null;
}

export const NEVER: StopSettings = { timeout: null, noProgress: null, lossThreshold: null };

/**
 * Why no further trial is proposed, from trials in order of number; null when one is. As Hyperopt 0.3.0's
 * `no_progress_loss`, progress is a loss below the best by more than `percent` of it.
 */
export function whyStop(trials: readonly Trial[], { noProgress, lossThreshold }: StopSettings): StudyStop | null {
  if (
    lossThreshold !== null &&
    trials.some(({ state, loss }) => state === 'ok' && loss !== null && loss <= lossThreshold)
  )
    return 'loss_threshold';
  if (noProgress === null) return null;
  let best = Infinity;
  let without = 0;
  for (const { state, loss } of trials) {
    const threshold = best === Infinity ? Infinity : best - Math.abs(best) * (noProgress.percent / 100);
    if (state === 'ok' && loss !== null && loss < threshold) {
      best = loss;
      without = 0;
    } else without++;
    if (without >= noProgress.trials) return 'no_progress';
  }
  return null;
}
