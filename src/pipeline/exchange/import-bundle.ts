import type { ReadBundle } from '../../interop/bundle/read';
import { refuseBundle } from '../../interop/bundle/manifest';
import { appendAudit } from '../../registry/audit';
import type { AuditEntry } from '../../registry/types';
import { sha256Hex } from '../../utils/hash';
import { checkpoint } from '../../utils/control';
import type { RecordsTx, StoredRecord } from '../../utils/records';
import { controlOf, type Platform } from '../platform';
import { allTables } from '../storage';
import type { ExchangeContext } from './context';
import { openBundle } from './check-bundle';
import { chosenNames, presentIn, viewOf, type Present } from './import-plan';
import { ownerOf, runOwners, tablesOf } from './owners';
import { copyOfBuiltIn, renamedPath, renamedTables, type Renaming } from './renamed';
import type { Tables } from './tables-at-hand';
import type { BundleView, ImportChoices, ImportResult } from './types';

/** Checks a bundle and says what it holds and which names are taken; changes nothing. */
export async function inspectBundle(context: ExchangeContext, bytes: Uint8Array): Promise<BundleView> {
  const bundle = await openBundle(context, bytes);
  return viewOf(bundle, await presentIn(context), context.config);
}

/**
 * Brings a bundle's models in, next to what is here: nothing is overwritten. Files are written first, then one transaction
 * adds all records; where anything fails, the workspace is as it was. Into an empty workspace a whole bundle comes in
 * exactly as it was; else its lines of the log are added at the end of this one, with what they were called.
 */
export async function importBundle(
  context: ExchangeContext,
  bytes: Uint8Array,
  choices: ImportChoices,
): Promise<ImportResult> {
  const { platform, config } = context;
  const bundle = await openBundle(context, bytes);
  const present = await presentIn(context);
  const view = viewOf(bundle, present, config);
  const names = chosenNames(view, choices, present, config);
  const asItIs =
    present.empty &&
    bundle.manifest.kind === 'workspace' &&
    names.size === view.models.length &&
    [...names].every(([from, to]) => from === to);
  const additions = asItIs
    ? [{ renaming: null, tables: bundle.records }]
    : additionsOf(context, { bundle, present, names });
  checkKnown(context, additions);
  const written = await writeFiles(context, bundle, additions);
  try {
    await platform.records.write(Object.keys(allTables), async (tx) => {
      await addRecords(tx, additions, asItIs ? new Map() : sharedRecords(bundle.records));
      if (!asItIs) await addAudit(tx, platform, { bundle, additions, digest: sha256Hex(bytes) });
    });
  } catch (error) {
    for (const path of written) await platform.files.delete(path);
    throw error;
  }
  return {
    imported: [...names].map(([name, as]) => ({ name, as })),
    skipped: view.models.flatMap(({ name }) => (names.has(name) ? [] : [name])),
    files: written.length,
  };
}

/** Records that come in together; `renaming` is null where they come as they are. */
interface Addition {
  readonly renaming: Renaming | null;
  readonly tables: Tables;
}

/** The models that come in; runs whose ids are taken here get free ones, whatever names them. */
function additionsOf(
  { platform, config }: ExchangeContext,
  call: { readonly bundle: ReadBundle; readonly present: Present; readonly names: ReadonlyMap<string, string> },
): readonly Addition[] {
  const { bundle, present, names } = call;
  const here = new Set(runOwners(present.tables).keys());
  const incoming = [...runOwners(bundle.records)].filter(([, owner]) => names.has(owner)).map(([id]) => id);
  const taken = new Set([...here, ...incoming]);
  const runs = new Map(incoming.filter((id) => here.has(id)).map((id) => [id, freeId(platform, taken)]));
  const files = new Set(bundle.files.keys());
  return [...names].map(([from, to]) => {
    const renaming: Renaming = { from, to, runs };
    const tables = new Map(renamedTables(tablesOf(bundle.records, from), files, renaming));
    const copy = from === to ? null : copyOfBuiltIn(config, renaming, platform.now());
    if (copy && (tables.get('workspace_models') ?? []).length === 0) tables.set('workspace_models', [copy]);
    return { renaming, tables };
  });
}

