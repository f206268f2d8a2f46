import { WorkbenchError } from '../../utils/errors';
import { aliasesOf, registryTables, requireVersion } from '../../registry/versions';
import { formerChampions, rollBack } from '../../registry/promotion';
import type { ModelVersion } from '../../registry/types';
import { trackingTables } from '../../tracking/runs';
import type { RecordsTx } from '../../utils/records';
import type { ModelSpec } from '../model-spec';
import { markNewChampion, putStage } from '../stage-results';
import { beforeCommit, type StageContext } from '../stages/context';
import { commitDecision, judgeRun } from '../stages/registry-stage';
import { trainedFeatures } from '../stages/trained-features';

const TABLES = ['stage_results', ...Object.keys(registryTables), ...Object.keys(trackingTables)];

/** Judges a version against the champion of the moment and carries out the decision. The champion itself is refused. */
export async function challenge(context: StageContext, number: number): Promise<ModelVersion> {
  const { platform, spec } = context;
  const model = spec.config.name;
  const version = await platform.records.read(TABLES, async (tx) => {
    const found = await requireVersion(tx, model, number);
    if ((await aliasesOf(tx, model))['champion'] !== number) return found;
    throw new WorkbenchError(
      'REGISTRY_INVALID',
      `${model} v${number} is champion: there is nobody to judge it against. Choose another version.`,
    );
  });
  const { decision } = await judgeRun(context, version.run_id);
  await beforeCommit(context, 'registry');
  return platform.records.write(TABLES, async (tx) => {
    const { run_id } = await requireVersion(tx, model, number);
    await commitDecision(tx, { model, version: number, run_id, decision, now: platform.now() });
    return requireVersion(tx, model, number);
  });
}

/** A former champion serves again, with the stages told. Refused where its features are no longer defined. */
export async function rollBackChampion(
  { platform, spec }: StageContext,
  reason: string,
  version?: number,
): Promise<ModelVersion> {
  const model = spec.config.name;
  const why = reason.trim();
  if (why === '') {
    throw new WorkbenchError('USAGE', 'Say in a few words why: the reason is kept in the audit log beside the change.');
  }
  return platform.records.write(TABLES, async (tx) => {
    const [last] = await formerChampions(tx, model);
    await requireFeatures(tx, spec, version ?? last);
    const now = platform.now();
    const champion = await rollBack(tx, { name: model, version, actor: 'you', reason: why, now });
    await markNewChampion(tx, model, champion.version);
    await putStage(tx, {
      model,
      stage: 'registry',
      state: {
        status: 'good',
        figure: `v${champion.version}`,
        caption: 'champion',
        sentence: `v${champion.version} is champion again, rolled back: ${why}`,
      },
      result: { version: champion.version, run_id: champion.run_id },
    });
    return champion;
  });
}

/** An archived version may have lost features to a later plan, which only spares those of versions in use. */
async function requireFeatures(tx: RecordsTx, spec: ModelSpec, number: number | undefined): Promise<void> {
  if (number === undefined) return;
  const { run_id } = await requireVersion(tx, spec.config.name, number);
  const { views, onDemandViews = [] } = spec.definitions;
  const known = new Set(
    [...views, ...onDemandViews].flatMap(({ name, schema }) => schema.map((field) => `${name}:${field.name}`)),
  );
  const gone = (await trainedFeatures(tx, spec, run_id)).filter((feature) => !known.has(feature));
  if (gone.length === 0) return;
  throw new WorkbenchError(
    'REGISTRY_INVALID',
    `${spec.config.name} v${number} was trained on ${gone.join(', ')}, which ${gone.length === 1 ? 'is' : 'are'} no longer defined. Apply the definitions it was made with first (Features, History).`,
  );
}
