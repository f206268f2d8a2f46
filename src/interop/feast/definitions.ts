import { splitReference } from '../../features/resolve';
import { itemType } from '../../features/value-types';
import { fieldSql } from '../../features/view-rows';
import type {
  FeatureDefinitions,
  FeatureService,
  FeatureView,
  OnDemandFeatureView,
  ScalarValueType,
  ValueType,
  ViewProjection,
} from '../../features/types';

/** One Feast entity: a join key and its type. */
export interface FeastEntity {
  readonly name: string;
  readonly joinKey: string;
  readonly valueType: 'INT64' | 'STRING' | 'UNIX_TIMESTAMP';
}

/** A view with the file that holds its rows. */
export interface FeastView {
  readonly view: FeatureView;
  readonly entities: readonly FeastEntity[];
  readonly path: string;
  readonly created: boolean;
}

export interface FeastDefinitions {
  readonly definitions: FeatureDefinitions;
  readonly services: readonly FeatureService[];
  readonly views: readonly FeastView[];
}

const TYPES: Readonly<Record<ScalarValueType, string>> = {
  bool: 'Bool',
  int32: 'Int32',
  int64: 'Int64',
  float32: 'Float32',
  float64: 'Float64',
  string: 'String',
  timestamp: 'UnixTimestamp',
};

function typeText(dtype: ValueType): string {
  const item = itemType(dtype);
  return item === null ? TYPES[dtype as ScalarValueType] : `Array(${TYPES[item]})`;
}

/** The Python file that `feast apply` reads: every object of the definitions, in Feast's own words. */
export function feastDefinitions({ definitions, services, views }: FeastDefinitions): string {
  const onDemand = (definitions.onDemandViews ?? []).filter((view) => view.mode !== 'typescript');
  const requests = definitions.requests ?? [];
  const entities = new Map(views.flatMap((view) => view.entities.map((entity) => [entity.name, entity] as const)));
  const parts = [
    header(onDemand.length > 0),
    ...[...entities.values()].map(
      (entity) =>
        `${entityName(entity)} = Entity(name=${text(entity.name)}, join_keys=[${text(entity.joinKey)}], value_type=ValueType.${entity.valueType})`,
    ),
    ...views.map(viewText),
    ...requests.map(
      (request) =>
        `request_${request.name} = RequestSource(name=${text(request.name)}, schema=[${fields(request.schema)}])`,
    ),
    ...onDemand.map((view) => onDemandText(definitions, view)),
    ...services.flatMap((service) => {
      const left = withoutFunctions(definitions, service);
      return left.features.length === 0 ? [] : [serviceText(left, new Set(onDemand.map((view) => view.name)))];
    }),
  ];
  return `${parts.join('\n\n')}\n`;
}

function header(onDemand: boolean): string {
  const lines = [
    '"""Feature definitions made by Glasshouse. Expressions were computed into the Parquet files beside this one."""',
    'from datetime import timedelta',
    '',
    ...(onDemand ? ['import pandas as pd'] : []),
    'from feast import Entity, FeatureService, FeatureView, Field, FileSource, RequestSource',
    ...(onDemand ? ['from feast.on_demand_feature_view import on_demand_feature_view'] : []),
    `from feast.types import ${['Array', ...Object.values(TYPES)].join(', ')}`,
    'from feast.value_type import ValueType',
  ];
  return lines.join('\n');
}

function viewText({ view, entities, path, created }: FeastView): string {
  const source = [
    `name=${text(`${view.name}_source`)}`,
    `path=${text(path)}`,
    'timestamp_field="event_timestamp"',
    ...(created ? ['created_timestamp_column="created_timestamp"'] : []),
  ];
  const parts = [
    `name=${text(view.name)}`,
    `entities=[${entities.map((entity) => entityName(entity)).join(', ')}]`,
    `ttl=timedelta(microseconds=${Math.round(view.ttl * 1_000_000)})`,
    `schema=[${fields(view.schema)}]`,
    `source=source_${view.name}`,
    `online=${view.online === false ? 'False' : 'True'}`,
    ...metadata(view),
  ];
  return `source_${view.name} = FileSource(${source.join(', ')})\nview_${view.name} = FeatureView(\n    ${parts.join(',\n    ')},\n)`;
}

