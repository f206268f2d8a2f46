import type { StoredRecord } from '../../utils/records';
import { builtInSpec, type DeclaredModel } from '../model-spec';
import { modelDefinitions } from '../../models/catalog';
import type { Config } from '../../config/schema';
import type { StoredModel } from '../tables';
import type { Tables } from './tables-at-hand';

/** How a model's records change on their way in. */
export interface Renaming {
  readonly from: string;
  readonly to: string;
  /** New ids of runs whose ids are taken here. */
  readonly runs: ReadonlyMap<string, string>;
}

/** Fields that hold the name of the model a record belongs to. */
const FIELDS: Readonly<Record<string, readonly string[]>> = {
  workspace_models: ['name'],
  registered_models: ['name'],
  model_versions: ['name'],
  experiments: ['name', 'experiment_id'],
};
const OTHERS = ['model', 'experiment_id'];

/** "offline/a/raw/x.arrow" of model a as it is called under another name. */
export function renamedPath(path: string, { from, to }: Pick<Renaming, 'from' | 'to'>): string {
  const [top, folder, ...rest] = path.split('/');
  return folder === from ? [top, to, ...rest].join('/') : path;
}

/** A model's records under another name, with other run ids and with its files in its own folder. */
export function renamedTables(tables: Tables, files: ReadonlySet<string>, renaming: Renaming): Tables {
  if (renaming.from === renaming.to && renaming.runs.size === 0) return tables;
  const swap = (value: string): string =>
    renaming.runs.get(value) ?? (files.has(value) ? renamedPath(value, renaming) : value);
  return new Map(
    [...tables].map(([table, records]) => [
      table,
      records.map((record) => renamedRecord(table, deeply(record, swap) as StoredRecord, renaming)),
    ]),
  );
}

function renamedRecord(table: string, record: StoredRecord, { from, to }: Renaming): StoredRecord {
  const changed: Record<string, unknown> = { ...record };
  for (const field of FIELDS[table] ?? OTHERS) if (changed[field] === from) changed[field] = to;
  if (table !== 'workspace_models') return changed;
  const { spec, ...rest } = changed as unknown as StoredModel;
  return {
    ...rest,
    spec: { ...spec, config: { ...spec.config, name: to, title: titleOf(spec.config.title, from, to) } },
  };
}

/** Two models of one title could not be told apart in a list. */
function titleOf(title: string, from: string, to: string): string {
  return from === to ? title : `${title} (${to})`;
}

/** Every text in a value through `swap`; typed arrays are shared. */
function deeply(value: unknown, swap: (text: string) => string): unknown {
  if (typeof value === 'string') return swap(value);
  if (typeof value !== 'object' || value === null || ArrayBuffer.isView(value)) return value;
  if (Array.isArray(value)) return value.map((inner) => deeply(inner, swap));
  if (value instanceof Map) return new Map([...value].map(([key, inner]) => [key, deeply(inner, swap)]));
  return Object.fromEntries(Object.entries(value).map(([key, inner]) => [key, deeply(inner, swap)]));
}

/** A built-in model under another name, which keeps its folder's generator and functions; null where there is no such model. */
export function copyOfBuiltIn(config: Config, { from, to }: Renaming, now: number): StoredModel | null {
  const entry = config.models.find((model) => model.name === from);
  const definition = modelDefinitions().get(from);
  if (!entry || !definition) return null;
  const declared = builtInSpec(entry, definition);
  const spec: DeclaredModel = {
    ...declared,
    config: { ...entry, name: to, title: titleOf(entry.title, from, to) },
    folder: from,
  };
  return { name: to, spec, created: now };
}
