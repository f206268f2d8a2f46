import type { Workbench } from '../../pipeline/client';
import type { ModelOverview, OnStageProgress, Overview, RunOptions, Stage } from '../../pipeline/views';
import type { Connection } from '../connection';
import { STAGE_ORDER, wordsOf } from '../stages';
import { duration } from '../format';
import { isStopped, messageOf, stageOf } from './fault';
import { Job } from './job.svelte';

/** A fault that stands on a stage until the next try. */
export interface Failure {
  readonly model: string;
  readonly stage: Stage;
  readonly message: string;
}

type Work = (onProgress: OnStageProgress, signal: AbortSignal) => Promise<void>;

/** The workspace as the page sees it: what is there, what runs, what went wrong. */
export class Workspace {
  overview = $state.raw<Overview | null>(null);
  job = $state.raw<Job | null>(null);
  failure = $state.raw<Failure | null>(null);
  /** What just happened, in one sentence. */
  said = $state('');
  lost = $state<string | null>(null);
  /** Grows whenever something was committed; views that read it ask again. */
  revision = $state(0);
  readonly #connection: Connection;

  constructor(connection: Connection) {
    this.#connection = connection;
  }

  get workbench(): Workbench {
    return this.#connection.workbench;
  }

  /** The same, for reading: what asks it reactively asks again after every commit. */
  get fresh(): Workbench {
    return this.revision >= 0 ? this.#connection.workbench : this.workbench;
  }

  /** Loads the overview and follows changes; returns a function that stops. */
  start(): () => void {
    void this.refresh();
    const stops = [
      this.#connection.onChange(() => void this.refresh()),
      this.#connection.onLost((message) => (this.lost = message)),
    ];
    const tick = setInterval(() => {
      if (this.job) this.job.now = performance.now();
    }, 500);
    return () => {
      clearInterval(tick);
      for (const stop of stops) stop();
    };
  }

  async refresh(): Promise<void> {
    try {
      this.overview = await this.workbench.overview();
      this.revision++;
    } catch (error) {
      this.lost = messageOf(error);
    }
  }

  model(name: string | null): ModelOverview | null {
    const models = this.overview?.models ?? [];
    return models.find((model) => model.name === name) ?? models[0] ?? null;
  }

  failureOf(model: string, stage: Stage): string | null {
    return this.failure?.model === model && this.failure.stage === stage ? this.failure.message : null;
  }

  /** An error that knows its stage stands there; others where the work last reported from. */
  fail(model: string, lastSeen: Stage, error: unknown): void {
    this.failure = { model, stage: stageOf(error) ?? lastSeen, message: messageOf(error) };
  }

  run(model: string, options: RunOptions, stages: readonly Stage[] = STAGE_ORDER): Promise<void> {
    const [only] = stages;
    const name =
      stages.length === 1 && only
        ? wordsOf(only).title
        : stages.length === STAGE_ORDER.length
          ? 'All six stages'
          : `${stages.length} stages`;
    const job = new Job(model, name, stages, performance.now());
    return this.#perform(job, (onProgress, signal) =>
      this.workbench.run(model, { ...options, stages }, onProgress, signal),
    );
  }

  simulate(model: string, scenario: string, title: string): Promise<void> {
    const job = new Job(model, `Scenario “${title}”`, ['monitoring'], performance.now());
    return this.#perform(job, (onProgress, signal) => this.workbench.simulate(model, scenario, onProgress, signal));
  }

  retrain(model: string, options: RunOptions): Promise<void> {
    const job = new Job(model, 'Retraining', ['training', 'registry'], performance.now());
    return this.#perform(job, (onProgress, signal) => this.workbench.retrain(model, options, onProgress, signal));
  }

  /** Judges a version against the champion and carries out what follows. */
  challenge(model: string, version: number): Promise<void> {
    const job = new Job(model, `Judging v${version}`, ['registry'], performance.now());
    return this.#perform(job, async (onProgress, signal) => {
      await this.workbench.challenge(model, version, onProgress, signal);
    });
  }

  async #perform(job: Job, work: Work): Promise<void> {
    if (this.job) return;
    this.job = job;
    this.failure = null;
    this.said = '';
    try {
      await work((progress) => job.report(progress, performance.now()), job.signal);
      this.said = `${job.name}: done in ${duration(performance.now() - job.startedAt)}.`;
    } catch (error) {
      if (isStopped(error)) this.said = `${job.name}: ${messageOf(error)}`;
      else this.fail(job.model, job.stage, error);
    } finally {
      this.job = null;
      await this.refresh();
    }
  }
}
