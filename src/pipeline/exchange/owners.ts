import type { StoredRecord } from '../../utils/records';
import type { Tables } from './tables-at-hand';

type Fields = Readonly<Record<string, unknown>>;

/** Tables whose records are called as their model. */
const NAMED: readonly string[] = ['workspace_models', 'registered_models', 'model_versions'];

/** The model of each run; an experiment's id is its model's name. */
export function runOwners(tables: Tables): ReadonlyMap<string, string> {
  const owners = new Map<string, string>();
  for (const run of tables.get('runs') ?? []) {
    const { run_id, experiment_id } = run as Fields;
    if (typeof run_id === 'string' && typeof experiment_id === 'string') owners.set(run_id, experiment_id);
  }
  return owners;
}

/** The model a record belongs to; null for what belongs to the workspace. */
export function ownerOf(table: string, record: StoredRecord, runs: ReadonlyMap<string, string>): string | null {
  const { model, name, experiment_id, run_id } = record as Fields;
  if (NAMED.includes(table)) return typeof name === 'string' ? name : null;
  if (typeof model === 'string') return model;
  if (typeof experiment_id === 'string') return experiment_id;
  return typeof run_id === 'string' ? (runs.get(run_id) ?? null) : null;
}

/** Every model that something is recorded of; the log does not count, which names deleted ones too. */
export function ownersIn(tables: Tables): ReadonlySet<string> {
  const runs = runOwners(tables);
  const owners = new Set<string>();
  for (const [table, records] of tables) {
    if (table === 'audit') continue;
    for (const record of records) {
      const owner = ownerOf(table, record, runs);
      if (owner !== null) owners.add(owner);
    }
  }
  return owners;
}

/** Every model that the log names. */
export function loggedIn(tables: Tables): ReadonlySet<string> {
  return new Set((tables.get('audit') ?? []).map((entry) => (entry as { readonly model: string }).model));
}

/** The table of a record that belongs to a run which is not there; null when all runs are. */
export function strayIn(tables: Tables): string | null {
  const runs = runOwners(tables);
  const strays = [...tables].find(([table, records]) =>
    records.some((record) => typeof (record as Fields)['run_id'] === 'string' && ownerOf(table, record, runs) === null),
  );
  return strays?.[0] ?? null;
}

/** The records of one model. */
export function tablesOf(tables: Tables, model: string): Tables {
  const runs = runOwners(tables);
  return new Map(
    [...tables].map(([table, records]) => [table, records.filter((record) => ownerOf(table, record, runs) === model)]),
  );
}
