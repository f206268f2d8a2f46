import { canonicalJson, sha256Hex } from '../../utils/hash';
import { columnLength, columnOf, makeTable, cellAt, cellText, type ScalarType, type Table } from '../../utils/columns';
import { WorkbenchError, invariant } from '../../utils/errors';
import { checkpoint, type Control, type Signal } from '../../utils/control';
import { profileTable } from '../../data/profile';
import { labelFaults, parseLabelRule } from '../../data/label';
import { suggestRoles } from '../../data/roles';
import { modelDefinitions } from '../../models/catalog';
import { functionsIn } from '../../models/on-demand';
import type { GenerateRequest } from '../../models/types';
import { MOST_CATEGORIES } from '../../features/from-table';
import { compactPartitions, type Compacted } from '../../features/offline/compact';
import { OfflineStore, tableNames } from '../../features/offline/offline-store';
import type { ReadAnswer } from '../../features/read-only-sql';
import { resolveView } from '../../features/resolve';
import { entityTimeline } from '../../features/timeline';
import type { DefinitionFault } from '../../features/definition-faults';
import type { FeastRequest } from '../../interop/feast/repo';
import { viewTable } from '../../features/view-table';
import type { HistoricalFeatures, OfflineTables, SqlEngine, TimelinePoint } from '../../features/types';
import type { TableProfile } from '../../data/types';
import type { FilePreview, TablePage } from '../views';
import type { FileSource, ModelSpec } from '../model-spec';
import type { Partition } from '../tables';
import { controlOf, type Host, type OnProgress, type OpenSqlEngine } from '../platform';
import { joinKeys, timeColumns } from '../model-spec';
import type { TableFormat } from '../store/types';
import type { DatasetFile } from './dataset';
import type { HistoricalJoinCall } from './historical-join';
import { namedTables, type NamedCall } from './named-tables';
import { NewFiles } from './new-files';
import type { ViewProfiles } from './view-tables';
import { SqlConsole, type NamedTable } from './sql-console';
import { readTableFile, tableFileBytes, type ReadTable, type TableFileCall } from './table-file';

export interface Ingested {
  readonly partitions: readonly Partition[];
  readonly profiles: readonly TableProfile[];
  readonly warnings: readonly string[];
}

export interface GenerateCall {
  readonly model: string;
  readonly seed: number;
  readonly rows: number;
}

export interface WindowCall extends GenerateCall {
  readonly from: number;
  readonly to: number;
  readonly scenario: string;
  /** What the history before the window was generated from. */
  readonly history: GenerateRequest;
  /** The model's partitions so far. */
  readonly before: readonly Partition[];
}

/** Rows of a raw table that are stored beside those it has. */
export interface StoreRowsCall {
  readonly spec: ModelSpec;
  readonly table: string;
  /** Columns as the table has them. */
  readonly rows: Table;
  /** The model's partitions so far, of all tables. */
  readonly before: readonly Partition[];
}

export interface TablesCall {
  readonly spec: ModelSpec;
  readonly partitions: readonly Partition[];
}

export interface DatasetCall extends TablesCall {
  /** Microseconds: rows after it do not exist yet, labels after it are not known yet. */
  readonly clock: number;
  /** Online rows are taken from event times at or after this. */
  readonly materializeFrom: number;
  /** Features that the data set holds besides, for models that were trained on others. */
  readonly also?: readonly string[];
}

export interface SqlCall extends NamedCall {
  readonly sql: string;
  readonly limit: number;
  readonly began: () => void;
}

export interface PreviewCall {
  readonly fileName: string;
  readonly bytes: Uint8Array;
  readonly types?: Readonly<Record<string, ScalarType>> | undefined;
  /** Checked against the file when given: an outcome with one class cannot be learned. */
  readonly label?: { readonly column: string; readonly positive: string };
}

