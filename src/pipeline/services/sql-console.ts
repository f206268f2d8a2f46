import { entityRowsBySql } from '../../features/entity-sql';
import { readOnlySql, type ReadAnswer, type ReadCall } from '../../features/read-only-sql';
import type { EntityRows } from '../../features/types';
import type { Table } from '../../utils/columns';
import { checkpoint, type Control } from '../../utils/control';
import { AbortError, WorkbenchError } from '../../utils/errors';
import type { OpenSqlEngine } from '../platform';

/** A table that a statement can name. */
export interface NamedTable {
  readonly name: string;
  /** Changes with its rows. */
  readonly stamp: string;
  read(): Promise<Table>;
}

/** Rows kept in the engine between statements; more are dropped when a statement does not name them. */
const MOST_ROWS = 4_000_000;

/**
 * Statements that read, in an engine of their own: what a person asks neither waits for a stage nor can change what a
 * stage works with, and a statement that is stopped takes only this engine with it.
 */
export class SqlConsole {
  readonly #open: () => Promise<OpenSqlEngine>;
  #engine: Promise<OpenSqlEngine> | null = null;
  readonly #loaded = new Map<string, { readonly stamp: string; readonly rows: number }>();
  /** Settled when the engine is free. */
  #turn: Promise<unknown> = Promise.resolve();

  constructor(open: () => Promise<OpenSqlEngine>) {
    this.#open = open;
  }

  /** As `readOnlySql`; `began` is called when tables are loaded and the statement runs. */
  query(
    tables: readonly NamedTable[],
    { sql, limit, began }: { readonly sql: string; readonly limit: number; readonly began: () => void },
    control: Control,
  ): Promise<ReadAnswer> {
    return this.#alone(control, async (engine) => {
      const call = this.#call(engine, tables, sql, control);
      began();
      const load = async (name: string) => {
        await call.load(name);
        began();
      };
      return readOnlySql(engine, { ...call, load, limit });
    });
  }

  /** As `entityRowsBySql`. */
  entityRows(tables: readonly NamedTable[], sql: string, control: Control): Promise<EntityRows> {
    return this.#alone(control, (engine) => entityRowsBySql(engine, this.#call(engine, tables, sql, control)));
  }

  #call(engine: OpenSqlEngine, tables: readonly NamedTable[], sql: string, control: Control): Omit<ReadCall, 'limit'> {
    const named = new Set<string>();
    const load = async (name: string) => {
      const table = tables.find((one) => one.name === name);
      if (!table) return;
      named.add(name);
      if (this.#loaded.get(name)?.stamp === table.stamp) return;
      await checkpoint(control, { label: `loading ${name} into the SQL engine`, done: 0, total: 0 });
      const rows = await table.read();
      await this.#makeRoom(engine, rows.rowCount, named);
      this.#loaded.delete(name);
      await engine.insert(name, rows);
      this.#loaded.set(name, { stamp: table.stamp, rows: rows.rowCount });
    };
    return { sql, names: tables.map((table) => table.name), load, signal: control.signal };
  }

  async #makeRoom(engine: OpenSqlEngine, rows: number, named: ReadonlySet<string>): Promise<void> {
    const held = () => [...this.#loaded.values()].reduce((sum, table) => sum + table.rows, rows);
    for (const name of [...this.#loaded.keys()]) {
      if (held() <= MOST_ROWS) return;
      if (named.has(name)) continue;
      this.#loaded.delete(name);
      await engine.drop(name);
    }
  }

  async #alone<T>(control: Control, work: (engine: OpenSqlEngine) => Promise<T>): Promise<T> {
    const before = this.#turn;
    let done: () => void = () => undefined;
    this.#turn = new Promise<void>((resolve) => (done = resolve));
    await before;
    try {
      if (!this.#engine) await checkpoint(control, { label: 'starting the SQL engine', done: 0, total: 0 });
      return await work(await this.#opened());
    } catch (error) {
      // Its worker was ended with the statement, or broke down with it.
      if (error instanceof AbortError || (error instanceof WorkbenchError && error.code === 'WORKER_LOST'))
        this.#forget();
      throw error;
    } finally {
      done();
    }
  }

  #opened(): Promise<OpenSqlEngine> {
    this.#engine ??= this.#open().catch((error: unknown) => {
      this.#forget();
      throw error;
    });
    return this.#engine;
  }

  #forget(): void {
    this.#engine = null;
    this.#loaded.clear();
  }
}
