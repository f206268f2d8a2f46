import { listVersions, registryTables, requireModel, requireVersion, versionByAlias } from '../../registry/versions';
import type { ModelVersion, RegisteredModel } from '../../registry/types';
import { getRun, readArtifact, trackingTables } from '../../tracking/runs';
import type { Records, RecordsTx } from '../../utils/records';
import { utf8Bytes } from '../../utils/utf8';
import type { TrainingRecord } from '../stages/plan';
import { FEATURES_FILE } from '../stages/trained-features';
import type { RegisteredModelSummary, VersionView } from './types';

const TABLES = [...Object.keys(registryTables), ...Object.keys(trackingTables)];

export function registeredModels(records: Records): Promise<readonly RegisteredModelSummary[]> {
  return records.read(Object.keys(registryTables), async (tx) => {
    const summaries: RegisteredModelSummary[] = [];
    for (const model of await tx.query<RegisteredModel>('registered_models')) {
      summaries.push({ ...model, versions: (await listVersions(tx, model.name)).length });
    }
    return summaries;
  });
}

export function readByAlias(records: Records, model: string, alias: string): Promise<ModelVersion> {
  return records.read(Object.keys(registryTables), (tx) => versionByAlias(tx, model, alias));
}

/** A version with its run, as far as that is still there. */
export function versionView(records: Records, model: string, version: number): Promise<VersionView> {
  return records.read(TABLES, (tx) => versionWithin(tx, model, version));
}

async function versionWithin(tx: RecordsTx, model: string, number: number): Promise<VersionView> {
  const version = await requireVersion(tx, model, number);
  const { aliases } = await requireModel(tx, model);
  const textOf = async (path: string): Promise<string | null> => {
    const artifact = await readArtifact(tx, version.run_id, path);
    return typeof artifact?.content === 'string' ? artifact.content : null;
  };
  const [record, features, file] = [
    await textOf('training.json'),
    await textOf(FEATURES_FILE),
    await textOf('model.json'),
  ];
  const training = record === null ? null : (JSON.parse(record) as TrainingRecord);
  const own = version.signature?.inputs.flatMap(({ feature }) => (feature === undefined ? [] : [feature])) ?? [];
  return {
    version,
    aliases: Object.keys(aliases)
      .filter((alias) => aliases[alias] === number)
      .sort(),
    run: (await getRun(tx, version.run_id)) ?? null,
    evaluation: training?.evaluation ?? null,
    groups: training?.groups ?? [],
    features: features === null ? own : (JSON.parse(features) as string[]),
    bytes: file === null ? null : utf8Bytes(file).length,
    copies: await copiesOf(tx, version),
  };
}

/** Versions of other models made of the same run. */
async function copiesOf(tx: RecordsTx, { name, run_id }: ModelVersion): Promise<VersionView['copies']> {
  const all = await tx.query<ModelVersion>('model_versions');
  return all
    .filter((one) => run_id !== '' && one.run_id === run_id && one.name !== name)
    .map((one) => ({ name: one.name, version: one.version }));
}
