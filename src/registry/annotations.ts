import type { RecordsTx } from '../utils/records';
import { appendAudit } from './audit';
import { checkDescription, checkTag } from './names';
import { requireModel, requireVersion } from './versions';
import type { AuditAction } from './types';

/** What tags and descriptions stand on: a version, or with null the registered model itself. */
export interface Annotated {
  readonly name: string;
  readonly version: number | null;
  readonly actor: string;
  /** Milliseconds, wall clock. */
  readonly now: number;
}

/** Sets a tag, by MLflow's rules of keys and lengths; the same value again is no change. */
export async function setTag(
  tx: RecordsTx,
  at: Annotated & { readonly key: string; readonly value: string },
): Promise<void> {
  const { key, value } = at;
  checkTag(key, value);
  const { tags } = await annotatedRecord(tx, at);
  if (Object.hasOwn(tags, key) && tags[key] === value) return;
  await change(tx, at, { tags: withTag(tags, key, value) });
  await note(tx, at, { action: 'tag_set', reason: `${key} is now "${shorten(value)}"`, details: { key, value } });
}

/** Removes a tag; one that is not there is no fault. */
export async function deleteTag(tx: RecordsTx, at: Annotated & { readonly key: string }): Promise<void> {
  const { tags } = await annotatedRecord(tx, at);
  if (!Object.hasOwn(tags, at.key)) return;
  const { [at.key]: value, ...rest } = tags;
  await change(tx, at, { tags: rest });
  await note(tx, at, { action: 'tag_deleted', reason: `${at.key} was taken away`, details: { key: at.key, value } });
}

/** Changes a description; the log keeps the text before. */
export async function describe(tx: RecordsTx, at: Annotated & { readonly description: string }): Promise<void> {
  const { description } = at;
  checkDescription(description);
  const { description: before } = await annotatedRecord(tx, at);
  if (before === description) return;
  await change(tx, at, { description });
  const reason = description === '' ? 'the description was taken away' : shorten(description);
  await note(tx, at, { action: 'description_changed', reason, details: { before, description } });
}

function annotatedRecord(tx: RecordsTx, { name, version }: Annotated) {
  return version === null ? requireModel(tx, name) : requireVersion(tx, name, version);
}

async function change(
  tx: RecordsTx,
  at: Annotated,
  changed: { readonly tags?: Readonly<Record<string, string>>; readonly description?: string },
): Promise<void> {
  const table = at.version === null ? 'registered_models' : 'model_versions';
  await tx.put(table, { ...(await annotatedRecord(tx, at)), ...changed, last_updated_timestamp: at.now });
}

/** Tags with one more, also where its key is the name of something every object has. */
function withTag(tags: Readonly<Record<string, string>>, key: string, value: string): Record<string, string> {
  return Object.fromEntries([...Object.entries(tags).filter(([name]) => name !== key), [key, value]]);
}

async function note(
  tx: RecordsTx,
  { name, version, actor, now }: Annotated,
  step: {
    readonly action: AuditAction;
    readonly reason: string;
    readonly details: Readonly<Record<string, unknown>>;
  },
): Promise<void> {
  await appendAudit(tx, { ...step, timestamp: now, model: name, version, actor });
}

function shorten(text: string): string {
  return text.length > 80 ? `${text.slice(0, 77)}...` : text;
}
