import type { Table } from '../utils/columns';
import { WorkbenchError } from '../utils/errors';
import type { OfflineTables, SqlEngine } from './types';

/** Tables at hand; the engine is opened when SQL is first asked of it. */
export function tablesAtHand(tables: ReadonlyMap<string, Table>, openEngine: () => Promise<SqlEngine>): OfflineTables {
  let opened: Promise<SqlEngine> | null = null;
  const tableOf = (name: string): Table => {
    const table = tables.get(name);
    if (table) return table;
    throw new WorkbenchError(
      'DATA_INVALID',
      `There is no table "${name}"; there are ${[...tables.keys()].join(', ')}.`,
    );
  };
  return {
    table: (name) => Promise.resolve().then(() => tableOf(name)),
    scratch: () => (opened ??= openEngine()),
  };
}
