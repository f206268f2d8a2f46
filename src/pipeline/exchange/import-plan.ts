import type { Config } from '../../config/schema';
import type { ReadBundle } from '../../interop/bundle/read';
import type { RegisteredModel } from '../../registry/types';
import { WorkbenchError } from '../../utils/errors';
import { allTables } from '../storage';
import type { StoredModel } from '../tables';
import { loggedIn, ownersIn, tablesOf } from './owners';
import { readTables, type Tables } from './tables-at-hand';
import type { BundleModel, BundleView, ImportChoices } from './types';
import type { ExchangeContext } from './context';

/** What is here already, as far as a bundle can get in its way. */
export interface Present {
  readonly tables: Tables;
  /** Models with records. */
  readonly live: ReadonlySet<string>;
  /** Models of the log, deleted ones too. */
  readonly logged: ReadonlySet<string>;
  readonly empty: boolean;
}

export async function presentIn({ platform }: Pick<ExchangeContext, 'platform'>): Promise<Present> {
  const names = Object.keys(allTables).sort();
  const tables = await platform.records.read(names, (tx) => readTables(tx, names));
  return {
    tables,
    live: ownersIn(tables),
    logged: loggedIn(tables),
    empty: [...tables.values()].every((records) => records.length === 0),
  };
}

/** What a bundle holds, model by model, and which names are taken here. */
export function viewOf(bundle: ReadBundle, present: Present, config: Config): BundleView {
  const { kind, created_at, entries, models } = bundle.manifest;
  const taken = new Set([...present.live, ...present.logged, ...models, ...config.models.map(({ name }) => name)]);
  return {
    kind,
    created_at,
    models: models.map((name) => modelOf(name, { bundle, present, config, taken })),
    files: bundle.files.size,
    bytes: entries.reduce((sum, entry) => sum + entry.bytes, 0),
  };
}

interface Looking {
  readonly bundle: ReadBundle;
  readonly present: Present;
  readonly config: Config;
  /** Names no model may be given; grows with those suggested. */
  readonly taken: Set<string>;
}

function modelOf(name: string, { bundle, present, config, taken }: Looking): BundleModel {
  const tables = tablesOf(bundle.records, name);
  const stored = (tables.get('workspace_models') ?? []) as readonly StoredModel[];
  const registered = (tables.get('registered_models') ?? []) as readonly RegisteredModel[];
  const builtIn = config.models.some((model) => model.name === name);
  const conflict = stored.length > 0 && builtIn ? `The model ${name} is built in here.` : conflictOf(name, present);
  const suggested = conflict === null ? name : freeName(name, taken);
  taken.add(suggested);
  return {
    name,
    title: stored[0]?.spec.config.title ?? config.models.find((model) => model.name === name)?.title ?? name,
    versions: tables.get('model_versions')?.length ?? 0,
    champion: registered[0]?.aliases['champion'] ?? null,
    runs: tables.get('runs')?.length ?? 0,
    conflict,
    suggested,
  };
}

/** Why a name is taken: by a model, or by the log of one that was deleted, whose version numbers are not given again. */
function conflictOf(name: string, { live, logged }: Present): string | null {
  if (live.has(name)) return `This workspace has a model ${name} already.`;
  if (!logged.has(name)) return null;
  return `A model ${name} was deleted here; its version numbers stand in the log and are not given again.`;
}

function freeName(name: string, taken: ReadonlySet<string>): string {
  const plain = name
    .toLowerCase()
    .replace(/[^a-z0-9]+/g, '_')
    .slice(0, 57);
  const base = /^[a-z]/.test(plain) ? plain : `model_${plain}`;
  for (let n = 2; ; n++) if (!taken.has(`${base}_${n}`)) return `${base}_${n}`;
}

/** The name each model comes in under; those left out are not there. */
export function chosenNames(
  view: BundleView,
  choices: ImportChoices,
  present: Present,
  config: Config,
): ReadonlyMap<string, string> {
  const unknown = Object.keys(choices).find((name) => !view.models.some((model) => model.name === name));
  if (unknown !== undefined)
    throw refuse(`The bundle holds no model "${unknown}"; it holds ${view.models.map(({ name }) => name).join(', ')}.`);
  const names = new Map<string, string>();
  for (const { name, conflict } of view.models) {
    const choice = Object.hasOwn(choices, name) ? choices[name] : undefined;
    if (choice === 'skip') continue;
    const as = choice?.as ?? name;
    if (as === name && conflict !== null) throw refuse(`${conflict} Import it under another name, or leave it out.`);
    if (as !== name) checkNewName(as, { present, config });
    if ([...names.values()].includes(as)) throw refuse(`Two models would be called "${as}"; give each its own name.`);
    names.set(name, as);
  }
  return names;
}

function checkNewName(as: string, { present, config }: { readonly present: Present; readonly config: Config }): void {
  if (!/^[a-z][a-z0-9_]{0,62}$/.test(as)) {
    throw refuse(
      `"${as.slice(0, 70)}" cannot name a model: a name has lower-case letters, digits and underscores, a letter first, and at most 63 characters.`,
    );
  }
  if (present.live.has(as) || present.logged.has(as) || config.models.some((model) => model.name === as)) {
    throw refuse(`This workspace has a model "${as}" already; choose another name.`);
  }
}

function refuse(message: string): WorkbenchError {
  return new WorkbenchError('USAGE', message);
}
