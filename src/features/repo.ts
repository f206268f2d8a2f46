import { secondsOf, type FeatureRepo, type SCALAR_TYPES } from '../config/feature-repo';
import { WorkbenchError } from '../utils/errors';
import { canonicalDefinitions } from './canonical';
import { definitionFaults, type DefinitionFault } from './definition-faults';
import { quoteName } from './sql';
import type { DataSource, FeatureDefinitions, FeatureService, Field, ScalarValueType, ValueType } from './types';
import { itemType } from './value-types';

/** Definitions of a folder, and where the tables of its sources are. */
export interface RepoDefinitions {
  readonly project: string;
  readonly definitions: FeatureDefinitions;
  readonly services: readonly FeatureService[];
  /** By source name, the path as the file has it. */
  readonly paths: ReadonlyMap<string, string>;
}

type RepoType = FeatureRepo['feature_views'][number]['schema'][number]['dtype'];

const TYPES: Readonly<Record<(typeof SCALAR_TYPES)[number], ScalarValueType>> = {
  Bool: 'bool',
  Int32: 'int32',
  Int64: 'int64',
  Float32: 'float32',
  Float64: 'float64',
  String: 'string',
  UnixTimestamp: 'timestamp',
};

function valueType(dtype: RepoType): ValueType {
  const item = /^Array\((\w+)\)$/.exec(dtype)?.[1];
  return item === undefined ? TYPES[dtype as keyof typeof TYPES] : `${TYPES[item as keyof typeof TYPES]}[]`;
}

/** Definitions from a features.yaml, checked against each other. Throws FEATURES_INVALID with every fault, a line each. */
export function definitionsFromRepo(repo: FeatureRepo): RepoDefinitions {
  const { faults, ...read } = readRepoDefinitions(repo);
  if (faults.length > 0) throw new WorkbenchError('FEATURES_INVALID', faults.map(({ message }) => message).join('\n'));
  return read;
}

/** The same with its faults instead of throwing them; their paths are those of the file. */
export function readRepoDefinitions(
  repo: FeatureRepo,
): RepoDefinitions & { readonly faults: readonly DefinitionFault[] } {
  const services = repo.feature_services.map((service): FeatureService => ({
    ...service,
    features: service.features.map((item) => (typeof item === 'string' && !item.includes(':') ? { view: item } : item)),
  }));
  const definitions = canonicalDefinitions({
    entities: repo.entities.map((entity) => ({ ...entity, join_keys: entity.join_keys ?? [entity.name] })),
    sources: [...repo.sources.map(sourceFrom), ...repo.push_sources.flatMap((push) => pushedSource(repo, push))],
    requests: repo.request_sources.map((request) => ({
      ...request,
      schema: request.schema.map((field) => ({ name: field.name, dtype: valueType(field.dtype) })),
    })),
    views: repo.feature_views.map(({ freshness, ...view }) => ({
      ...view,
      ttl: secondsOf(view.ttl),
      schema: view.schema.map(fieldFrom),
      ...(freshness === undefined ? {} : { freshness: secondsOf(freshness) }),
    })),
    onDemandViews: repo.on_demand_feature_views.map((view) => ({ ...view, schema: view.schema.map(fieldFrom) })),
    service: services[0] ?? { name: repo.project, features: [] },
  });
  const faults = [...lostPushes(repo), ...definitionFaults(definitions, services).map((fault) => inFile(repo, fault))];
  const paths = new Map(repo.sources.flatMap(({ name, path }) => (path === undefined ? [] : [[name, path] as const])));
  return { project: repo.project, definitions, services, paths, faults };
}

function sourceFrom({ path: _path, table, ...source }: FeatureRepo['sources'][number]): DataSource {
  return { ...source, table: table ?? source.name };
}

function pushedSource(repo: FeatureRepo, push: FeatureRepo['push_sources'][number]): readonly DataSource[] {
  const batch = repo.sources.find((source) => source.name === push.batch_source);
  const { batch_source: _batch, ...own } = push;
  return batch ? [{ ...sourceFrom(batch), ...own }] : [];
}

function lostPushes(repo: FeatureRepo): readonly DefinitionFault[] {
  return repo.push_sources.flatMap((push, at) =>
    repo.sources.some((source) => source.name === push.batch_source)
      ? []
      : [
          {
            path: ['push_sources', at, 'batch_source'],
            message: `The push source "${push.name}" names the source "${push.batch_source}", which is not defined.`,
          },
        ],
  );
}

const SECTIONS: Readonly<Record<string, string>> = {
  views: 'feature_views',
  onDemandViews: 'on_demand_feature_views',
  requests: 'request_sources',
  services: 'feature_services',
};

/** A fault of definitions at its place in the file that they were read from. */
export function inFile(repo: FeatureRepo, { path, message }: DefinitionFault): DefinitionFault {
  const [list = '', at, ...rest] = path;
  const pushed = list === 'sources' && typeof at === 'number' && at >= repo.sources.length;
  if (pushed) return { path: ['push_sources', at - repo.sources.length, ...rest], message };
  return { path: [SECTIONS[list] ?? list, ...(at === undefined ? [] : [at]), ...rest], message };
}

function fieldFrom(field: FeatureRepo['feature_views'][number]['schema'][number]): Field {
  const { aggregate, dtype, expression, ...rest } = field;
  return {
    ...rest,
    dtype: valueType(dtype),
    expression: expression ?? quoteName(field.name),
    ...(aggregate ? { aggregate: { function: aggregate.function, window: secondsOf(aggregate.window) } } : {}),
  };
}

const REPO_TYPE_OF = new Map<string, string>(Object.entries(TYPES).map(([repoType, type]) => [type, repoType]));

/** The name a features.yaml has for a type. */
export function repoTypeOf(type: ValueType): string {
  const item = itemType(type);
  const name = REPO_TYPE_OF.get(item ?? type) ?? type;
  return item === null ? name : `Array(${name})`;
}
