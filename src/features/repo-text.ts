import { durationText } from '../config/feature-repo';
import { writeYamlText } from '../config/yaml-text';
import { canonicalDefinitions } from './canonical';
import { repoTypeOf } from './repo';
import { quoteName } from './sql';
import type { Entity, FeatureDefinitions, FeatureService, FeatureView, Field } from './types';

/**
 * Definitions as the text of a features.yaml whose sources name raw tables; `loadFeatureRepo` reads it back to the same
 * definitions in their canonical form.
 */
export function featureRepoText(project: string, definitions: FeatureDefinitions): string {
  const { entities, sources, requests = [], views, onDemandViews = [], service } = canonicalDefinitions(definitions);
  return writeYamlText({
    project,
    entities: entities.map(entityForm),
    sources,
    ...(requests.length > 0
      ? { request_sources: requests.map((request) => ({ ...request, schema: request.schema.map(typed) })) }
      : {}),
    feature_views: views.map(viewForm),
    ...(onDemandViews.length > 0
      ? { on_demand_feature_views: onDemandViews.map((view) => ({ ...view, schema: view.schema.map(typed) })) }
      : {}),
    feature_services: [serviceForm(service)],
  });
}

function entityForm({ name, join_keys, ...rest }: Entity): object {
  const [key] = join_keys;
  return { name, ...(join_keys.length === 1 && key === name ? {} : { join_keys }), ...rest };
}

function viewForm({ name, entities, source, ttl, schema, freshness, ...rest }: FeatureView): object {
  return {
    name,
    ...(entities.length > 0 ? { entities } : {}),
    source,
    ...(ttl === 0 ? {} : { ttl: durationText(ttl) }),
    ...(freshness === undefined ? {} : { freshness: durationText(freshness) }),
    ...rest,
    schema: schema.map(fieldForm),
  };
}

function fieldForm({ name, dtype, expression, aggregate, ...rest }: Field): object {
  return {
    name,
    dtype: repoTypeOf(dtype),
    ...(expression === quoteName(name) ? {} : { expression }),
    ...(aggregate ? { aggregate: { ...aggregate, window: durationText(aggregate.window) } } : {}),
    ...rest,
  };
}

function typed<T extends { readonly dtype: Field['dtype'] }>(field: T): object {
  return { ...field, dtype: repoTypeOf(field.dtype) };
}

function serviceForm({ name, features, ...rest }: FeatureService): object {
  return { name, ...rest, features: features.map((item) => (typeof item === 'string' ? item : projectionForm(item))) };
}

/** A whole view goes by its name alone. */
function projectionForm(item: Exclude<FeatureService['features'][number], string>): object | string {
  return Object.keys(item).length === 1 ? item.view : item;
}
