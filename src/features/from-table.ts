import type { ColumnProfile, TableProfile } from '../data/types';
import { WorkbenchError } from '../utils/errors';
import { quoteName, quoteText } from './sql';
import type { FeatureDefinitions, Field } from './types';

/** Text columns with at most this many values become one 0/1 feature a value. */
export const MOST_CATEGORIES = 32;

export interface TableRoles {
  readonly label: string;
  readonly ignore: readonly string[];
  /** Key column; the row number (`row_id`) when absent. */
  readonly entity?: string | undefined;
  /** Time column; the time of import (`imported_at`) when absent. */
  readonly eventTimestamp?: string | undefined;
  /** All values of each text column, in order of first appearance. */
  readonly categories: ReadonlyMap<string, readonly string[]>;
}

export interface TableDefinitions {
  readonly definitions: Omit<FeatureDefinitions, 'service'> & {
    readonly service: { readonly name: string; readonly features: readonly string[] };
  };
  readonly left_out: readonly { readonly column: string; readonly reason: string }[];
}

/** Feature definitions for a table nobody described: numbers pass through, text becomes 0/1 columns, the rest is named. */
export function definitionsFromTable(profile: TableProfile, roles: TableRoles): TableDefinitions {
  const skip = new Set([roles.label, roles.entity, roles.eventTimestamp, ...roles.ignore]);
  const schema: Field[] = [];
  const left_out: { column: string; reason: string }[] = [];
  for (const column of profile.columns) {
    if (skip.has(column.name)) continue;
    const made = fieldsOf(column, profile.rows, roles.categories.get(column.name) ?? []);
    if (typeof made === 'string') left_out.push({ column: column.name, reason: made });
    else schema.push(...made);
  }
  requireDistinctNames(schema);
  const key = roles.entity ?? 'row_id';
  return {
    left_out,
    definitions: {
      entities: [{ name: key, join_keys: [key] }],
      sources: [{ name: 'rows', table: 'rows', timestamp_field: roles.eventTimestamp ?? 'imported_at' }],
      views: [
        { name: 'table', entities: [key], source: 'rows', schema, ttl: 0, description: 'The columns of the file.' },
      ],
      service: { name: 'table', features: schema.map((field) => `table:${field.name}`) },
    },
  };
}

function fieldsOf(column: ColumnProfile, rows: number, categories: readonly string[]): Field[] | string {
  if (column.missing >= rows) return 'every value is missing';
  if (column.distinct <= 1 && column.missing === 0) return 'it has one value only';
  const name = safeName(column.name);
  const source = quoteName(column.name);
  switch (column.type) {
    case 'float64':
    case 'int64':
      return [{ name, dtype: 'float64', expression: source }];
    case 'bool':
      return [{ name, dtype: 'bool', expression: source }];
    case 'timestamp':
      return 'it is a time; choose it as the event time, or make a number of it';
    case 'list':
      return 'it holds lists; make a number of each by an expression, such as its length';
    case 'string':
      if (column.distinct > MOST_CATEGORIES)
        return `it has ${column.distinct} different texts, more than ${MOST_CATEGORIES}`;
      return categories.map((value) => ({
        name: safeName(`${column.name}=${value}`),
        dtype: 'bool',
        expression: `${source} = ${quoteText(value)}`,
        description: `Whether ${column.name} is "${value}".`,
      }));
  }
}

/** XGBoost refuses [ ] and < in feature names; ":" and a leading "__" have a meaning here. */
function safeName(name: string): string {
  return name.replace(/[[\]<>:]/g, '_').replace(/^__+/, '_');
}

function requireDistinctNames(schema: readonly Field[]): void {
  const seen = new Set<string>();
  for (const { name } of schema) {
    if (seen.has(name)) {
      throw new WorkbenchError(
        'FEATURES_INVALID',
        `Two columns would both be called "${name}" as features. Rename one of them in the file, or ignore it.`,
      );
    }
    seen.add(name);
  }
}
