import { secondsOf, type FeatureRepo, type SCALAR_TYPES } from '../config/feature-repo';
import { WorkbenchError } from '../utils/errors';
import { splitOnDemand } from './on-demand';
import { resolveView } from './resolve';
import type { FeatureDefinitions, FeatureService, Field, ScalarValueType, ValueType } from './types';

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
  const services = repo.feature_services.map((service): FeatureService => ({
    name: service.name,
    features: service.features.map((item) => (typeof item === 'string' ? { view: item } : item)),
  }));
  const definitions: FeatureDefinitions = {
    entities: repo.entities.map((entity) => ({ ...entity, join_keys: entity.join_keys ?? [entity.name] })),
    sources: [
      ...repo.sources.map(({ path: _path, ...source }) => ({ ...source, table: source.name })),
      ...repo.push_sources.flatMap((push) => {
        const batch = repo.sources.find((source) => source.name === push.batch_source);
        return batch ? [{ ...batch, name: push.name, table: batch.name }] : [];
      }),
    ],
    requests: repo.request_sources.map((request) => ({
      name: request.name,
      schema: request.schema.map((field) => ({ name: field.name, dtype: valueType(field.dtype) })),
    })),
    views: repo.feature_views.map((view) => ({
      ...view,
      ttl: secondsOf(view.ttl),
      schema: view.schema.map(fieldFrom),
    })),
    onDemandViews: repo.on_demand_feature_views.map(({ mode: _sql, ...view }) => ({
      ...view,
      schema: view.schema.map(fieldFrom),
    })),
    service: services[0] ?? { name: repo.project, features: [] },
  };
  const faults = [...nameFaults(repo), ...viewFaults(definitions), ...serviceFaults(definitions, services)];
  if (faults.length > 0) throw new WorkbenchError('FEATURES_INVALID', faults.join('\n'));
  const paths = new Map(repo.sources.map((source) => [source.name, source.path]));
  return { project: repo.project, definitions, services, paths };
}

function fieldFrom(field: FeatureRepo['feature_views'][number]['schema'][number]): Field {
  const { aggregate, dtype, expression, ...rest } = field;
  return {
    ...rest,
    dtype: valueType(dtype),
    expression: expression ?? `"${field.name}"`,
    ...(aggregate ? { aggregate: { function: aggregate.function, window: secondsOf(aggregate.window) } } : {}),
  };
}

/** Names that stand twice, case ignored as Feast does; push sources of nothing. */
function nameFaults(repo: FeatureRepo): readonly string[] {
  const kinds: readonly (readonly [string, readonly { readonly name: string }[]])[] = [
    ['entities', repo.entities],
    ['sources', [...repo.sources, ...repo.push_sources, ...repo.request_sources]],
    ['feature views', [...repo.feature_views, ...repo.on_demand_feature_views]],
    ['feature services', repo.feature_services],
  ];
  const twice = kinds.flatMap(([kind, items]) =>
    repeated(items.map((item) => item.name)).map((name) => `Two ${kind} are called "${name}". Rename one of them.`),
  );
  const lost = repo.push_sources.filter((push) => !repo.sources.some((source) => source.name === push.batch_source));
  return [
    ...twice,
    ...lost.map(
      (push) => `The push source "${push.name}" names the source "${push.batch_source}", which is not defined.`,
    ),
  ];
}

function repeated(names: readonly string[]): readonly string[] {
  const lower = names.map((name) => name.toLowerCase());
  return names.filter((_, at) => lower.indexOf(lower[at] ?? '') !== at);
}

function viewFaults(definitions: FeatureDefinitions): readonly string[] {
  return definitions.views.flatMap((view) => {
    const known = sentenceOf(() => resolveView(definitions, view.name));
    if (typeof known === 'string') return [known];
    const twice = repeated(view.schema.map((field) => field.name));
    const asKeys = view.schema.filter((field) => known.keys.includes(field.name));
    const windows = view.schema.filter((field) => field.aggregate && !(field.aggregate.window > 0));
    return [
      ...twice.map((name) => `View "${view.name}" has two features "${name}". Rename one of them.`),
      ...asKeys.map((field) => `The feature "${field.name}" of view "${view.name}" is its join key too. Rename it.`),
      ...windows.map((field) => `The window of ${view.name}:${field.name} is 0; give a time such as 7d.`),
      ...view.schema.flatMap((field) => aggregateFault(view.name, field)),
    ];
  });
}

/** What a window makes must fit the type that the field declares. */
function aggregateFault(view: string, field: Field): readonly string[] {
  const what = field.aggregate?.function;
  if (what === undefined || what === 'last') return [];
  const numeric = ['int32', 'int64', 'float32', 'float64'].includes(field.dtype);
  if (numeric || ((what === 'min' || what === 'max') && field.dtype === 'timestamp')) return [];
  return [`${view}:${field.name} is a ${what} and declared as ${field.dtype}; declare a number.`];
}

function serviceFaults(definitions: FeatureDefinitions, services: readonly FeatureService[]): readonly string[] {
  const lost = (definitions.onDemandViews ?? []).flatMap((view) =>
    view.sources
      .filter((source) => ![...definitions.views, ...(definitions.requests ?? [])].some((one) => one.name === source))
      .map(
        (source) =>
          `On-demand view "${view.name}" names the source "${source}", which is neither a feature view nor a request source.`,
      ),
  );
  if (lost.length > 0) return lost;
  return services.flatMap((service) => {
    const known = sentenceOf(() => splitOnDemand(definitions, service.features));
    return typeof known === 'string' ? [`Service "${service.name}": ${known}`] : [];
  });
}

function sentenceOf<T extends object>(work: () => T): T | string {
  try {
    return work();
  } catch (error) {
    if (error instanceof WorkbenchError) return error.message;
    throw error;
  }
}
