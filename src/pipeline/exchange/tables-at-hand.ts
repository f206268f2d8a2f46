import type { RecordsTx, StoredRecord } from '../../utils/records';

/** Records by table, in the order of their keys. */
export type Tables = ReadonlyMap<string, readonly StoredRecord[]>;

/** Records in memory, read as a transaction reads whole tables. */
export function tablesAtHand(tables: Tables): Pick<RecordsTx, 'query'> {
  return { query: <T extends StoredRecord>(table: string) => Promise.resolve([...(tables.get(table) ?? [])] as T[]) };
}

/** All records of some tables, as they were at one moment. */
export async function readTables(tx: Pick<RecordsTx, 'query'>, names: readonly string[]): Promise<Tables> {
  const tables = new Map<string, readonly StoredRecord[]>();
  for (const name of names) tables.set(name, await tx.query<StoredRecord>(name));
  return tables;
}
