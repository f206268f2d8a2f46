import { readModel } from '../../interop/model-file';
import type { InputExample } from '../../interop/mlflow/model-folder';
import { aliasesOf, getVersion, registryTables } from '../../registry/versions';
import type { ModelVersion } from '../../registry/types';
import { getRun, readArtifact, trackingTables } from '../../tracking/runs';
import type { Run } from '../../tracking/types';
import { featureNamesOf, type Model } from '../../training/model';
import type { Booster } from '../../training/types';
import { WorkbenchError } from '../../utils/errors';
import type { RecordsTx } from '../../utils/records';
import { withFeatures, type ModelSpec } from '../model-spec';
import type { Platform } from '../platform';
import { loadDataset, pickColumns } from '../stages/context';
import { trainedFeatures } from '../stages/trained-features';
import { stageResult } from '../stage-results';
import type { ModelChoice } from './types';

const EXAMPLE_ROWS = 5;

/** A trained model with the run it is of, and the version it was registered as. */
export interface ChosenModel {
  readonly run: Run;
  readonly version: ModelVersion | null;
  readonly aliases: readonly string[];
  readonly model: Model;
}

/** The model that a person named: a run, a version, an alias, or the champion when nothing is said. */
export function chosenModel(
  { records }: Pick<Platform, 'records'>,
  name: string,
  choice: ModelChoice,
): Promise<ChosenModel> {
  return records.read([...Object.keys(trackingTables), ...Object.keys(registryTables)], async (tx) => {
    const aliases = await aliasesOf(tx, name);
    const version = choice.runId === undefined ? await chosenVersion(tx, { name, choice, aliases }) : null;
    const runId = choice.runId ?? version?.run_id ?? '';
    const run = await getRun(tx, runId);
    const artifact = await readArtifact(tx, runId, 'model.json');
    if (!run || (!version && run.experiment_id !== name) || typeof artifact?.content !== 'string') {
      throw new WorkbenchError(
        'REGISTRY_INVALID',
        `${name} has no run "${runId.slice(0, 40)}" with a model to take away.`,
      );
    }
    const held = Object.entries(aliases).flatMap(([alias, at]) => (at === version?.version ? [alias] : []));
    return { run, version, aliases: held, model: readModel(artifact.content) };
  });
}

async function chosenVersion(
  tx: RecordsTx,
  {
    name,
    choice,
    aliases,
  }: { readonly name: string; readonly choice: ModelChoice; readonly aliases: Readonly<Record<string, number>> },
): Promise<ModelVersion> {
  const alias = choice.alias ?? 'champion';
  const number = choice.version ?? (Object.hasOwn(aliases, alias) ? aliases[alias] : undefined);
  if (number === undefined) {
    const known = Object.keys(aliases).map((one) => `@${one}`);
    const there = known.length > 0 ? `it has ${known.join(', ')}` : 'it has none; name a version, or approve one';
    throw new WorkbenchError('REGISTRY_INVALID', `${name} has no alias "${alias}": ${there}.`);
  }
  const version = await getVersion(tx, name, number);
  if (!version) throw new WorkbenchError('REGISTRY_INVALID', `${name} has no version ${number}.`);
  if (version.run_id === '') {
    throw new WorkbenchError('REGISTRY_INVALID', `${name} v${number} was deleted; only its number is kept.`);
  }
  return version;
}

/** The trees of a model; other kinds are refused with what can be done. */
export function requireBooster({ model, run, version }: ChosenModel, format: string): Booster {
  if (model.kind === 'xgboost') return model.booster;
  const what = version ? `${version.name} v${version.version}` : `run ${run.run_id}`;
  const kind = model.kind === 'logistic' ? 'a logistic regression' : 'a multilayer perceptron';
  throw new WorkbenchError(
    'INTEROP_INVALID',
    `${what} is ${kind}, and ${format} takes trees. Take it as model.json or in a bundle, or export a version of the kind xgboost.`,
  );
}

/** What MLmodel says of where a model comes from. */
export function originOf({ run, version, aliases }: ChosenModel): Readonly<Record<string, string>> {
  return {
    'glasshouse.run_id': run.run_id,
    'glasshouse.run_name': run.run_name,
    'glasshouse.dataset': run.dataset.name,
    'glasshouse.dataset_sha256': run.dataset.digest,
    ...(version
      ? {
          'glasshouse.model': version.name,
          'glasshouse.version': String(version.version),
          'glasshouse.aliases': aliases.join(', '),
        }
      : {}),
  };
}

/** What a version may have been registered with. */
interface Recorded {
  readonly input_example?: InputExample | null;
}

/** The example a version was registered with, else a few rows as the model takes them, of the newest data set; null where there is none with its features. */
export async function exampleRows(
  platform: Platform,
  spec: ModelSpec,
  { run, version, model }: ChosenModel,
): Promise<InputExample | null> {
  const kept = (version as Recorded | null)?.input_example;
  if (kept) return kept;
  const features = await stageResult(platform.records, spec.config.name, 'features');
  if (!features) return null;
  const trained = await platform.records.read(Object.keys(trackingTables), (tx) =>
    trainedFeatures(tx, spec, run.run_id),
  );
  try {
    const dataset = await loadDataset({ platform, spec: withFeatures(spec, trained) }, features.result);
    const rows = Array.from({ length: Math.min(EXAMPLE_ROWS, dataset.rows) }, (_, row) => row);
    const columns = pickColumns(dataset.features, rows);
    const cell = (value: number | undefined) => (value === undefined || Number.isNaN(value) ? null : value);
    const data = rows.map((row) => columns.map((column) => cell(column[row])));
    return data.length === 0 ? null : { columns: featureNamesOf(model), data };
  } catch (error) {
    // An example is an extra: definitions may have moved on since, and the model still travels.
    if (error instanceof WorkbenchError) return null;
    throw error;
  }
}
