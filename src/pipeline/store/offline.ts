import { fitColumns } from '../../features/offline/fit-columns';
import { nearest } from '../../config/suggest';
import type { Column, Table } from '../../utils/columns';
import { throwIfAborted } from '../../utils/control';
import { WorkbenchError } from '../../utils/errors';
import type { TableProfile } from '../../data/types';
import { commitGrownData, grownData, GROWN_TABLES, noData } from '../grown-data';
import { withPartitions } from '../partition-list';
import { partitionsOf, stageResult } from '../stage-results';
import type { DataResult, Partition } from '../tables';
import { failuresOf } from './check-quality';
import { sqlSchema } from './console';
import type { StoreContext } from './context';
import { keptRecords } from './dataset-records';
import type { AppendResult, CompactResult, TableFormat, TakenFile } from './types';

/** Columns that a model made from a file got beside the file's own. */
const ADDED = ['row_id', 'imported_at'];

/** Appends a file's rows to a raw table; all of them, or none. */
export async function appendFile(context: StoreContext, table: string, file: TakenFile): Promise<AppendResult> {
  const { platform, spec, onProgress, signal } = context;
  const { data } = platform.services;
  const profile = tableNamed(await requireData(context), table);
  const types = Object.fromEntries(
    profile.columns.flatMap(({ name, type }) => (type === 'list' ? [] : [[name, type] as const])),
  );
  const { fileName, bytes } = file;
  const read = await data.readFile({ fileName, bytes, knownTypes: types, mixedZones: 'refuse' }, onProgress, signal);
  const before = await partitionsOf(platform.records, spec.config.name);
  const rows = spec.file ? withAdded(read.table, profile, platform.now() * 1000) : read.table;
  const fitted = fitColumns(rows, profile.columns, { source: fileName, table });
  const call = { spec, table, rows: fitted.table, before };
  const partitions = await data.storeRows(call, onProgress, signal);
  const failed: string[] = [];
  try {
    const grown = await grownData(context, { before, added: partitions, occasion: 'ingest' });
    failed.push(...failuresOf(grown.check));
    throwIfAborted({ signal });
    await platform.records.write([...GROWN_TABLES], (tx) => commitGrownData(tx, spec, grown));
  } catch (error) {
    for (const { path } of partitions) await platform.files.delete(path);
    throw error;
  }
  const warnings = [...read.warnings, ...extraWarning(fileName, fitted.extra, table), ...failed];
  return { table, rows: fitted.table.rowCount, partitions: partitions.length, warnings };
}

function extraWarning(fileName: string, extra: readonly string[], table: string): readonly string[] {
  if (extra.length === 0) return [];
  const names = extra.slice(0, 12).map((name) => `"${name}"`);
  const more = extra.length > names.length ? ` and ${extra.length - names.length} more` : '';
  return [`${fileName} also has ${names.join(', ')}${more}, which the table "${table}" does not; left out.`];
}

async function requireData({ platform, spec }: StoreContext): Promise<DataResult> {
  const stage = await stageResult(platform.records, spec.config.name, 'data');
  if (!stage) throw noData(spec);
  return stage.result;
}

function tableNamed(data: DataResult, name: string): TableProfile {
  const found = data.profiles.find(({ table }) => table === name);
  if (found) return found;
  throw unknownName(
    name,
    data.profiles.map(({ table }) => table),
    'raw table',
  );
}

function unknownName(name: string, known: readonly string[], what: string): WorkbenchError {
  const near = nearest(name, known);
  const advice = near === null ? `there are ${known.join(', ')}` : `did you mean "${near}"?`;
  return new WorkbenchError('USAGE', `There is no ${what} "${name}"; ${advice}`);
}

/** Rows of a file get the row number and the time of import as those before did, unless the file brings them. */
function withAdded(rows: Table, profile: TableProfile, importedAt: number): Table {
  const made: Readonly<Record<string, () => Column>> = {
    row_id: () => ({
      type: 'int64',
      values: BigInt64Array.from({ length: rows.rowCount }, (_, row) => BigInt(profile.rows + row + 1)),
    }),
    imported_at: () => ({ type: 'timestamp', values: new Float64Array(rows.rowCount).fill(importedAt) }),
  };
  const columns = new Map(rows.columns);
  for (const name of ADDED) {
    const column = made[name]?.();
    if (column && !columns.has(name)) columns.set(name, column);
  }
  return { rowCount: rows.rowCount, columns };
}

/** A raw table, a feature view or a saved data set as a file. */
export async function exportTable(context: StoreContext, name: string, format: TableFormat): Promise<TakenFile> {
  const { platform, spec } = context;
  const model = spec.config.name;
  const known = (await sqlSchema(context)).map((one) => one.name);
  if (known.length === 0) throw noData(spec);
  if (!known.includes(name)) throw unknownName(name, known, 'raw table, feature view or saved data set');
  const datasets = await keptRecords(platform.records, model);
  const bytes = await withPartitions(platform, model, (partitions) =>
    platform.services.data.tableFile({ spec, partitions, datasets }, name, format),
  );
  return { fileName: `${model}-${name}.${format}`, bytes };
}

/** Rewrites partitions of one date as one; rows, their order and the data's digest stay. */
export async function compact(context: StoreContext): Promise<CompactResult> {
  const { platform, spec, onProgress, signal } = context;
  const model = spec.config.name;
  const before = await partitionsOf(platform.records, model);
  const compacted = await platform.services.data.compact(model, before, onProgress, signal);
  const gone = compacted.flatMap((one) => one.gone);
  const made = compacted.map((one) => one.made);
  try {
    throwIfAborted({ signal });
    await platform.records.write(['partitions'], async (tx) => {
      for (const { path } of gone) await tx.delete('partitions', path);
      await tx.putAll('partitions', made);
    });
  } catch (error) {
    for (const { path } of made) await platform.files.delete(path);
    throw error;
  }
  for (const { path } of gone) await platform.files.delete(path);
  return compactResult(before, gone, made);
}

function compactResult(
  before: readonly Partition[],
  gone: readonly Partition[],
  made: readonly Partition[],
): CompactResult {
  const names = [...new Set(before.map(({ table }) => table))];
  const filesOf = (name: string, partitions: readonly Partition[]) =>
    partitions.filter(({ table }) => table === name).length;
  const bytes = (partitions: readonly Partition[]) => partitions.reduce((sum, one) => sum + one.bytes, 0);
  return {
    tables: names.map((name) => {
      const files = filesOf(name, before);
      return { table: name, before: files, after: files - filesOf(name, gone) + filesOf(name, made) };
    }),
    freed: bytes(gone) - bytes(made),
  };
}
