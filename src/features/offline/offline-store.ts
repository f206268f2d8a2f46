import { canonicalJson, sha256Hex } from '../../utils/hash';
import { concatTables, type Table } from '../../utils/columns';
import type { Control } from '../../utils/control';
import { WorkbenchError } from '../../utils/errors';
import { compactTable } from './dictionaries';
import { isBeginning, readPartitions } from './read';
import { TableCache } from './table-cache';
import { writePartitions, type NewRows } from './write';
import type { Partition, PartitionSink, PartitionSource } from './types';

const CACHED_BYTES = 400_000_000;

/** Raw tables as partitions, and those read last in memory. */
export class OfflineStore {
  readonly #store: PartitionSource;
  readonly #cache: TableCache;

  constructor(store: PartitionSource, cachedBytes = CACHED_BYTES) {
    this.#store = store;
    this.#cache = new TableCache(cachedBytes);
  }

  /** See `writePartitions`; files go to `files`, which knows how to take them back. */
  async write(files: PartitionSink['files'], call: NewRows, control: Control): Promise<readonly Partition[]> {
    const made = await writePartitions({ files, arrow: this.#store.arrow }, call, control);
    this.#cache.set(keyOf(made), compactTable(call.rows));
    return made;
  }

  /** A table whole, its rows as they came. Throws DATA_INVALID when there is none of that name. */
  async table(partitions: readonly Partition[], name: string): Promise<Table> {
    const parts = partitions.filter((partition) => partition.table === name);
    if (parts.length === 0) {
      throw new WorkbenchError(
        'DATA_INVALID',
        `There is no table "${name}"; there are ${tableNames(partitions).join(', ')}.`,
      );
    }
    return this.#read(parts);
  }

  async #read(parts: readonly Partition[]): Promise<Table> {
    const key = keyOf(parts);
    const known = this.#cache.get(key);
    if (known) return known;
    const table = (await this.#grown(parts)) ?? (await readPartitions(this.#store, parts)).rows;
    this.#cache.set(key, table);
    return table;
  }

  /** The table as it was known before the newest append, with that append's rows below. */
  async #grown(parts: readonly Partition[]): Promise<Table | null> {
    const newest = Math.max(...parts.map(({ sequence }) => sequence));
    const before = parts.filter(({ sequence }) => sequence < newest);
    if (before.length === 0 || !isBeginning(before)) return null;
    const key = keyOf(before);
    const table = this.#cache.get(key);
    if (!table) return null;
    const added = await this.#read(parts.filter(({ sequence }) => sequence === newest));
    const grown = concatTables([table, added]);
    this.#cache.delete(key);
    return grown;
  }
}

function keyOf(partitions: readonly Partition[]): string {
  return sha256Hex(canonicalJson(partitions.map(({ path, digest }) => [path, digest]).sort()));
}

export function tableNames(partitions: readonly Partition[]): readonly string[] {
  return [...new Set(partitions.map((partition) => partition.table))];
}
