import { checkpoint, type Control, type Signal } from '../utils/control';
import { WorkbenchError } from '../utils/errors';
import { compileSpace, type Point } from './compile-space';
import { observationOf, proposerOf, type Proposer, type SearchSettings } from './proposals';
import { isPruned, pruneRule, type PruneRule, type PrunerSettings } from './pruners';
import { NEVER, whyStop, type StopSettings } from './stops';
import { TPE_DEFAULTS, type SearchSpace, type Study, type StudyStop, type Trial, type TrialParams } from './types';

/** What a configuration achieved. */
export interface TrialOutcome {
  /** Smaller is better. */
  readonly loss: number;
  /** Count of trees at the best round. */
  readonly bestRounds: number;
  /** Up to the round it was pruned after, where it was. */
  readonly curve: readonly number[];
}

export interface StudyRequest {
  readonly space: SearchSpace;
  readonly seed: number;
  /** Configurations tried, at least 1. */
  readonly maxEvals: number;
  /** Judges one configuration; the answer must depend on the parameters and the rule only. */
  readonly evaluate: (params: TrialParams, number: number, run: TrialRun) => Promise<TrialOutcome>;
  /** Default random search. */
  readonly search?: SearchSettings;
  /** Default none. `rounds`: the most a trial has. */
  readonly pruner?: { readonly settings: PrunerSettings; readonly rounds: number };
  readonly stops?: StopSettings;
  /** What the loss is, in words. Default "loss". */
  readonly objective?: string;
  /** Configurations judged at a time, at least 1. Default 1. */
  readonly concurrency?: number;
  /** Trials of an earlier run of this study that ended; they are not tried again. */
  readonly known?: readonly Trial[];
  /** Called when a trial has finished, in order of finishing. A study waits for it. */
  readonly onTrial?: (trial: Trial) => void | Promise<void>;
  /** When it is raised no further trial starts; those under way are finished and kept. */
  readonly stop?: Signal;
  /** Milliseconds of any clock, for durations and the timeout; 0 when absent. */
  readonly now?: () => number;
}

/** What a trial is run with besides its parameters. */
export interface TrialRun extends Control {
  readonly prune: PruneRule | null;
}

const RANDOM: SearchSettings = { algorithm: 'random', tpe: TPE_DEFAULTS, gridPoints: 5 };

/**
 * Tries configurations. Trial k is proposed, and pruned, by exactly the trials up to k - concurrency, those between
 * counting as not good (a constant liar): the same seed and concurrency give the same trials, whatever ends first.
 * Random and grid search without a pruner look at nothing, and give the same study at any concurrency.
 *
 * Trials come back in order of their number, the best is the smallest loss (the lower number of equal ones). A
 * configuration that cannot be trained (TRAINING_INVALID) is a failed trial with its reason; when every one fails, the
 * first trial's reason is thrown, as is any other error. Cancelling throws AbortError after the trials under way have
 * ended.
 */
export async function runStudy(request: StudyRequest, control: Control): Promise<Study> {
  const { maxEvals, concurrency = 1 } = request;
  requireCount('max_evals', maxEvals);
  requireCount('concurrency', concurrency);
  return new StudyRun(request, control).run();
}

class StudyRun {
  readonly #request: StudyRequest;
  readonly #control: Control;
  readonly #proposer: Proposer;
  readonly #stops: StopSettings;
  readonly #concurrency: number;
  /** By number; holes are trials under way or not begun. */
  readonly #trials: Trial[] = [];
  readonly #points: Point[] = [];
  readonly #failures: WorkbenchError[] = [];
  /** By number, settled when the trial has ended. */
  readonly #ends: Promise<void>[] = [];
  readonly #began: number;
  #stopReason: StudyStop | null = null;
  #broken = false;

  constructor(request: StudyRequest, control: Control) {
    const { space, seed, search = RANDOM, stops = NEVER, concurrency = 1, known = [], now } = request;
    this.#request = request;
    this.#control = control;
    this.#stops = stops;
    this.#concurrency = concurrency;
    this.#proposer = proposerOf(compileSpace(space), seed, search);
    for (const trial of known) if (trial.number < request.maxEvals) this.#trials[trial.number] = trial;
    this.#began = (now?.() ?? 0) - known.reduce((sum, { durationMs }) => sum + durationMs, 0) / concurrency;
  }

