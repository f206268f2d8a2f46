import type { RunStatus } from '../../tracking/types';
import { sha256Hex } from '../../utils/hash';
import { keyFiles } from './key-files';
import { columnsJson, modelFolder } from './model-folder';
import type { ExportedRun } from './store-types';
import { yamlText } from './yaml';

const STATUS: Readonly<Record<RunStatus | 'SCHEDULED', number>> = {
  RUNNING: 1,
  SCHEDULED: 2,
  FINISHED: 3,
  FAILED: 4,
  KILLED: 5,
};
/** SourceType.LOCAL */
const LOCAL = 4;
const USER = 'glasshouse';
/** Most characters of a data set's digest in MLflow. */
const DIGEST = 36;

export type Files = Map<string, string | Uint8Array>;

/** Keys that stand under another name in the folder: by kind, file to key. */
export type Renamed = Readonly<Record<string, Readonly<Record<string, string>>>>;

export interface Place {
  /** Folder of the store, "mlruns". */
  readonly root: string;
  readonly experimentId: string;
}

/** Folder of a run's artifacts, relative to where the store was unpacked. */
export function artifactUri({ root, experimentId }: Place, runId: string): string {
  return `${root}/${experimentId}/${runId}/artifacts`;
}

/** Writes a run as MLflow's file store keeps it; answers with the keys that are called otherwise. */
export function addRun(files: Files, place: Place, exported: ExportedRun): Renamed {
  const { run, points, artifacts } = exported;
  const folder = `${place.root}/${place.experimentId}/${run.run_id}`;
  files.set(`${folder}/meta.yaml`, runMeta(place, exported));
  const renamed = {
    params: addTexts(files, `${folder}/params`, run.params),
    tags: addTexts(files, `${folder}/tags`, tagsOf(exported)),
    metrics: addMetrics(files, `${folder}/metrics`, points),
  };
  addInput(files, place, exported);
  for (const { path, content } of artifacts) files.set(`${folder}/artifacts/${path}`, content);
  if (exported.model) {
    const request = { ...exported.model, created: run.end_time };
    for (const [path, text] of modelFolder(request)) files.set(`${folder}/artifacts/model/${path}`, text);
  }
  return Object.fromEntries(Object.entries(renamed).filter(([, keys]) => Object.keys(keys).length > 0));
}

function runMeta(place: Place, { run }: ExportedRun): string {
  return yamlText({
    artifact_uri: artifactUri(place, run.run_id),
    deleted_time: run.deleted_time ?? null,
    end_time: run.status === 'RUNNING' ? null : Math.round(run.end_time),
    entry_point_name: '',
    experiment_id: place.experimentId,
    lifecycle_stage: run.lifecycle_stage ?? 'active',
    run_id: run.run_id,
    run_name: run.run_name,
    run_uuid: run.run_id,
    source_name: '',
    source_type: LOCAL,
    source_version: '',
    start_time: Math.round(run.start_time),
    status: STATUS[run.status],
    tags: [],
    user_id: USER,
  });
}

/** MLflow keeps seed and configuration nowhere of their own. */
function tagsOf({ run }: ExportedRun): Readonly<Record<string, string>> {
  return {
    'mlflow.user': USER,
    'mlflow.source.name': 'glasshouse',
    'mlflow.source.type': 'LOCAL',
    'glasshouse.seed': String(run.seed),
    'glasshouse.config_digest': run.config_digest,
    'glasshouse.dataset_sha256': run.dataset.digest,
    ...run.tags,
    'mlflow.runName': run.run_name,
  };
}

/** One file a key with the value as it is; answers with the keys called otherwise. */
export function addTexts(
  files: Files,
  folder: string,
  texts: Readonly<Record<string, string>>,
): Readonly<Record<string, string>> {
  const names = keyFiles(Object.keys(texts));
  for (const [key, file] of names) files.set(`${folder}/${file}`, texts[key] ?? '');
  return renamedIn(names);
}

/** One line a point, "timestamp value step", in the order recorded. */
function addMetrics(files: Files, folder: string, points: ExportedRun['points']): Readonly<Record<string, string>> {
  const lines = new Map<string, string[]>();
  for (const { key, value, timestamp, step } of points) {
    const line = `${Math.round(timestamp)} ${value} ${Math.round(step)}`;
    const known = lines.get(key);
    if (known) known.push(line);
    else lines.set(key, [line]);
  }
  const names = keyFiles([...lines.keys()]);
  for (const [key, file] of names) files.set(`${folder}/${file}`, `${(lines.get(key) ?? []).join('\n')}\n`);
  return renamedIn(names);
}

function renamedIn(names: ReadonlyMap<string, string>): Readonly<Record<string, string>> {
  return Object.fromEntries([...names].filter(([key, file]) => key !== file).map(([key, file]) => [file, key]));
}

/** The data set a run learned from, once an experiment, and the link to it. */
function addInput(files: Files, { root, experimentId }: Place, { run, model }: ExportedRun): void {
  const { name, digest, rows } = run.dataset;
  const short = digest.slice(0, DIGEST);
  const dataset = sha256Hex(`${name}\n${digest}`).slice(0, 32);
  const input = sha256Hex(`${dataset}\n${run.run_id}`).slice(0, 32);
  files.set(
    `${root}/${experimentId}/datasets/${dataset}/meta.yaml`,
    yamlText({
      digest: short,
      name,
      profile: JSON.stringify({ num_rows: rows }),
      schema: columnsJson(model?.booster.featureNames ?? []),
      source: JSON.stringify({ uri: `glasshouse:${name}`, sha256: digest }),
      source_type: 'local',
    }),
  );
  files.set(
    `${root}/${experimentId}/${run.run_id}/inputs/${input}/meta.yaml`,
    yamlText({
      destination_id: run.run_id,
      destination_type: 'RUN',
      source_id: dataset,
      source_type: 'DATASET',
      tags: { 'mlflow.data.context': 'training' },
    }),
  );
}
