import type { RecordsTx } from '../utils/records';
import { WorkbenchError } from '../utils/errors';
import { appendAudit } from './audit';
import { aliasesOf, championOf, deleteAlias, listVersions, requireVersion, setAlias, tagVersion } from './versions';
import type { AuditAction, Decision, ModelVersion } from './types';

interface Step {
  readonly name: string;
  readonly version: number;
  readonly actor: string;
  readonly reason: string;
  /** Milliseconds, wall clock. */
  readonly now: number;
}

/**
 * Records a decision about the challenger and carries it out, in the caller's transaction. A version that still waited for
 * approval gives way to it and is archived. Refused when the version is not the challenger, or when the champion is no
 * longer the one it was compared with.
 */
export async function applyDecision(
  tx: RecordsTx,
  {
    name,
    version,
    decision,
    now,
  }: { readonly name: string; readonly version: number; readonly decision: Decision; readonly now: number },
): Promise<void> {
  const challenger = await requireVersion(tx, name, version);
  const aliases = await aliasesOf(tx, name);
  if (aliases['challenger'] !== version) {
    throw new WorkbenchError(
      'REGISTRY_INVALID',
      `${name} v${version} is not the challenger. Point the alias challenger at it first.`,
    );
  }
  const step: Step = { name, version, actor: 'pipeline', reason: decision.reason, now };
  requireSameChampion(step, decision, aliases['champion']);
  await supersede(tx, step);
  const decided = { ...challenger, decision };
  await tx.put('model_versions', decided);
  await audit(tx, step, 'compared', {
    verdict: decision.verdict,
    metric: decision.metric,
    improvement: decision.improvement,
    n: decision.n,
  });
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
  const { version, decision } = await requireWaiting(tx, step);
  requireSameChampion(step, decision, (await aliasesOf(tx, step.name))['champion']);
  await audit(tx, step, 'approved', {});
  await promote(tx, { ...version, decision: { ...decision, verdict: 'promoted' } }, step);
}

/** A person's no: the version is archived. */
export async function reject(tx: RecordsTx, step: Step): Promise<void> {
  const { version, decision } = await requireWaiting(tx, step);
  await audit(tx, step, 'rejected', {});
  await archive(tx, { ...version, decision: { ...decision, verdict: 'archived' } }, step);
}

async function requireWaiting(
  tx: RecordsTx,
  { name, version }: Step,
): Promise<{ version: ModelVersion; decision: Decision }> {
  const found = await requireVersion(tx, name, version);
  if (found.tags['status'] !== 'awaiting_approval' || !found.decision) {
    throw new WorkbenchError(
      'REGISTRY_INVALID',
      `${name} v${version} does not wait for approval: it is ${found.tags['status'] ?? 'not decided yet'}. Another tab may have decided it.`,
    );
  }
  return { version: found, decision: found.decision };
}

/** A comparison holds only against the champion it was made with. */
function requireSameChampion(step: Step, decision: Decision, champion: number | undefined): void {
  if (decision.champion_version === (champion ?? null)) return;
  const then = decision.champion_version === null ? 'no champion' : `champion v${decision.champion_version}`;
  const now = champion === undefined ? 'there is none' : `v${champion} is champion`;
  throw new WorkbenchError(
    'REGISTRY_INVALID',
    `${step.name} v${step.version} was compared with ${then}, and now ${now}. Run the Registry stage on a new training run.`,
  );
}

/** Archives versions that still wait for approval, other than the one of this step. */
async function supersede(tx: RecordsTx, step: Step): Promise<void> {
  for (const waiting of await listVersions(tx, step.name)) {
    if (waiting.version === step.version || waiting.tags['status'] !== 'awaiting_approval') continue;
    const decision = waiting.decision && { ...waiting.decision, verdict: 'archived' as const };
    const reason = `v${step.version} came before anyone approved it`;
    await archive(tx, { ...waiting, decision }, { ...step, version: waiting.version, reason });
  }
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

async function audit(
  tx: RecordsTx,
  step: Step,
  action: AuditAction,
  details: Readonly<Record<string, unknown>>,
): Promise<void> {
  await appendAudit(tx, {
    timestamp: step.now,
    model: step.name,
    version: step.version,
    action,
    actor: step.actor,
    reason: step.reason,
    details,
  });
}
