import { ACROSS_ROWS, expressionFault, fieldSql } from './field-sql';
import { nearest } from '../config/suggest';
import { takeRows, type Column, type Table } from '../utils/columns';
import { WorkbenchError } from '../utils/errors';
import { resolveView, type ResolvedView } from './resolve';
import { quoteName } from './sql';
import type { DefinitionFault } from './definition-faults';
import type { FeatureDefinitions, Field, OfflineTables, OnDemandFeatureView } from './types';
import { columnFromCells } from './value-types';
import { loadViewRows } from './view-rows';

/** Rows of a table that expressions are tried on. */
const TRIED_ROWS = 1000;
/** Tables under this prefix belong to a try alone. */
const PREFIX = '__try_';

/**
 * What of the named views does not run on the tables: columns that are not there, with the nearest that is, and
 * expressions that the SQL engine refuses, with its words. Expressions run on the first 1,000 rows, so a value further
 * down that does not fit its type is only found when Features runs.
 */
export async function triedFaults(
  tables: OfflineTables,
  definitions: FeatureDefinitions,
  views: readonly string[],
): Promise<readonly DefinitionFault[]> {
  const faults: DefinitionFault[] = [];
  for (const [at, view] of definitions.views.entries()) {
    if (!views.includes(view.name)) continue;
    const { source } = resolveView(definitions, view.name);
    const table = await tables.table(source.table).catch(asFault);
    if (table instanceof WorkbenchError) {
      const sourceAt = definitions.sources.indexOf(source);
      faults.push({ path: ['sources', sourceAt, 'table'], message: `Source "${source.name}": ${table.message}` });
      continue;
    }
    const found = await viewFaults(tables, { definitions, view: view.name, at }, table);
    faults.push(...found);
  }
  for (const [at, view] of (definitions.onDemandViews ?? []).entries()) {
    // A function is held to its schema when it runs.
    if (views.includes(view.name) && view.mode !== 'typescript')
      faults.push(...(await onDemandFaults(tables, definitions, view, at)));
  }
  return faults;
}

function asFault(error: unknown): WorkbenchError {
  if (error instanceof WorkbenchError) return error;
  throw error;
}

interface TriedView {
  readonly definitions: FeatureDefinitions;
  readonly view: string;
  /** Among the views. */
  readonly at: number;
}

async function viewFaults(tables: OfflineTables, tried: TriedView, whole: Table): Promise<readonly DefinitionFault[]> {
  const { definitions, view, at } = tried;
  const resolved = resolveView(definitions, view);
  const { source } = resolved;
  const columns = [...whole.columns.keys()].map((name) => source.field_mapping?.[name] ?? name);
  const mapped = Object.keys(source.field_mapping ?? {}).filter((name) => !whole.columns.has(name));
  const needed = [source.timestamp_field, source.created_timestamp_column ?? source.timestamp_field, ...resolved.keys];
  const missing = [...mapped, ...new Set(needed.filter((name) => !columns.includes(name)))];
  if (missing.length > 0) {
    return missing.map((name) => ({
      path: ['views', at, 'source'],
      message: `View "${view}" needs the column "${name}" of table "${source.table}"; ${nearText(name, columns)}`,
    }));
  }
  const sample = takeRows(
    whole,
    Int32Array.from({ length: Math.min(TRIED_ROWS, whole.rowCount) }, (_, row) => row),
  );
  const all = await tryFields(tables, resolved, sample, resolved.view.schema);
  if (all === null) return [];
  const faults: DefinitionFault[] = [];
  for (const [number, field] of resolved.view.schema.entries()) {
    const words = await tryFields(tables, resolved, sample, [field]);
    if (words === null) continue;
    faults.push({
      path: ['views', at, 'schema', number, 'expression'],
      message: sentence(tried, field, words, columns),
    });
  }
  return faults.length > 0 ? faults : [{ path: ['views', at], message: `View "${view}": ${all}` }];
}

/** Why fields of a view cannot be computed on some rows of its table; null where they can. */
async function tryFields(
  tables: OfflineTables,
  resolved: ResolvedView,
  sample: Table,
  fields: readonly Field[],
): Promise<string | null> {
  try {
    await loadViewRows({ ...tables, table: () => Promise.resolve(sample) }, resolved, fields);
    return null;
  } catch (error) {
    return asFault(error).message;
  }
}

function sentence({ view }: TriedView, field: Field, words: string, columns: readonly string[]): string {
  const [, lost] = /column "([^"]+)" not found/i.exec(words) ?? [];
  const near = lost === undefined ? null : nearest(lost, columns);
  return `${view}:${field.name} cannot be computed: ${words}${near === null ? '' : ` Did you mean "${near}"?`}`;
}

function nearText(name: string, columns: readonly string[]): string {
  const near = nearest(name, columns);
  return near === null ? `it has ${columns.join(', ')}.` : `did you mean "${near}"?`;
}

/** Expressions over an empty table of the types that their sources declare. */
async function onDemandFaults(
  tables: OfflineTables,
  definitions: FeatureDefinitions,
  view: OnDemandFeatureView,
  at: number,
): Promise<readonly DefinitionFault[]> {
  const columns = onDemandInputs(definitions, view);
  const engine = await tables.scratch();
  const name = `${PREFIX}${view.name}`;
  await engine.insert(name, { rowCount: 0, columns });
  try {
    const faults: DefinitionFault[] = [];
    for (const [number, field] of view.schema.entries()) {
      const fault = expressionFault(field.expression);
      const words =
        fault === null
          ? await engine.query(`SELECT ${fieldSql(field)} FROM ${quoteName(name)}`).then(
              // Of no rows an aggregate makes one.
              ({ rowCount }) => (rowCount > 0 ? `It ${ACROSS_ROWS}` : null),
              (error: unknown) => asFault(error).message.replaceAll(PREFIX, ''),
            )
          : `It ${fault}`;
      if (words === null) continue;
      const about = { definitions, view: view.name, at };
      const message = sentence(about, { ...field }, words, [...columns.keys()]);
      faults.push({ path: ['onDemandViews', at, 'schema', number, 'expression'], message });
    }
    return faults;
  } finally {
    await engine.drop(name);
  }
}

function onDemandInputs(definitions: FeatureDefinitions, view: OnDemandFeatureView): Map<string, Column> {
  const columns = new Map<string, Column>();
  const counts = new Map<string, number>();
  const fields = view.sources.flatMap((source) => {
    const request = definitions.requests?.find((one) => one.name === source);
    for (const { name, dtype } of request?.schema ?? []) columns.set(name, columnFromCells(dtype, []));
    const schema = definitions.views.find((one) => one.name === source)?.schema ?? [];
    return schema.map((field) => ({ source, ...field }));
  });
  for (const { name } of fields) counts.set(name, (counts.get(name) ?? 0) + 1);
  for (const { source, name, dtype } of fields) {
    columns.set(`${source}__${name}`, columnFromCells(dtype, []));
    if (counts.get(name) === 1 && !columns.has(name)) columns.set(name, columnFromCells(dtype, []));
  }
  if (columns.size === 0) columns.set('__row', columnFromCells('float64', []));
  return columns;
}
