import { canonicalJson, sha256Hex } from '../../utils/hash';
import type { Table } from '../../utils/columns';
import type { Control, Signal } from '../../utils/control';
import type { Compacted } from '../../features/offline/compact';
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
import { controlOf, type Host, type OnProgress } from '../platform';
import { joinKeys } from '../model-spec';
import type { TableFormat } from '../store/types';
import type { DatasetFile } from './dataset';
import type { HistoricalJoinCall } from './historical-join';
import { namedTables, type NamedCall } from './named-tables';
import type { ViewProfiles } from './view-tables';
import { SqlConsole, type NamedTable } from './sql-console';
import { readTableFile, tableFileBytes, type ReadTable, type TableFileCall } from './table-file';
import type {
  DatasetCall,
  GenerateCall,
  Ingested,
  PreviewCall,
  SqlCall,
  StoreRowsCall,
  TablesCall,
  WindowCall,
} from './data-calls';
import { EngineTurns } from './engine-turns';
import { previewFile } from './file-preview';
import { RawTables } from './raw-tables';

/** Everything that touches whole tables: reading files, generating, profiling, joining. */
export class DataService {
  readonly #host: Host;
  readonly #raw: RawTables;
  readonly #turns: EngineTurns;
  readonly #console: SqlConsole;
  /** The newest asked for. */
  #profiles: { readonly stamp: string; readonly made: Promise<ViewProfiles> } | null = null;

  constructor(host: Host) {
    this.#host = host;
    this.#console = new SqlConsole(() => host.openSql());
    this.#raw = new RawTables(host);
    this.#turns = new EngineTurns(host, this.#raw);
  }

