import type { RecordsTx } from '../utils/records';
import { WorkbenchError } from '../utils/errors';
import { appendAudit, auditOf, championTimeline } from './audit';
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
    ...(decision.gates
      ? { failed: decision.gates.filter(({ passed }) => passed === false).map(({ what }) => what) }
      : {}),
  });
  switch (decision.verdict) {
    case 'promoted':
      return promote(tx, decided, step);
    case 'awaiting_approval':
      await tagVersion(tx, decided, { status: 'awaiting_approval' }, now);
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

/**
 * A former champion becomes champion again, without a comparison: the version before the present one, or the one named.
 * The present champion is archived. Refused where no version was champion before, or the one named never was.
 */
export async function rollBack(
  tx: RecordsTx,
  call: Omit<Step, 'version'> & { readonly version?: number | undefined },
): Promise<ModelVersion> {
  const { name } = call;
  const { champion } = await aliasesOf(tx, name);
  const former = await formerChampions(tx, name);
  const wanted = call.version ?? former[0];
  if (wanted === undefined) {
    throw new WorkbenchError(
      'REGISTRY_INVALID',
      `${name} has no former champion to go back to. Promote another version first.`,
    );
  }
  const version = await requireVersion(tx, name, wanted);
  if (!former.includes(wanted)) {
    const why = wanted === champion ? 'is champion already' : 'never was champion';
    const rest = former.length > 0 ? ` Former champions are ${former.map((one) => `v${one}`).join(', ')}.` : '';
    throw new WorkbenchError('REGISTRY_INVALID', `${name} v${wanted} ${why}, so there is no way back to it.${rest}`);
  }
  const step: Step = { ...call, version: wanted };
  const old = await championOf(tx, name);
  if (old) await archive(tx, old, { ...step, version: old.version, reason: `rolled back to v${wanted}` });
  await audit(tx, step, 'rolled_back', { from: old?.version ?? null });
  await setAlias(tx, { ...step, alias: 'champion' });
  await dropChallenger(tx, version, step);
  return tagVersion(tx, version, { status: 'champion' }, step.now);
}

/** Versions that were champion, are not and are still there; the last one first. */
export async function formerChampions(tx: RecordsTx, name: string): Promise<readonly number[]> {
  const { champion } = await aliasesOf(tx, name);
  const there = new Set((await listVersions(tx, name)).map(({ version }) => version));
  const reigns = championTimeline(await auditOf(tx, name)).map(({ version }) => version);
  return [...new Set(reigns.reverse())].filter((version) => version !== champion && there.has(version));
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
  await tagVersion(tx, version, { status: 'champion' }, step.now);
  await audit(tx, step, 'promoted', { replaced: old?.version ?? null });
}

async function archive(tx: RecordsTx, version: ModelVersion, step: Step): Promise<void> {
  await tagVersion(tx, version, { status: 'archived' }, step.now);
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