/** Everything that touches whole tables: reading files, generating, profiling, joining. */
export class DataService {
  readonly #host: Host;
  readonly #offline: OfflineStore;
  #engine: Promise<OpenSqlEngine> | null = null;
  /** The newest asked for. */
  #profiles: { readonly stamp: string; readonly made: Promise<ViewProfiles> } | null = null;
  /** Settled when the SQL engine is free. */
  #turn: Promise<void> = Promise.resolve();

  readonly #console: SqlConsole;

  constructor(host: Host) {
    this.#host = host;
    this.#console = new SqlConsole(() => host.openSql());
    this.#offline = new OfflineStore(host);
  }

  async previewFile(call: PreviewCall, onProgress?: OnProgress, signal?: Signal): Promise<FilePreview> {
    const control = controlOf(this.#host.pause, onProgress, signal);
    const { fileName } = call;
    const read = await readTableFile(this.#host, call, control);
    if (call.label) checkLabel(fileName, read.table, call.label);
    const profile = await profileTable('file', read.table, control);
    const roles = suggestRoles(profile);
    return {
      fileName,
      format: read.format,
      csv: read.csv,
      rows: read.table.rowCount,
      columns: profile.columns.map((column) => ({
        ...column,
        examples: examplesOf(read.table, column.name),
        categories: categoriesOf(read.table, column.name),
        suggestion: roles.get(column.name) ?? 'feature',
      })),
      warnings: read.warnings,
      firstRows: read.firstRows,
    };
  }

  async generate(call: GenerateCall, onProgress?: OnProgress, signal?: Signal): Promise<Ingested> {
    const control = controlOf(this.#host.pause, onProgress, signal);
    const definition = this.#definition(call.model);
    const tables = await definition.generate({ seed: call.seed, rows: call.rows }, control);
    return this.#store({ model: call.model, tables, times: timeColumns(definition), before: [] }, control);
  }

  async generateWindow(call: WindowCall, onProgress?: OnProgress, signal?: Signal): Promise<Ingested> {
    const control = controlOf(this.#host.pause, onProgress, signal);
    const definition = this.#definition(call.model);
    const tables = await definition.generateWindow(call, control);
    return this.#store({ ...call, tables, times: timeColumns(definition) }, control);
  }

  async importFile(
    spec: ModelSpec & { readonly file: FileSource },
    onProgress?: OnProgress,
    signal?: Signal,
  ): Promise<Ingested> {
    const { file } = spec;
    const control = controlOf(this.#host.pause, onProgress, signal);
    const bytes = await this.#host.files.read(file.path);
    if (!bytes) {
      throw new WorkbenchError(
        'STORAGE_CORRUPT',
        `The file ${file.fileName} is no longer in this browser's storage. Open it again.`,
      );
    }
    const { types } = file;
    // The stored copy's ending says what the file is.
    const read = await readTableFile(this.#host, { fileName: file.path, bytes, types }, control);
    const rows = read.table.rowCount;
    const rowId = { type: 'int64', values: BigInt64Array.from({ length: rows }, (_, row) => BigInt(row + 1)) } as const;
    const importedAt = { type: 'timestamp', values: new Float64Array(rows).fill(file.importedAt) } as const;
    const table = makeTable([['row_id', rowId], ['imported_at', importedAt], ...read.table.columns]);
    const tables = new Map([['rows', table]]);
    const call = { model: spec.config.name, tables, times: timeColumns(spec), before: [] };
    return { ...(await this.#store(call, control)), warnings: read.warnings };
  }

  async profile(
    partitions: readonly Partition[],
    onProgress?: OnProgress,
    signal?: Signal,
  ): Promise<readonly TableProfile[]> {
    const control = controlOf(this.#host.pause, onProgress, signal);
    const profiles: TableProfile[] = [];
    for (const name of tableNames(partitions))
      profiles.push(await profileTable(name, await this.#table(partitions, name), control));
    return profiles;
  }

  async buildDataset(call: DatasetCall, onProgress?: OnProgress, signal?: Signal): Promise<DatasetFile> {
    const control = controlOf(this.#host.pause, onProgress, signal);
    const { buildDataset } = await import('./dataset');
    return this.withTables(call, control, (tables) => buildDataset(this.#host, tables, call, control));
  }

  /** What of the named views does not run on the tables. */
  async tryDefinitions(call: DatasetCall, views: readonly string[]): Promise<readonly DefinitionFault[]> {
    const { triedFaults } = await import('../../features/try-definitions');
    return this.withTables(call, controlOf(this.#host.pause), (tables) =>
      triedFaults(tables, call.spec.definitions, views),
    );
  }

  /** The definitions and data as the files of a Feast repository, by name. */
  async feastFiles(
    call: DatasetCall,
    request: FeastRequest,
    onProgress?: OnProgress,
    signal?: Signal,
  ): Promise<ReadonlyMap<string, string | Uint8Array>> {
    const control = controlOf(this.#host.pause, onProgress, signal);
    const { feastRepo } = await import('../../interop/feast/repo');
    const repo = await this.withTables(call, control, (tables) => feastRepo(tables, request, control));
    const files = new Map<string, string | Uint8Array>(repo.texts);
    for (const [name, table] of repo.tables) files.set(name, await this.#host.parquet.encode(table));
    return files;
  }

  async timeline(call: DatasetCall, key: string, at: number): Promise<readonly TimelinePoint[]> {
    const control = controlOf(this.#host.pause);
    return this.withTables(call, control, (tables) =>
      entityTimeline(tables, {
        definitions: call.spec.definitions,
        features: call.spec.config.features,
        keyValues: key.split('\u001f'),
        at,
        mode: call.spec.config.point_in_time,
      }),
    );
  }

  /** The features of entities as training would join them at a moment, one for all or one each, by short name. Unknown keys get nulls. */
  async historicalAt(call: DatasetCall, keys: readonly string[], at: number | readonly number[]): Promise<Table> {
    const control = controlOf(this.#host.pause);
    const { spec, partitions } = call;
    const rows = await this.#table(partitions, spec.labels.table);
    const { entityRowsAt } = await import('./dataset');
    const { getHistoricalFeatures } = await import('../../features/historical');
    return this.withTables(call, control, async (tables) => {
      const entityRows = entityRowsAt(rows, { names: joinKeys(spec), keys, at });
      const { definitions, config } = spec;
      const request = { definitions, features: config.features, entityRows, mode: config.point_in_time };
      return (await getHistoricalFeatures(tables, request, control)).table;
    });
  }

  /** Profiles of every feature view; made once for the same data, definitions and clock. */
  viewProfiles(call: DatasetCall, onProgress?: OnProgress, signal?: Signal): Promise<ViewProfiles> {
    const { spec, partitions, clock } = call;
    const parts = partitions.map((partition) => partition.digest).sort();
    const stamp = sha256Hex(canonicalJson([spec.config.name, parts, clock, spec.definitions]));
    if (this.#profiles?.stamp === stamp) return this.#profiles.made;
    const control = controlOf(this.#host.pause, onProgress, signal);
    const made = this.withTables(call, control, async (tables) => {
      const { profileViews } = await import('./view-tables');
      return profileViews(tables, { spec, at: clock }, control);
    });
    const kept = { stamp, made };
    this.#profiles = kept;
    made.catch(() => {
      if (this.#profiles === kept) this.#profiles = null;
    });
    return made;
  }

  /** Rows of a read-only statement over raw tables, feature views and saved data sets. `began`: it runs now. */
  querySql(call: SqlCall, onProgress?: OnProgress, signal?: Signal): Promise<ReadAnswer> {
    const control = controlOf(this.#host.pause, onProgress, signal);
    return this.#console.query(this.#named(call, control), call, control);
  }

  /** Features of entity rows by SQL, range, snapshot or file; all rows. */
  async joinHistorical(
    call: HistoricalJoinCall,
    onProgress?: OnProgress,
    signal?: Signal,
  ): Promise<HistoricalFeatures> {
    const control = controlOf(this.#host.pause, onProgress, signal);
    const { entities } = call;
    const rows =
      'sql' in entities ? await this.#console.entityRows(this.#named(call, control), entities.sql, control) : null;
    const { joinHistorical } = await import('./historical-join');
    return this.withTables(call, control, (tables) => joinHistorical(this.#host, tables, { call, rows }, control));
  }

  #named(call: NamedCall, control: Control): NamedTable[] {
    return namedTables(this.#host, call, {
      raw: (name) => this.#table(call.partitions, name),
      view: (name) =>
        this.withTables(call, control, (tables) =>
          viewTable(tables, resolveView(call.spec.definitions, name), control),
        ),
    });
  }

  async tablePage(partitions: readonly Partition[], table: string, offset: number, limit: number): Promise<TablePage> {
    const whole = await this.#table(partitions, table);
    const names = [...whole.columns];
    const last = Math.min(offset + limit, whole.rowCount);
    const rows = [];
    for (let row = offset; row < last; row++) rows.push(names.map(([, column]) => cellAt(column, row)));
    return {
      columns: names.map(([name, column]) => ({ name, type: column.type })),
      rows,
      total: whole.rowCount,
    };
  }

  /** The table in a file: CSV, Parquet or Arrow by its ending. */
  readFile(call: TableFileCall, onProgress?: OnProgress, signal?: Signal): Promise<ReadTable> {
    return readTableFile(this.#host, call, controlOf(this.#host.pause, onProgress, signal));
  }

  /**
   * Stores rows of a raw table as new partitions beside those it has, and answers with their records, which nothing has
   * committed yet: put them into the table `partitions` in one transaction with what else the rows change (`grownData`
   * of pipeline/grown-data.ts makes the Data stage's part), or delete their files. Writes nothing when it is cancelled
   * or fails.
   */
  storeRows(call: StoreRowsCall, onProgress?: OnProgress, signal?: Signal): Promise<readonly Partition[]> {
    const { spec, table, rows, before } = call;
    const model = spec.config.name;
    const own = before.filter((partition) => partition.table === table);
    const timeColumn = timeColumns(spec).get(table) ?? null;
    const control = controlOf(this.#host.pause, onProgress, signal);
    return NewFiles.during(this.#host.files, rawFolder(model), (files) =>
      this.#offline.write(
        files,
        { model, table, rows, before: own, timeColumn, sequence: nextSequence(before) },
        control,
      ),
    );
  }

  /** Writes partitions of one table and date as one; see `compactPartitions`. */
  compact(
    model: string,
    partitions: readonly Partition[],
    onProgress?: OnProgress,
    signal?: Signal,
  ): Promise<readonly Compacted[]> {
    const { files, arrow, pause } = this.#host;
    return NewFiles.during(files, rawFolder(model), (own) => {
      const both = { read: (path: string) => files.read(path), write: own.write.bind(own) };
      return compactPartitions({ files: both, arrow }, partitions, controlOf(pause, onProgress, signal));
    });
  }

  /** A raw table, a feature view or, where `datasets` names it, a saved data set as the bytes of a file. */
  async tableFile(
    call: TablesCall & Partial<Pick<NamedCall, 'datasets'>>,
    name: string,
    format: TableFormat,
  ): Promise<Uint8Array> {
    const named = this.#named({ datasets: [], ...call }, controlOf(this.#host.pause));
    const found = named.find((table) => table.name === name);
    return tableFileBytes(this.#host, await (found ? found.read() : this.#table(call.partitions, name)), format);
  }

  /** Rows of a statement as the bytes of a file. */
  fileBytes(table: Table, format: TableFormat): Promise<Uint8Array> {
    return tableFileBytes(this.#host, table, format);
  }

  #definition(model: string) {
    const definition = modelDefinitions().get(model);
    invariant(definition, () => `no model folder ${model}`);
    return definition;
  }

  /** Writes raw tables as partitions; all of them, or none when it is cancelled or fails. */
  #store(
    call: {
      readonly model: string;
      readonly tables: ReadonlyMap<string, Table>;
      readonly times: ReadonlyMap<string, string>;
      readonly before: readonly Partition[];
    },
    control: Control,
  ): Promise<Ingested> {
    const { model, tables, times, before } = call;
    return NewFiles.during(this.#host.files, rawFolder(model), async (files) => {
      const partitions: Partition[] = [];
      const profiles: TableProfile[] = [];
      for (const [name, rows] of tables) {
        const own = before.filter(({ table }) => table === name);
        const timeColumn = times.get(name) ?? null;
        const sequence = nextSequence(before);
        const made = { model, table: name, rows, before: own, timeColumn, sequence };
        partitions.push(...(await this.#offline.write(files, made, control)));
        profiles.push(await profileTable(name, rows, control));
      }
      return { partitions, profiles, warnings: [] };
    });
  }

  #table(partitions: readonly Partition[], name: string): Promise<Table> {
    return this.#offline.table(partitions, name);
  }

  /**
   * Works on a model's tables. Rows are in the SQL engine by their table's name only, so whoever works on other parts or
   * another model's tables waits until the work is done.
   */
  async withTables<T>(call: TablesCall, control: Control, work: (tables: OfflineTables) => Promise<T>): Promise<T> {
    const before = this.#turn;
    let done: () => void = () => undefined;
    this.#turn = new Promise((resolve) => (done = resolve));
    await before;
    try {
      return await work(this.#offlineTables(call, control));
    } finally {
      done();
    }
  }

  #offlineTables({ spec, partitions }: TablesCall, control: Control): OfflineTables {
    const engine = async () => {
      if (!this.#engine) await checkpoint(control, { label: 'starting the SQL engine', done: 0, total: 0 });
      return this.#open();
    };
    return {
      table: (name) => this.#table(partitions, name),
      functions: functionsIn(modelDefinitions().get(spec.config.name)),
      scratch: engine,
    };
  }

  /** The SQL engine for tables of the caller's own, whose names begin with "__". */
  scratch(): Promise<SqlEngine> {
    return this.#open();
  }

  #open(): Promise<OpenSqlEngine> {
    this.#engine ??= this.#host.openSql().catch((error: unknown) => {
      this.#engine = null;
      throw error;
    });
    return this.#engine;
  }
}

function rawFolder(model: string): string {
  return `offline/${model}/raw/`;
}

function nextSequence(partitions: readonly Partition[]): number {
  return partitions.reduce((next, { sequence }) => Math.max(next, sequence + 1), 0);
}

function checkLabel(
  fileName: string,
  table: Table,
  label: { readonly column: string; readonly positive: string },
): void {
  const column = table.columns.get(label.column);
  if (!column) {
    throw new WorkbenchError(
      'DATA_INVALID',
      `${fileName} has no column "${label.column}". Choose one of ${[...table.columns.keys()].join(', ')}.`,
    );
  }
  const faults = labelFaults(label.column, column, parseLabelRule(label.positive));
  if (faults.length > 0) throw new WorkbenchError('DATA_INVALID', faults.join(' '));
}

function categoriesOf(table: Table, name: string): readonly string[] {
  const column = columnOf(table, name);
  return column.type === 'string' && column.dictionary.length <= MOST_CATEGORIES ? column.dictionary : [];
}

function examplesOf(table: Table, name: string): string[] {
  const column = columnOf(table, name);
  const found: string[] = [];
  for (let row = 0; row < columnLength(column) && found.length < 3; row++) {
    const cell = cellAt(column, row);
    if (cell !== null && !found.includes(cellText(cell))) found.push(cellText(cell));
  }
  return found;
}
