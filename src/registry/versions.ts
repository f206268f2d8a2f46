import type { RecordsTx, TableSchema } from '../utils/records';
import { WorkbenchError } from '../utils/errors';
import { appendAudit, type AuditDraft, auditOf } from './audit';
import { checkAlias, checkModelName, isLatest } from './names';
import type { InputExample, ModelVersion, RegisteredModel, Signature } from './types';

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
  /** Where the model comes from; the run's model.json when absent. */
  readonly source?: string;
  readonly signature?: Signature | null;
  readonly input_example?: InputExample | null;
  readonly actor: string;
  /** Milliseconds, wall clock. */
  readonly now: number;
}

/** Registers a run under the next number: one more than the greatest ever given, also to a deleted model of this name. */
export async function createVersion(tx: RecordsTx, wanted: NewVersion): Promise<ModelVersion> {
  const { name, run_id, actor, now } = wanted;
  checkModelName(name);
  const known = await tx.get<RegisteredModel>('registered_models', name);
  const model: RegisteredModel = known ?? {
    name,
    description: '',
    tags: {},
    creation_timestamp: now,
    last_updated_timestamp: now,
    last_version: await greatestEver(tx, name),
    aliases: {},
  };
  const version = model.last_version + 1;
  const created: ModelVersion = {
    name,
    version,
    run_id,
    source: wanted.source ?? `runs:/${run_id}/model.json`,
    creation_timestamp: now,
    last_updated_timestamp: now,
    current_stage: 'None',
    tags: wanted.tags ?? {},
    description: wanted.description,
    decision: null,
    signature: wanted.signature ?? null,
    input_example: wanted.input_example ?? null,
  };
  await tx.put('registered_models', { ...model, last_version: version, last_updated_timestamp: now });
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

/** A version that is there; a deleted one is not. */
export async function getVersion(tx: RecordsTx, name: string, version: number): Promise<ModelVersion | undefined> {
  const found = await tx.get<ModelVersion>('model_versions', [name, version]);
  return found?.current_stage === 'Deleted_Internal' ? undefined : found;
}

/** As getVersion, but a sentence when there is none. */
export async function requireVersion(tx: RecordsTx, name: string, version: number): Promise<ModelVersion> {
  const found = await getVersion(tx, name, version);
  if (!found) throw new WorkbenchError('REGISTRY_INVALID', `${name} has no version ${version}.`);
  return found;
}

/** Versions that are there, newest first. */
export async function listVersions(tx: RecordsTx, name: string): Promise<ModelVersion[]> {
  const versions = await tx.query<ModelVersion>('model_versions', { index: 'name', equals: name });
  return versions
    .filter((version) => version.current_stage !== 'Deleted_Internal')
    .sort((a, b) => b.version - a.version);
}

export async function versionOfRun(tx: RecordsTx, name: string, runId: string): Promise<ModelVersion | undefined> {
  if (runId === '') return undefined;
  const [found] = await tx.query<ModelVersion>('model_versions', { index: 'name_run', equals: [name, runId] });
  return found;
}

export async function aliasesOf(tx: RecordsTx, name: string): Promise<Readonly<Record<string, number>>> {
  return (await tx.get<RegisteredModel>('registered_models', name))?.aliases ?? {};
}

/** The version an alias points at; "latest" is the highest there is. Throws when there is none. */
export async function versionByAlias(tx: RecordsTx, name: string, alias: string): Promise<ModelVersion> {
  const model = await requireModel(tx, name);
  const [highest] = isLatest(alias) ? await listVersions(tx, name) : [];
  const version = isLatest(alias) ? highest?.version : model.aliases[alias];
  if (version === undefined) {
    const known = Object.keys(model.aliases).sort();
    throw new WorkbenchError(
      'REGISTRY_INVALID',
      `${name} has no alias "${alias}"; it has ${known.join(', ') || 'none'}.`,
    );
  }
  return requireVersion(tx, name, version);
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
  const aliases = { ...model.aliases, [change.alias]: change.version };
  await tx.put('registered_models', { ...model, aliases, last_updated_timestamp: change.now });
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
  await tx.put('registered_models', { ...model, aliases: rest, last_updated_timestamp: change.now });
  await audited(tx, change, { action: 'alias_deleted', version, details: { alias: change.alias } });
}

/**
 * Deletes a version and its aliases. What stays is a tombstone with the number alone, so that it is never given again and
 * the log keeps its meaning; the run is not touched.
 */
export async function deleteVersion(
  tx: RecordsTx,
  change: Omit<AliasChange, 'alias'> & { readonly version: number },
): Promise<void> {
  const { name, version, now } = change;
  const found = await requireVersion(tx, name, version);
  for (const [alias, at] of Object.entries(await aliasesOf(tx, name)).sort()) {
    if (at === version) await deleteAlias(tx, { ...change, alias });
  }
  await tx.put('model_versions', {
    ...found,
    run_id: '',
    source: '',
    current_stage: 'Deleted_Internal',
    tags: {},
    description: '',
    decision: null,
    signature: null,
    input_example: null,
    last_updated_timestamp: now,
  } satisfies ModelVersion);
  await touchModel(tx, name, now);
  await audited(tx, change, { action: 'version_deleted', version, details: { run_id: found.run_id } });
}

/**
 * Copies a version to another registered model, which is made where it is not there: tags, description, run, signature
 * and example, not aliases and not what was decided about it. As in MLflow its source names the version it comes from.
 */
export async function copyVersion(
  tx: RecordsTx,
  change: Omit<AliasChange, 'alias'> & { readonly version: number; readonly to: string },
): Promise<ModelVersion> {
  const { name, version, to, actor, now } = change;
  checkModelName(to);
  if (to === name) {
    throw new WorkbenchError(
      'REGISTRY_INVALID',
      `A version is copied to another model than its own, ${name}. Name one.`,
    );
  }
  const from = await requireVersion(tx, name, version);
  const { status: _status, ...tags } = from.tags;
  const source = `models:/${name}/${version}`;
  const { run_id, description, signature, input_example } = from;
  const copy = await createVersion(tx, {
    name: to,
    run_id,
    description,
    tags,
    source,
    signature,
    input_example,
    actor,
    now,
  });
  await audited(tx, { ...change, name: to }, { action: 'version_copied', version: copy.version, details: { source } });
  return copy;
}

/**
 * Deletes a model's versions, with its aliases on the record. The log belongs to the workspace and stays, so numbers are
 * not given again to a later model of this name. An unknown model is no fault.
 */
export async function deleteRegisteredModel(tx: RecordsTx, change: Omit<AliasChange, 'alias'>): Promise<void> {
  if (!(await tx.get<RegisteredModel>('registered_models', change.name))) return;
  for (const alias of Object.keys(await aliasesOf(tx, change.name)).sort()) await deleteAlias(tx, { ...change, alias });
  await tx.clear('model_versions', { index: 'name', equals: change.name });
  await tx.delete('registered_models', change.name);
  await audited(tx, change, { action: 'model_deleted', version: null, details: {} });
}

/** Writes a version with more tags, and notes when. */
export async function tagVersion(
  tx: RecordsTx,
  version: ModelVersion,
  tags: Readonly<Record<string, string>>,
  now: number,
): Promise<ModelVersion> {
  const changed = { ...version, tags: { ...version.tags, ...tags }, last_updated_timestamp: now };
  await tx.put('model_versions', changed);
  return changed;
}

async function audited(
  tx: RecordsTx,
  { now, name, actor, reason }: Omit<AliasChange, 'alias'>,
  step: Pick<AuditDraft, 'action' | 'version' | 'details'>,
): Promise<void> {
  await appendAudit(tx, { ...step, timestamp: now, model: name, actor, reason });
}

/** Notes that something of a model changed. */
async function touchModel(tx: RecordsTx, name: string, now: number): Promise<void> {
  await tx.put('registered_models', { ...(await requireModel(tx, name)), last_updated_timestamp: now });
}

export async function requireModel(tx: RecordsTx, name: string): Promise<RegisteredModel> {
  const model = await tx.get<RegisteredModel>('registered_models', name);
  if (!model) throw new WorkbenchError('REGISTRY_INVALID', `No model "${name}" is registered.`);
  return model;
}
