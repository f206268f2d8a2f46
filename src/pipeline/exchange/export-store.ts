import { storeFolder } from '../../interop/mlflow/store-folder';
import type { ExportedExperiment, ExportedModel, ExportedRun, ExportedStore } from '../../interop/mlflow/store-types';
import type { InputExample } from '../../interop/mlflow/model-folder';
import { readModel } from '../../interop/model-file';
import type { ModelVersion, RegisteredModel } from '../../registry/types';
import { registryTables } from '../../registry/versions';
import { metricHistory, trackingTables } from '../../tracking/runs';
import type { Artifact, Experiment, MetricPoint, Run } from '../../tracking/types';
import { featureNamesOf } from '../../training/model';
import { checkpoint } from '../../utils/control';
import { WorkbenchError } from '../../utils/errors';
import type { RecordsTx } from '../../utils/records';
import { zipFiles } from '../../utils/zip';
import type { ModelSpec } from '../model-spec';
import { controlOf } from '../platform';
import { allSpecs } from '../specs';
import type { TakenFile } from '../store/types';
import { exampleRows, originOf, type ChosenModel } from './chosen-model';
import type { ExchangeContext } from './context';
import { readTables, type Tables } from './tables-at-hand';

/** The tracking store and the registry as a folder that MLflow imports, files by path. */
export async function storeFiles(context: ExchangeContext): Promise<ReadonlyMap<string, string | Uint8Array>> {
  const { platform, onProgress, signal } = context;
  const names = [...Object.keys(trackingTables), ...Object.keys(registryTables)];
  const { tables, points } = await platform.records.read(names, async (tx) => {
    const whole = await readTables(tx, ['experiments', 'runs', 'artifacts', ...Object.keys(registryTables)]);
    return { tables: whole, points: await historiesIn(tx, (whole.get('runs') ?? []) as readonly Run[]) };
  });
  if ((tables.get('runs') ?? []).length === 0) {
    throw new WorkbenchError('USAGE', 'No run is recorded yet, so there is nothing for MLflow. Train a model first.');
  }
  return storeFolder(await storeOf(context, tables, points), controlOf(platform.pause, onProgress, signal));
}

/** The same as a zip. */
export async function exportStore(context: ExchangeContext): Promise<TakenFile> {
  return { fileName: 'glasshouse-mlflow-store.zip', bytes: zipFiles(await storeFiles(context)) };
}

type Points = ReadonlyMap<string, readonly MetricPoint[]>;

/** Every point of each run's metrics, by step and time. */
async function historiesIn(tx: RecordsTx, runs: readonly Run[]): Promise<Points> {
  const points = new Map<string, readonly MetricPoint[]>();
  for (const { run_id, metrics } of runs) {
    const own: MetricPoint[] = [];
    for (const key of Object.keys(metrics)) own.push(...(await metricHistory(tx, run_id, key)));
    points.set(run_id, own);
  }
  return points;
}

async function storeOf(context: ExchangeContext, tables: Tables, points: Points): Promise<ExportedStore> {
  const rows = <T>(table: string) => (tables.get(table) ?? []) as readonly T[];
  const versions = rows<ModelVersion>('model_versions').filter(
    (version) => version.current_stage !== 'Deleted_Internal',
  );
  const specs = new Map((await allSpecs(context.platform, context.config)).map((spec) => [spec.config.name, spec]));
  const artifactsOf = grouped(rows<Artifact>('artifacts'));
  const examples = exampleCache(context);
  const experiments: ExportedExperiment[] = [];
  const inOrder = [...rows<Experiment>('experiments')].sort(
    (a, b) => a.creation_time - b.creation_time || (a.name < b.name ? -1 : 1),
  );
  for (const { experiment_id, name, creation_time } of inOrder) {
    const runs: ExportedRun[] = [];
    for (const run of rows<Run>('runs').filter((one) => one.experiment_id === experiment_id)) {
      await checkpoint({ signal: context.signal, pause: context.platform.pause });
      const artifacts = artifactsOf.get(run.run_id) ?? [];
      const version = versions.find((one) => one.run_id === run.run_id) ?? null;
      const model = version ? await modelOf(run, version, artifacts, examples(specs.get(experiment_id))) : null;
      runs.push({ run, points: points.get(run.run_id) ?? [], artifacts, model });
    }
    experiments.push({ name, creation_time, runs });
  }
  const models = rows<RegisteredModel>('registered_models').map((model): ExportedModel => ({
    ...model,
    versions: versions.filter(({ name }) => name === model.name),
  }));
  return { experiments, models };
}

type ExampleOf = (chosen: ChosenModel) => Promise<InputExample | null>;

/** Versions of one model and of the same features share their example. */
function exampleCache({ platform }: ExchangeContext): (spec: ModelSpec | undefined) => ExampleOf {
  const known = new Map<string, Promise<InputExample | null>>();
  return (spec) => async (chosen) => {
    if (!spec) return null;
    const key = JSON.stringify([spec.config.name, featureNamesOf(chosen.model)]);
    const example = known.get(key) ?? exampleRows(platform, spec, chosen);
    known.set(key, example);
    return example;
  };
}

/** What the model folder of a registered run is made of; null for kinds that MLflow has no flavor for here. */
async function modelOf(
  run: Run,
  version: ModelVersion,
  artifacts: readonly Artifact[],
  exampleOf: ExampleOf,
): Promise<ExportedRun['model']> {
  const content = artifacts.find(({ path }) => path === 'model.json')?.content;
  if (typeof content !== 'string') return null;
  const model = readModel(content);
  if (model.kind !== 'xgboost') return null;
  const chosen: ChosenModel = { run, version, aliases: [], model };
  return { booster: model.booster, example: await exampleOf(chosen), metadata: originOf(chosen) };
}

function grouped<T extends { readonly run_id: string }>(records: readonly T[]): ReadonlyMap<string, readonly T[]> {
  const groups = new Map<string, T[]>();
  for (const record of records) {
    const known = groups.get(record.run_id);
    if (known) known.push(record);
    else groups.set(record.run_id, [record]);
  }
  return groups;
}
