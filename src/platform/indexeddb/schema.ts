import { Dexie } from 'dexie';
import type { IndexKey, RecordsTx, StoredRecord, TableSchema } from '../../utils/records';
import { DexieTx, indexName } from './transaction';

type Convert = (tx: RecordsTx) => Promise<void>;

/** One version of the store: what it changed on top of the one before. */
export interface StoreVersion {
  /** 1, 2, 3, …, without gaps. */
  readonly version: number;
  /** New or changed tables (all of them in version 1); null drops one. */
  readonly tables: Readonly<Record<string, TableSchema | null>>;
  /** Loads what moves rows between tables; those that this version drops can still be read. */
  readonly convert?: () => Promise<Convert>;
  /** Rewrites rows that exist already: gets each row of the named table and returns it changed. */
  readonly rewrite?: Readonly<Record<string, (row: Record<string, unknown>) => Record<string, unknown>>>;
}

function dexieSchema(schema: TableSchema): string {
  return [schema.key, ...Object.values(schema.indexes ?? {})].map(indexName).join(', ');
}

/** Dexie counts ten of the browser's versions to one of its own. */
const STEP = 10;

/** The version of the store that a browser holds, 0 for none; null where it does not say. */
async function heldVersion(name: string, { indexedDB }: { readonly indexedDB: IDBFactory }): Promise<number | null> {
  try {
    const held = (await indexedDB.databases()).find((one) => one.name === name);
    return (held?.version ?? 0) / STEP;
  } catch {
    return null;
  }
}

/** Declares every version. A browser that holds an older one runs what it misses, in order. */
export async function declareVersions(database: Dexie, versions: readonly StoreVersion[]): Promise<void> {
  const known: Record<string, TableSchema> = {};
  const held = await heldVersion(database.name, Dexie.dependencies);
  for (const { version, tables, rewrite = {}, convert: load } of versions) {
    // A transaction of the browser's ends while code is loaded, so that comes first.
    const convert = held === 0 || (held !== null && held >= version) ? undefined : await load?.();
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
