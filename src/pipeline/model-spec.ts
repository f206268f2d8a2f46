import { WorkbenchError } from '../utils/errors';
import type { ModelConfig } from '../config/schema';
import type { FeatureDefinitions } from '../features/types';
import type { LabelSource, ModelDefinition } from '../models/types';

/** How a dropped file becomes a model: where its bytes are kept and how they are read. */
export interface FileSource {
  readonly fileName: string;
  readonly path: string;
  readonly types: Readonly<Record<string, 'float64' | 'int64' | 'bool' | 'string' | 'timestamp'>>;
  /** Microseconds, the event time of rows without one. */
  readonly importedAt: number;
  /** Whether the table brought its own event time, and so a history. */
  readonly hasTime: boolean;
}

/** Groups compared: the dataset column that holds them and readable names of its values. */
export interface SensitiveColumn {
  readonly name: string;
  readonly feature: string;
  readonly groups: Readonly<Record<string, string>>;
}

/** A model as its folder or file declares it. */
export interface DeclaredModel {
  readonly config: ModelConfig;
  readonly definitions: FeatureDefinitions;
  readonly labels: LabelSource;
  readonly sensitive: readonly SensitiveColumn[];
  readonly file: FileSource | null;
  /** The model folder of a built-in model that came in under another name. */
  readonly folder?: string;
}

/** The folder of src/models that a built-in model stems from: the one of its name, unless it was renamed. */
export function folderOf({ config, folder }: Pick<DeclaredModel, 'config' | 'folder'>): string {
  return folder ?? config.name;
}

/** A model of the workspace, built in or made from a file, ready for the stages: with the definitions applied last. */
export interface ModelSpec extends DeclaredModel {
  /** Version of the definitions; 0 for those declared. */
  readonly definitionsVersion: number;
  /** The last version that changed what features hold or which are trained on. */
  readonly computedSince: number;
  readonly declared: Pick<DeclaredModel, 'definitions'> & { readonly features: readonly string[] };
}

/** The model with another set of features to train on or to serve. */
export function withFeatures(spec: ModelSpec, features: readonly string[]): ModelSpec {
  return { ...spec, config: { ...spec.config, features: [...features] } };
}

/** Joins a config entry with its model folder. */
export function builtInSpec(config: ModelConfig, definition: ModelDefinition): DeclaredModel {
  const sensitive = config.sensitive.map((name) => {
    const found = definition.sensitive[name];
    if (!found) {
      throw new WorkbenchError(
        'CONFIG_INVALID',
        `config.yaml: model ${config.name} names the sensitive column "${name}", but its folder knows ${Object.keys(definition.sensitive).join(', ')}.`,
      );
    }
    return { name, ...found };
  });
  return {
    config,
    definitions: { ...definition.definitions, service: { name: config.name, features: config.features } },
    labels: definition.labels,
    sensitive,
    file: null,
  };
}

/** "view:feature" to "feature". */
export function shortName(reference: string): string {
  return reference.slice(reference.indexOf(':') + 1);
}

/** The join key columns of the model's entity. */
export function joinKeys(spec: ModelSpec): readonly string[] {
  const entity = spec.definitions.entities.find(
    (candidate) => candidate.join_keys.includes(spec.config.entity) || candidate.name === spec.config.entity,
  );
  return entity?.join_keys ?? [spec.config.entity];
}

/** Trained features first, then group columns that are not trained on. */
export function datasetFeatures(spec: ModelSpec): readonly string[] {
  return [...new Set([...spec.config.features, ...spec.sensitive.map((column) => column.feature)])];
}

/** The column of event times of each raw table that has one: as its source names it, else as the labels do. */
export function timeColumns({
  definitions,
  labels,
}: Pick<ModelSpec, 'labels'> & {
  readonly definitions: Pick<FeatureDefinitions, 'sources'>;
}): ReadonlyMap<string, string> {
  const columns = new Map<string, string>();
  for (const { table, timestamp_field } of definitions.sources) {
    if (!columns.has(table)) columns.set(table, timestamp_field);
  }
  if (!columns.has(labels.table)) columns.set(labels.table, labels.event_timestamp);
  return columns;
}
