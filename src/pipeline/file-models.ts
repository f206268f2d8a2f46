import { WorkbenchError } from '../utils/errors';
import { sha256Hex } from '../utils/hash';
import { modelSchema, type Config } from '../config/schema';
import { deleteModelPredictions } from '../inference/log';
import { deleteModelReports } from '../monitoring/store';
import { deleteRegisteredModel } from '../registry/versions';
import { deleteRunViews } from '../tracking/run-views';
import { deleteExperiment } from '../tracking/runs';
import { forgetStudy } from '../tuning/study-records';
import { definitionsFromTable } from '../features/from-table';
import { forgetOnline } from '../features/online/write';
import { featureTables } from '../features/tables';
import { checkRoles } from './file-roles';
import type { FileModelRequest, FilePreview } from './views';
import type { DeclaredModel, FileSource } from './model-spec';
import type { Platform } from './platform';
import { allSpecs, findSpec } from './specs';
import { allTables } from './storage';
import type { StoredModel } from './tables';

/** Turns a dropped table into a model of the workspace. Nothing is run. Returns its name. */
export async function createFileModel(platform: Platform, config: Config, request: FileModelRequest): Promise<string> {
  const preview = await platform.services.data.previewFile({
    fileName: request.fileName,
    bytes: request.bytes,
    types: request.types,
    label: { column: request.label, positive: request.positive },
  });
  checkRoles(request, preview);
  const name = await freeName(platform, config, request);
  const importedAt = platform.now() * 1000;
  const file: FileSource = {
    fileName: request.fileName,
    path: `uploads/${name}/${sha256Hex(request.bytes).slice(0, 32)}.${preview.format}`,
    types: Object.fromEntries(
      preview.columns.flatMap(({ name: column, type }) => (type === 'list' ? [] : [[column, type]])),
    ),
    importedAt,
    hasTime: request.eventTimestamp !== undefined,
  };
  const spec = specFromPreview(name, request, preview, file);
  await platform.files.write(file.path, request.bytes);
  const stored: StoredModel = { name, spec, created: platform.now() };
  try {
    await platform.records.write(['workspace_models'], (tx) => tx.put('workspace_models', stored));
  } catch (error) {
    await platform.files.delete(file.path);
    throw error;
  }
  return name;
}

function specFromPreview(
  name: string,
  request: FileModelRequest,
  preview: FilePreview,
  file: FileSource,
): DeclaredModel {
  const profile = {
    table: 'rows',
    rows: preview.rows,
    columns: preview.columns,
  };
  const { definitions } = definitionsFromTable(profile, {
    label: request.label,
    ignore: request.ignore ?? [],
    entity: request.entity,
    eventTimestamp: request.eventTimestamp,
    categories: new Map(preview.columns.map((column) => [column.name, column.categories])),
  });
  if (definitions.service.features.length === 0) {
    throw new WorkbenchError(
      'DATA_INVALID',
      `${request.fileName} has no column left to learn from beside "${request.label}". A model needs at least one column that varies; check which are ignored and their types.`,
    );
  }
  const eventTimestamp = request.eventTimestamp ?? 'imported_at';
  const sensitive = (request.sensitive ?? []).filter((column) =>
    definitions.service.features.some((feature) => feature.endsWith(`:${column}`)),
  );
  return {
    config: modelSchema.parse({
      name,
      title: titleOf(request.fileName),
      description: `Made from ${request.fileName}.`,
      entity: request.entity ?? 'row_id',
      label: { column: request.label, positive: request.positive },
      features: definitions.service.features,
      sensitive,
    }),
    definitions,
    labels: { table: 'rows', event_timestamp: eventTimestamp, label_timestamp: eventTimestamp },
    sensitive: sensitive.map((column) => ({
      name: column,
      feature: definitions.service.features.find((feature) => feature.endsWith(`:${column}`)) ?? column,
      groups: {},
    })),
    file,
  };
}

async function freeName(platform: Platform, config: Config, request: FileModelRequest): Promise<string> {
  const taken = new Set((await allSpecs(platform, config)).map((spec) => spec.config.name));
  const base = nameOf(request.name ?? request.fileName.replace(/\.[^.]*$/, ''));
  if (request.name !== undefined && !/[a-z0-9]/i.test(request.name)) {
    throw new WorkbenchError(
      'USAGE',
      `"${request.name.slice(0, 60)}" cannot name a model: a name takes letters a to z, digits and underscores.`,
    );
  }
  if (request.name !== undefined && taken.has(base)) {
    throw new WorkbenchError(
      'USAGE',
      `There is a model "${base}" already. Choose another name, or delete that model first.`,
    );
  }
  let name = base;
  for (let n = 2; taken.has(name); n++) name = `${base.slice(0, 58)}_${n}`;
  return name;
}

function nameOf(text: string): string {
  const plain = text
    .toLowerCase()
    .replace(/[^a-z0-9]+/g, '_')
    .replace(/^_+|_+$/g, '')
    .slice(0, 60);
  return /^[a-z]/.test(plain) ? plain : `table_${plain}`.replace(/_$/, '');
}

function titleOf(fileName: string): string {
  const words =
    fileName
      .replace(/\.[^.]*$/, '')
      .replace(/[_-]+/g, ' ')
      .trim() || 'Table';
  return words.charAt(0).toUpperCase() + words.slice(1);
}

/** Deletes a model made from a file with everything recorded about it. Built-in models only lose what was recorded. */
export async function deleteModel(platform: Platform, config: Config, model: string): Promise<void> {
  await findSpec(platform, config, model);
  await platform.records.write(Object.keys(allTables), async (tx) => {
    await forgetStudy(tx, model);
    await deleteExperiment(tx, model);
    await deleteRunViews(tx, model);
    await deleteRegisteredModel(tx, {
      name: model,
      actor: 'you',
      reason: 'the model was deleted',
      now: platform.now(),
    });
    await deleteModelPredictions(tx, model);
    await deleteModelReports(tx, model);
    for (const table of ['stage_results', 'partitions', ...Object.keys(featureTables)]) {
      await tx.clear(table, { index: 'model', equals: model });
    }
    await forgetOnline(tx, model);
    await tx.delete('workspace_models', model);
  });
  for (const prefix of [`offline/${model}/`, `uploads/${model}/`, `predictions/${model}/`]) {
    for (const path of await platform.files.list(prefix)) await platform.files.delete(path);
  }
}