function metadata(of: Pick<FeatureView, 'description' | 'owner' | 'tags'>): readonly string[] {
  return [
    ...(of.description === undefined ? [] : [`description=${text(of.description)}`]),
    ...(of.owner === undefined ? [] : [`owner=${text(of.owner)}`]),
    ...(of.tags === undefined ? [] : [`tags=${JSON.stringify(of.tags)}`]),
  ];
}

function fields(schema: readonly { readonly name: string; readonly dtype: ValueType }[]): string {
  return schema.map((field) => `Field(name=${text(field.name)}, dtype=${typeText(field.dtype)})`).join(', ');
}

/** Runs the same SQL in Python's duckdb; Feast gives inputs under short and full names, as the expressions know them. */
function onDemandText(definitions: FeatureDefinitions, view: OnDemandFeatureView): string {
  const requests = new Set((definitions.requests ?? []).map((request) => request.name));
  const sources = view.sources.map((source) => `${requests.has(source) ? 'request' : 'view'}_${source}`);
  const sql = `SELECT ${view.schema.map(fieldSql).join(', ')} FROM inputs`;
  const parts = [
    `name=${text(view.name)}`,
    `sources=[${sources.join(', ')}]`,
    `schema=[${fields(view.schema)}]`,
    'mode="pandas"',
    ...metadata(view),
  ];
  return [
    `@on_demand_feature_view(${parts.join(', ')})`,
    `def on_demand_${view.name}(inputs: pd.DataFrame) -> pd.DataFrame:`,
    '    import duckdb',
    '',
    `    return duckdb.query(${text(sql)}).df()`,
  ].join('\n');
}

/** On-demand views that are functions in TypeScript, which Python cannot run. */
export function functionViews(definitions: FeatureDefinitions): readonly string[] {
  return (definitions.onDemandViews ?? []).filter((view) => view.mode === 'typescript').map((view) => view.name);
}

function withoutFunctions(definitions: FeatureDefinitions, service: FeatureService): FeatureService {
  const left = new Set(functionViews(definitions));
  const viewOf = (item: FeatureService['features'][number]) =>
    typeof item === 'string' ? splitReference(item).view : item.view;
  return { ...service, features: service.features.filter((item) => !left.has(viewOf(item))) };
}

function serviceText(service: FeatureService, onDemand: ReadonlySet<string>): string {
  const items = service.features.map((item) => {
    if (typeof item !== 'string') return projectionText(item, onDemand);
    const { view, feature } = splitReference(item);
    return projectionText({ view, features: [feature] }, onDemand);
  });
  return `service_${service.name} = FeatureService(name=${text(service.name)}, features=[${items.join(', ')}])`;
}

function projectionText(item: ViewProjection, onDemand: ReadonlySet<string>): string {
  const { view, features, name, join_key_map: keys } = item;
  const chosen = features ? `[[${features.map(text).join(', ')}]]` : '';
  const alias = name === undefined ? '' : `.with_name(${text(name)})`;
  const map = keys === undefined ? '' : `.with_join_key_map(${JSON.stringify(keys)})`;
  return `${onDemand.has(view) ? 'on_demand' : 'view'}_${view}${chosen}${alias}${map}`;
}

/** A Python name of its own for any name of an entity, which may be any column's. */
function entityName({ name }: FeastEntity): string {
  return `entity_${name.replace(/[^A-Za-z0-9_]/gu, (letter) => `_u${letter.codePointAt(0)?.toString(16) ?? ''}_`)}`;
}

/** A Python literal; JSON's escapes are Python's too. */
function text(value: string): string {
  return JSON.stringify(value);
}
