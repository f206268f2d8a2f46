import { WorkbenchError } from '../../utils/errors';
import { approve, reject } from '../../registry/promotion';
import { registryTables } from '../../registry/versions';
import type { Platform } from '../platform';
import { markNewChampion } from '../stage-results';
import type { StageRecord } from '../tables';

export interface VersionDecision {
  readonly model: string;
  readonly version: number;
  readonly reason: string;
  readonly approve: boolean;
}

/** A person's yes or no to a version that waits for approval. */
export async function decideVersion(platform: Platform, call: VersionDecision): Promise<void> {
  const reason = call.reason.trim();
  if (reason === '') {
    throw new WorkbenchError(
      'USAGE',
      'Say in a few words why: the reason is kept in the audit log beside your decision.',
    );
  }
  await platform.records.write(['stage_results', ...Object.keys(registryTables)], async (tx) => {
    const decision = { name: call.model, version: call.version, actor: 'you', reason, now: platform.now() };
    await (call.approve ? approve(tx, decision) : reject(tx, decision));
    if (call.approve) await markNewChampion(tx, call.model, call.version);
    const record = await tx.get<StageRecord<'registry'>>('stage_results', [call.model, 'registry']);
    if (!record) return;
    const sentence = call.approve
      ? `v${call.version} is champion: approved, "${reason}".`
      : `v${call.version} was rejected and archived: "${reason}".`;
    const caption = call.approve ? 'champion' : 'archived';
    await tx.put('stage_results', {
      ...record,
      state: { status: 'good', figure: `v${call.version}`, caption, sentence },
    });
  });
}
