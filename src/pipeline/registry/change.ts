import { WorkbenchError } from '../../utils/errors';
import { deleteTag, describe, setTag } from '../../registry/annotations';
import { checkModelName } from '../../registry/names';
import {
  aliasesOf,
  copyVersion,
  createVersion,
  deleteAlias,
  deleteVersion,
  registryTables,
  setAlias,
} from '../../registry/versions';
import type { ModelVersion } from '../../registry/types';
import { getRun, readArtifact, trackingTables } from '../../tracking/runs';
import { withFeatures } from '../model-spec';
import type { Platform } from '../platform';
import { stageResult } from '../stage-results';
import { loadDataset, type StageContext } from '../stages/context';
import { exampleOf, signatureOf } from '../stages/model-signature';
import { loadModel, versionTags } from '../stages/registry-stage';
import { HOLDOUT_ROWS } from '../stages/run-draft';

const ACTOR = 'you';
const TABLES = Object.keys(registryTables);
const MOVED_BY_PROMOTION: readonly string[] = ['champion', 'challenger'];
/** Tags that the workspace reads. */
const OWN_TAGS: readonly string[] = ['status', 'kind', 'feast.feature_service'];

type Stores = Pick<Platform, 'records' | 'now'>;

/** Registers a finished run of this model, with its signature and, while its data set is at hand, an example. */
export async function registerVersion(
  context: StageContext,
  runId: string,
  description: string,
): Promise<ModelVersion> {
  const { platform, spec } = context;
  const name = spec.config.name;
  const run = await platform.records.read(Object.keys(trackingTables), (tx) => getRun(tx, runId));
  if (!run || run.experiment_id !== name) {
    throw refusal(`${name} has no run ${runId.slice(0, 40)}. Choose one of its runs in the Training stage.`);
  }
  if (run.status !== 'FINISHED') {
    throw refusal(`Run ${run.run_name} is ${run.status.toLowerCase()}, and only a finished run can be registered.`);
  }
  const loaded = await loadModel(platform.records, spec, runId);
  const input_example = await exampleOfRun(context, { runId, features: loaded.features, digest: run.dataset.digest });
  return platform.records.write(TABLES, (tx) =>
    createVersion(tx, {
      name,
      run_id: runId,
      description,
      tags: versionTags(spec, loaded),
      signature: signatureOf(spec, loaded.features),
      input_example,
      actor: ACTOR,
      now: platform.now(),
    }),
  );
}

async function exampleOfRun(
  { platform, spec }: StageContext,
  run: { readonly runId: string; readonly features: readonly string[]; readonly digest: string },
) {
  const features = (await stageResult(platform.records, spec.config.name, 'features'))?.result;
  if (features?.digest !== run.digest) return null;
  const rows = await platform.records.read(Object.keys(trackingTables), (tx) =>
    readArtifact(tx, run.runId, HOLDOUT_ROWS),
  );
  if (!(rows?.content instanceof Uint8Array)) return null;
  const dataset = await loadDataset({ platform, spec: withFeatures(spec, run.features) }, features);
  return exampleOf(dataset, new Int32Array(rows.content.slice().buffer));
}

/** Deletes a version that is not champion. */
export async function removeVersion(
  { records, now }: Stores,
  { model, version, reason }: { readonly model: string; readonly version: number; readonly reason: string },
): Promise<void> {
  const why = reason.trim();
  if (why === '') throw new WorkbenchError('USAGE', 'Say in a few words why: the reason is kept in the audit log.');
  await records.write(TABLES, async (tx) => {
    if ((await aliasesOf(tx, model))['champion'] === version) {
      throw refusal(
        `${model} v${version} is champion and serves predictions, so it stays. Promote another version or roll back first.`,
      );
    }
    await deleteVersion(tx, { name: model, version, actor: ACTOR, reason: why, now: now() });
  });
}

/** Files and bundles go by the names of models, so copies take names of the same form. */
const MODEL_NAME = /^[a-z][a-z0-9_]{0,62}$/;

export async function copyTo(
  { records, now }: Stores,
  { model, version, to }: { readonly model: string; readonly version: number; readonly to: string },
): Promise<ModelVersion> {
  checkModelName(to);
  if (!MODEL_NAME.test(to)) {
    throw refusal(
      `"${to.slice(0, 60)}" cannot name a model: a name takes lower-case letters a to z, digits and underscores, a letter first, at most 63.`,
    );
  }
  const call = { name: model, version, to, actor: ACTOR, reason: `copied from ${model} v${version}` };
  return records.write(TABLES, (tx) => copyVersion(tx, { ...call, now: now() }));
}

/** Sets an alias, or with null takes it away. */
export async function moveAlias(
  { records, now }: Stores,
  { model, alias, version }: { readonly model: string; readonly alias: string; readonly version: number | null },
): Promise<void> {
  if (MOVED_BY_PROMOTION.includes(alias)) {
    throw refusal(
      `The alias "${alias}" moves by promotion, approval and roll back, so that every move was judged and has a reason. Use those, or choose another alias.`,
    );
  }
  const reason = version === null ? `${alias} was taken away` : `${alias} is now v${version}`;
  await records.write(TABLES, (tx) => {
    const change = { name: model, alias, actor: ACTOR, reason, now: now() };
    return version === null ? deleteAlias(tx, change) : setAlias(tx, { ...change, version });
  });
}

interface TagCall {
  readonly model: string;
  /** Null for the registered model. */
  readonly version: number | null;
  readonly key: string;
  /** Null takes the tag away. */
  readonly value: string | null;
}

export async function changeTag({ records, now }: Stores, { model, version, key, value }: TagCall): Promise<void> {
  if (version !== null && OWN_TAGS.includes(key)) {
    throw refusal(`The tag "${key}" is written by the workspace itself. Choose another key.`);
  }
  const at = { name: model, version, actor: ACTOR, now: now(), key };
  await records.write(TABLES, (tx) => (value === null ? deleteTag(tx, at) : setTag(tx, { ...at, value })));
}

export async function changeDescription(
  { records, now }: Stores,
  { model, version, text }: { readonly model: string; readonly version: number | null; readonly text: string },
): Promise<void> {
  const at = { name: model, version, actor: ACTOR, now: now(), description: text.trim() };
  await records.write(TABLES, (tx) => describe(tx, at));
}

function refusal(message: string): WorkbenchError {
  return new WorkbenchError('REGISTRY_INVALID', message);
}
