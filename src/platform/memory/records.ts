import type { IndexKey, Query, Records, RecordsTx, StoredRecord, TableSchema } from '../../utils/records';
import { compareKeys, indexPath, keyOf, keyText } from './keys';

type Rows = Map<string, StoredRecord>;

/** Records kept in memory, with IndexedDB's order, cloning and all-or-nothing transactions, one after the other. */
export function memoryRecords(schemas: Readonly<Record<string, TableSchema>>): Records {
  const tables = new Map<string, Rows>(Object.keys(schemas).map((name) => [name, new Map()]));
  let last: Promise<unknown> = Promise.resolve();
  const inTurn = <T>(work: () => Promise<T>): Promise<T> => {
    const turn = last.then(work, work);
    last = turn.catch(() => undefined);
    return turn;
  };
  const within = (names: readonly string[], rows: ReadonlyMap<string, Rows>): RecordsTx =>
    new MemoryTx(schemas, names, rows);
  return {
    read: (names, work) => inTurn(() => work(within(names, tables))),
    write: (names, work) =>
      inTurn(async () => {
        const drafts = new Map(names.map((name) => [name, new Map(tables.get(name))]));
        const result = await work(within(names, drafts));
        for (const [name, rows] of drafts) tables.set(name, rows);
        return result;
      }),
  };
}

class MemoryTx implements RecordsTx {
  readonly #schemas: Readonly<Record<string, TableSchema>>;
  readonly #names: readonly string[];
  readonly #tables: ReadonlyMap<string, Rows>;

  constructor(
    schemas: Readonly<Record<string, TableSchema>>,
    names: readonly string[],
    tables: ReadonlyMap<string, Rows>,
  ) {
    this.#schemas = schemas;
    this.#names = names;
    this.#tables = tables;
  }

  get<T extends StoredRecord>(table: string, key: IndexKey): Promise<T | undefined> {
    const found = this.#rows(table).get(keyText(key));
    return Promise.resolve(found === undefined ? undefined : (structuredClone(found) as T));
  }

  query<T extends StoredRecord>(table: string, query: Query = {}): Promise<T[]> {
    return Promise.resolve(this.#find(table, query).map((row) => structuredClone(row) as T));
  }

  count(table: string, query: Query = {}): Promise<number> {
    return Promise.resolve(this.#find(table, query).length);
  }

  put(table: string, record: StoredRecord): Promise<void> {
    const key = keyOf(record, this.#schema(table).key);
    if (key === undefined) throw new Error(`invariant: a record for ${table} has no key`);
    this.#rows(table).set(keyText(key), structuredClone(record));
    return Promise.resolve();
  }

  async putAll(table: string, records: readonly StoredRecord[]): Promise<void> {
    for (const record of records) await this.put(table, record);
  }

  delete(table: string, key: IndexKey): Promise<void> {
    this.#rows(table).delete(keyText(key));
    return Promise.resolve();
  }

  clear(table: string, query: Query = {}): Promise<void> {
    const { key } = this.#schema(table);
    for (const row of this.#find(table, query)) this.#rows(table).delete(keyText(keyOf(row, key) ?? ''));
    return Promise.resolve();
  }

  #find(table: string, query: Query): StoredRecord[] {
    const schema = this.#schema(table);
    const path = indexPath(schema, table, query.index);
    const found: { key: IndexKey; primary: IndexKey; row: StoredRecord }[] = [];
    for (const row of this.#rows(table).values()) {
      const key = keyOf(row, path);
      if (key !== undefined && inRange(key, query)) found.push({ key, primary: keyOf(row, schema.key) ?? '', row });
    }
    found.sort((a, b) => compareKeys(a.key, b.key) || compareKeys(a.primary, b.primary));
    if (query.reverse) found.reverse();
    const start = query.offset ?? 0;
    return found.slice(start, query.limit === undefined ? undefined : start + query.limit).map(({ row }) => row);
  }

  #schema(table: string): TableSchema {
    const schema = this.#schemas[table];
    if (!schema) throw new Error(`invariant: no table ${table}`);
    return schema;
  }

  #rows(table: string): Rows {
    const rows = this.#names.includes(table) ? this.#tables.get(table) : undefined;
    if (!rows) throw new Error(`invariant: table ${table} is not part of this transaction (${this.#names.join(', ')})`);
    return rows;
  }
}

function inRange(key: IndexKey, query: Query): boolean {
  if (query.equals !== undefined) return compareKeys(key, query.equals) === 0;
  if (query.from !== undefined && compareKeys(key, query.from) < 0) return false;
  return query.to === undefined || compareKeys(key, query.to) <= 0;
}
