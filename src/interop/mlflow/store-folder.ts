import { checkpoint, type Control } from '../../utils/control';
import importScript from './import_run.py?raw';
import { addTexts, addRun, artifactUri, type Files, type Place, type Renamed } from './run-files';
import type { ExportedModel, ExportedStore, ExportedVersion } from './store-types';
import { storeReadme } from './store-readme';
import { yamlText } from './yaml';

const ROOT = 'mlruns';

/**
 * A tracking store and its registry as MLflow's file store, `mlruns/`, with `import_run.py`, which imports it into any
 * other store, and a README with both ways. Experiments are numbered from 1 in their order: MLflow's migration leaves out
 * those without a number. All paths are relative to the folder that holds `mlruns`. A version without a model that MLflow
 * loads points at its run's artifacts. Equal stores give equal files.
 */
export async function storeFolder(
  store: ExportedStore,
  control: Control,
): Promise<ReadonlyMap<string, string | Uint8Array>> {
  const files: Files = new Map();
  const renamed: Record<string, Renamed> = {};
  const sources = new Map<string, string>();
  for (const [at, experiment] of store.experiments.entries()) {
    const place: Place = { root: ROOT, experimentId: String(at + 1) };
    files.set(`${ROOT}/${place.experimentId}/meta.yaml`, experimentMeta(place, experiment));
    for (const [done, run] of experiment.runs.entries()) {
      const label = `writing run ${done + 1} of ${experiment.runs.length} of ${experiment.name}`;
      await checkpoint(control, { label, done, total: experiment.runs.length });
      const { run_id } = run.run;
      const names = addRun(files, place, run);
      if (Object.keys(names).length > 0) renamed[run_id] = names;
      sources.set(run_id, `${artifactUri(place, run_id)}${run.model ? '/model' : ''}`);
    }
  }
  for (const model of store.models) addModel(files, model, sources);
  files.set('import_run.py', importScript);
  if (Object.keys(renamed).length > 0) files.set('renamed-keys.json', `${JSON.stringify(renamed, null, 1)}\n`);
  files.set('README.md', storeReadme(store));
  return files;
}

function experimentMeta(
  { root, experimentId }: Place,
  { name, creation_time, runs }: ExportedStore['experiments'][number],
): string {
  return yamlText({
    artifact_location: `${root}/${experimentId}`,
    creation_time: Math.round(creation_time),
    experiment_id: experimentId,
    last_update_time: Math.round(runs.reduce((last, { run }) => Math.max(last, run.end_time), creation_time)),
    lifecycle_stage: 'active',
    name,
  });
}

function addModel(files: Files, model: ExportedModel, sources: ReadonlyMap<string, string>): void {
  const folder = `${ROOT}/models/${model.name}`;
  const created = Math.round(model.creation_timestamp);
  files.set(
    `${folder}/meta.yaml`,
    yamlText({
      creation_timestamp: created,
      description: model.description ?? '',
      last_updated_timestamp: Math.round(model.last_updated_timestamp ?? created),
      name: model.name,
    }),
  );
  addTexts(files, `${folder}/tags`, model.tags ?? {});
  for (const [alias, version] of Object.entries(model.aliases))
    files.set(`${folder}/aliases/${alias}`, String(version));
  for (const version of model.versions) {
    files.set(
      `${folder}/version-${version.version}/meta.yaml`,
      versionMeta(model.name, version, sources.get(version.run_id) ?? ''),
    );
    addTexts(files, `${folder}/version-${version.version}/tags`, version.tags);
  }
}

function versionMeta(name: string, version: ExportedVersion, source: string): string {
  const created = Math.round(version.creation_timestamp);
  return yamlText({
    creation_timestamp: created,
    current_stage: version.current_stage ?? 'None',
    description: version.description,
    last_updated_timestamp: Math.round(version.last_updated_timestamp ?? created),
    name,
    run_id: version.run_id,
    run_link: '',
    source,
    status: 'READY',
    status_message: null,
    storage_location: source,
    user_id: 'glasshouse',
    version: version.version,
  });
}
