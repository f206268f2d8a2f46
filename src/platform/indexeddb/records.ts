import { Dexie, type Collection, type Table as DexieTable } from 'dexie';
import type { IndexKey, Query, Records, RecordsTx, StoredRecord, TableSchema } from '../../utils/records';
import { WorkbenchError } from '../../utils/errors';
import { declareVersions, indexName, type StoreVersion } from './schema';

type Rows = DexieTable<StoredRecord, IndexKey>;

/**
 * Records in IndexedDB through Dexie. Writes are strictly durable: when `write` resolves, the disk has it. Throws
 * STORAGE_REFUSED when the browser allows no database (private windows, blocked site data).
 */
export async function openIndexedDb(
  name: string,
  tables: Readonly<Record<string, TableSchema>>,
  versions: readonly StoreVersion[] = [{ version: 1, tables }],
): Promise<Records & { close(): void }> {
  const database = new Dexie(name, { chromeTransactionDurability: 'strict' });
  declareVersions(database, versions);
  try {
    await database.open();
  } catch (error) {
    throw new WorkbenchError(
      'STORAGE_REFUSED',
      `IndexedDB could not be opened: ${textOf(error)}`,
      {},
      { cause: error },
    );
  }
  database.on('versionchange', () => {
    database.close();
    // Keeps Dexie's own handler from opening the newer store again under this older page.
    return false;
  });
  const run = async <T>(
    mode: 'r' | 'rw',
    names: readonly string[],
    work: (tx: RecordsTx) => Promise<T>,
  ): Promise<T> => {
    try {
      return await database.transaction(mode, [...names], async () => work(new DexieTx(database, tables)));
    } catch (error) {
      throw storageFault(error);
    }
  };
  return {
    read: (names, work) => run('r', names, work),
    write: (names, work) => run('rw', names, work),
    close: () => database.close(),
  };
}

class DexieTx implements RecordsTx {
  readonly #database: Dexie;
  readonly #schemas: Readonly<Record<string, TableSchema>>;

  constructor(database: Dexie, schemas: Readonly<Record<string, TableSchema>>) {
    this.#database = database;
    this.#schemas = schemas;
  }

  async get<T extends StoredRecord>(table: string, key: IndexKey): Promise<T | undefined> {
    return (await this.#rows(table).get(key as string)) as T | undefined;
  }

  async query<T extends StoredRecord>(table: string, query: Query = {}): Promise<T[]> {
    return (await this.#select(table, query).toArray()) as T[];
  }

  async count(table: string, query: Query = {}): Promise<number> {
    return this.#select(table, query).count();
  }

  async put(table: string, record: StoredRecord): Promise<void> {
    await this.#rows(table).put(record);
  }

  async putAll(table: string, records: readonly StoredRecord[]): Promise<void> {
    await this.#rows(table).bulkPut([...records]);
  }

  async delete(table: string, key: IndexKey): Promise<void> {
    await this.#rows(table).delete(key);
  }

  async clear(table: string, query: Query = {}): Promise<void> {
    await this.#select(table, query).delete();
  }

  #select(table: string, query: Query): Collection<StoredRecord, IndexKey> {
    const schema = this.#schemas[table];
    const path = query.index === undefined ? schema?.key : schema?.indexes?.[query.index];
    if (path === undefined) throw new Error(`invariant: table ${table} has no index ${query.index ?? 'at all'}`);
    let found = this.#range(table, indexName(path), query);
    if (query.reverse) found = found.reverse();
    if (query.offset) found = found.offset(query.offset);
    return query.limit === undefined ? found : found.limit(query.limit);
  }

  #range(table: string, index: string, query: Query): Collection<StoredRecord, IndexKey> {
    const { equals, from, to } = query;
    const rows = this.#rows(table);
    if (equals === undefined && from === undefined && to === undefined) return rows.orderBy(index);
    const where = rows.where(index);
    if (equals !== undefined) return where.equals(equals);
    if (from === undefined) return where.belowOrEqual(to);
    return to === undefined ? where.aboveOrEqual(from) : where.between(from, to, true, true);
  }

  #rows(table: string): Rows {
    return this.#database.table<StoredRecord, IndexKey>(table);
  }
}

function textOf(error: unknown): string {
  return error instanceof Error ? error.message : String(error);
}

/** Whether the browser has no space left; Dexie keeps the cause inside, and in the failures of a bulk put. */
function isQuota(error: unknown): boolean {
  if (!(error instanceof Error)) return false;
  if (error.name === 'QuotaExceededError') return true;
  if ('failures' in error && Array.isArray(error.failures)) return error.failures.some(isQuota);
  return 'inner' in error && error.inner !== error && isQuota(error.inner);
}

/** Quota and closed-database faults as sentences; everything else as it came. */
export function storageFault(error: unknown): unknown {
  const name = error instanceof Error ? error.name : '';
  if (isQuota(error)) {
    return new WorkbenchError(
      'STORAGE_REFUSED',
      'This browser has no space left for the workspace. Nothing was saved of this step.',
      { full: true },
      { cause: error },
    );
  }
  if (name === 'DatabaseClosedError') {
    return new WorkbenchError(
      'STORAGE_REFUSED',
      'The workspace was closed because a newer version of this page opened in another tab, or its data was erased. Reload this tab.',
      {},
      { cause: error },
    );
  }
  return error;
}
