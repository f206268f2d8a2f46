import { splitOnDemand } from '../../features/on-demand';
import { objectVersions } from '../../features/plan';
import { projectionsOf } from '../../features/resolve';
import type { FeatureDefinitions, FeatureService } from '../../features/types';
import type { ColumnType } from '../../utils/columns';
import type { Records, RecordsTx } from '../../utils/records';
import type { DatasetPlace } from '../services/named-tables';
import { KEY, type DatasetFile } from '../services/dataset';
import { datasetFeatures, type ModelSpec } from '../model-spec';
import type { DefinitionsRecord, Partition, StageRecord } from '../tables';
import type { SavedDataset } from './types';

/** A data set's record. Those the Features stage makes have their file only until it makes another. */
export interface SavedDatasetRecord extends Omit<SavedDataset, 'kept'> {
  readonly model: string;
  /** Of its Arrow file; null once it was freed. */
  readonly path: string | null;
  /** In the order of `columns`. */
  readonly column_types: readonly ColumnType[];
}

/** Names that the Features stage gives. */
export const AUTOMATIC = 'training_';

/** Definitions as they held when a data set was made. */
export interface DefinitionVersions {
  readonly version: number;
  /** By feature view or on-demand view. */
  readonly views: Readonly<Record<string, number>>;
}

export async function datasetRecords(tx: RecordsTx, model: string): Promise<SavedDatasetRecord[]> {
  return tx.query<SavedDatasetRecord>('saved_datasets', { index: 'model', equals: model });
}

/** Whether a record's file is there, given where the Features stage keeps its newest. */
export function isKept(record: SavedDatasetRecord, newest: string | undefined): boolean {
  return record.path !== null && (!record.automatic || record.path === newest);
}

export async function newestPath(tx: RecordsTx, model: string): Promise<string | undefined> {
  return (await tx.get<StageRecord<'features'>>('stage_results', [model, 'features']))?.result.path;
}

/** Data sets whose file is there. */
export function keptRecords(records: Records, model: string): Promise<readonly (SavedDatasetRecord & DatasetPlace)[]> {
  return records.read(['saved_datasets', 'stage_results'], async (tx) => {
    const newest = await newestPath(tx, model);
    return (await datasetRecords(tx, model)).flatMap((record) => {
      const { path } = record;
      return path !== null && isKept(record, newest) ? [{ ...record, path }] : [];
    });
  });
}

/** The views that features are read from, and the partitions of their tables and of `more`. */
export function readBy(
  definitions: FeatureDefinitions,
  features: FeatureService['features'],
  { partitions, more = [] }: { readonly partitions: readonly Partition[]; readonly more?: readonly string[] },
): { readonly views: readonly string[]; readonly digests: readonly string[] } {
  const asked = splitOnDemand(definitions, features);
  const projections = projectionsOf(definitions, asked.inputs);
  const tables = new Set([...projections.map(({ resolved }) => resolved.source.table), ...more]);
  const views = [...projections.map(({ resolved }) => resolved.view.name), ...asked.onDemand.map((view) => view.name)];
  const digests = partitions.filter((part) => tables.has(part.table)).map((part) => part.digest);
  return { views: [...new Set(views)], digests: [...new Set(digests)].sort() };
}

/** Version of the definitions that hold, and of each of some views. */
export async function versionsOf(
  tx: RecordsTx,
  spec: ModelSpec,
  views: readonly string[],
): Promise<DefinitionVersions> {
  const byModel = { index: 'model', equals: spec.config.name } as const;
  const applied = await tx.query<DefinitionsRecord>('feature_definitions', byModel);
  const onDemand = new Set(spec.definitions.onDemandViews?.map((view) => view.name));
  const objects = objectVersions(
    views.map((name) => ({ kind: onDemand.has(name) ? 'on_demand_feature_view' : 'feature_view', name })),
    applied,
  );
  return {
    version: Math.max(0, ...applied.map(({ version }) => version)),
    views: Object.fromEntries(objects.map(({ name, version }) => [name, version])),
  };
}

/** Writes the record of a training data set in the transaction that commits it, so that its lineage outlives the file. */
export async function recordTrainingSet(
  tx: RecordsTx,
  spec: ModelSpec,
  built: Pick<DatasetFile, 'digest' | 'path' | 'rows' | 'mode' | 'profile'>,
  made: { readonly partitions: readonly Partition[]; readonly now: number },
): Promise<void> {
  const model = spec.config.name;
  const name = `${AUTOMATIC}${built.digest.slice(0, 12)}`;
  const { partitions, now } = made;
  const read = readBy(spec.definitions, datasetFeatures(spec), { partitions, more: [spec.labels.table] });
  const versions = await versionsOf(tx, spec, read.views);
  const before = await tx.get<SavedDatasetRecord>('saved_datasets', [model, name]);
  const record: SavedDatasetRecord = {
    model,
    name,
    digest: built.digest,
    path: built.path,
    created: before?.created ?? now,
    rows: built.rows,
    columns: [KEY, ...built.profile.columns.map((column) => column.name)],
    column_types: ['string', ...built.profile.columns.map((column) => column.type)],
    mode: built.mode,
    definitions_version: versions.version,
    views: versions.views,
    partitions: read.digests,
    automatic: true,
  };
  await tx.put('saved_datasets', record);
}
