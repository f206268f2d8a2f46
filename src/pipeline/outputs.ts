import { writeCsv } from '../data/csv/write-csv';
import { columnOf, makeTable, stringColumn, takeRows, type Column, type Table } from '../utils/columns';
import { WorkbenchError } from '../utils/errors';
import { readArtifact, trackingTables } from '../tracking/runs';
import { manyMargins } from '../training/model';
import { sigmoid } from '../utils/math';
import { findBatches, inferenceTables } from '../inference/log';
import { listReports, monitoringTables } from '../monitoring/store';
import type { Dataset } from './services/dataset';
import type { ModelSpec } from './model-spec';
import type { Platform } from './platform';
import { requireStage } from './stage-results';
import { loadDataset, pickColumns, pickLabels, pickValues } from './stages/context';
import { rowsBetween } from './stages/compare-window';
import { loadModel, type LoadedModel } from './stages/registry-stage';
import { HOLDOUT_ROWS } from './stages/run-draft';
import { modelFile, trainingView } from './pages/training-view';
import { registryView } from './pages/registry-view';

type Files = Map<string, string>;

const OWN_COLUMNS = ['label', 'probability', 'margin', 'shap_base', 'entity_key'];

/** Every file a run may write. */
export const OUTPUT_NAMES = [
  'model.json',
  'metrics.json',
  'holdout.csv',
  'predictions.csv',
  'drift.json',
  'drift_reference.csv',
  'drift_current.csv',
] as const;

/** What a finished lifecycle leaves as files, by name. `docs/cli.md` lists their columns. */
export async function runOutputs(platform: Platform, spec: ModelSpec): Promise<Files> {
  const model = spec.config.name;
  const training = await requireStage(platform.records, model, 'training', 'Writing files');
  const features = await requireStage(platform.records, model, 'features', 'Writing files');
  const dataset = await loadDataset({ platform, spec }, features);
  const trained = await loadModel(platform.records, spec, training.run_id);
  const files: Files = new Map();
  files.set('model.json', (await modelFile(platform, model)).content);
  files.set('metrics.json', await metricsJson(platform, model));
  const holdout = await holdoutRows(platform, training.run_id);
  files.set('holdout.csv', writeCsv(await explainedTable(platform, { dataset, trained, rows: holdout })));
  await addPredictions(platform, model, files);
  await addDrift(platform, spec, dataset, files);
  return files;
}

async function metricsJson(platform: Platform, model: string): Promise<string> {
  const view = await trainingView(platform, model);
  const registry = await registryView(platform, model);
  if (!view) throw new WorkbenchError('USAGE', `${model} has not been trained.`);
  const { evaluation, groups, study, split, run } = view;
  const best = study.trials[study.bestTrial ?? -1];
  return `${JSON.stringify({ model, seed: run.seed, dataset: run.dataset, split, evaluation, groups, best_trial: best ?? null, versions: registry?.versions ?? [], aliases: registry?.aliases ?? {} }, null, 2)}\n`;
}

async function holdoutRows(platform: Platform, runId: string): Promise<Int32Array> {
  const artifact = await platform.records.read(Object.keys(trackingTables), (tx) =>
    readArtifact(tx, runId, HOLDOUT_ROWS),
  );
  if (!(artifact?.content instanceof Uint8Array))
    throw new WorkbenchError('STORAGE_CORRUPT', `Run ${runId} has lost its hold-out rows.`);
  return new Int32Array(artifact.content.slice().buffer);
}

/** Features, label, probability, margin and SHAP values of rows. */
async function explainedTable(
  platform: Platform,
  call: { readonly dataset: Dataset; readonly trained: LoadedModel; readonly rows: Int32Array },
): Promise<Table> {
  const { dataset, trained, rows } = call;
  const { model } = trained;
  const columns = pickColumns(dataset.features, rows);
  const explained = await platform.services.explain.explain({ model, columns, rows: Int32Array.from(rows.keys()) });
  const margins = await manyMargins(model, columns, await platform.kernels(), { pause: platform.pause });
  return makeTable([
    ...featureColumns(dataset.featureNames, columns),
    ['label', floats(Float64Array.from(pickLabels(dataset, rows)))],
    ['probability', floats(Float64Array.from(margins, sigmoid))],
    ['margin', floats(Float64Array.from(margins))],
    ...dataset.featureNames.map((name, index): [string, Column] => [
      name === 'base' ? 'shap_feature_base' : `shap_${name}`,
      floats(Float64Array.from(explained.values, (row) => row[index] ?? NaN)),
    ]),
    ['shap_base', floats(new Float64Array(rows.length).fill(explained.base))],
    ['entity_key', stringColumn(pickValues(dataset.keys, rows))],
  ]);
}

function featureColumns(names: readonly string[], columns: readonly Float32Array[]): [string, Column][] {
  return names.map((name, index) => [outputName(name, names), floats(Float64Array.from(columns[index] ?? []))]);
}

/** A feature's column in holdout.csv: its own name, or feature_<name> where that is a column of the file already. */
function outputName(name: string, names: readonly string[]): string {
  const taken = OWN_COLUMNS.includes(name) || names.some((other) => name === `shap_${other}`);
  return taken ? `feature_${name}` : name;
}

function floats(values: Float64Array): Column {
  return { type: 'float64', values };
}

async function addPredictions(platform: Platform, model: string, files: Files): Promise<void> {
  const [batch] = await platform.records.read(Object.keys(inferenceTables), (tx) => findBatches(tx, model));
  const bytes = batch ? await platform.files.read(batch.path) : undefined;
  if (bytes) files.set('predictions.csv', writeCsv(await platform.arrow.decode(bytes)));
}

async function addDrift(platform: Platform, spec: ModelSpec, dataset: Dataset, files: Files): Promise<void> {
  const [report] = await platform.records.read(Object.keys(monitoringTables), (tx) =>
    listReports(tx, spec.config.name),
  );
  if (!report) return;
  files.set('drift.json', `${JSON.stringify(report, null, 2)}\n`);
  const sides = {
    drift_reference: rowsBetween(dataset, report.reference),
    drift_current: rowsBetween(dataset, report.current),
  };
  for (const [name, rows] of Object.entries(sides)) {
    const table = makeTable(
      dataset.featureNames.map((feature) => [feature, columnOf(dataset.table, feature)] as const),
    );
    files.set(`${name}.csv`, writeCsv(takeRows(table, rows)));
  }
}
