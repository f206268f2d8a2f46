import { nearest } from '../config/suggest';
import { WorkbenchError } from '../utils/errors';
import type { DataSource, FeatureDefinitions, FeatureService, FeatureView, Field, ViewProjection } from './types';

/** A view with its source and the join keys of its entities. */
export interface ResolvedView {
  readonly view: FeatureView;
  readonly source: DataSource;
  readonly keys: readonly string[];
}

/** Features of one view as they are asked for. */
export interface ResolvedProjection {
  readonly resolved: ResolvedView;
  /** The view's name, or the alias in its place. */
  readonly name: string;
  readonly fields: readonly Field[];
  /** Columns of the entity rows that hold the view's join keys, in their order. */
  readonly keyColumns: readonly string[];
}

function fault(text: string): WorkbenchError {
  return new WorkbenchError('FEATURES_INVALID', text);
}

/** " Did you mean …?" or the list of what there is. */
function advice(word: string, known: readonly string[], are: string): string {
  const near = nearest(word, known);
  return near === null ? `${are} ${known.join(', ') || 'none'}.` : `did you mean "${near}"?`;
}

export function resolveView(definitions: FeatureDefinitions, name: string): ResolvedView {
  const view = definitions.views.find((candidate) => candidate.name === name);
  if (!view) {
    const known = definitions.views.map((candidate) => candidate.name);
    throw fault(`There is no feature view "${name}"; ${advice(name, known, 'there are')}`);
  }
  const source = definitions.sources.find((candidate) => candidate.name === view.source);
  if (!source) throw fault(`View "${name}" names the source "${view.source}", which is not defined.`);
  const keys = view.entities.flatMap((entity) => {
    const found = definitions.entities.find((candidate) => candidate.name === entity);
    if (!found) throw fault(`View "${name}" names the entity "${entity}", which is not defined.`);
    return found.join_keys;
  });
  return { view, source, keys };
}

function fieldOf(view: FeatureView, name: string): Field {
  const field = view.schema.find((candidate) => candidate.name === name);
  if (field) return field;
  const known = view.schema.map((candidate) => candidate.name);
  throw fault(`View "${view.name}" has no feature "${name}"; ${advice(name, known, 'it has')}`);
}

/** "view:feature" in its two parts. */
export function splitReference(reference: string): { readonly view: string; readonly feature: string } {
  const colon = reference.indexOf(':');
  if (colon <= 0 || colon === reference.length - 1) {
    throw fault(`"${reference}" names no feature; expected view:feature, as in "vitals:resting_bp".`);
  }
  return { view: reference.slice(0, colon), feature: reference.slice(colon + 1) };
}

/** What is asked of feature views, one entry a view or alias, in order of first mention. */
export function projectionsOf(
  definitions: FeatureDefinitions,
  features: FeatureService['features'],
): readonly ResolvedProjection[] {
  const found = new Map<string, ResolvedProjection>();
  const add = (asked: Required<Omit<ViewProjection, 'features'>> & { readonly features: readonly Field[] }) => {
    const resolved = resolveView(definitions, asked.view);
    const before = found.get(asked.name);
    if (before && before.resolved.view.name !== asked.view) {
      throw fault(
        `"${asked.name}" stands for ${before.resolved.view.name} and for ${asked.view}. Give one of them another name.`,
      );
    }
    const foreign = Object.keys(asked.join_key_map).find((key) => !resolved.keys.includes(key));
    if (foreign !== undefined) {
      throw fault(
        `The join_key_map of ${asked.name} names "${foreign}"; ${asked.view} has ${resolved.keys.join(', ')}.`,
      );
    }
    const fields = [...(before?.fields ?? []), ...asked.features];
    const repeated = fields.find((field, at) => fields.findIndex((one) => one.name === field.name) !== at);
    if (repeated) throw fault(`The feature "${asked.name}:${repeated.name}" is asked for twice.`);
    const keyColumns = resolved.keys.map((key) => asked.join_key_map[key] ?? key);
    if (before && keyColumns.some((column, at) => column !== before.keyColumns[at])) {
      throw fault(
        `"${asked.name}" is asked for with two different join_key_maps (${before.keyColumns.join(', ')} and ${keyColumns.join(', ')}). Give one of them a name of its own.`,
      );
    }
    found.set(asked.name, { resolved, name: asked.name, fields, keyColumns });
  };
  for (const item of features) {
    if (typeof item === 'string') {
      const { view, feature } = splitReference(item);
      add({ view, name: view, join_key_map: {}, features: [fieldOf(resolveView(definitions, view).view, feature)] });
    } else {
      const { view } = resolveView(definitions, item.view);
      const names = item.features ?? view.schema.map((field) => field.name);
      const fields = names.map((name) => fieldOf(view, name));
      add({ view: item.view, name: item.name ?? item.view, join_key_map: item.join_key_map ?? {}, features: fields });
    }
  }
  return [...found.values()];
}
