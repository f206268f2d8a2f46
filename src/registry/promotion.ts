import type { RecordsTx } from '../utils/records';
import { WorkbenchError } from '../utils/errors';
import { appendAudit } from './audit';
import { championOf, deleteAlias, requireVersion, setAlias, tagVersion } from './versions';
import type { AuditAction, Decision, ModelVersion } from './types';

interface Step {
  readonly name: string;
  readonly version: number;
  readonly actor: string;
  readonly reason: string;
  /** Milliseconds, wall clock. */
  readonly now: number;
}

/** Records a decision about a challenger and carries it out, in the caller's transaction. */
export async function applyDecision(
  tx: RecordsTx,
  { name, version, decision, now }: { readonly name: string; readonly version: number; readonly decision: Decision; readonly now: number },
): Promise<void> {
  const challenger = await requireVersion(tx, name, version);
  const decided = { ...challenger, decision };
  await tx.put('model_versions', decided);
  const step: Step = { name, version, actor: 'pipeline', reason: decision.reason, now };
  await audit(tx, step, 'compared', { verdict: decision.verdict, metric: decision.metric, improvement: decision.improvement, n: decision.n });
  switch (decision.verdict) {
    case 'promoted':
      return promote(tx, decided, step);
    case 'awaiting_approval':
      await tagVersion(tx, decided, { status: 'awaiting_approval' });
      return audit(tx, step, 'approval_requested', {});
    case 'refused':
      await audit(tx, step, 'refused', {});
      return archive(tx, decided, step);
    case 'archived':
      return archive(tx, decided, step);
  }
}

/** A person's yes: the version becomes champion and the old champion is archived. */
export async function approve(tx: RecordsTx, step: Step): Promise<void> {
  const version = await requireWaiting(tx, step);
  await audit(tx, step, 'approved', {});
  await promote(tx, version, step);
}

/** A person's no: the version is archived. */
export async function reject(tx: RecordsTx, step: Step): Promise<void> {
  const version = await requireWaiting(tx, step);
  await audit(tx, step, 'rejected', {});
  await archive(tx, version, step);
}

async function requireWaiting(tx: RecordsTx, { name, version }: Step): Promise<ModelVersion> {
  const found = await requireVersion(tx, name, version);
  if (found.tags['status'] !== 'awaiting_approval') {
    throw new WorkbenchError('REGISTRY_INVALID', `${name} v${version} does not wait for approval: it is ${found.tags['status'] ?? 'not decided yet'}. Another tab may have decided it.`);
  }
  return found;
}

async function promote(tx: RecordsTx, version: ModelVersion, step: Step): Promise<void> {
  const old = await championOf(tx, version.name);
  if (old && old.version !== version.version) {
    await archive(tx, old, { ...step, version: old.version, reason: `replaced by v${version.version}` });
  }
  await setAlias(tx, { ...step, alias: 'champion', version: version.version });
  await dropChallenger(tx, version, step);
  await tagVersion(tx, version, { status: 'champion' });
  await audit(tx, step, 'promoted', { replaced: old?.version ?? null });
}

async function archive(tx: RecordsTx, version: ModelVersion, step: Step): Promise<void> {
  await tagVersion(tx, version, { status: 'archived' });
  await dropChallenger(tx, version, step);
  await audit(tx, step, 'archived', {});
}

/** Takes the challenger alias away when it points at this version. */
async function dropChallenger(tx: RecordsTx, version: ModelVersion, step: Step): Promise<void> {
  const model = await tx.get<{ readonly aliases: Readonly<Record<string, number>> }>('registered_models', version.name);
  if (model?.aliases['challenger'] === version.version) await deleteAlias(tx, { ...step, alias: 'challenger' });
}

async function audit(tx: RecordsTx, step: Step, action: AuditAction, details: Readonly<Record<string, unknown>>): Promise<void> {
  await appendAudit(tx, { timestamp: step.now, model: step.name, version: step.version, action, actor: step.actor, reason: step.reason, details });
}
