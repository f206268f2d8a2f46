import { canonicalJson, sha256Hex } from '../../utils/hash';
import {
  columnLength,
  columnOf,
  concatTables,
  makeTable,
  cellAt,
  type ScalarType,
  type Table,
} from '../../utils/columns';
import { WorkbenchError, invariant } from '../../utils/errors';
import { checkpoint, type Control, type Signal } from '../../utils/control';
import { readCsv } from '../../data/csv/read-csv';
import { profileTable } from '../../data/profile';
import { labelFaults, parseLabelRule } from '../../data/label';
import { suggestRoles } from '../../data/roles';
import { modelDefinitions } from '../../models/catalog';
import type { GenerateRequest } from '../../models/types';
import { MOST_CATEGORIES } from '../../features/from-table';
import { getHistoricalFeatures } from '../../features/historical';
import { entityTimeline } from '../../features/timeline';
import type { CheckedView } from '../../features/expectations';
import type { OfflineTables, TimelinePoint } from '../../features/types';
import type { TableProfile } from '../../data/types';
import type { FilePreview, TablePage } from '../views';
import type { FileSource, ModelSpec } from '../model-spec';
import type { Partition } from '../tables';
import { controlOf, type Host, type OnProgress, type OpenSqlEngine } from '../platform';
import { joinKeys } from '../model-spec';
import { buildDataset, entityRowsAt, type DatasetFile } from './dataset';
import { NewFiles } from './new-files';
import { newestKeys, profileViews, rowsToCheck, type ViewProfiles } from './view-tables';

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
  /** Sequence of the new partitions. */
  readonly sequence: number;
}

export interface DatasetCall {
  readonly spec: ModelSpec;
  readonly partitions: readonly Partition[];
  /** Microseconds: rows after it do not exist yet, labels after it are not known yet. */
  readonly clock: number;
  /** Online rows are taken from event times at or after this. */
  readonly materializeFrom: number;
}

export interface PreviewCall {
  readonly fileName: string;
  readonly bytes: Uint8Array;
  readonly types?: Readonly<Record<string, ScalarType>> | undefined;
  /** Checked against the file when given: an outcome with one class cannot be learned. */
  readonly label?: { readonly column: string; readonly positive: string };
}

const CACHED_TABLES = 12;

/** Everything that touches whole tables: reading files, generating, profiling, joining. */
export class DataService {
  readonly #host: Host;
  readonly #tables = new Map<string, Table>();
  #engine: Promise<OpenSqlEngine> | null = null;
  readonly #loaded = new Map<string, string>();
  /** The newest asked for. */
  #profiles: { readonly stamp: string; readonly made: Promise<ViewProfiles> } | null = null;
  /** Settled when the SQL engine is free. */
  #turn: Promise<void> = Promise.resolve();

  constructor(host: Host) {
    this.#host = host;
  }

