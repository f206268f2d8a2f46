import { sha256Hex } from '../../utils/hash';
import {
  cellAt,
  columnLength,
  columnOf,
  makeTable,
  takeOrMissing,
  takeRows,
  toFloat64,
  type Column,
  type Table,
} from '../../utils/columns';
import { checkpoint, type Control } from '../../utils/control';
import { WorkbenchError } from '../../utils/errors';
import { profileTable } from '../../data/profile';
import { applyLabelRule, parseLabelRule } from '../../data/label';
import { getHistoricalFeatures } from '../../features/historical';
import { materialize } from '../../features/materialize';
import type { OnlineBatch } from '../../features/online/tables';
import type { LeakReport, OfflineTables, PointInTimeMode } from '../../features/types';
import type { TableProfile } from '../../data/types';
import { datasetFeatures, joinKeys, type ModelSpec } from '../model-spec';
import type { Host } from '../platform';
import type { DatasetCall } from './data-calls';
import { NewFiles } from './new-files';
import type { NewestEvents } from './view-tables';

/** Columns of a data set beside its features. A leading "__" keeps them apart, as Feast skips such names. */
export const KEY = '__entity_key';
export const EVENT = 'event_timestamp';
export const LABEL = '__label';

/** A training data set: one row a visit, features as known at its time, the label where it is known. */
export interface DatasetFile {
  readonly path: string;
  readonly digest: string;
  readonly rows: number;
  readonly labelled: number;
  readonly entities: number;
  readonly coverage: Readonly<Record<string, number>>;
  readonly mode: PointInTimeMode;
  readonly leaks: readonly LeakReport[];
  readonly profile: TableProfile;
  readonly online: readonly OnlineBatch[];
  readonly materialized: readonly {
    readonly view: string;
    readonly rows: number;
    readonly from: number;
    readonly to: number;
  }[];
  readonly sampleKeys: readonly string[];
  readonly newest: NewestEvents;
}

/** Joins entity rows with their features at their own times, stores the result and reads off the online rows. */
export function buildDataset(
  host: Host,
  tables: OfflineTables,
  call: DatasetCall,
  control: Control,
): Promise<DatasetFile> {
  const folder = `offline/${call.spec.config.name}/datasets/`;
  return NewFiles.during(host.files, folder, (files) => joinAndStore({ host, tables, files, folder }, call, control));
}

interface Builder {
  readonly host: Host;
  readonly tables: OfflineTables;
  readonly files: NewFiles;
  readonly folder: string;
}

async function joinAndStore(builder: Builder, call: DatasetCall, control: Control): Promise<DatasetFile> {
  const { host, tables, files, folder } = builder;
  const { spec } = call;
  await checkpoint(control, { label: 'collecting entity rows', done: 0, total: 4 });
  const entityRows = await collectEntityRows(tables, call);
  await checkpoint(control, {
    label: `joining features as of ${entityRows.rowCount.toLocaleString('en')} moments`,
    done: 1,
    total: 4,
  });
  const features = [...new Set([...datasetFeatures(spec), ...(call.also ?? [])])];
  const historical = await getHistoricalFeatures(
    tables,
    { definitions: spec.definitions, features, entityRows, mode: spec.config.point_in_time },
    control,
  );
  const keys = entityKeys(historical.table, joinKeys(spec));
  const dataset = makeTable([
    [KEY, keys],
    ...[...historical.table.columns].filter(([name]) => !joinKeys(spec).includes(name)),
  ]);
  await checkpoint(control, { label: 'storing the data set', done: 2, total: 4 });
  const bytes = await host.arrow.encode(dataset);
  const digest = sha256Hex(bytes);
  const path = `${folder}${digest.slice(0, 32)}.arrow`;
  await files.write(path, bytes);
  await checkpoint(control, { label: 'reading the newest values for the online store', done: 3, total: 4 });
  const online = await materialize(
    tables,
    {
      definitions: spec.definitions,
      from: call.materializeFrom,
      to: call.clock,
      mode: spec.config.point_in_time,
    },
    control,
  );
  const { newestEvents } = await import('./view-tables');
  return {
    path,
    digest,
    rows: dataset.rowCount,
    labelled: countPresent(columnOf(dataset, LABEL)),
    entities: keys.dictionary.length,
    coverage: historical.coverage,
    mode: historical.mode,
    leaks: historical.leaks,
    profile: await profileTable('features', dropColumns(dataset, [KEY]), control),
    online,
    materialized: materializedCounts(online, call),
    sampleKeys: keys.dictionary.slice(0, 200),
    newest: await newestEvents(tables, spec, call.clock),
  };
}

/** Entity rows up to the clock, with 1, 0 or missing in `__label`: a label counts once its own time has come. */
async function collectEntityRows(tables: OfflineTables, call: DatasetCall): Promise<Table> {
  const { spec, clock } = call;
  const { labels, config } = spec;
  const raw = await tables.table(labels.table);
  const event = columnOf(raw, labels.event_timestamp);
  const times = toFloat64(event);
  const known = toFloat64(columnOf(raw, labels.label_timestamp));
  const values = applyLabelRule(columnOf(raw, config.label.column), parseLabelRule(config.label.positive));
  const label = new Float64Array(raw.rowCount);
  for (let row = 0; row < label.length; row++) {
    const value = values[row] ?? 255;
    label[row] = value === 255 || !((known[row] ?? NaN) <= clock) ? NaN : value;
  }
  const keys = joinKeys(spec).map((name) => [name, columnOf(raw, name)] as const);
  const rows = [...times.keys()].filter((row) => (times[row] ?? NaN) <= clock);
  return takeRows(makeTable([...keys, [EVENT, event], [LABEL, { type: 'float64', values: label }]]), rows);
}

