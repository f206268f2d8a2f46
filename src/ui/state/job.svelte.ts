import type { Stage, StageProgress } from '../../pipeline/views';

/** One configuration tried, as the training stage reports it while it runs. */
export interface LiveTrial {
  readonly trial: number;
  readonly loss: number;
  readonly best: number;
  readonly curve: readonly number[];
}

/** Losses of the model that is fitted now, round by round. */
export interface LiveFit {
  /** What is being fitted: "tree 12 of 80". */
  readonly label: string;
  /** Rounds there will be at most. */
  readonly total: number;
  readonly curves: readonly { readonly name: string; readonly values: readonly number[] }[];
}

interface Phase {
  readonly total: number;
  readonly startedAt: number;
  readonly doneAtStart: number;
}

function liveTrial(detail: unknown): LiveTrial | null {
  if (typeof detail !== 'object' || detail === null) return null;
  const fact = detail as Readonly<Record<string, unknown>>;
  // A pruned one has no loss to compare.
  if (fact.state === 'pruned') return null;
  if (typeof fact.trial !== 'number' || typeof fact.loss !== 'number' || typeof fact.best !== 'number') return null;
  const curve = Array.isArray(fact.curve) ? fact.curve.filter((value) => typeof value === 'number') : [];
  return { trial: fact.trial, loss: fact.loss, best: fact.best, curve };
}

function liveFit({ detail, label, total }: StageProgress): LiveFit | null {
  if (typeof detail !== 'object' || detail === null || !('curves' in detail)) return null;
  const { curves } = detail;
  if (typeof curves !== 'object' || curves === null) return null;
  const lists = Object.entries(curves as Readonly<Record<string, unknown>>).flatMap(([name, values]) =>
    Array.isArray(values) && values.length > 0
      ? [{ name, values: values.filter((value) => typeof value === 'number') }]
      : [],
  );
  return { label, total, curves: lists };
}

/** Work this page started and can stop. */
export class Job {
  progress = $state.raw<StageProgress | null>(null);
  /** Configurations tried so far, in the order they finished. */
  trials = $state.raw<readonly LiveTrial[]>([]);
  /** The fit under way, once its first round is done. */
  fit = $state.raw<LiveFit | null>(null);
  stopping = $state(false);
  /** Milliseconds, moves while the job runs so that the time left is drawn anew. */
  now = $state(0);
  readonly startedAt: number;
  readonly #abort = new AbortController();
  #phase: Phase | null = null;

  constructor(
    readonly model: string,
    /** What the job is, for sentences: "Run", "Scenario", "Retrain". */
    readonly name: string,
    readonly stages: readonly Stage[],
    now: number,
  ) {
    this.startedAt = now;
    this.now = now;
  }

  get signal(): AbortSignal {
    return this.#abort.signal;
  }

  /** The stage at work: the one that reported last, before that the first. */
  get stage(): Stage {
    return this.progress?.stage ?? this.stages[0] ?? 'data';
  }

  /** 0..1 of the piece at hand, or null when the total is not known. */
  get share(): number | null {
    const progress = this.progress;
    return progress && progress.total > 0 ? Math.min(progress.done / progress.total, 1) : null;
  }

  /** Milliseconds left of the piece at hand, or null while there is too little to judge by. */
  get timeLeft(): number | null {
    const phase = this.#phase;
    const progress = this.progress;
    if (!phase || !progress || progress.total <= 0) return null;
    const elapsed = this.now - phase.startedAt;
    const finished = progress.done - phase.doneAtStart;
    if (elapsed < 1200 || finished <= 0 || progress.done >= progress.total) return null;
    return (elapsed / finished) * (progress.total - progress.done);
  }

  stop(): void {
    this.stopping = true;
    this.#abort.abort();
  }

  report(progress: StageProgress, now: number): void {
    const before = this.progress;
    const samePhase =
      before && before.stage === progress.stage && before.total === progress.total && progress.done >= before.done;
    if (!samePhase || !this.#phase) this.#phase = { total: progress.total, startedAt: now, doneAtStart: progress.done };
    if (before?.stage !== progress.stage && progress.stage === 'training') {
      this.trials = [];
      this.fit = null;
    }
    this.fit = liveFit(progress) ?? this.fit;
    const trial = liveTrial(progress.detail);
    if (trial && !this.trials.some((known) => known.trial === trial.trial)) this.trials = [...this.trials, trial];
    this.now = now;
    this.progress = progress;
  }
}
