import { RegistryDoor } from '../registry/door';
import type { RunsClient } from './client';
import type { RunSearch, SavedRunView } from './types';

/** The calls of a workspace about its runs; what each does is loaded when it is first made. */
export abstract class RunsDoor extends RegistryDoor implements RunsClient {
  async searchRuns(search: RunSearch = {}) {
    const { searchRuns } = await import('./search-runs');
    return searchRuns(this.platform.records, search);
  }

  async runKeys(model: string) {
    const { runKeys } = await import('./search-runs');
    return runKeys(this.platform.records, model);
  }

  async compareRuns(runIds: readonly string[]) {
    const { compareRuns } = await import('./compare-runs');
    return compareRuns(this.platform.records, runIds);
  }

  async runCurves(runIds: readonly string[], metric: string) {
    const { runCurves } = await import('./compare-runs');
    return runCurves(this.platform.records, runIds, metric);
  }

  trashRuns(runIds: readonly string[]) {
    return this.afterOthers(async () => {
      const { trashRuns } = await import('./change-runs');
      return trashRuns(this.platform, runIds);
    });
  }

  restoreRuns(runIds: readonly string[]) {
    return this.afterOthers(async () => {
      const { restoreRuns } = await import('./change-runs');
      return restoreRuns(this.platform, runIds);
    });
  }

  async planRunDeletion(runIds: readonly string[]) {
    const { planRunDeletion } = await import('./delete-runs');
    return planRunDeletion(this.platform, runIds);
  }

  deleteRuns(runIds: readonly string[]) {
    return this.afterOthers(async () => {
      const { deleteRuns } = await import('./delete-runs');
      return deleteRuns(this.platform, runIds);
    });
  }

  setRunTags(runId: string, tags: Readonly<Record<string, string | null>>) {
    return this.afterOthers(async () => {
      const { setRunTags } = await import('./change-runs');
      return setRunTags(this.platform, runId, tags);
    });
  }

  async savedRunViews(model: string) {
    const { savedRunViews } = await import('./change-runs');
    return savedRunViews(this.platform, model);
  }

  saveRunView(model: string, view: SavedRunView) {
    return this.afterOthers(async () => {
      const { saveRunView } = await import('./change-runs');
      return saveRunView(this.platform, model, view);
    });
  }

  deleteRunView(model: string, name: string) {
    return this.afterOthers(async () => {
      const { deleteRunView } = await import('./change-runs');
      return deleteRunView(this.platform, model, name);
    });
  }
}
