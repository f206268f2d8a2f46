import { WorkbenchError } from '../utils/errors';
import type { DataSource, FeatureDefinitions, FeatureView, Field } from './types';

export function quoteName(name: string): string {
  return `"${name.replaceAll('"', '""')}"`;
}

export function quoteText(text: string): string {
  return `'${text.replaceAll("'", "''")}'`;
}

const SQL_TYPE = { float64: 'DOUBLE', int64: 'BIGINT', bool: 'BOOLEAN', string: 'VARCHAR' } as const;

function fieldSql(field: Field): string {
  return `CAST((${field.expression}) AS ${SQL_TYPE[field.dtype]}) AS ${quoteName(field.name)}`;
}

/** A view with its source and the join keys of its entities. */
export interface ResolvedView {
  readonly view: FeatureView;
  readonly source: DataSource;
  readonly keys: readonly string[];
}

export function resolveView(definitions: FeatureDefinitions, name: string): ResolvedView {
  const view = definitions.views.find((candidate) => candidate.name === name);
  if (!view) {
    throw new WorkbenchError(
      'FEATURES_INVALID',
      `There is no feature view "${name}"; there are ${definitions.views.map((candidate) => candidate.name).join(', ')}.`,
    );
  }
  const source = definitions.sources.find((candidate) => candidate.name === view.source);
  if (!source)
    throw new WorkbenchError(
      'FEATURES_INVALID',
      `View "${name}" names the source "${view.source}", which is not defined.`,
    );
  const keys = view.entities.flatMap((entity) => {
    const found = definitions.entities.find((candidate) => candidate.name === entity);
    if (!found)
      throw new WorkbenchError(
        'FEATURES_INVALID',
        `View "${name}" names the entity "${entity}", which is not defined.`,
      );
    return found.join_keys;
  });
  return { view, source, keys };
}

/** "view:feature" references grouped by view, in order of first mention. */
export function groupByView(
  definitions: FeatureDefinitions,
  references: readonly string[],
): { readonly resolved: ResolvedView; readonly fields: readonly Field[] }[] {
  const byView = new Map<string, Field[]>();
  for (const reference of references) {
    const colon = reference.indexOf(':');
    const { view } = resolveView(definitions, reference.slice(0, colon));
    const field = view.schema.find((candidate) => candidate.name === reference.slice(colon + 1));
    if (!field) {
      throw new WorkbenchError(
        'FEATURES_INVALID',
        `View "${view.name}" has no feature "${reference.slice(colon + 1)}"; it has ${view.schema.map((candidate) => candidate.name).join(', ')}.`,
      );
    }
    byView.set(view.name, [...(byView.get(view.name) ?? []), field]);
  }
  return [...byView].map(([name, fields]) => ({ resolved: resolveView(definitions, name), fields }));
}

/**
 * The rows of a view's source with its expressions computed: the join keys, `__ts`, `__created` (the event time where
 * the source has none), `__row` (order in the source) and one column a field. Rows without an event time are left out.
 */
export function viewRowsSql(resolved: ResolvedView, fields: readonly Field[]): string {
  const { source, keys } = resolved;
  const time = quoteName(source.timestamp_field);
  const created = source.created_timestamp_column ? quoteName(source.created_timestamp_column) : time;
  const columns = [
    ...keys.map(quoteName),
    `${time} AS __ts`,
    `${created} AS __created`,
    'rowid AS __row',
    ...fields.map(fieldSql),
  ];
  return `SELECT ${columns.join(', ')} FROM ${quoteName(source.table)} WHERE ${time} IS NOT NULL`;
}

/** Keeps the first row of each partition. */
export function firstOf(rows: string, partition: readonly string[], order: string): string {
  const by = partition.length > 0 ? `PARTITION BY ${partition.join(', ')} ` : '';
  return `SELECT * FROM (SELECT *, row_number() OVER (${by}ORDER BY ${order}) AS __rank FROM (${rows})) WHERE __rank = 1`;
}

/** Newest first: created time breaks ties of event time, the later source row breaks those. */
export const NEWEST = '__ts DESC, __created DESC NULLS LAST, __row DESC';
