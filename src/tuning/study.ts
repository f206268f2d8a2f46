import { checkpoint, type Control, type Signal } from '../utils/control';
import { WorkbenchError } from '../utils/errors';
import { sampleSpace } from './space';
import type { SearchSpace, Study, Trial, TrialParams } from './types';

/** What a configuration achieved. */
export interface TrialOutcome {
  /** Smaller is better. */
  readonly loss: number;
  /** Count of trees at the best round. */
  readonly bestRounds: number;
  readonly curve: readonly number[];
}

export interface StudyRequest {
  readonly space: SearchSpace;
  readonly seed: number;
  /** Configurations tried, at least 1. */
  readonly maxEvals: number;
  /** Judges one configuration; the answer must depend on the parameters only. */
  readonly evaluate: (params: TrialParams, number: number, control: Control) => Promise<TrialOutcome>;
  /** What the loss is, in words. Default "loss". */
  readonly objective?: string;
  /** Configurations judged at a time, at least 1. Default 1. The study is the same for any number. */
  readonly concurrency?: number;
  /** Called when a trial has finished, in order of finishing. */
  readonly onTrial?: (trial: Trial) => void;
  /** When it is raised no further trial starts; those under way are finished and kept. */
  readonly stop?: Signal;
  /** Milliseconds of any clock, for durations; 0 when absent. */
  readonly now?: () => number;
}

/**
 * Random search. Trials come back in order of their number, the best is the smallest loss (the lower number of equal
 * ones). A configuration that cannot be trained (TRAINING_INVALID) is a failed trial with its reason; when every one
 * fails, the first trial's reason is thrown, as is any other error. Cancelling throws AbortError after the trials under way have
 * ended.
 */
export async function runStudy(request: StudyRequest, control: Control): Promise<Study> {
  const { seed, maxEvals, concurrency = 1, stop } = request;
  requireCount('max_evals', maxEvals);
  requireCount('concurrency', concurrency);
  const trials: Trial[] = [];
  const failures: WorkbenchError[] = [];
  const state = { next: 0, done: 0, best: null as number | null, broken: false };

  const work = async (): Promise<void> => {
    while (!state.broken && !stop?.aborted && state.next < maxEvals) {
      const number = state.next++;
      await checkpoint(control, progressOf(state, maxEvals));
      const trial = await runTrial(request, number, { control, failures });
      trials[number] = trial;
      state.done++;
      if (trial.loss !== null && (state.best === null || trial.loss < state.best)) state.best = trial.loss;
      request.onTrial?.(trial);
    }
  };
  const guarded = () =>
    work().catch((error: unknown) => {
      state.broken = true;
      throw error;
    });
  const results = await Promise.allSettled(Array.from({ length: Math.min(concurrency, maxEvals) }, guarded));
  const broken = results.find((result) => result.status === 'rejected');
  if (broken) throw broken.reason;
  await checkpoint(control, progressOf(state, maxEvals));
  if (failures[0] && trials.every((trial) => trial.state === 'fail')) throw failures[0];
  return {
    algorithm: 'random',
    seed,
    maxEvals,
    objective: request.objective ?? 'loss',
    trials,
    bestTrial: bestOf(trials),
    stopped: trials.length < maxEvals,
  };
}

async function runTrial(
  { space, seed, evaluate, now }: StudyRequest,
  number: number,
  { control, failures }: { readonly control: Control; readonly failures: WorkbenchError[] },
): Promise<Trial> {
  const params = sampleSpace(space, seed, number);
  const started = now?.() ?? 0;
  const inner: Control = { signal: control.signal, pause: control.pause };
  try {
    const { loss, bestRounds, curve } = await evaluate(params, number, inner);
    if (Number.isNaN(loss))
      throw new WorkbenchError('TRAINING_INVALID', `Trial ${number} ended with a loss that is not a number.`);
    return { number, params, state: 'ok', loss, bestRounds, curve, durationMs: (now?.() ?? 0) - started };
  } catch (error) {
    if (!(error instanceof WorkbenchError) || error.code !== 'TRAINING_INVALID') throw error;
    failures[number] = error;
    const durationMs = (now?.() ?? 0) - started;
    return {
      number,
      params,
      state: 'fail',
      loss: null,
      bestRounds: null,
      curve: [],
      durationMs,
      reason: error.message,
    };
  }
}

function progressOf(state: { readonly done: number; readonly best: number | null }, total: number) {
  return {
    label: `configuration ${Math.min(state.done + 1, total)} of ${total}`,
    done: state.done,
    total,
    detail: { best: state.best },
  };
}

function bestOf(trials: readonly Trial[]): number | null {
  let best: Trial | null = null;
  for (const trial of trials) {
    if (trial.loss !== null && trial.loss < (best?.loss ?? Infinity)) best = trial;
  }
  return best?.number ?? null;
}

function requireCount(name: string, value: number): void {
  if (Number.isInteger(value) && value >= 1) return;
  throw new WorkbenchError('TRAINING_INVALID', `${name} is ${value}, expected a whole number at least 1.`);
}