interface EntityMoments {
  /** Join key columns. */
  readonly names: readonly string[];
  readonly keys: readonly string[];
  /** Microseconds; one for all keys, or one a key. */
  readonly at: number | readonly number[];
}

/** Entity rows of keys (as text) at their moments, with the keys' own types; the first row of each key stands for it. */
export function entityRowsAt(table: Table, { names, keys, at }: EntityMoments): Table {
  const { codes, dictionary } = entityKeys(table, names);
  const rowOf = new Map<string, number>();
  for (let row = 0; row < table.rowCount; row++) {
    const key = dictionary[codes[row] ?? -1] ?? '';
    if (!rowOf.has(key)) rowOf.set(key, row);
  }
  const rows = Int32Array.from(keys, (key) => rowOf.get(key) ?? -1);
  const times = typeof at === 'number' ? new Float64Array(keys.length).fill(at) : Float64Array.from(at);
  const event = { type: 'timestamp', values: times } as const;
  return makeTable([
    ...names.map((name) => [name, takeOrMissing(columnOf(table, name), rows)] as const),
    [EVENT, event] as const,
  ]);
}

function entityKeys(table: Table, names: readonly string[]): Column & { type: 'string' } {
  const columns = names.map((name) => columnOf(table, name));
  const codeOf = new Map<string, number>();
  const codes = new Int32Array(table.rowCount);
  for (let row = 0; row < codes.length; row++) {
    const key = columns.map((column) => String(cellAt(column, row) ?? '')).join('\u001f');
    let code = codeOf.get(key);
    if (code === undefined) codeOf.set(key, (code = codeOf.size));
    codes[row] = code;
  }
  return { type: 'string', codes, dictionary: [...codeOf.keys()] };
}

function dropColumns(table: Table, names: readonly string[]): Table {
  return makeTable([...table.columns].filter(([name]) => !names.includes(name)));
}

function countPresent(column: Column): number {
  return toFloat64(column).reduce((count, value) => count + (Number.isNaN(value) ? 0 : 1), 0);
}

function materializedCounts(online: readonly OnlineBatch[], call: DatasetCall): DatasetFile['materialized'] {
  return call.spec.definitions.views.map((view) => ({
    view: view.name,
    rows: online.find((batch) => batch.view === view.name)?.keys.length ?? 0,
    from: call.materializeFrom,
    to: call.clock,
  }));
}

/** A data set read back: what training, judging and monitoring take from it. */
export interface Dataset {
  readonly table: Table;
  readonly rows: number;
  /** Entity key of each row. */
  readonly keys: readonly string[];
  /** Microseconds. */
  readonly times: Float64Array;
  /** 1, 0, or NaN where the label is not known yet. */
  readonly labels: Float64Array;
  readonly featureNames: readonly string[];
  /** float32 columns in training order, NaN missing. */
  readonly features: readonly Float32Array[];
  /** Group name of each row by sensitive column. */
  readonly groups: Readonly<Record<string, readonly string[]>>;
}

/** Reads a data set's table into the arrays the later stages use. */
export function readDataset(table: Table, spec: ModelSpec, shortNameOf: (reference: string) => string): Dataset {
  const keyColumn = columnOf(table, KEY);
  const featureNames = spec.config.features.map(shortNameOf);
  return {
    table,
    rows: table.rowCount,
    keys: Array.from({ length: table.rowCount }, (_, row) => String(cellAt(keyColumn, row))),
    times: toFloat64(columnOf(table, EVENT)),
    labels: toFloat64(columnOf(table, LABEL)),
    featureNames,
    features: featureNames.map((name) => featureColumn(table, name)),
    groups: Object.fromEntries(
      spec.sensitive.map((column) => [
        column.name,
        groupValues(columnOf(table, shortNameOf(column.feature)), column.groups),
      ]),
    ),
  };
}

function featureColumn(table: Table, name: string): Float32Array {
  const column = table.columns.get(name);
  if (!column) {
    throw new WorkbenchError(
      'USAGE',
      `The data set has no feature "${name}"; it was made with other definitions. Run the Features stage first.`,
    );
  }
  if (column.type === 'string') {
    throw new WorkbenchError(
      'FEATURES_INVALID',
      `The feature "${name}" holds text, and trees learn from numbers. Give it an expression that makes a number, for example CASE ${name} WHEN 'a' THEN 0 ELSE 1 END.`,
    );
  }
  if (column.type === 'list') {
    throw new WorkbenchError(
      'FEATURES_INVALID',
      `The feature "${name}" holds lists, and models learn from single numbers. Make a feature of each list by an expression: an element (${name}[1]), its length (len(${name})) or its mean (list_avg(${name})).`,
    );
  }
  return Float32Array.from(toFloat64(column));
}

function groupValues(column: Column, names: Readonly<Record<string, string>>): string[] {
  return Array.from({ length: columnLength(column) }, (_, row) => {
    const cell = cellAt(column, row);
    return cell === null ? '' : (names[String(cell)] ?? String(cell));
  });
}
