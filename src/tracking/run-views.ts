import type { RecordsTx, TableSchema } from '../utils/records';
import { checkLength, refuse } from './keys';

/** Tables of saved views. */
export const runViewTables = {
  run_views: { key: ['experiment_id', 'name'], indexes: { experiment_id: 'experiment_id' } },
} as const satisfies Readonly<Record<string, TableSchema>>;

/** What a person looked at, kept under a name. */
export interface RunView {
  readonly experiment_id: string;
  readonly name: string;
  readonly filter: string;
  readonly order_by: readonly string[];
  /** Fields shown as columns: "metrics.loss", "params.eta". */
  readonly columns: readonly string[];
  /** Milliseconds, wall clock. */
  readonly saved: number;
}

/** Keeps a view; one of the same name is replaced. */
export async function saveRunView(tx: RecordsTx, view: RunView): Promise<void> {
  if (view.name.trim() === '') refuse('a saved view has no name; give it one');
  checkLength('the name of the view', view.name, 120);
  await tx.put('run_views', view);
}

/** By name. */
export async function listRunViews(tx: RecordsTx, experiment: string): Promise<RunView[]> {
  return tx.query<RunView>('run_views', { index: 'experiment_id', equals: experiment });
}

/** One that is not there is no fault. */
export async function deleteRunView(tx: RecordsTx, experiment: string, name: string): Promise<void> {
  await tx.delete('run_views', [experiment, name]);
}

export async function deleteRunViews(tx: RecordsTx, experiment: string): Promise<void> {
  await tx.clear('run_views', { index: 'experiment_id', equals: experiment });
}
