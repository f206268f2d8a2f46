import type { Dexie } from 'dexie';
import type { TableSchema } from '../../utils/records';

/** What changed in a later version of the store, on top of the one before. */
export interface Migration {
  /** 2, 3, …, without gaps. */
  readonly version: number;
  /** New or changed tables; null drops one. */
  readonly tables: Readonly<Record<string, TableSchema | null>>;
  /** Rewrites rows that exist already: gets each row of the named table and returns it changed. */
  readonly rewrite?: Readonly<Record<string, (row: Record<string, unknown>) => Record<string, unknown>>>;
}

/** Dexie's name of an index path: "model" or "[model+stage]". */
export function indexName(path: string | readonly string[]): string {
  return typeof path === 'string' ? path : `[${path.join('+')}]`;
}

function dexieSchema(schema: TableSchema): string {
  return [schema.key, ...Object.values(schema.indexes ?? {})].map(indexName).join(', ');
}

/** Declares version 1 and the migrations after it. Browsers that hold an older version run what they miss, in order. */
export function declareVersions(
  database: Dexie,
  tables: Readonly<Record<string, TableSchema>>,
  migrations: readonly Migration[],
): void {
  const first = Object.entries(tables).filter(([name]) => !migrations.some((migration) => name in migration.tables));
  database.version(1).stores(Object.fromEntries(first.map(([name, schema]) => [name, dexieSchema(schema)])));
  for (const { version, tables: changed, rewrite = {} } of migrations) {
    const stores = Object.fromEntries(
      Object.entries(changed).map(([name, schema]) => [name, schema ? dexieSchema(schema) : null]),
    );
    database
      .version(version)
      .stores(stores)
      .upgrade(async (tx) => {
        for (const [name, change] of Object.entries(rewrite)) {
          const rows = (await tx.table(name).toArray()) as Record<string, unknown>[];
          await tx.table(name).bulkPut(rows.map(change));
        }
      });
  }
}
