import { columnOf, type Column, type ColumnType, type Table } from '../utils/columns';
import { WorkbenchError, invariant } from '../utils/errors';
import type { ResolvedView } from './resolve';
import { quoteName } from './sql';
import type { Field, OfflineTables, ValueType } from './types';

/** The rows of a view's source, in its order, with the expressions of fields computed. */
export interface ViewRows {
  readonly rowCount: number;
  /** One column a join key. */
  readonly keys: readonly Column[];
  /** Microseconds, NaN where missing. */
  readonly event: Float64Array;
  /** Null where the source keeps no created time. */
  readonly created: Float64Array | null;
  readonly fields: ReadonlyMap<string, Column>;
}

/** What columns hold a value type. */
export const COLUMN_TYPE: Readonly<Record<ValueType, ColumnType>> = {
  bool: 'bool',
  int32: 'int64',
  int64: 'int64',
  float32: 'float64',
  float64: 'float64',
  string: 'string',
  timestamp: 'timestamp',
};

/** SQL that makes a value of a type; int32 and float32 come back in the columns that hold them here. */
const CASTS: Readonly<Record<ValueType, (expression: string) => string>> = {
  bool: (expression) => `CAST(${expression} AS BOOLEAN)`,
  int32: (expression) => `CAST(CAST(${expression} AS INTEGER) AS BIGINT)`,
  int64: (expression) => `CAST(${expression} AS BIGINT)`,
  float32: (expression) => `CAST(CAST(${expression} AS FLOAT) AS DOUBLE)`,
  float64: (expression) => `CAST(${expression} AS DOUBLE)`,
  string: (expression) => `CAST(${expression} AS VARCHAR)`,
  timestamp: (expression) => `CAST(${expression} AS TIMESTAMP)`,
};

/** SQL for a field's value under its name. */
export function fieldSql(field: Pick<Field, 'name' | 'dtype' | 'expression'>): string {
  return `${CASTS[field.dtype](`(${field.expression})`)} AS ${quoteName(field.name)}`;
}

/** Reads a view's source. Columns that are features as they stand are not sent through SQL. */
export async function loadViewRows(
  tables: OfflineTables,
  resolved: ResolvedView,
  fields: readonly Field[],
): Promise<ViewRows> {
  const { source, view, keys } = resolved;
  const raw = await tables.table(source.table);
  const table = renamed(raw, source.field_mapping ?? {});
  const column = (name: string, use: string): Column => {
    const found = table.columns.get(name);
    if (found) return found;
    throw new WorkbenchError(
      'FEATURES_INVALID',
      `View "${view.name}" needs the column "${name}" (${use}) of table "${source.table}", which has ${[...table.columns.keys()].join(', ')}.`,
    );
  };
  const time = (name: string, use: string): Float64Array => {
    const found = column(name, use);
    if (found.type === 'timestamp') return found.values;
    throw new WorkbenchError(
      'FEATURES_INVALID',
      `The column "${name}" of table "${source.table}" is ${found.type}; expected times, since it is the ${use} of source "${source.name}".`,
    );
  };
  const computed = await computeFields(tables, { resolved, table, fields });
  return {
    rowCount: table.rowCount,
    keys: keys.map((key) => column(key, 'join key')),
    event: time(source.timestamp_field, 'timestamp_field'),
    created: source.created_timestamp_column ? time(source.created_timestamp_column, 'created_timestamp_column') : null,
    fields: computed,
  };
}

function renamed(table: Table, mapping: Readonly<Record<string, string>>): Table {
  if (Object.keys(mapping).length === 0) return table;
  const columns = [...table.columns].map(([name, column]) => [mapping[name] ?? name, column] as const);
  return { rowCount: table.rowCount, columns: new Map(columns) };
}

interface FieldsOf {
  readonly resolved: ResolvedView;
  readonly table: Table;
  readonly fields: readonly Field[];
}

async function computeFields(
  tables: OfflineTables,
  { resolved, table, fields }: FieldsOf,
): Promise<ReadonlyMap<string, Column>> {
  const asTheyStand = new Map<string, Column>();
  for (const field of fields) {
    const column = table.columns.get(plainName(field.expression));
    if (column && field.dtype === column.type) asTheyStand.set(field.name, column);
  }
  const rest = fields.filter((field) => !asTheyStand.has(field.name));
  if (rest.length === 0) return asTheyStand;
  for (const field of rest) if (LOOKS_ACROSS.test(withoutTexts(field.expression))) throw acrossRows(resolved, field);
  const { source } = resolved;
  const engine = await tables.sql(source.table);
  const answer = await engine.query(`SELECT ${rest.map(fieldSql).join(', ')} FROM ${fromSql(source)}`);
  if (answer.rowCount !== table.rowCount) throw acrossRows(resolved, rest[0]);
  return new Map(
    fields.map((field) => [field.name, asTheyStand.get(field.name) ?? typed(columnOf(answer, field.name), field)]),
  );
}

const LOOKS_ACROSS = /\bover\s*\(/i;

function withoutTexts(expression: string): string {
  return expression.replace(/'(?:[^']|'')*'/g, "''");
}

function acrossRows({ view }: ResolvedView, field: Field | undefined): WorkbenchError {
  return new WorkbenchError(
    'FEATURES_INVALID',
    `An expression of view "${view.name}" (${field?.name ?? ''}) looks at other rows than its own; what it makes would hold later values. Write an expression of one row, and give the field an aggregate with a window.`,
  );
}

/** An all-missing answer of the engine has no type of its own. */
function typed(column: Column, field: Field): Column {
  const wanted = COLUMN_TYPE[field.dtype];
  invariant(column.type === wanted, () => `${field.name} came as ${column.type}, expected ${wanted}`);
  return column;
}

function plainName(expression: string): string {
  const text = expression.trim();
  return /^".*"$/s.test(text) ? text.slice(1, -1).replaceAll('""', '"') : text;
}

function fromSql({ table, field_mapping: mapping = {} }: ResolvedView['source']): string {
  const renames = Object.entries(mapping).map(([from, to]) => `${quoteName(from)} AS ${quoteName(to)}`);
  if (renames.length === 0) return quoteName(table);
  return `(SELECT * RENAME (${renames.join(', ')}) FROM ${quoteName(table)})`;
}
