import type { Dependent } from '../../features/plan';
import { aliasesOf, listVersions, registryTables } from '../../registry/versions';
import { readArtifact, trackingTables } from '../../tracking/runs';
import { LIMITS } from '../../tracking/keys';
import type { Records, RecordsTx } from '../../utils/records';
import type { ModelSpec } from '../model-spec';
import type { FeaturesResult } from '../tables';

/** Artifact with the features of a run, as Feast's client attaches it to a model in MLflow. */
export const FEATURES_FILE = 'feast_features.json';

/** Tables to read which features registered versions were trained on. */
export const dependentTables: readonly string[] = [...Object.keys(registryTables), ...Object.keys(trackingTables)];

/** Where a run's features came from, in the tags of Feast's MLflow integration (feast-dev/feast:sdk/python/feast/mlflow_integration). */
export function feastTags(spec: ModelSpec, dataset: FeaturesResult): Readonly<Record<string, string>> {
  const { features } = spec.config;
  const views = [...new Set(features.map((reference) => reference.slice(0, reference.indexOf(':'))))].sort();
  return {
    'feast.project': spec.config.name,
    'feast.retrieval_type': 'historical',
    'feast.feature_service': spec.definitions.service.name,
    'feast.feature_views': cut(views.join(',')),
    'feast.feature_refs': cut(features.join(',')),
    'feast.entity_count': String(dataset.rows),
    'feast.feature_count': String(features.length),
    'glasshouse.definitions_version': String(dataset.definitions_version ?? 0),
  };
}

/** As Feast cuts what is too long for MLflow. */
function cut(text: string): string {
  return text.length > LIMITS.tag ? `${text.slice(0, LIMITS.tag - 3)}...` : text;
}

/** What a run was trained on, "view:feature"; runs from before it was recorded had the features declared. */
export async function trainedFeatures(tx: RecordsTx, spec: ModelSpec, runId: string): Promise<readonly string[]> {
  const artifact = await readArtifact(tx, runId, FEATURES_FILE);
  if (typeof artifact?.content !== 'string') return spec.declared.features;
  return JSON.parse(artifact.content) as string[];
}

/** The registered versions of a model that are not archived, newest first. */
export async function dependentsWithin(tx: RecordsTx, spec: ModelSpec): Promise<readonly Dependent[]> {
  const model = spec.config.name;
  const aliases = Object.entries(await aliasesOf(tx, model));
  const dependents: Dependent[] = [];
  for (const { version, run_id, tags } of await listVersions(tx, model)) {
    if (tags['status'] === 'archived') continue;
    const names = aliases.filter(([, at]) => at === version).map(([alias]) => alias);
    const who = `${model} v${version}${names.length > 0 ? ` (${names.join(', ')})` : ''}`;
    dependents.push({ who, features: await trainedFeatures(tx, spec, run_id) });
  }
  return dependents;
}

/** Every feature that a version in use was trained on. */
export async function servedFeatures(records: Records, spec: ModelSpec): Promise<readonly string[]> {
  const dependents = await records.read(dependentTables, (tx) => dependentsWithin(tx, spec));
  return [...new Set(dependents.flatMap(({ features }) => features))];
}
