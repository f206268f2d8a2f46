import type { OfflineTables } from '../../features/types';
import { functionsIn } from '../../models/on-demand';
import { modelDefinitions } from '../../models/catalog';
import { checkpoint, type Control } from '../../utils/control';
import { WorkbenchError } from '../../utils/errors';
import { folderOf } from '../model-spec';
import type { Host, OpenSqlEngine } from '../platform';
import type { TablesCall } from './data-calls';
import type { RawTables } from './raw-tables';

/** The SQL engine of features, for one piece of work at a time. */
export class EngineTurns {
  readonly #host: Host;
  readonly #raw: RawTables;
  #engine: Promise<OpenSqlEngine> | null = null;
  /** Settled when the SQL engine is free. */
  #turn: Promise<void> = Promise.resolve();

  constructor(host: Host, raw: RawTables) {
    this.#host = host;
    this.#raw = raw;
  }

  /**
   * Works on a model's tables. Rows are in the SQL engine by their table's name only, so whoever works on other parts or
   * another model's tables waits until the work is done.
   */
  async withTables<T>(call: TablesCall, control: Control, work: (tables: OfflineTables) => Promise<T>): Promise<T> {
    const before = this.#turn;
    let done: () => void = () => undefined;
    this.#turn = new Promise((resolve) => (done = resolve));
    await before;
    try {
      return await work(this.#tables(call, control));
    } finally {
      done();
    }
  }

  open(): Promise<OpenSqlEngine> {
    this.#engine ??= this.#host.openSql().then(
      (engine) => this.#watched(engine),
      (error: unknown) => {
        this.#engine = null;
        throw error;
      },
    );
    return this.#engine;
  }

  /** An engine that broke down is not asked again: the next that is opened is a new one. */
  #watched(engine: OpenSqlEngine): OpenSqlEngine {
    const forget = (error: unknown): never => {
      if (error instanceof WorkbenchError && error.code === 'WORKER_LOST') this.#engine = null;
      throw error;
    };
    return {
      ...engine,
      query: (...call) => engine.query(...call).catch(forget),
      insert: (...call) => engine.insert(...call).catch(forget),
    };
  }

  #tables({ spec, partitions }: TablesCall, control: Control): OfflineTables {
    const engine = async () => {
      if (!this.#engine) await checkpoint(control, { label: 'starting the SQL engine', done: 0, total: 0 });
      return this.open();
    };
    return {
      table: (name) => this.#raw.table(partitions, name),
      functions: functionsIn(modelDefinitions().get(folderOf(spec))),
      scratch: engine,
    };
  }
}
