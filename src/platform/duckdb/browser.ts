import { AsyncDuckDB, VoidLogger, type AsyncDuckDBConnection } from '@duckdb/duckdb-wasm';
import type { Table } from '../../utils/columns';
import type { Signal } from '../../utils/control';
import { AbortError, WorkbenchError } from '../../utils/errors';
import type { SqlReader } from '../../features/types';
import { encodeForSql, readResult } from './exchange';
import { quoteIdentifier, SETTINGS, sqlFault, tokensOf } from './settings';

/** Where this site serves the engine from; absolute addresses of our own origin. */
export interface DuckDbFiles {
  readonly wasmUrl: string;
  readonly workerUrl: string;
}

/** DuckDB in a worker of its own. The 34 MB engine is fetched now, so open it only when first needed. */
export async function openDuckDb(files: DuckDbFiles): Promise<SqlReader & { close(): Promise<void> }> {
  const worker = new Worker(files.workerUrl);
  const { lost, lose } = lossOf(worker);
  const database = new AsyncDuckDB(new VoidLogger(), worker);
  const guard = <T>(work: Promise<T>): Promise<T> => Promise.race([work, lost]);
  await guard(database.instantiate(files.wasmUrl)).catch((error: unknown) => {
    worker.terminate();
    throw engineFault(error);
  });
  const connection: AsyncDuckDBConnection = await guard(database.connect());
  for (const statement of SETTINGS) await guard(connection.query(statement));
  const drop = (name: string) => guard(connection.query(`DROP TABLE IF EXISTS ${quoteIdentifier(name)}`));
  return {
    insert: async (name: string, table: Table) => {
      await drop(name);
      await guard(connection.insertArrowFromIPCStream(encodeForSql(table), { name, create: true }));
      const stored = readResult(
        await guard(connection.query(`SELECT count(*)::DOUBLE AS n FROM ${quoteIdentifier(name)}`)),
      );
      const [column] = stored.columns.values();
      const taken = column?.type === 'float64' ? (column.values[0] ?? 0) : 0;
      if (taken !== table.rowCount) {
        throw new WorkbenchError(
          'FEATURES_INVALID',
          `The SQL engine took ${taken} of ${table.rowCount} rows of ${name}. Run the stage again.`,
        );
      }
    },
    query: (sql: string, signal?: Signal) =>
      stoppable(worker, signal, async () => {
        try {
          return readResult(await guard(connection.query(sql)));
        } catch (error) {
          if (error instanceof WorkbenchError) throw error;
          throw lose(sqlFault(error, sql));
        }
      }),
    tokens: async (sql: string) => tokensOf(sql, await guard(database.tokenize(sql))),
    tableNames: async (sql: string) => {
      try {
        return await guard(connection.getTableNames(sql));
      } catch (error) {
        if (error instanceof WorkbenchError) throw error;
        throw lose(sqlFault(error, sql));
      }
    },
    drop: async (name: string) => {
      await drop(name);
    },
    close: async () => {
      await connection.close();
      await database.terminate();
    },
  };
}

const LOOK_MS = 50;

/** Runs a statement and ends the engine's worker when it is cancelled: the worker hears nothing while it computes. */
async function stoppable<T>(worker: Worker, signal: Signal | undefined, work: () => Promise<T>): Promise<T> {
  if (!signal) return work();
  let looking: ReturnType<typeof setInterval> | undefined;
  const stopped = new Promise<never>((_resolve, reject) => {
    looking = setInterval(() => {
      if (!signal.aborted) return;
      worker.terminate();
      reject(new AbortError('The statement was stopped; nothing was changed.'));
    }, LOOK_MS);
  });
  try {
    return await Promise.race([work(), stopped]);
  } finally {
    clearInterval(looking);
  }
}

function engineFault(error: unknown): WorkbenchError {
  if (error instanceof WorkbenchError) return error;
  const why = error instanceof Error ? error.message : String(error);
  return new WorkbenchError(
    'WORKER_LOST',
    `The SQL engine did not start: ${why} If you are offline, open the page once with a connection so that the engine (34 MB) is kept.`,
    {},
    { cause: error },
  );
}

interface Loss {
  /** Rejects when the engine is lost, so that no call waits for it. */
  readonly lost: Promise<never>;
  /** Ends the worker where a fault says that the engine broke down; the same fault. */
  readonly lose: (fault: WorkbenchError) => WorkbenchError;
}

function lossOf(worker: Worker): Loss {
  let reject: (fault: WorkbenchError) => void = () => undefined;
  const lost = new Promise<never>((_resolve, fail) => (reject = fail));
  lost.catch(() => undefined);
  worker.addEventListener('error', (event) => {
    reject(
      new WorkbenchError(
        'WORKER_LOST',
        `The SQL engine stopped (${event.message || 'it could not be loaded'}). Nothing half-done was kept; reload the page and run the stage again.`,
      ),
    );
  });
  const lose = (fault: WorkbenchError) => {
    if (fault.code !== 'WORKER_LOST') return fault;
    worker.terminate();
    reject(fault);
    return fault;
  };
  return { lost, lose };
}