function freeId({ newId }: Platform, taken: Set<string>): string {
  let id = newId();
  while (taken.has(id)) id = newId();
  taken.add(id);
  return id;
}

/** A model that is neither built in here nor made from a file could not be opened. */
function checkKnown({ config }: ExchangeContext, additions: readonly Addition[]): void {
  for (const { tables } of additions) {
    const stored = new Set(
      (tables.get('workspace_models') ?? []).map((record) => (record as { readonly name: string }).name),
    );
    const recorded = new Set(
      (tables.get('stage_results') ?? []).map((record) => (record as { readonly model: string }).model),
    );
    for (const name of recorded) {
      if (!stored.has(name) && !config.models.some((model) => model.name === name)) {
        refuseBundle(`holds the model ${name}, which is built in where it was made and is not here`);
      }
    }
  }
}

async function writeFiles(
  { platform, onProgress, signal }: ExchangeContext,
  bundle: ReadBundle,
  additions: readonly Addition[],
): Promise<readonly string[]> {
  const control = controlOf(platform.pause, onProgress, signal);
  const wanted = new Map<string, string>();
  for (const path of bundle.files.keys()) {
    const renaming = additions.find(({ renaming: one }) => one === null || path.split('/')[1] === one.from);
    if (renaming) wanted.set(path, renaming.renaming ? renamedPath(path, renaming.renaming) : path);
  }
  const written: string[] = [];
  try {
    for (const [from, to] of wanted) {
      await checkpoint(control, { label: `writing ${to}`, done: written.length, total: wanted.size });
      const bytes = bundle.files.get(from)?.();
      if (!bytes) continue;
      written.push(to);
      await platform.files.write(to, bytes);
    }
    await checkpoint(control, { label: 'saving', done: wanted.size, total: wanted.size });
    return written;
  } catch (error) {
    for (const path of written) await platform.files.delete(path);
    throw error;
  }
}

/** Records that belong to no model. */
function sharedRecords(tables: Tables): Tables {
  const runs = runOwners(tables);
  return new Map(
    [...tables].map(([table, records]) => [table, records.filter((record) => ownerOf(table, record, runs) === null)]),
  );
}

/** Keys of additions are free: they hold a model's name or a run's id, and both were chosen so. */
async function addRecords(tx: RecordsTx, additions: readonly Addition[], shared: Tables): Promise<void> {
  for (const { tables, renaming } of additions) {
    for (const [table, records] of tables) {
      if (table !== 'audit' || renaming === null) await tx.putAll(table, records);
    }
  }
  for (const [table, records] of shared) if (table !== 'audit') await putNew(tx, table, records);
}

/** Adds records whose key is free; what is there stays. */
async function putNew(tx: RecordsTx, table: string, records: readonly StoredRecord[]): Promise<void> {
  const key = allTables[table]?.key;
  if (key === undefined) return;
  const fresh: StoredRecord[] = [];
  for (const record of records) {
    const fields = record as Readonly<Record<string, string | number>>;
    const at = typeof key === 'string' ? fields[key] : key.map((name) => fields[name] as string | number);
    if (at !== undefined && (await tx.get(table, at)) === undefined) fresh.push(record);
  }
  await tx.putAll(table, fresh);
}

/** The bundle's lines at the end of this log, chained anew; each says what it was called. */
async function addAudit(
  tx: RecordsTx,
  platform: Platform,
  {
    bundle,
    additions,
    digest,
  }: { readonly bundle: ReadBundle; readonly additions: readonly Addition[]; readonly digest: string },
): Promise<void> {
  const now = platform.now();
  for (const { renaming, tables } of additions) {
    if (!renaming) continue;
    const entries = (tables.get('audit') ?? []) as readonly AuditEntry[];
    await appendAudit(tx, {
      timestamp: now,
      model: renaming.to,
      version: null,
      action: 'imported',
      actor: 'you',
      reason: renaming.from === renaming.to ? 'from a bundle' : `from a bundle, where it is called ${renaming.from}`,
      details: { bundle_sha256: digest, made: bundle.manifest.created_at, entries: entries.length },
    });
    for (const { sequence, hash, prev_hash: _prev, ...entry } of entries) {
      await appendAudit(tx, { ...entry, details: { ...entry.details, imported: { sequence, hash } } });
    }
  }
}
