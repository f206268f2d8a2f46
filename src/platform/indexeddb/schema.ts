import type { Dexie } from 'dexie';
import type { IndexKey, RecordsTx, StoredRecord, TableSchema } from '../../utils/records';
import { DexieTx, indexName } from './transaction';

/** One version of the store: what it changed on top of the one before. */
export interface StoreVersion {
  /** 1, 2, 3, …, without gaps. */
  readonly version: number;
  /** New or changed tables (all of them in version 1); null drops one. */
  readonly tables: Readonly<Record<string, TableSchema | null>>;
  /** Moves rows between tables; those that this version drops can still be read. */
  readonly convert?: (tx: RecordsTx) => Promise<void>;
  /** Rewrites rows that exist already: gets each row of the named table and returns it changed. */
  readonly rewrite?: Readonly<Record<string, (row: Record<string, unknown>) => Record<string, unknown>>>;
}

function dexieSchema(schema: TableSchema): string {
  return [schema.key, ...Object.values(schema.indexes ?? {})].map(indexName).join(', ');
}

/** Declares every version. A browser that holds an older one runs what it misses, in order. */
export function declareVersions(database: Dexie, versions: readonly StoreVersion[]): void {
  const known: Record<string, TableSchema> = {};
  for (const { version, tables, rewrite = {}, convert } of versions) {
    for (const [name, schema] of Object.entries(tables)) if (schema) known[name] = schema;
    const schemas = { ...known };
    const stores = Object.fromEntries(
      Object.entries(tables).map(([name, schema]) => [name, schema ? dexieSchema(schema) : null]),
    );
    database
      .version(version)
      .stores(stores)
      .upgrade(async (tx) => {
        for (const [name, change] of Object.entries(rewrite)) {
          const rows = (await tx.table(name).toArray()) as Record<string, unknown>[];
          await tx.table(name).bulkPut(rows.map(change));
        }
        await convert?.(new DexieTx((name) => tx.table<StoredRecord, IndexKey>(name), schemas));
      });
  }
}
