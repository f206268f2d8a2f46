import { durationText } from '../config/feature-repo';
import { canonicalJson } from '../utils/hash';
import { canonicalDefinitions } from './canonical';
import type { FeatureDefinitions } from './types';

export type DefinitionKind =
  'entity' | 'source' | 'request_source' | 'feature_view' | 'on_demand_feature_view' | 'feature_service';

/** One object of the definitions before and after. */
export interface DefinitionChange {
  readonly kind: DefinitionKind;
  readonly name: string;
  readonly action: 'added' | 'changed' | 'deleted';
  /** What differs, by path ("schema.resting_bp.expression"), as text; null where there is nothing on that side. */
  readonly differences: readonly DefinitionDifference[];
}

export interface DefinitionDifference {
  readonly path: string;
  readonly before: string | null;
  readonly after: string | null;
}

type DefinitionObject = { readonly name: string } & Readonly<Record<string, unknown>>;

/** The objects of definitions with their kinds, in the order of a features.yaml. */
export function objectsOf(
  definitions: FeatureDefinitions,
): readonly { readonly kind: DefinitionKind; readonly object: DefinitionObject }[] {
  const { entities, sources, requests = [], views, onDemandViews = [], service } = definitions;
  const kinds = [
    ['entity', entities],
    ['source', sources],
    ['request_source', requests],
    ['feature_view', views],
    ['on_demand_feature_view', onDemandViews],
    ['feature_service', [service]],
  ] as const;
  return kinds.flatMap(([kind, objects]) =>
    objects.map((object) => ({ kind, object: object as object as DefinitionObject })),
  );
}

/**
 * What differs, object by object. As in Feast's registry diff (feast-dev/feast:sdk/python/feast/diff/registry_diff.py)
 * objects match by kind and name alone, so a new name is one object deleted and one added; unlike there no property is
 * passed over. The order of objects means nothing; that of a view's features and of a service's does.
 */
export function definitionChanges(before: FeatureDefinitions, after: FeatureDefinitions): readonly DefinitionChange[] {
  const keyOf = ({ kind, object }: { kind: DefinitionKind; object: DefinitionObject }) => `${kind} ${object.name}`;
  const old = objectsOf(canonicalDefinitions(before));
  const now = objectsOf(canonicalDefinitions(after));
  const oldByKey = new Map(old.map((one) => [keyOf(one), one.object]));
  const nowKeys = new Set(now.map(keyOf));
  const changes = now.flatMap((one): DefinitionChange[] => {
    const known = oldByKey.get(keyOf(one));
    const differences = differencesOf(known ?? null, one.object);
    if (known && differences.length === 0) return [];
    return [{ kind: one.kind, name: one.object.name, action: known ? 'changed' : 'added', differences }];
  });
  const gone = old
    .filter((one) => !nowKeys.has(keyOf(one)))
    .map(({ kind, object }): DefinitionChange => ({
      kind,
      name: object.name,
      action: 'deleted',
      differences: differencesOf(object, null),
    }));
  return [...changes, ...gone];
}

function differencesOf(
  before: DefinitionObject | null,
  after: DefinitionObject | null,
): readonly DefinitionDifference[] {
  const differences: DefinitionDifference[] = [];
  compare([], { before: before ?? {}, after: after ?? {} }, differences);
  return differences;
}

type Plain = Readonly<Record<string, unknown>>;

function compare(
  path: readonly string[],
  { before, after }: { readonly before: Plain; readonly after: Plain },
  found: DefinitionDifference[],
): void {
  for (const key of new Set([...Object.keys(before), ...Object.keys(after)])) {
    if (key === 'name') continue;
    const [old, now] = [before[key], after[key]];
    if (old !== undefined && now !== undefined && canonicalJson(old) === canonicalJson(now)) continue;
    const here = [...path, key];
    if (key === 'schema') compareNamed(here, old, now, found);
    else if (key === 'features' && path.length === 0) compareItems(here, old, now, found);
    else if (isPlain(old ?? {}) && isPlain(now ?? {}) && key !== 'aggregate') {
      compare(here, { before: plainOf(old), after: plainOf(now) }, found);
    } else found.push(difference(here, old, now));
  }
}