  /** What a file holds and what each column could be, before anything of it is stored. */
  previewFile(call: PreviewCall, onProgress?: OnProgress, signal?: Signal): Promise<FilePreview> {
    return previewFile(this.#host, call, this.#control(onProgress, signal));
  }

  generate(call: GenerateCall, onProgress?: OnProgress, signal?: Signal): Promise<Ingested> {
    return this.#raw.generate(call, this.#control(onProgress, signal));
  }

  generateWindow(call: WindowCall, onProgress?: OnProgress, signal?: Signal): Promise<Ingested> {
    return this.#raw.generateWindow(call, this.#control(onProgress, signal));
  }

  importFile(
    spec: ModelSpec & { readonly file: FileSource },
    onProgress?: OnProgress,
    signal?: Signal,
  ): Promise<Ingested> {
    return this.#raw.importFile(spec, this.#control(onProgress, signal));
  }

  profile(
    partitions: readonly Partition[],
    onProgress?: OnProgress,
    signal?: Signal,
  ): Promise<readonly TableProfile[]> {
    return this.#raw.profiles(partitions, this.#control(onProgress, signal));
  }

  async buildDataset(call: DatasetCall, onProgress?: OnProgress, signal?: Signal): Promise<DatasetFile> {
    const control = this.#control(onProgress, signal);
    const { buildDataset } = await import('./dataset');
    return this.#turns.withTables(call, control, (tables) => buildDataset(this.#host, tables, call, control));
  }

  /** What of the named views does not run on the tables. */
  async tryDefinitions(call: DatasetCall, views: readonly string[]): Promise<readonly DefinitionFault[]> {
    const { triedFaults } = await import('../../features/try-definitions');
    return this.#turns.withTables(call, this.#control(), (tables) => triedFaults(tables, call.spec.definitions, views));
  }

  /** The definitions and data as the files of a Feast repository, by name. */
  async feastFiles(
    call: DatasetCall,
    request: FeastRequest,
    onProgress?: OnProgress,
    signal?: Signal,
  ): Promise<ReadonlyMap<string, string | Uint8Array>> {
    const control = this.#control(onProgress, signal);
    const { feastRepo } = await import('../../interop/feast/repo');
    const repo = await this.#turns.withTables(call, control, (tables) => feastRepo(tables, request, control));
    const files = new Map<string, string | Uint8Array>(repo.texts);
    for (const [name, table] of repo.tables) files.set(name, await this.#host.parquet.encode(table));
    return files;
  }

  async timeline(call: DatasetCall, key: string, at: number): Promise<readonly TimelinePoint[]> {
    const control = this.#control();
    return this.#turns.withTables(call, control, (tables) =>
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
    const control = this.#control();
    const { spec, partitions } = call;
    const rows = await this.#raw.table(partitions, spec.labels.table);
    const { entityRowsAt } = await import('./dataset');
    const { getHistoricalFeatures } = await import('../../features/historical');
    return this.#turns.withTables(call, control, async (tables) => {
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
    const control = this.#control(onProgress, signal);
    const made = this.#turns.withTables(call, control, async (tables) => {
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
    const control = this.#control(onProgress, signal);
    return this.#console.query(this.#named(call, control), call, control);
  }

  /** Features of entity rows by SQL, range, snapshot or file; all rows. */
  async joinHistorical(
    call: HistoricalJoinCall,
    onProgress?: OnProgress,
    signal?: Signal,
  ): Promise<HistoricalFeatures> {
    const control = this.#control(onProgress, signal);
    const { entities } = call;
    const rows =
      'sql' in entities ? await this.#console.entityRows(this.#named(call, control), entities.sql, control) : null;
    const { joinHistorical } = await import('./historical-join');
    return this.#turns.withTables(call, control, (tables) =>
      joinHistorical(this.#host, tables, { call, rows }, control),
    );
  }

  #named(call: NamedCall, control: Control): NamedTable[] {
    return namedTables(this.#host, call, {
      raw: (name) => this.#raw.table(call.partitions, name),
      view: (name) =>
        this.#turns.withTables(call, control, (tables) =>
          viewTable(tables, resolveView(call.spec.definitions, name), control),
        ),
    });
  }

  tablePage(partitions: readonly Partition[], table: string, offset: number, limit: number): Promise<TablePage> {
    return this.#raw.page(partitions, table, offset, limit);
  }

  /** The table in a file: CSV, Parquet or Arrow by its ending. */
  readFile(call: TableFileCall, onProgress?: OnProgress, signal?: Signal): Promise<ReadTable> {
    return readTableFile(this.#host, call, this.#control(onProgress, signal));
  }

  /**
   * Stores rows of a raw table as new partitions beside those it has, and answers with their records, which nothing has
   * committed yet: put them into the table `partitions` in one transaction with what else the rows change (`grownData`
   * of pipeline/grown-data.ts makes the Data stage's part), or delete their files. Writes nothing when it is cancelled
   * or fails.
   */
  storeRows(call: StoreRowsCall, onProgress?: OnProgress, signal?: Signal): Promise<readonly Partition[]> {
    return this.#raw.add(call, this.#control(onProgress, signal));
  }

  /** Writes partitions of one table and date as one; see `compactPartitions`. */
  compact(
    model: string,
    partitions: readonly Partition[],
    onProgress?: OnProgress,
    signal?: Signal,
  ): Promise<readonly Compacted[]> {
    return this.#raw.compact(model, partitions, this.#control(onProgress, signal));
  }

  /** A raw table, a feature view or, where `datasets` names it, a saved data set as the bytes of a file. */
  async tableFile(
    call: TablesCall & Partial<Pick<NamedCall, 'datasets'>>,
    name: string,
    format: TableFormat,
  ): Promise<Uint8Array> {
    const named = this.#named({ datasets: [], ...call }, this.#control());
    const found = named.find((table) => table.name === name);
    return tableFileBytes(this.#host, await (found ? found.read() : this.#raw.table(call.partitions, name)), format);
  }

  /** Rows of a statement as the bytes of a file. */
  fileBytes(table: Table, format: TableFormat): Promise<Uint8Array> {
    return tableFileBytes(this.#host, table, format);
  }

  withTables<T>(call: TablesCall, control: Control, work: (tables: OfflineTables) => Promise<T>): Promise<T> {
    return this.#turns.withTables(call, control, work);
  }

  /** The SQL engine for tables of the caller's own, whose names begin with "__". */
  scratch(): Promise<SqlEngine> {
    return this.#turns.open();
  }

  #control(onProgress?: OnProgress, signal?: Signal): Control {
    return controlOf(this.#host.pause, onProgress, signal);
  }
}
