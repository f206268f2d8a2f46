import type { Workbench } from '../../src/pipeline/client';
import type {
  FilePreview,
  ModelOverview,
  OnStageProgress,
  Overview,
  Stage,
  StageState,
} from '../../src/pipeline/views';
import type { Signal } from '../../src/utils/control';
import type { Prediction } from '../../src/inference/types';
import type { Connection } from '../../src/ui/connection';
import { featuresView, timeline } from './fixture-features';
import { inferenceView, prediction } from './fixture-inference';
import { monitoringView } from './fixture-monitoring';
import { CLEVELAND, EMPTY, FULL, HEART, NOTHING, ORDER, preview, type FixtureState } from './fixture-overview';
import { registryView } from './fixture-registry';
import { clevelandProfile, dataView, pageOf, tableProfiles } from './fixture-tables';
import { FixtureRegistry } from './fixture-registry-calls';
import { trainingView } from './fixture-training';

class FixtureWorkbench extends FixtureRegistry {
  readonly #listeners = new Set<() => void>();
  #models: ModelOverview[];
  #pending = true;
  #logged: Prediction[] = [];

  constructor(readonly state: FixtureState) {
    super();
    const stages = state === 'empty' || state === 'running' || state === 'error' || state === 'memory' ? EMPTY : FULL;
    this.#models = [{ ...HEART, stages }];
    if (state === 'file' || state === 'full')
      this.#models.push({
        ...CLEVELAND,
        stages:
          state === 'file'
            ? {
                ...FULL,
                monitoring: {
                  status: 'good',
                  figure: '–',
                  caption: 'no history',
                  sentence: 'This model has no history to watch.',
                },
              }
            : EMPTY,
      });
  }

  listen(listener: () => void): () => void {
    this.#listeners.add(listener);
    return () => this.#listeners.delete(listener);
  }

  #set(model: string, stage: Stage, state: StageState): void {
    this.#models = this.#models.map((one) =>
      one.name === model ? { ...one, stages: { ...one.stages, [stage]: state } } : one,
    );
    for (const listener of this.#listeners) listener();
  }

  #stage(model: string, stage: Stage): StageState {
    return this.#models.find((one) => one.name === model)?.stages[stage] ?? NOTHING;
  }

  #view<T>(model: string, stage: Stage, make: () => T): Promise<T | null> {
    return Promise.resolve(this.#stage(model, stage).status === 'empty' ? null : make());
  }

  overview(): Promise<Overview> {
    if (this.state === 'refused')
      return Promise.reject(
        new Error(
          'The workspace could not be opened: another tab holds an older version of it. Close the other tabs of Glasshouse and reload this one.',
        ),
      );
    const storage =
      this.state === 'memory'
        ? {
            kind: 'memory only',
            persistent: false,
            message:
              'This browser window is private, so IndexedDB refused to open. Open Glasshouse in a normal window to keep your work.',
            bytes: 0,
          }
        : { kind: 'IndexedDB and OPFS', persistent: true, message: null, bytes: 12_400_000 };
    return Promise.resolve({
      models: this.#models,
      storage,
      configFaults:
        this.state === 'faults'
          ? [
              'config.yaml, line 14, models[0].promotion.metrik: unknown key; did you mean “metric”?',
              'config.yaml, line 31, models[0].risk_bands.high: 1.4 is above 1; write a share between 0 and 1.',
            ]
          : [],
    });
  }

  async #work(stage: Stage, onProgress: OnStageProgress | undefined, signal: Signal | undefined): Promise<void> {
    const total = stage === 'training' ? 50 : 12;
    let best = 1;
    for (let done = 0; done <= total; done++) {
      if (signal?.aborted)
        throw Object.assign(new Error('The work was cancelled; nothing was changed.'), { name: 'AbortError' });
      const loss = 0.37 + 0.06 * Math.abs(Math.sin(done * 2.3));
      best = Math.min(best, loss);
      const detail =
        stage === 'training'
          ? {
              trial: done,
              loss,
              best,
              curve: Array.from({ length: 60 }, (_, round) => loss + 0.3 * Math.exp(-round / 12)),
            }
          : undefined;
      onProgress?.({
        stage,
        label: stage === 'training' ? `trial ${done} of ${total}` : `part ${done} of ${total}`,
        done,
        total,
        detail,
      });
      if (this.state === 'running' && stage === 'training' && done === 23) await new Promise(() => undefined);
      await new Promise((resolve) => setTimeout(resolve, this.state === 'running' ? 60 : 40));
      if (this.state === 'error' && stage === 'training' && done === 9)
        throw new Error(
          'training: column “cholesterol” holds no value at all in the training rows. Take it out of the features in config.yaml, or load a table that has it.',
        );
    }
  }

  async run(
    model: string,
    options: { readonly stages?: readonly Stage[] },
    onProgress?: OnStageProgress,
    signal?: Signal,
  ): Promise<void> {
    for (const stage of options.stages ?? ORDER) {
      await this.#work(stage, onProgress, signal);
      this.#set(model, stage, FULL[stage]);
    }
  }

  previewFile(fileName: string): Promise<FilePreview> {
    if (this.state === 'error')
      return Promise.reject(
        new Error(
          `${fileName}: line 1 holds the names of 14 columns but no row follows. Save the table with at least two rows and drop it again.`,
        ),
      );
    return Promise.resolve(preview(fileName));
  }

  createModel(request: { readonly name?: string }): Promise<string> {
    const name = request.name ?? 'table';
    if (name === 'heart_disease')
      return Promise.reject(new Error('a model called “heart_disease” is already there; choose another name.'));
    this.#models = [...this.#models.filter((one) => one.name !== name), { ...CLEVELAND, name, title: name }];
    return Promise.resolve(name);
  }

  deleteModel(model: string): Promise<void> {
    this.#models = this.#models.filter((one) => one.name !== model);
    return Promise.resolve();
  }

  #profiles(model: string) {
    if (model !== 'heart_disease') return [clevelandProfile()];
    if (this.state !== 'wide') return tableProfiles();
    const [visits] = tableProfiles();
    const columns = Array.from({ length: 2000 }, (_, index) => ({
      ...(visits?.columns[2 + (index % 4)] ?? clevelandProfile().columns[0]),
      name: `gene_${index}`,
    }));
    return [{ table: 'wide', rows: 5_000_000, columns: columns as ReturnType<typeof clevelandProfile>['columns'] }];
  }

  dataView(model: string) {
    return this.#view(model, 'data', () =>
      dataView(this.#profiles(model), model === 'heart_disease' ? 'generated, seed 7' : 'heart_cleveland.csv'),
    );
  }

  async tablePage(model: string, table: string, offset: number, limit: number) {
    await new Promise((resolve) => setTimeout(resolve, 30));
    const found = this.#profiles(model).find((one) => one.table === table);
    if (!found) throw new Error(`no table ${table}`);
    return pageOf(found, offset, limit);
  }

  featuresView(model: string) {
    return this.#view(model, 'features', featuresView);
  }

  entityTimeline(_model: string, key: string, at?: number) {
    if (!/^PT\d{4}$/.test(key))
      return Promise.reject(
        new Error(`no patient has the key “${key}”. Keys look like PT0123; type the first letters to search.`),
      );
    return Promise.resolve(timeline(key, at));
  }

  searchUnderWay() {
    return Promise.resolve(null);
  }

  finishSearch() {
    return Promise.resolve();
  }

  trainingView(model: string) {
    return this.#view(model, 'training', () => trainingView());
  }

  registryView(model: string) {
    return this.#view(model, 'registry', () => registryView(this.#pending));
  }

  inferenceView(model: string) {
    return this.#view(model, 'inference', () => inferenceView(this.#logged));
  }

  monitoringView(model: string) {
    return this.#view(model, 'monitoring', () => ({
      ...monitoringView(),
      ...(model === 'heart_disease'
        ? {}
        : {
            reports: [],
            events: [],
            audits: [],
            schedules: [],
            unavailable:
              'heart_cleveland.csv has no time column, so there is no history to compare with. Monitoring needs a table with a time for each row.',
          }),
    }));
  }

  approve(model: string): Promise<void> {
    this.#pending = false;
    this.#set(model, 'registry', {
      ...FULL.registry,
      status: 'good',
      figure: 'v4',
      sentence: 'v4 is champion since you approved it.',
    });
    return Promise.resolve();
  }

  reject(model: string): Promise<void> {
    this.#pending = false;
    this.#set(model, 'registry', { ...FULL.registry, status: 'good', sentence: 'v2 stays champion; v4 was rejected.' });
    return Promise.resolve();
  }

  findKeys(_model: string, text: string): Promise<readonly string[]> {
    return Promise.resolve(featuresView().sampleKeys.filter((key) => key.toLowerCase().includes(text.toLowerCase())));
  }

  predict(_model: string, key: string): Promise<Prediction> {
    if (!/^PT\d{4}$/.test(key))
      return Promise.reject(
        new Error(
          `no patient has the key “${key}” in the online store. Pick one of the list, or run the Feature store stage again.`,
        ),
      );
    const made = prediction(key, 100 + this.#logged.length);
    this.#logged = [made, ...this.#logged];
    for (const listener of this.#listeners) listener();
    return Promise.resolve(made);
  }

  async simulate(_model: string, _scenario: string, onProgress?: OnStageProgress, signal?: Signal): Promise<void> {
    await this.#work('monitoring', onProgress, signal);
  }

  async retrain(_model: string, _options: object, onProgress?: OnStageProgress, signal?: Signal): Promise<void> {
    await this.#work('training', onProgress, signal);
  }

  digest(): Promise<string> {
    return Promise.resolve('0');
  }

  modelFile(): Promise<{ readonly name: string; readonly content: string }> {
    return Promise.resolve({ name: 'model.json', content: '{}' });
  }

  reset(): Promise<void> {
    this.#models = [{ ...HEART, stages: EMPTY }];
    return Promise.resolve();
  }
}

/** A connection to made-up answers. */
export async function makeFixture(state: FixtureState): Promise<Connection> {
  const fixture = new FixtureWorkbench(state);
  await new Promise((resolve) => setTimeout(resolve, 20));
  return {
    workbench: fixture satisfies Workbench,
    onChange: (listener) => fixture.listen(listener),
    onLost: () => () => undefined,
  };
}