  async previewFile(call: PreviewCall, onProgress?: OnProgress, signal?: Signal): Promise<FilePreview> {
    const control = controlOf(this.#host.pause, onProgress, signal);
    const { fileName } = call;
    const read = await readCsv(call.bytes, { types: call.types }, control);
    if (call.label) checkLabel(fileName, read.table, call.label);
    const profile = await profileTable('file', read.table, control);
    const roles = suggestRoles(profile);
    return {
      fileName,
      delimiter: read.delimiter,
      encoding: read.encoding,
      decimal: read.decimal,
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
    const tables = await this.#definition(call.model).generate({ seed: call.seed, rows: call.rows }, control);
    return this.#store(call.model, tables, 0, control);
  }

  async generateWindow(call: WindowCall, onProgress?: OnProgress, signal?: Signal): Promise<Ingested> {
    const control = controlOf(this.#host.pause, onProgress, signal);
    const tables = await this.#definition(call.model).generateWindow(call, control);
    return this.#store(call.model, tables, call.sequence, control);
  }

  async importFile(model: string, file: FileSource, onProgress?: OnProgress, signal?: Signal): Promise<Ingested> {
    const control = controlOf(this.#host.pause, onProgress, signal);
    const bytes = await this.#host.files.read(file.path);
    if (!bytes) {
      throw new WorkbenchError(
        'STORAGE_CORRUPT',
        `The file ${file.fileName} is no longer in this browser's storage. Open it again.`,
      );
    }
    const read = await readCsv(bytes, { types: file.types }, control);
    const rows = read.table.rowCount;
    const rowId = { type: 'int64', values: BigInt64Array.from({ length: rows }, (_, row) => BigInt(row + 1)) } as const;
    const importedAt = { type: 'timestamp', values: new Float64Array(rows).fill(file.importedAt) } as const;
    const table = makeTable([['row_id', rowId], ['imported_at', importedAt], ...read.table.columns]);
    const stored = await this.#store(model, new Map([['rows', table]]), 0, control);
    return { ...stored, warnings: read.warnings };
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
    return this.#withTables(call, control, (tables) => buildDataset(this.#host, tables, call, control));
  }

  async timeline(call: DatasetCall, key: string, at: number): Promise<readonly TimelinePoint[]> {
    const control = controlOf(this.#host.pause);
    return this.#withTables(call, control, (tables) =>
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
    return this.#withTables(call, control, async (tables) => {
      const entityRows = entityRowsAt(rows, { names: joinKeys(spec), keys, at });
      const { definitions, config } = spec;
      const request = { definitions, features: config.features, entityRows, mode: config.point_in_time };
      return (await getHistoricalFeatures(tables, request, control)).table;
    });
  }

  /** What is expected of these partitions' rows can be checked on: the features of the views on them, windows left out. */
  async featuresToCheck(call: DatasetCall, onProgress?: OnProgress, signal?: Signal): Promise<readonly CheckedView[]> {
    const control = controlOf(this.#host.pause, onProgress, signal);
    return this.#withTables(call, control, (tables) => rowsToCheck(tables, call.spec, tableNames(call.partitions)));
  }

  /** Profiles of every feature view; made once for the same data, definitions and clock. */
  viewProfiles(call: DatasetCall, onProgress?: OnProgress, signal?: Signal): Promise<ViewProfiles> {
    const { spec, partitions, clock } = call;
    const parts = partitions.map((partition) => partition.digest).sort();
    const stamp = sha256Hex(canonicalJson([spec.config.name, parts, clock, spec.definitions]));
    if (this.#profiles?.stamp === stamp) return this.#profiles.made;
    const control = controlOf(this.#host.pause, onProgress, signal);
    const made = this.#withTables(call, control, (tables) => profileViews(tables, { spec, at: clock }, control));
    const kept = { stamp, made };
    this.#profiles = kept;
    made.catch(() => {
      if (this.#profiles === kept) this.#profiles = null;
    });
    return made;
  }

  /** The entities seen last by the clock, newest first. */
  async newestKeys({ spec, partitions, clock }: DatasetCall, limit: number): Promise<readonly string[]> {
    const { table, event_timestamp: time } = spec.labels;
    return newestKeys(await this.#table(partitions, table), { keys: joinKeys(spec), time, at: clock, limit });
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

  #definition(model: string) {
    const definition = modelDefinitions().get(model);
    invariant(definition, () => `no model folder ${model}`);
    return definition;
  }

  /** Writes raw tables as Arrow files; all of them, or none when it is cancelled or fails. */
  #store(model: string, tables: ReadonlyMap<string, Table>, sequence: number, control: Control): Promise<Ingested> {
    const folder = `offline/${model}/raw/`;
    return NewFiles.during(this.#host.files, folder, (files) =>
      this.#storeIn(files, { model, folder, tables, sequence }, control),
    );
  }

  async #storeIn(
    files: NewFiles,
    call: {
      readonly model: string;
      readonly folder: string;
      readonly tables: ReadonlyMap<string, Table>;
      readonly sequence: number;
    },
    control: Control,
  ): Promise<Ingested> {
    const { model, folder, tables, sequence } = call;
    const partitions: Partition[] = [];
    const profiles: TableProfile[] = [];
    for (const [name, table] of tables) {
      await checkpoint(control, { label: `storing ${name}`, done: partitions.length, total: tables.size });
      const bytes = await this.#host.arrow.encode(table);
      const digest = sha256Hex(bytes);
      const path = `${folder}${name}/${String(sequence).padStart(4, '0')}-${digest.slice(0, 24)}.arrow`;
      await files.write(path, bytes);
      this.#remember(path, table);
      partitions.push({ model, table: name, path, rows: table.rowCount, bytes: bytes.byteLength, digest, sequence });
      profiles.push(await profileTable(name, table, control));
    }
    return { partitions, profiles, warnings: [] };
  }

  #remember(path: string, table: Table): void {
    this.#tables.delete(path);
    this.#tables.set(path, table);
    for (const oldest of this.#tables.keys()) {
      if (this.#tables.size <= CACHED_TABLES) break;
      this.#tables.delete(oldest);
    }
  }

  async #partition(partition: Partition): Promise<Table> {
    const known = this.#tables.get(partition.path);
    if (known) return known;
    const bytes = await this.#host.files.read(partition.path);
    if (!bytes || sha256Hex(bytes) !== partition.digest) {
      throw new WorkbenchError(
        'STORAGE_CORRUPT',
        `Part of the table ${partition.table} of ${partition.model} is ${bytes ? 'damaged' : 'missing'} in this browser's storage (${partition.path}). Run the Data stage again to make it anew.`,
      );
    }
    const table = await this.#host.arrow.decode(bytes);
    this.#remember(partition.path, table);
    return table;
  }

  async #table(partitions: readonly Partition[], name: string): Promise<Table> {
    const parts = partitions.filter((partition) => partition.table === name).sort((a, b) => a.sequence - b.sequence);
    if (parts.length === 0) {
      throw new WorkbenchError(
        'DATA_INVALID',
        `There is no table "${name}"; there are ${tableNames(partitions).join(', ')}.`,
      );
    }
    return concatTables(await Promise.all(parts.map((part) => this.#partition(part))));
  }

  /**
   * Works on a model's tables. The SQL engine knows them by name only, so whoever loads other parts or another model's
   * tables waits until the work is done.
   */
  async #withTables<T>(call: DatasetCall, control: Control, work: (tables: OfflineTables) => Promise<T>): Promise<T> {
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

  #offlineTables({ spec, partitions }: DatasetCall, control: Control): OfflineTables {
    const engine = async () => {
      if (!this.#engine) await checkpoint(control, { label: 'starting the SQL engine', done: 0, total: 0 });
      return this.#open();
    };
    return {
      table: (name) => this.#table(partitions, name),
      scratch: engine,
      sql: async (name) => {
        const opened = await engine();
        const parts = partitions.filter((part) => part.table === name).map((part) => part.digest);
        const stamp = sha256Hex(canonicalJson([spec.config.name, parts]));
        if (this.#loaded.get(name) === stamp) return opened;
        await checkpoint(control, { label: `loading ${name} into the SQL engine`, done: 0, total: 0 });
        const table = await this.#table(partitions, name);
        this.#loaded.delete(name);
        await opened.insert(name, table);
        this.#loaded.set(name, stamp);
        return opened;
      },
    };
  }

  #open(): Promise<OpenSqlEngine> {
    this.#engine ??= this.#host.openSql().catch((error: unknown) => {
      this.#engine = null;
      throw error;
    });
    return this.#engine;
  }
}

function tableNames(partitions: readonly Partition[]): readonly string[] {
  return [...new Set(partitions.map((partition) => partition.table))];
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
    if (cell !== null && !found.includes(String(cell))) found.push(String(cell));
  }
  return found;
}
