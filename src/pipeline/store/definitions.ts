import { canonicalDefinitions } from '../../features/canonical';
import { modelDefinitions } from '../../models/catalog';
import { withCode } from '../../models/on-demand';
import { objectsOf } from '../../features/definition-changes';
import { onlineTables } from '../../features/online/tables';
import { forgetOnline } from '../../features/online/write';
import { objectVersions, planDefinitions, referencesOf, type DefinitionsPlan } from '../../features/plan';
import { featureRepoText } from '../../features/repo-text';
import { WorkbenchError } from '../../utils/errors';
import type { RecordsTx } from '../../utils/records';
import { folderOf, type ModelSpec } from '../model-spec';
import { findSpec, newestDefinitions } from '../specs';
import { markStale } from '../stage-results';
import { dependentsWithin, dependentTables } from '../stages/trained-features';
import type { DefinitionsRecord } from '../tables';
import type { Stage } from '../views';
import { noteRows } from './online';
import type { StoreContext } from './context';
import type { FeaturePlan, FeatureRegistryView, WantedDefinitions } from './types';
import { checkWanted, type CheckedDefinitions } from './wanted';

const LONGEST_MESSAGE = 500;

/** What follows from definitions, in lifecycle order. */
const FOLLOWING: readonly Stage[] = ['features', 'training', 'registry', 'inference', 'monitoring'];

export async function featureRegistry({ platform, spec }: StoreContext): Promise<FeatureRegistryView> {
  const history = await platform.records.read(['feature_definitions'], (tx) => historyOf(tx, spec.config.name));
  return {
    version: spec.definitionsVersion,
    computed_since: spec.computedSince,
    definitions: withCode(canonicalDefinitions(spec.definitions), modelDefinitions().get(folderOf(spec))),
    yaml: featureRepoText(spec.config.name, spec.definitions),
    history: [
      ...history.map(({ version, applied_at, message, changes }) => ({ version, applied_at, message, changes })),
      { version: 0, applied_at: 0, message: '', changes: [] },
    ],
    objects: objectVersions(
      objectsOf(spec.definitions).map(({ kind, object }) => ({ kind, name: object.name })),
      history,
    ),
  };
}

/** Versions applied, newest first. */
async function historyOf(tx: RecordsTx, model: string): Promise<readonly DefinitionsRecord[]> {
  const records = await tx.query<DefinitionsRecord>('feature_definitions', { index: 'model', equals: model });
  return records.sort((a, b) => b.version - a.version);
}

/** What an apply would do. Throws FEATURES_INVALID with every fault, `details.faults` with their lines. */
export async function planFeatures(context: StoreContext, wanted: WantedDefinitions): Promise<FeaturePlan> {
  const { platform, spec } = context;
  const checked = await checkWanted(context, wanted);
  const plan = await platform.records.read(dependentTables, (tx) => planWithin(tx, spec, checked));
  const untried = plan.changes.length > 0 && !checked.tried;
  return {
    base_version: spec.definitionsVersion,
    changes: plan.changes,
    blocked: plan.blocked,
    effects: untried ? [...plan.effects, UNTRIED] : plan.effects,
    stages: stagesOf(plan),
    definitions: checked.definitions,
    yaml: checked.yaml,
  };
}

const UNTRIED = 'The expressions could not be tried: the Data stage has not run yet.';

async function planWithin(
  tx: RecordsTx,
  spec: ModelSpec,
  { definitions }: CheckedDefinitions,
): Promise<DefinitionsPlan> {
  return planDefinitions(spec.definitions, definitions, await dependentsWithin(tx, spec));
}

function stagesOf({ rebuild }: DefinitionsPlan): readonly Stage[] {
  return rebuild ? FOLLOWING : [];
}

export interface ApplyCall {
  readonly wanted: WantedDefinitions;
  readonly baseVersion: number;
  readonly message: string;
}

/**
 * Makes wanted definitions those that hold, as a new version. Refused when another version was applied since
 * `baseVersion`, when nothing differs, or when a registered version rests on what would disappear.
 */
export async function applyFeatures(context: StoreContext, call: ApplyCall): Promise<FeatureRegistryView> {
  requireBase(context.spec.config.name, context.spec.definitionsVersion, call.baseVersion);
  const checked = await checkWanted(context, call.wanted);
  await commit(context, checked, call);
  return refreshed(context);
}

/** Applies the definitions of an earlier version again, as a new one; the history stays as it is. */
export async function revertFeatures(context: StoreContext, toVersion: number): Promise<FeatureRegistryView> {
  const { platform, spec } = context;
  const record = await platform.records.read(['feature_definitions'], (tx) =>
    tx.get<DefinitionsRecord>('feature_definitions', [spec.config.name, toVersion]),
  );
  const definitions = toVersion === 0 ? spec.declared.definitions : record?.definitions;
  if (!definitions) {
    throw new WorkbenchError(
      'USAGE',
      `${spec.config.name} has no version ${toVersion} of its definitions; the newest is ${spec.definitionsVersion}.`,
    );
  }
  const message = `Back to version ${toVersion}`;
  return applyFeatures(context, { wanted: { definitions }, baseVersion: spec.definitionsVersion, message });
}

async function commit(context: StoreContext, checked: CheckedDefinitions, call: ApplyCall): Promise<void> {
  const { platform, spec } = context;
  const model = spec.config.name;
  const message = call.message.trim();
  if (message.length > LONGEST_MESSAGE) {
    throw new WorkbenchError(
      'USAGE',
      `The message has ${message.length} characters; at most ${LONGEST_MESSAGE} are kept.`,
    );
  }
  const tables = ['feature_definitions', 'stage_results', ...dependentTables, ...Object.keys(onlineTables)];
  await platform.records.write(tables, async (tx) => {
    const newest = (await newestDefinitions(tx, model))?.version ?? 0;
    requireBase(model, newest, call.baseVersion);
    requireBase(model, newest, spec.definitionsVersion);
    const plan = await planWithin(tx, spec, checked);
    requireUnblocked(plan);
    const version = newest + 1;
    const record: DefinitionsRecord = {
      model,
      version,
      definitions: checked.definitions,
      features: referencesOf(checked.definitions, checked.definitions.service),
      computed_since: plan.rebuild ? version : spec.computedSince,
      changes: plan.changes,
      message,
      applied_at: platform.now(),
    };
    await tx.put('feature_definitions', record);
    for (const view of plan.unserved) await forgetOnline(tx, model, view);
    await noteRows(tx, model);
    await markStale(tx, model, stagesOf(plan), `The definitions changed in version ${version}; run Features again.`);
  });
}

function requireBase(model: string, newest: number, base: number): void {
  if (newest === base) return;
  throw new WorkbenchError(
    'USAGE',
    `Version ${newest} of the definitions of ${model} holds by now, and this was planned on version ${base}. Nothing was changed; plan again to see what differs from it.`,
    { version: newest },
  );
}

function requireUnblocked({ changes, blocked }: DefinitionsPlan): void {
  if (changes.length === 0) {
    throw new WorkbenchError('USAGE', 'These are the definitions that hold already; there is nothing to apply.');
  }
  if (blocked.length > 0) throw new WorkbenchError('FEATURES_INVALID', blocked.join('\n'), { blocked });
}

async function refreshed(context: StoreContext): Promise<FeatureRegistryView> {
  const spec = await findSpec(context.platform, context.config, context.spec.config.name);
  return featureRegistry({ ...context, spec });
}
