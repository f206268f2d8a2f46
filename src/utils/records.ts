/** A value that survives structured cloning unchanged (JSON values, typed arrays, Map). */
export type StoredRecord = object;

/** Which rows of a table to read. Without `index` the primary key is used. */
export interface Query {
  readonly index?: string;
  /** Rows whose index (or key) equals this value. */
  readonly equals?: IndexKey;
  /** Inclusive lower bound. */
  readonly from?: IndexKey;
  /** Inclusive upper bound. */
  readonly to?: IndexKey;
  readonly reverse?: boolean;
  readonly offset?: number;
  readonly limit?: number;
}

export type IndexKey = string | number | readonly (string | number)[];

/** What can be done inside one transaction. Reads see the transaction's own writes. */
export interface RecordsTx {
  get<T extends StoredRecord>(table: string, key: IndexKey): Promise<T | undefined>;
  query<T extends StoredRecord>(table: string, query?: Query): Promise<T[]>;
  count(table: string, query?: Query): Promise<number>;
  put(table: string, record: StoredRecord): Promise<void>;
  putAll(table: string, records: readonly StoredRecord[]): Promise<void>;
  delete(table: string, key: IndexKey): Promise<void>;
  /** Deletes the rows a query finds (all rows without one). */
  clear(table: string, query?: Query): Promise<void>;
}

/**
 * Tables of records with unique keys and secondary indexes, changed by transactions that happen whole or not at all.
 * The browser fills it with IndexedDB, Node and tests with memory. A transaction's function may await only calls of
 * its own `tx`: the browser commits when control returns to it.
 */
export interface Records {
  read<T>(tables: readonly string[], work: (tx: RecordsTx) => Promise<T>): Promise<T>;
  write<T>(tables: readonly string[], work: (tx: RecordsTx) => Promise<T>): Promise<T>;
}

/** Declares a table: the key path and the indexes, as property names (several for a compound one). */
export interface TableSchema {
  readonly key: string | readonly string[];
  readonly indexes?: Readonly<Record<string, string | readonly string[]>>;
}

/** Bytes by path ("offline/heart_disease/visits/ab12.arrow"); a write is seen whole or not at all. */
export interface FileStore {
  read(path: string): Promise<Uint8Array | undefined>;
  write(path: string, bytes: Uint8Array): Promise<void>;
  delete(path: string): Promise<void>;
  list(prefix?: string): Promise<string[]>;
}