/** Fields by name: those of one side whole, those of both by what differs, then their order. */
function compareNamed(path: readonly string[], old: unknown, now: unknown, found: DefinitionDifference[]): void {
  const [before, after] = [fieldsOf(old), fieldsOf(now)];
  for (const name of new Set([...before.keys(), ...after.keys()])) {
    const [a, b] = [before.get(name), after.get(name)];
    if (a && b) compare([...path, name], { before: a, after: b }, found);
    else
      found.push({ path: [...path, name].join('.'), before: a ? fieldText(a) : null, after: b ? fieldText(b) : null });
  }
  compareOrder(path, [...before.keys()], [...after.keys()], found);
}

/** Features of a service: those on one side only, then their order. */
function compareItems(path: readonly string[], old: unknown, now: unknown, found: DefinitionDifference[]): void {
  const [before, after] = [itemsOf(old), itemsOf(now)];
  for (const [text, count] of before) {
    if ((after.get(text) ?? 0) < count) found.push({ path: [...path, text].join('.'), before: text, after: null });
  }
  for (const [text, count] of after) {
    if ((before.get(text) ?? 0) < count) found.push({ path: [...path, text].join('.'), before: null, after: text });
  }
  compareOrder(path, [...before.keys()], [...after.keys()], found);
}

function compareOrder(
  path: readonly string[],
  before: readonly string[],
  after: readonly string[],
  found: DefinitionDifference[],
): void {
  const both = before.filter((name) => after.includes(name));
  const now = after.filter((name) => before.includes(name));
  if (both.join('\n') === now.join('\n')) return;
  found.push({ path: [...path, 'order'].join('.'), before: both.join(', '), after: now.join(', ') });
}

function fieldsOf(schema: unknown): ReadonlyMap<string, DefinitionObject> {
  const fields = (schema ?? []) as readonly DefinitionObject[];
  return new Map(fields.map((field) => [field.name, field]));
}

/** How often each item stands there, by its text. */
function itemsOf(features: unknown): ReadonlyMap<string, number> {
  const counts = new Map<string, number>();
  for (const item of (features ?? []) as readonly unknown[]) {
    const text = typeof item === 'string' ? item : canonicalJson(item);
    counts.set(text, (counts.get(text) ?? 0) + 1);
  }
  return counts;
}

function difference(path: readonly string[], before: unknown, after: unknown): DefinitionDifference {
  const key = path.at(-1) ?? '';
  const [a, b] = [valueText(key, before), valueText(key, after)];
  const same = a === b;
  return {
    path: path.join('.'),
    before: same && before !== undefined ? canonicalJson(before) : a,
    after: same && after !== undefined ? canonicalJson(after) : b,
  };
}

function fieldText({ dtype, expression, aggregate }: DefinitionObject): string {
  const window = aggregate === undefined ? '' : `, ${valueText('aggregate', aggregate) ?? ''}`;
  return `${String(dtype)}${expression === undefined ? '' : `: ${valueText('expression', expression) ?? ''}`}${window}`;
}

function valueText(key: string, value: unknown): string | null {
  if (value === undefined) return null;
  if (key === 'aggregate' && isPlain(value)) return `${String(value['function'])} over ${secondsText(value['window'])}`;
  if (key === 'ttl') return value === 0 ? 'no limit' : secondsText(value);
  if (key === 'freshness') return secondsText(value);
  if (Array.isArray(value) && value.every((item) => typeof item === 'string')) return value.join(', ');
  return typeof value === 'string' ? value : canonicalJson(value);
}

function secondsText(value: unknown): string {
  return typeof value === 'number' ? String(durationText(value)) : canonicalJson(value);
}

function isPlain(value: unknown): value is Plain {
  return typeof value === 'object' && value !== null && !Array.isArray(value);
}

function plainOf(value: unknown): Plain {
  return isPlain(value) ? value : {};
}
