import { getContext, setContext } from 'svelte';
import type { ModelOverview, RunOptions, Stage } from '../../pipeline/views';
import type { Connection } from '../connection';
import { stagesUpTo } from '../stages';
import { Router } from './router.svelte';
import { Theme } from './theme.svelte';
import { Workspace } from './workspace.svelte';

export type DialogName = 'file' | 'export' | 'import' | 'shortcuts' | 'delete-model' | 'reset';

/** Everything the parts of the page share. */
export class Page {
  readonly workspace: Workspace;
  readonly router = new Router();
  readonly theme = new Theme();
  dialog = $state<DialogName | null>(null);
  /** A file that was dropped or fetched and waits in the file dialog. */
  file = $state.raw<File | null>(null);
  #options = $state.raw<Readonly<Record<string, RunOptions>>>({});

  constructor(connection: Connection) {
    this.workspace = new Workspace(connection);
  }

  /** The model in sight; null before the overview has come. */
  get model(): ModelOverview | null {
    return this.workspace.model(this.router.route.model);
  }

  get modelName(): string {
    return this.model?.name ?? '';
  }

  /** What a run of the model in sight is given. */
  get options(): Required<RunOptions> {
    const model = this.model;
    const defaults = { seed: model?.defaultSeed ?? 0, rows: model?.defaultRows ?? 0, maxEvals: model?.maxEvals ?? 1 };
    return { ...defaults, ...this.#options[this.modelName] };
  }

  setOptions(change: RunOptions): void {
    this.#options = { ...this.#options, [this.modelName]: { ...this.#options[this.modelName], ...change } };
  }

  /** As sent: a model from a file has no rows to generate. */
  #sent(): RunOptions {
    const { seed, rows, maxEvals } = this.options;
    return rows > 0 ? { seed, rows, maxEvals } : { seed, maxEvals };
  }

  runAll(): void {
    if (this.model) void this.workspace.run(this.modelName, this.#sent());
  }

  /** Runs a stage, and before it those it needs that have not run. */
  runStage(stage: Stage): void {
    const { model } = this;
    if (stage === 'monitoring') this.router.note({ report: '' });
    if (model)
      void this.workspace.run(
        model.name,
        this.#sent(),
        stagesUpTo(stage, (before) => model.stages[before].status === 'empty'),
      );
  }

  retrain(): void {
    if (this.model) void this.workspace.retrain(this.modelName, this.#sent());
  }

  openFile(file: File | null): void {
    this.file = file;
    this.dialog = file && /\.zip$/i.test(file.name) ? 'import' : 'file';
  }

  start(): () => void {
    this.theme.apply();
    const stops = [this.router.start(), this.workspace.start()];
    return () => {
      for (const stop of stops) stop();
    };
  }
}

const KEY = Symbol('page');

export function providePage(page: Page): void {
  setContext(KEY, page);
}

export function usePage(): Page {
  return getContext<Page>(KEY);
}
