import type { RunsClient } from '../../src/pipeline/runs/client';
import { compareRuns, runCurves } from '../../src/pipeline/runs/compare-runs';
import { runKeys, searchRuns } from '../../src/pipeline/runs/search-runs';
import type { RunSearch, SavedRunView } from '../../src/pipeline/runs/types';
import { memoryRecords } from '../../src/platform/memory/records';
import * as lifecycle from '../../src/tracking/lifecycle';
import { historiesOf, noteChange, trackingTables } from '../../src/tracking/runs';
import type { Run } from '../../src/tracking/types';
import { Draws } from './draws';
import { WALL } from './fixture-estimate';
import { FixtureRegistry } from './fixture-registry-calls';
import { trainingView } from './fixture-training';

const TABLES = Object.keys(trackingTables);
const KINDS = ['xgboost', 'logistic', 'mlp'] as const;

function madeUpRuns(count: number): readonly Run[] {
  const draws = new Draws(11);
  const { run } = trainingView();
  return Array.from({ length: count }, (_, at) => {
    if (at === 0) return run;
    const kind = draws.pick(KINDS);
    const auc = 0.86 + 0.06 * draws.uniform();
    const others = Array.from({ length: 24 }, (_one, index) => [`custom.score_${index}`, draws.uniform()] as const);
    return {
      ...run,
      run_id: at.toString(16).padStart(32, '0'),
      run_name: `heart_disease${kind === 'xgboost' ? '' : `-${kind}`}-seed-${at % 40}`,
      status: at % 50 === 3 ? 'FAILED' : 'FINISHED',
      start_time: WALL - at * 600_000,
      end_time: WALL - at * 600_000 + 4000 + 30_000 * draws.uniform(),
      seed: at % 40,
      params: {
        ...run.params,
        eta: draws.uniform().toFixed(4),
        max_depth: String(2 + Math.floor(7 * draws.uniform())),
      },
      tags: { 'glasshouse.kind': kind, ...(at % 9 === 0 ? { 'mlflow.note.content': 'deeper trees, fewer rows' } : {}) },
      metrics: {
        'holdout.roc_auc': auc,
        'holdout.log_loss': 0.9 - 0.6 * auc + 0.02 * draws.uniform(),
        'holdout.brier': 0.11 + 0.02 * draws.uniform(),
        'validation.logloss': 0.36 + 0.05 * draws.uniform(),
        ...Object.fromEntries(others),
      },
      metric_ranges: { 'validation.logloss': [0.34 + 0.02 * draws.uniform(), 0.69] },
    } satisfies Run;
  });
}

/** Runs of a workspace: made up, then kept, searched and changed as the real ones are. */
export class FixtureRuns extends FixtureRegistry implements RunsClient {
  readonly #views = new Map<string, SavedRunView>();
  #kept: Promise<ReturnType<typeof memoryRecords>> | null = null;

  #records(): Promise<ReturnType<typeof memoryRecords>> {
    this.#kept ??= this.#fill(Number(new URLSearchParams(location.search).get('runs') ?? 3));
    return this.#kept;
  }

  async #fill(count: number): Promise<ReturnType<typeof memoryRecords>> {
    const records = memoryRecords(trackingTables);
    const runs = madeUpRuns(count);
    await records.write(TABLES, async (tx) => {
      await tx.putAll(
        'runs',
        runs.map((run) => ({ ...run, experiment_id: 'heart_disease' })),
      );
      await noteChange(tx, 'heart_disease', WALL);
      for (const { run_id } of runs.slice(0, 40)) {
        const points = Array.from({ length: 120 }, (_, step) => ({
          ...{ key: 'validation.logloss', timestamp: WALL, step },
          value: 0.36 + 0.33 * Math.exp(-step / (12 + (Number.parseInt(run_id.slice(-1), 16) % 9))),
        }));
        await tx.putAll('metric_histories', historiesOf(run_id, points));
        const { evaluation } = trainingView();
        await tx.put('artifacts', { run_id, path: 'training.json', content: JSON.stringify({ evaluation }) });
      }
    });
    return records;
  }

  /** Tells pages that something was committed. */
  protected committed(): void {
    // The workbench of the fixture says it to its listeners.
  }

  async searchRuns(search: RunSearch = {}) {
    return searchRuns(await this.#records(), search);
  }

  async runKeys(model: string) {
    return runKeys(await this.#records(), model);
  }

  async compareRuns(runIds: readonly string[]) {
    return compareRuns(await this.#records(), runIds);
  }

  async runCurves(runIds: readonly string[], metric: string) {
    return runCurves(await this.#records(), runIds, metric);
  }

  async trashRuns(runIds: readonly string[]) {
    await (await this.#records()).write(TABLES, (tx) => lifecycle.trashRuns(tx, runIds, WALL));
    this.committed();
  }

  async restoreRuns(runIds: readonly string[]) {
    await (await this.#records()).write(TABLES, (tx) => lifecycle.restoreRuns(tx, runIds, WALL));
    this.committed();
  }

  planRunDeletion(runIds: readonly string[]) {
    const [first, ...rest] = runIds;
    return Promise.resolve({
      deletable: rest,
      bytes: 413_000 * rest.length,
      needed: [
        {
          run_id: first ?? '',
          run_name: 'quiet-fern-41',
          reason:
            'is version 3 of heart_disease in the registry, which could not be served without it; delete the version first',
        },
      ],
    });
  }

  async deleteRuns(runIds: readonly string[]) {
    const records = await this.#records();
    const bytes = await records.write(TABLES, async (tx) => {
      let freed = 0;
      for (const id of runIds) freed += await lifecycle.deleteRun(tx, id, WALL);
      return freed;
    });
    this.committed();
    return bytes;
  }

  async setRunTags(runId: string, tags: Readonly<Record<string, string | null>>) {
    await (await this.#records()).write(TABLES, (tx) => lifecycle.setRunTags(tx, runId, tags, WALL));
    this.committed();
  }

  savedRunViews() {
    return Promise.resolve([...this.#views.values()]);
  }

  saveRunView(_model: string, view: SavedRunView) {
    this.#views.set(view.name, view);
    this.committed();
    return Promise.resolve();
  }

  deleteRunView(_model: string, name: string) {
    this.#views.delete(name);
    this.committed();
    return Promise.resolve();
  }
}
