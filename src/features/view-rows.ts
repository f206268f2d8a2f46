import { columnOf, type Column, type Table } from '../utils/columns';
import { WorkbenchError, invariant } from '../utils/errors';
import type { ResolvedView } from './resolve';
import { computeExpressions } from './row-expressions';
import type { Field, OfflineTables, ValueType } from './types';
import { isOfType, typeOf } from './value-types';

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
  const twice = columns.find(([name], at) => columns.findIndex(([other]) => other === name) !== at);
  if (twice) {
    throw new WorkbenchError(
      'FEATURES_INVALID',
      `The field_mapping gives a column of the table the name "${twice[0]}", which another has already. Map it to another name, or map the other one too.`,
    );
  }
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
    if (column && (isCounted(field) || isStored(column, field.dtype))) asTheyStand.set(field.name, column);
  }
  const rest = fields.filter((field) => !asTheyStand.has(field.name));
  if (rest.length === 0) return asTheyStand;
  const answer = await computeExpressions(await tables.scratch(), { resolved, table, fields: rest });
  return new Map(
    fields.map((field) => [field.name, asTheyStand.get(field.name) ?? typed(columnOf(answer, field.name), field)]),
  );
}

/** Whether the type declared is that of a count, not of the values. */
function isCounted({ aggregate }: Field): boolean {
  return aggregate?.function === 'count' || aggregate?.function === 'distinct';
}

/** Whether a column is of a type as it stands; int32 and float32 are narrower than the columns that hold them. */
function isStored(column: Column, dtype: ValueType): boolean {
  return typeOf(column) === dtype;
}

/** An all-missing answer of the engine has no type of its own. */
function typed(column: Column, field: Field): Column {
  const fits = field.aggregate?.function === 'distinct' || isOfType(column, field.dtype);
  invariant(fits, () => `${field.name} came as ${typeOf(column)}, expected ${field.dtype}`);
  return column;
}

function plainName(expression: string): string {
  const text = expression.trim();
  return /^".*"$/s.test(text) ? text.slice(1, -1).replaceAll('""', '"') : text;
}
