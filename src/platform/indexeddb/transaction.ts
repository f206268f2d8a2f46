import type { Collection, Table as DexieTable } from 'dexie';
import type { IndexKey, Query, RecordsTx, StoredRecord, TableSchema } from '../../utils/records';

type Rows = DexieTable<StoredRecord, IndexKey>;

/** Dexie's name of an index path: "model" or "[model+stage]". */
export function indexName(path: string | readonly string[]): string {
  return typeof path === 'string' ? path : `[${path.join('+')}]`;
}

/** One transaction's tables, whether a write's, a read's or an upgrade's. */
export class DexieTx implements RecordsTx {
  readonly #rows: (table: string) => Rows;
  readonly #schemas: Readonly<Record<string, TableSchema>>;

  constructor(rows: (table: string) => Rows, schemas: Readonly<Record<string, TableSchema>>) {
    this.#rows = rows;
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
}
