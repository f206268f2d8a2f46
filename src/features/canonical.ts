import type { FeatureDefinitions, FeatureService } from './types';

/** Definitions with nothing in them that says what holds anyway: equal ones have equal canonical forms. */
export function canonicalDefinitions(definitions: FeatureDefinitions): FeatureDefinitions {
  const { requests = [], onDemandViews = [] } = definitions;
  return {
    entities: definitions.entities.map(described),
    sources: definitions.sources.map(described),
    views: definitions.views.map((view) => ({
      ...without(described(view), { online: true, offline: true }),
      schema: view.schema.map(canonicalField),
    })),
    requests: requests.map(described),
    onDemandViews: onDemandViews.map(({ code: _shown, ...view }) => ({
      ...without(described(view), { mode: 'sql' }),
      schema: view.schema.map(canonicalField),
    })),
    service: { ...described(definitions.service), features: definitions.service.features.map(canonicalItem) },
  };
}

function canonicalField<T extends { readonly expect?: object; readonly description?: string }>(field: T): T {
  const { expect } = field;
  return described(expect ? { ...field, expect: without(expect, { severity: 'warn' }) } : field);
}

function canonicalItem(item: FeatureService['features'][number]): FeatureService['features'][number] {
  return typeof item === 'string' ? item : described(item);
}

/** Without keys that hold nothing: undefined, no text of a description or owner, no tags, mappings or expectations. */
function described<T extends object>(object: T): T {
  const kept = Object.entries(object).filter(([key, value]: [string, unknown]) => {
    if (value === undefined || (value === '' && (key === 'description' || key === 'owner'))) return false;
    return typeof value !== 'object' || value === null || Array.isArray(value) || Object.keys(value).length > 0;
  });
  return Object.fromEntries(kept) as T;
}

function without<T extends object>(object: T, defaults: Readonly<Record<string, unknown>>): T {
  const kept = Object.entries(object).filter(
    ([key, value]: [string, unknown]) =>
      value !== undefined && !(Object.hasOwn(defaults, key) && defaults[key] === value),
  );
  return Object.fromEntries(kept) as T;
}
