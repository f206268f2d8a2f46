import { createRequire } from 'node:module';
import { dirname, join } from 'node:path';
import type { DuckDBBindings } from '@duckdb/duckdb-wasm/blocking';
import type { Table } from '../../utils/columns';
import { WorkbenchError } from '../../utils/errors';
import type { SqlReader } from '../../features/types';
import { encodeForSql, readResult } from './exchange';
import { quoteIdentifier, SETTINGS, sqlFault, tokensOf } from './settings';

interface Blocking {
  createDuckDB(bundles: unknown, logger: unknown, runtime: unknown): Promise<DuckDBBindings>;
  readonly VoidLogger: new () => unknown;
  readonly NODE_RUNTIME: unknown;
}

/** DuckDB in this process, from the same package and engine version as in the browser. */
export async function openDuckDb(): Promise<SqlReader & { close(): Promise<void> }> {
  const require = createRequire(import.meta.url);
  const blocking = require('@duckdb/duckdb-wasm/blocking') as Blocking;
  const dist = dirname(require.resolve('@duckdb/duckdb-wasm/dist/duckdb-eh.wasm'));
  const bundles = {
    mvp: { mainModule: join(dist, 'duckdb-mvp.wasm'), mainWorker: '' },
    eh: { mainModule: join(dist, 'duckdb-eh.wasm'), mainWorker: '' },
  };
  const database = await blocking.createDuckDB(bundles, new blocking.VoidLogger(), blocking.NODE_RUNTIME);
  await database.instantiate(() => undefined);
  const connection = database.connect();
  for (const statement of SETTINGS) connection.query(statement);
  const drop = (name: string) => connection.query(`DROP TABLE IF EXISTS ${quoteIdentifier(name)}`);
  return {
    insert: (name: string, table: Table) => {
      drop(name);
      connection.insertArrowFromIPCStream(encodeForSql(table), { name, create: true });
      return Promise.resolve();
    },
    query: (sql: string) =>
      Promise.resolve().then(() => {
        try {
          return readResult(connection.query(sql));
        } catch (error) {
          throw error instanceof WorkbenchError ? error : sqlFault(error, sql);
        }
      }),
    tokens: (sql: string) => Promise.resolve(tokensOf(sql, database.tokenize(sql))),
    tableNames: (sql: string) =>
      Promise.resolve().then(() => {
        try {
          return connection.getTableNames(sql);
        } catch (error) {
          throw sqlFault(error, sql);
        }
      }),
    drop: (name: string) => {
      drop(name);
      return Promise.resolve();
    },
    close: () => {
      connection.close();
      return Promise.resolve();
    },
  };
}
