import { search, type Searched } from '../tracking/search/search';
import type { FieldValue } from '../tracking/search/types';
import { MODEL_WORDS, VERSION_WORDS } from '../tracking/search/vocabulary';
import { byCodePoints } from '../utils/code-points';

interface Described {
  readonly name: string;
  readonly creation_timestamp: number;
  /** As created when absent. */
  readonly last_updated_timestamp?: number;
  readonly tags?: Readonly<Record<string, string>>;
}

/** What a search of registered models reads. */
export type SearchedModel = Described;

/** What a search of versions reads. */
export interface SearchedVersion extends Described {
  readonly version: number;
  readonly run_id: string;
  /** Where the model came from; `runs:/<run_id>` when absent. */
  readonly source?: string;
}

export interface RegistryQuery {
  readonly filter?: string;
  readonly orderBy?: readonly string[];
}

const MODELS: Searched<SearchedModel> = {
  words: MODEL_WORDS,
  read: (field) => (model) => (field.entity === 'tag' ? tagOf(model, field.key) : describedBy(model, field.key)),
  natural: (a, b) => byCodePoints(a.name, b.name),
};

const VERSIONS: Searched<SearchedVersion> = {
  words: VERSION_WORDS,
  read: (field) => (version) => (field.entity === 'tag' ? tagOf(version, field.key) : versionField(version, field.key)),
  natural: (a, b) => byCodePoints(a.name, b.name) || b.version - a.version,
};

function tagOf({ tags = {} }: Described, key: string): FieldValue {
  return Object.hasOwn(tags, key) ? tags[key] : undefined;
}

function describedBy(item: Described, key: string): FieldValue {
  if (key === 'name') return item.name;
  return key === 'creation_timestamp'
    ? item.creation_timestamp
    : (item.last_updated_timestamp ?? item.creation_timestamp);
}

function versionField(item: SearchedVersion, key: string): FieldValue {
  if (key === 'version_number') return item.version;
  if (key === 'run_id') return item.run_id;
  return key === 'source_path' ? (item.source ?? `runs:/${item.run_id}`) : describedBy(item, key);
}

/** Models that a filter of `name` and `tags` finds, by name where nothing else is asked. */
export function searchModels<T extends SearchedModel>(models: readonly T[], query: RegistryQuery): readonly T[] {
  return search<T>(models, MODELS, query);
}

/** Versions that a filter of `name`, `version_number`, `run_id`, `source_path` and `tags` finds; newest of each model first. */
export function searchVersions<T extends SearchedVersion>(versions: readonly T[], query: RegistryQuery): readonly T[] {
  return search<T>(versions, VERSIONS, query);
}