  async run(): Promise<Study> {
    const { maxEvals, search = RANDOM, seed, objective = 'loss', space } = this.#request;
    const total = Math.min(maxEvals, this.#proposer.size);
    const problem = await this.#tryAll(total).then(
      () => null,
      (error: unknown) => ({ error }),
    );
    const ended = await Promise.allSettled(this.#ends);
    const broken = ended.find((result) => result.status === 'rejected');
    if (broken) throw broken.reason;
    if (problem) throw problem.error;
    await checkpoint(this.#control, this.#progress(total));
    const [failure] = Object.values(this.#failures);
    const trials = this.#trials.slice();
    if (failure && trials.every((trial) => trial.state === 'fail')) throw failure;
    const stopReason = this.#stopReason ?? (total < maxEvals ? 'space_exhausted' : null);
    return {
      algorithm: search.algorithm,
      seed,
      maxEvals,
      objective,
      trials,
      bestTrial: bestOf(trials),
      stopped: trials.length < maxEvals,
      ...(stopReason === null ? {} : { stopReason }),
      parallelism: this.#concurrency,
      space,
    };
  }

  /** Begins trials in order of their number, as many at a time as there may be. */
  async #tryAll(total: number): Promise<void> {
    const inOrder = this.#proposer.learns || (this.#request.pruner?.settings.kind ?? 'none') !== 'none';
    const under = new Set<Promise<void>>();
    for (let number = 0; number < total; number++) {
      if (inOrder) await this.#ends[number - this.#concurrency];
      while (under.size >= this.#concurrency) await Promise.race(under);
      this.#stopReason ??= this.#whyStop(number);
      if (this.#broken || this.#stopReason !== null) return;
      await checkpoint(this.#control, this.#progress(total));
      const end = this.#try(number);
      this.#ends[number] = end;
      const tracked = end
        .catch(() => {
          this.#broken = true;
        })
        .then(() => void under.delete(tracked));
      under.add(tracked);
    }
  }

  #whyStop(number: number): StudyStop | null {
    const { stop, now } = this.#request;
    // A trial that an earlier run kept is part of the study, whatever has happened since.
    if (this.#trials[number]) return null;
    if (stop?.aborted) return 'person';
    const { timeout } = this.#stops;
    if (timeout !== null && (now?.() ?? 0) - this.#began >= timeout * 1000) return 'timeout';
    return whyStop(this.#endedBefore(number), this.#stops);
  }

  /** Trials that a trial may know of. */
  #endedBefore(number: number): readonly Trial[] {
    return this.#trials.slice(0, Math.max(0, number - this.#concurrency + 1)).filter(Boolean);
  }

  async #try(number: number): Promise<void> {
    const point = this.#propose(number);
    this.#points[number] = point;
    if (this.#trials[number]) return;
    const trial = await this.#judge(number, point);
    this.#trials[number] = trial;
    await this.#request.onTrial?.(trial);
  }

  #propose(number: number): Point {
    const known = this.#trials[number];
    if (known?.values) return { values: known.values, params: known.params };
    const { learns } = this.#proposer;
    const sure = number - this.#concurrency;
    const earlier = learns
      ? this.#points.slice(0, number).map(({ values, params }, at) => {
          const trial = at <= sure ? this.#trials[at] : undefined;
          const pending = { number: at, values, params, state: 'running', loss: null } as const;
          return observationOf(trial ?? { ...pending, bestRounds: null, curve: [], durationMs: 0 });
        })
      : [];
    return this.#proposer.propose(number, earlier);
  }

  async #judge(number: number, { values, params }: Point): Promise<Trial> {
    const { now, evaluate, pruner } = this.#request;
    const { signal, pause } = this.#control;
    const prune = pruner ? pruneRule(pruner.settings, this.#endedBefore(number), pruner.rounds) : null;
    const started = now?.() ?? 0;
    const base = () => ({ number, params, values, durationMs: (now?.() ?? 0) - started });
    try {
      const { loss, bestRounds, curve } = await evaluate(params, number, { signal, pause, prune });
      if (prune && isPruned(prune, curve)) {
        const reason = `Pruned after round ${curve.length}: ${prune.words}.`;
        return { ...base(), state: 'pruned', loss: curve.at(-1) ?? null, bestRounds: null, curve, reason };
      }
      if (Number.isNaN(loss))
        throw new WorkbenchError('TRAINING_INVALID', `Trial ${number} ended with a loss that is not a number.`);
      return { ...base(), state: 'ok', loss, bestRounds, curve };
    } catch (error) {
      if (!(error instanceof WorkbenchError) || error.code !== 'TRAINING_INVALID') throw error;
      this.#failures[number] = error;
      return { ...base(), state: 'fail', loss: null, bestRounds: null, curve: [], reason: error.message };
    }
  }

  #progress(total: number) {
    const done = Object.keys(this.#trials).length;
    const best = bestOf(this.#trials);
    return {
      label: `configuration ${Math.min(done + 1, total)} of ${total}`,
      done,
      total,
      detail: { best: best === null ? null : (this.#trials[best]?.loss ?? null) },
    };
  }
}

function bestOf(trials: readonly Trial[]): number | null {
  let best: Trial | null = null;
  for (const trial of Object.values(trials)) {
    if (trial.state === 'ok' && trial.loss !== null && trial.loss < (best?.loss ?? Infinity)) best = trial;
  }
  return best?.number ?? null;
}

function requireCount(name: string, value: number): void {
  if (Number.isInteger(value) && value >= 1) return;
  throw new WorkbenchError('TRAINING_INVALID', `${name} is ${value}, expected a whole number at least 1.`);
}
