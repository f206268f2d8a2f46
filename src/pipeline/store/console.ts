import { resolveView } from '../../features/resolve';
import { columnTypeOf } from '../../features/value-types';
import { cellAt, type ColumnType, type Table } from '../../utils/columns';
import { WorkbenchError } from '../../utils/errors';
import { viewNameIn, type NamedCall } from '../services/named-tables';
import { withPartitions } from '../partition-list';
import { stageResult } from '../stage-results';
import type { StoreContext } from './context';
import { keptRecords } from './dataset-records';
import type { RowsAnswer, SqlAnswer, SqlRequest, SqlSchema, TableFormat, TakenFile } from './types';

const DEFAULT_LIMIT = 10_000;
const MOST_ROWS = 100_000;
const MOST_FILE_ROWS = 2_000_000;

type SchemaColumn = SqlSchema['columns'][number];

/** The tables, feature views and saved data sets that statements can name; empty before the Data stage has run. */
export async function sqlSchema({ platform, spec }: StoreContext): Promise<readonly SqlSchema[]> {
  const { definitions, config } = spec;
  const data = await stageResult(platform.records, config.name, 'data');
  const profiles = data?.result.profiles ?? [];
  const raw = profiles.map(({ table, columns }): SqlSchema => ({
    name: table,
    kind: 'table',
    columns: columns.map(({ name, type }) => ({ name, type })),
  }));
  if (raw.length === 0) return [];
  const names = raw.map((table) => table.name);
  const views = definitions.views.map(({ name }): SqlSchema => {
    const { view, source, keys } = resolveView(definitions, name);
    const table = profiles.find((profile) => profile.table === source.table);
    const mapped = new Map(Object.entries(source.field_mapping ?? {}).map(([from, to]) => [to, from]));
    const typeOf = (key: string): ColumnType =>
      table?.columns.find((column) => column.name === (mapped.get(key) ?? key))?.type ?? 'string';
    const columns: SchemaColumn[] = keys.map((key) => ({ name: key, type: typeOf(key) }));
    columns.push({ name: 'event_timestamp', type: 'timestamp' });
    if (source.created_timestamp_column !== undefined) columns.push({ name: 'created_timestamp', type: 'timestamp' });
    columns.push(...view.schema.map((field) => ({ name: field.name, type: columnTypeOf(field.dtype) })));
    return { name: viewNameIn(names, name), kind: 'feature_view', columns };
  });
  const datasets = (await keptRecords(platform.records, config.name)).map(
    ({ name, columns, column_types }): SqlSchema => ({
      name,
      kind: 'saved_dataset',
      columns: columns.map((column, i) => ({ name: column, type: column_types[i] ?? 'string' })),
    }),
  );
  return [...raw, ...views, ...datasets];
}

/** Runs a statement that reads; `signal` ends it where the engine runs in a thread of its own (in a browser). */
export async function querySql(context: StoreContext, request: SqlRequest): Promise<SqlAnswer> {
  const { platform, onProgress, signal } = context;
  const { sql, limit = DEFAULT_LIMIT } = request;
  if (!Number.isInteger(limit) || limit < 1 || limit > MOST_ROWS) {
    throw new WorkbenchError('USAGE', `limit is ${limit}; it must be a whole number from 1 to 100,000.`);
  }
  let from = platform.now();
  const began = () => (from = platform.now());
  const { table, total } = await withNamed(context, 'A statement', (named) =>
    platform.services.data.querySql({ ...named, sql, limit, began }, onProgress, signal),
  );
  return { ...rowsAnswer(table, table.rowCount), total, took: platform.now() - from };
}

/** All rows of a statement as a file. Throws DATA_INVALID for more than MOST_FILE_ROWS. */
export async function sqlFile(context: StoreContext, sql: string, format: TableFormat): Promise<TakenFile> {
  const { platform, onProgress, signal } = context;
  const { data } = platform.services;
  const call = { sql, limit: MOST_FILE_ROWS, began: () => undefined };
  const { table, total } = await withNamed(context, 'A statement', (named) =>
    data.querySql({ ...named, ...call }, onProgress, signal),
  );
  if (total > table.rowCount) {
    throw new WorkbenchError(
      'DATA_INVALID',
      `The statement gives ${total} rows; a file takes ${MOST_FILE_ROWS} at most. Narrow it with WHERE or LIMIT.`,
    );
  }
  return { fileName: `result.${format}`, bytes: await data.fileBytes(table, format) };
}

/** Works with what a model's statements and joins read. Throws USAGE before the Data stage has run. */
export async function withNamed<T>(
  { platform, spec }: StoreContext,
  what: string,
  work: (named: NamedCall) => Promise<T>,
): Promise<T> {
  const model = spec.config.name;
  const datasets = await keptRecords(platform.records, model);
  return withPartitions(platform, model, (partitions) => {
    if (partitions.length > 0) return work({ spec, partitions, datasets });
    throw new WorkbenchError('USAGE', `${what} needs the tables of ${model}, and there are none yet. Run Data first.`);
  });
}

/** The first rows of a table as cells. */
export function rowsAnswer(table: Table, limit: number): RowsAnswer {
  const columns = [...table.columns];
  return {
    columns: columns.map(([name, column]) => ({ name, type: column.type })),
    rows: Array.from({ length: Math.min(limit, table.rowCount) }, (_, row) =>
      columns.map(([, column]) => cellAt(column, row)),
    ),
    total: table.rowCount,
  };
}
