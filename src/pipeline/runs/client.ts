import type { RunComparison, RunCurve, RunDeletion, RunKeys, RunSearch, RunsPage, SavedRunView } from './types';

/** What can be asked of recorded runs, and done to them. */
export interface RunsClient {
  searchRuns(search?: RunSearch): Promise<RunsPage>;
  runKeys(model: string): Promise<RunKeys>;
  /** 2 to 20 runs, of any models. */
  compareRuns(runIds: readonly string[]): Promise<RunComparison>;
  /** The history of one metric for each run; no points where a run lacks it. */
  runCurves(runIds: readonly string[], metric: string): Promise<readonly RunCurve[]>;

  trashRuns(runIds: readonly string[]): Promise<void>;
  restoreRuns(runIds: readonly string[]): Promise<void>;
  /** What deleteRuns would do; changes nothing. */
  planRunDeletion(runIds: readonly string[]): Promise<RunDeletion>;
  /** Deletes runs in the trash for good, all or, where one is needed, none; answers with the bytes freed. */
  deleteRuns(runIds: readonly string[]): Promise<number>;
  /** Sets tags; null takes one away. A note is the tag `mlflow.note.content`. */
  setRunTags(runId: string, tags: Readonly<Record<string, string | null>>): Promise<void>;

  savedRunViews(model: string): Promise<readonly SavedRunView[]>;
  saveRunView(model: string, view: SavedRunView): Promise<void>;
  deleteRunView(model: string, name: string): Promise<void>;
}
