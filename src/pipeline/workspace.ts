import { AbortError, WorkbenchError } from '../utils/errors';
import { throwIfAborted, type Signal } from '../utils/control';
import type { Config } from '../config/schema';
import type { Prediction } from '../inference/types';
import type { Platform } from './platform';
import type { StageContext } from './stages/context';
import { collectGarbage, eraseAll, workspaceDigest } from './storage';
import { overview } from './pages/overview';
import { entityTimelineView, featuresView } from './pages/features-view';
import { dataView, tablePage } from './pages/data-view';
import { modelFile, searchUnderWay, trainingView } from './pages/training-view';
import { registryView } from './pages/registry-view';
import { inferenceView } from './pages/inference-view';
import { monitoringView } from './pages/monitoring-view';
import { findSpec } from './specs';
import type { Workbench } from './client';
import { RunsDoor } from './runs/door';
import { recountRuns } from './runs/run-index';
import { STAGES, type FileModelRequest, type OnStageProgress, type RunOptions, type Stage } from './views';

/** What a stage does is loaded when it is first run, so that the page opens without it. */
const RUN_STAGE: Readonly<Record<Stage, () => Promise<(context: StageContext) => Promise<void>>>> = {
  data: async () => (await import('./stages/data-stage')).runDataStage,
  features: async () => (await import('./stages/features-stage')).runFeaturesStage,
  training: async () => (await import('./stages/training-stage')).runTrainingStage,
  registry: async () => (await import('./stages/registry-stage')).runRegistryStage,
  inference: async () => (await import('./stages/inference-stage')).runInferenceStage,
  monitoring: async () => (await import('./stages/monitoring-stage')).runMonitoringStage,
};

/** The stages joined: everything a page or the command line asks of one workspace. */
export class Workspace extends RunsDoor implements Workbench {
  readonly #platform: Platform;
  readonly #config: Config | null;
  readonly #faults: readonly string[];
  /** Raised when the search under way has tried enough; a new one for every stage that is run. */
  #enough = { aborted: false };

  constructor(platform: Platform, config: Config | null, configFaults: readonly string[] = []) {
    super();
    this.#platform = platform;
    this.#config = config;
    this.#faults = configFaults;
  }

  protected get platform(): Platform {
    return this.#platform;
  }

