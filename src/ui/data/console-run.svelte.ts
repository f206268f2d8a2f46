import type { FeatureStoreClient } from '../../pipeline/store/client';
import type { SqlAnswer, TableFormat } from '../../pipeline/store/types';
import { download } from '../parts/take-away';
import { isStopped, messageOf } from '../state/fault';

/** Where a statement's fault stands; both from 1. */
export interface FaultPlace {
  readonly line: number;
  readonly column: number;
}

const TYPES: Readonly<Record<TableFormat, string>> = {
  csv: 'text/csv',
  parquet: 'application/vnd.apache.parquet',
  arrow: 'application/vnd.apache.arrow.stream',
};

/** A statement that runs, its answer or its fault. */
export class ConsoleRun {
  answer = $state.raw<SqlAnswer | null>(null);
  /** The statement that was answered. */
  asked = $state('');
  error = $state<string | null>(null);
  place = $state.raw<FaultPlace | null>(null);
  /** What is being done; null when nothing runs. */
  doing = $state<string | null>(null);
  #abort: AbortController | null = null;

  async run(store: FeatureStoreClient, model: string, sql: string): Promise<void> {
    await this.#alone('running', async (signal) => {
      this.answer = await store.querySql(model, { sql }, this.#say, signal);
      this.asked = sql;
    });
  }

  async take(store: FeatureStoreClient, model: string, format: TableFormat): Promise<void> {
    await this.#alone('writing the file', async (signal) => {
      const file = await store.sqlFile(model, this.asked, format, this.#say, signal);
      download(file.fileName, new Blob([file.bytes.slice()], { type: TYPES[format] }));
    });
  }

  stop(): void {
    this.#abort?.abort();
  }

  /** Progress may arrive after the answer it belongs to. */
  readonly #say = ({ label }: { readonly label: string }): void => {
    if (this.doing !== null) this.doing = label;
  };

  async #alone(what: string, work: (signal: AbortSignal) => Promise<void>): Promise<void> {
    if (this.doing !== null) return;
    const abort = new AbortController();
    this.#abort = abort;
    this.doing = what;
    this.error = null;
    this.place = null;
    try {
      await work(abort.signal);
    } catch (error) {
      this.error = messageOf(error);
      this.place = isStopped(error) ? null : placeIn(error);
    } finally {
      this.doing = null;
    }
  }
}

function placeIn(error: unknown): FaultPlace | null {
  if (!(error instanceof Error) || !('details' in error)) return null;
  const details = error.details as Readonly<Record<string, unknown>> | null;
  const { line, column } = details ?? {};
  return typeof line === 'number' && typeof column === 'number' ? { line, column } : null;
}
