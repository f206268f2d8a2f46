import { profileTable } from '../../data/profile';
import type { TableProfile } from '../../data/types';
import { compactPartitions, type Compacted } from '../../features/offline/compact';
import { OfflineStore, tableNames } from '../../features/offline/offline-store';
import { modelDefinitions } from '../../models/catalog';
import { cellAt, makeTable, type Table } from '../../utils/columns';
import type { Control } from '../../utils/control';
import { invariant, WorkbenchError } from '../../utils/errors';
import { timeColumns, type FileSource, type ModelSpec } from '../model-spec';
import type { Host } from '../platform';
import type { Partition } from '../tables';
import type { TablePage } from '../views';
import type { GenerateCall, Ingested, StoreRowsCall, WindowCall } from './data-calls';
import { NewFiles } from './new-files';
import { readTableFile } from './table-file';

interface NewTables {
  readonly model: string;
  readonly tables: ReadonlyMap<string, Table>;
  /** Of each table, the column its partitions go by. */
  readonly times: ReadonlyMap<string, string>;
  readonly before: readonly Partition[];
}

/** Raw tables of models: generated, read from files, added to, read back. */
export class RawTables {
  readonly #host: Host;
  readonly #offline: OfflineStore;

  constructor(host: Host) {
    this.#host = host;
    this.#offline = new OfflineStore(host);
  }

  table(partitions: readonly Partition[], name: string): Promise<Table> {
    return this.#offline.table(partitions, name);
  }

  async page(partitions: readonly Partition[], table: string, offset: number, limit: number): Promise<TablePage> {
    const whole = await this.table(partitions, table);
    const names = [...whole.columns];
    const last = Math.min(offset + limit, whole.rowCount);
    const rows = [];
    for (let row = offset; row < last; row++) rows.push(names.map(([, column]) => cellAt(column, row)));
    return { columns: names.map(([name, column]) => ({ name, type: column.type })), rows, total: whole.rowCount };
  }

  async profiles(partitions: readonly Partition[], control: Control): Promise<readonly TableProfile[]> {
    const profiles: TableProfile[] = [];
    for (const name of tableNames(partitions))
      profiles.push(await profileTable(name, await this.table(partitions, name), control));
    return profiles;
  }

  async generate(call: GenerateCall, control: Control): Promise<Ingested> {
    const definition = definitionOf(call.folder ?? call.model);
    const tables = await definition.generate({ seed: call.seed, rows: call.rows }, control);
    return this.#store({ model: call.model, tables, times: timeColumns(definition), before: [] }, control);
  }

  async generateWindow(call: WindowCall, control: Control): Promise<Ingested> {
    const definition = definitionOf(call.folder ?? call.model);
    const tables = await definition.generateWindow(call, control);
    return this.#store({ ...call, tables, times: timeColumns(definition) }, control);
  }

  async importFile(spec: ModelSpec & { readonly file: FileSource }, control: Control): Promise<Ingested> {
    const { file } = spec;
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

  /** See `DataService.storeRows`. */
  add(call: StoreRowsCall, control: Control): Promise<readonly Partition[]> {
    const { spec, table, rows, before } = call;
    const model = spec.config.name;
    const own = before.filter((partition) => partition.table === table);
    const timeColumn = timeColumns(spec).get(table) ?? null;
    const written = { model, table, rows, before: own, timeColumn, sequence: nextSequence(before) };
    return NewFiles.during(this.#host.files, rawFolder(model), (files) => this.#offline.write(files, written, control));
  }

  /** Writes partitions of one table and date as one; see `compactPartitions`. */
  compact(model: string, partitions: readonly Partition[], control: Control): Promise<readonly Compacted[]> {
    const { files, arrow } = this.#host;
    return NewFiles.during(files, rawFolder(model), (own) => {
      const both = { read: (path: string) => files.read(path), write: own.write.bind(own) };
      return compactPartitions({ files: both, arrow }, partitions, control);
    });
  }

  /** Writes raw tables as partitions; all of them, or none when it is cancelled or fails. */
  #store({ model, tables, times, before }: NewTables, control: Control): Promise<Ingested> {
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
}

function definitionOf(model: string) {
  const definition = modelDefinitions().get(model);
  invariant(definition, () => `no model folder ${model}`);
  return definition;
}

function rawFolder(model: string): string {
  return `offline/${model}/raw/`;
}

function nextSequence(partitions: readonly Partition[]): number {
  return partitions.reduce((next, { sequence }) => Math.max(next, sequence + 1), 0);
}
