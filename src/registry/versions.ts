import type { RecordsTx, TableSchema } from '../utils/records';
import { WorkbenchError } from '../utils/errors';
import { appendAudit, type AuditDraft, auditOf } from './audit';
import type { ModelVersion, RegisteredModel } from './types';

/** Tables of this room. */
export const registryTables = {
  registered_models: { key: 'name' },
  model_versions: { key: ['name', 'version'], indexes: { name: 'name', name_run: ['name', 'run_id'] } },
  audit: { key: 'sequence', indexes: { model: 'model' } },
} as const satisfies Readonly<Record<string, TableSchema>>;

export interface NewVersion {
  readonly name: string;
  readonly run_id: string;
  readonly description: string;
  /** Facts about the model, for example its kind. */
  readonly tags?: Readonly<Record<string, string>>;
  readonly actor: string;
  /** Milliseconds, wall clock. */
  readonly now: number;
}

/** Registers a run under the next number: one more than the greatest ever given, also to a deleted model of this name. */
export async function createVersion(
  tx: RecordsTx,
  { name, run_id, description, tags = {}, actor, now }: NewVersion,
): Promise<ModelVersion> {
  const known = await tx.get<RegisteredModel>('registered_models', name);
  const model: RegisteredModel = known ?? {
    name,
    creation_timestamp: now,
    last_version: await greatestEver(tx, name),
    aliases: {},
  };
  const version = model.last_version + 1;
  const created: ModelVersion = {
    name,
    version,
    run_id,
    creation_timestamp: now,
    tags,
    description,
    decision: null,
  };
  await tx.put('registered_models', { ...model, last_version: version });
  await tx.put('model_versions', created);
  await appendAudit(tx, {
    timestamp: now,
    model: name,
    version,
    action: 'version_created',
    actor,
    reason: `registered from run ${run_id}`,
    details: { run_id },
  });
  return created;
}

async function greatestEver(tx: RecordsTx, name: string): Promise<number> {
  const entries = await auditOf(tx, name);
  return entries.reduce((greatest, entry) => Math.max(greatest, entry.version ?? 0), 0);
}

export async function getVersion(tx: RecordsTx, name: string, version: number): Promise<ModelVersion | undefined> {
  return tx.get<ModelVersion>('model_versions', [name, version]);
}

/** As getVersion, but a sentence when there is none. */
export async function requireVersion(tx: RecordsTx, name: string, version: number): Promise<ModelVersion> {
  const found = await getVersion(tx, name, version);
  if (!found) throw new WorkbenchError('REGISTRY_INVALID', `${name} has no version ${version}.`);
  return found;
}

/** Versions, newest first. */
export async function listVersions(tx: RecordsTx, name: string): Promise<ModelVersion[]> {
  const versions = await tx.query<ModelVersion>('model_versions', { index: 'name', equals: name });
  return versions.sort((a, b) => b.version - a.version);
}

export async function versionOfRun(tx: RecordsTx, name: string, runId: string): Promise<ModelVersion | undefined> {
  const [found] = await tx.query<ModelVersion>('model_versions', { index: 'name_run', equals: [name, runId] });
  return found;
}

export async function aliasesOf(tx: RecordsTx, name: string): Promise<Readonly<Record<string, number>>> {
  return (await tx.get<RegisteredModel>('registered_models', name))?.aliases ?? {};
}

/** The version that is champion, when there is one. */
export async function championOf(tx: RecordsTx, name: string): Promise<ModelVersion | undefined> {
  const { champion } = await aliasesOf(tx, name);
  return champion === undefined ? undefined : getVersion(tx, name, champion);
}

export interface AliasChange {
  readonly name: string;
  readonly alias: string;
  readonly actor: string;
  readonly reason: string;
  readonly now: number;
}

/** Points an alias at a version, moving it when it pointed elsewhere; where it points already, nothing happens. */
export async function setAlias(tx: RecordsTx, change: AliasChange & { readonly version: number }): Promise<void> {
  checkAlias(change.alias);
  await requireVersion(tx, change.name, change.version);
  const model = await requireModel(tx, change.name);
  const previous = model.aliases[change.alias] ?? null;
  if (previous === change.version) return;
  await tx.put('registered_models', { ...model, aliases: { ...model.aliases, [change.alias]: change.version } });
  await audited(tx, change, {
    action: 'alias_set',
    version: change.version,
    details: { alias: change.alias, previous },
  });
}

/** Removes an alias; one that is not there is no fault. */
export async function deleteAlias(tx: RecordsTx, change: AliasChange): Promise<void> {
  const model = await requireModel(tx, change.name);
  const { [change.alias]: version, ...rest } = model.aliases;
  if (version === undefined) return;
  await tx.put('registered_models', { ...model, aliases: rest });
  await audited(tx, change, { action: 'alias_deleted', version, details: { alias: change.alias } });
}

/**
 * Deletes a model's versions, with its aliases on the record. The log belongs to the workspace and stays, so numbers are
 * not given again to a later model of this name. An unknown model is no fault.
 */
export async function deleteRegisteredModel(tx: RecordsTx, change: Omit<AliasChange, 'alias'>): Promise<void> {
  for (const alias of Object.keys(await aliasesOf(tx, change.name)).sort()) await deleteAlias(tx, { ...change, alias });
  await tx.clear('model_versions', { index: 'name', equals: change.name });
  await tx.delete('registered_models', change.name);
}

/** Writes a version with more tags. */
export async function tagVersion(
  tx: RecordsTx,
  version: ModelVersion,
  tags: Readonly<Record<string, string>>,
): Promise<ModelVersion> {
  const changed = { ...version, tags: { ...version.tags, ...tags } };
  await tx.put('model_versions', changed);
  return changed;
}

async function audited(
  tx: RecordsTx,
  { now, name, actor, reason }: AliasChange,
  step: Pick<AuditDraft, 'action' | 'version' | 'details'>,
): Promise<void> {
  await appendAudit(tx, { ...step, timestamp: now, model: name, actor, reason });
}

async function requireModel(tx: RecordsTx, name: string): Promise<RegisteredModel> {
  const model = await tx.get<RegisteredModel>('registered_models', name);
  if (!model) throw new WorkbenchError('REGISTRY_INVALID', `No model "${name}" is registered.`);
  return model;
}

/** MLflow's rules: word characters of any script and hyphens, at most 255, not "latest" and not like "v12". */
function checkAlias(alias: string): void {
  if (!/^[\p{L}\p{N}_-]{1,255}$/u.test(alias)) {
    throw new WorkbenchError('REGISTRY_INVALID', `The alias "${alias}" must be 1 to 255 letters, digits, "_" or "-".`);
  }
  if (alias.toLowerCase() === 'latest' || /^v\d+$/i.test(alias)) {
    throw new WorkbenchError(
      'REGISTRY_INVALID',
      `The alias "${alias}" is reserved: "latest" and names like "v3" mean version numbers.`,
    );
  }
}