  overview() {
    return overview(this.#platform, this.#config, this.#faults);
  }

  async run(
    model: string,
    options: RunOptions & { readonly stages?: readonly Stage[] },
    onProgress?: OnStageProgress,
    signal?: Signal,
  ): Promise<void> {
    const wanted = options.stages ?? STAGES;
    const unknown = wanted.find((stage) => !STAGES.includes(stage));
    if (unknown !== undefined)
      throw new WorkbenchError('USAGE', `There is no stage "${unknown}"; there are ${STAGES.join(', ')}.`);
    const finished: Stage[] = [];
    await this.alone(async () => {
      for (const stage of STAGES.filter((candidate) => wanted.includes(candidate))) {
        this.#enough = { aborted: false };
        const context = await this.#context(model, options, onProgress, signal);
        if (await this.#waitsForApproval(model, stage, options.stages)) break;
        await sayingWhatIsKept(stage, finished, async () => {
          throwIfAborted({ signal });
          const runStage = await RUN_STAGE[stage]();
          return runStage(context);
        });
        finished.push(stage);
        this.#platform.changed();
      }
    });
  }

  previewFile(fileName: string, bytes: Uint8Array, types?: FileModelRequest['types']) {
    return this.#platform.services.data.previewFile({ fileName, bytes, types });
  }

  createModel(request: FileModelRequest): Promise<string> {
    return this.alone(async () => {
      const { createFileModel } = await import('./file-models');
      return createFileModel(this.#platform, this.requireConfig(), request);
    });
  }

  deleteModel(model: string): Promise<void> {
    return this.alone(async () => {
      const files = await import('./file-models');
      return files.deleteModel(this.#platform, this.requireConfig(), model);
    });
  }

  async dataView(model: string) {
    return dataView(this.#platform, await this.specOf(model));
  }

  tablePage(model: string, table: string, offset: number, limit: number) {
    return tablePage(this.#platform, model, table, { offset, limit });
  }

  async featuresView(model: string) {
    return featuresView(this.#platform, await this.specOf(model));
  }

  async entityTimeline(model: string, key: string, at?: number) {
    return entityTimelineView(this.#platform, await this.specOf(model), key, at);
  }

  trainingView(model: string, runId?: string) {
    return trainingView(this.#platform, model, runId);
  }

  searchUnderWay(model: string) {
    return searchUnderWay(this.#platform, model);
  }

  finishSearch(): Promise<void> {
    this.#enough.aborted = true;
    return Promise.resolve();
  }

  registryView(model: string) {
    return registryView(this.#platform, model);
  }

  async inferenceView(model: string) {
    return inferenceView(this.#platform, await this.specOf(model));
  }

  async monitoringView(model: string) {
    return monitoringView(this.#platform, await this.specOf(model));
  }

  async findKeys(model: string, text: string) {
    const { findKeys } = await import('./pages/find-keys');
    return findKeys(this.#platform, model, text);
  }

  approve(model: string, version: number, reason: string): Promise<void> {
    return this.#decide(model, version, reason, true);
  }

  reject(model: string, version: number, reason: string): Promise<void> {
    return this.#decide(model, version, reason, false);
  }

  async predict(model: string, key: string): Promise<Prediction> {
    const { predictOne } = await import('./stages/predict');
    const prediction = await predictOne(this.#platform, await this.specOf(model), key);
    this.#platform.changed();
    return prediction;
  }

  async simulate(model: string, scenario: string, onProgress?: OnStageProgress, signal?: Signal): Promise<void> {
    await this.alone(async () => {
      const { simulateWindow } = await import('./stages/simulate');
      return simulateWindow(await this.#context(model, {}, onProgress, signal), scenario);
    });
  }

  async retrain(model: string, options: RunOptions, onProgress?: OnStageProgress, signal?: Signal): Promise<void> {
    await this.alone(async () => {
      const { retrain } = await import('./stages/retrain');
      const runRegistryStage = await RUN_STAGE.registry();
      this.#enough = { aborted: false };
      const context = await this.#context(model, options, onProgress, signal);
      await sayingWhatIsKept('training', [], () => retrain(context));
      this.#platform.changed();
      await sayingWhatIsKept('registry', ['training'], () => runRegistryStage(context));
    });
  }

  digest(): Promise<string> {
    return workspaceDigest(this.#platform);
  }

  modelFile(model: string, version?: number) {
    return modelFile(this.#platform, model, version);
  }

  reset(): Promise<void> {
    return this.alone(() => eraseAll(this.#platform));
  }

  /** Deletes files that no record names: what a killed tab left behind. */
  tidy(): Promise<void> {
    return this.#platform.inTurn(() => collectGarbage(this.#platform), true);
  }

  #decide(model: string, version: number, reason: string, approve: boolean): Promise<void> {
    return this.alone(async () => {
      const { decideVersion } = await import('./stages/approval');
      return decideVersion(this.#platform, { model, version, reason, approve });
    });
  }

  protected async alone<T>(work: () => Promise<T>): Promise<T> {
    return this.#sayingWhatToFree(() => this.#platform.exclusive(work));
  }

  protected async afterOthers<T>(work: () => Promise<T>): Promise<T> {
    return this.#sayingWhatToFree(() => this.#platform.inTurn(work));
  }

  /** Writes; a full disk is told with what takes the space. Pages look again afterwards. */
  async #sayingWhatToFree<T>(write: () => Promise<T>): Promise<T> {
    try {
      return await write();
    } catch (error) {
      if (!(error instanceof WorkbenchError) || error.details['full'] !== true) throw error;
      const { sayingWhatToFree } = await import('./space');
      throw await sayingWhatToFree(this.#platform, error);
    } finally {
      recountRuns(this.#platform.records);
      this.#platform.changed();
    }
  }

  /** A full run ends quietly at the registry when nobody is champion yet and a person must approve. */
  async #waitsForApproval(model: string, stage: Stage, asked: readonly Stage[] | undefined): Promise<boolean> {
    if (asked || (stage !== 'inference' && stage !== 'monitoring')) return false;
    const view = await registryView(this.#platform, model);
    return view !== null && view.aliases['champion'] === undefined;
  }

  async #context(
    model: string,
    options: RunOptions,
    onProgress?: OnStageProgress,
    signal?: Signal,
  ): Promise<StageContext> {
    const spec = await this.specOf(model);
    return {
      platform: this.#platform,
      spec,
      seed: wholeNumber('seed', options.seed, 0, 4294967295) ?? this.requireConfig().seed,
      rows: wholeNumber('rows', options.rows, 1000, 5_000_000) ?? spec.config.rows,
      maxEvals: wholeNumber('max_evals', options.maxEvals, 1, 10_000) ?? spec.config.tuning.max_evals,
      signal,
      enough: this.#enough,
      onProgress,
    };
  }

  protected stageContext(model: string, onProgress?: OnStageProgress, signal?: Signal): Promise<StageContext> {
    return this.#context(model, {}, onProgress, signal);
  }

  protected specOf(model: string) {
    return findSpec(this.#platform, this.requireConfig(), model);
  }

  protected requireConfig(): Config {
    if (!this.#config)
      throw new WorkbenchError('CONFIG_INVALID', `config.yaml cannot be used:\n${this.#faults.join('\n')}`);
    return this.#config;
  }
}

/** Each stage is committed when it is done, so cancelling one keeps those before. */
async function sayingWhatIsKept(stage: Stage, finished: readonly Stage[], work: () => Promise<void>): Promise<void> {
  try {
    await work();
  } catch (error) {
    throw error instanceof AbortError ? new AbortError(cancelledText(stage, finished)) : error;
  }
}

function cancelledText(stage: Stage, finished: readonly Stage[]): string {
  const kept =
    finished.length === 0
      ? 'nothing was changed'
      : `${finished.join(', ')} had finished and ${finished.length === 1 ? 'is' : 'are'} kept, the rest is as it was`;
  return `Cancelled in ${stage}: ${kept}.`;
}

function wholeNumber(name: string, value: number | undefined, low: number, high: number): number | undefined {
  if (value === undefined || (Number.isInteger(value) && value >= low && value <= high)) return value;
  throw new WorkbenchError('USAGE', `${name} is ${value}; it must be a whole number from ${low} to ${high}.`);
}
