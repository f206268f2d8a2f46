import type { Column } from '../utils/columns';
import type { Signal } from '../utils/control';
import { WorkbenchError } from '../utils/errors';
import { EVENT } from './historical';
import { readOnlySql, type ReadCall } from './read-only-sql';
import type { EntityRows, SqlReader } from './types';

/** More rows than a statement gives: entity rows are never cut. */
const ALL = 2_000_000_000;

/**
 * Entity rows by a statement that reads (`readOnlySql`): all of them, in its order. Throws FEATURES_INVALID where it gives
 * no row, or no column of times under the name event_timestamp (one column of times under another name is taken for it).
 */
export async function entityRowsBySql(
  engine: SqlReader,
  call: Omit<ReadCall, 'limit' | 'signal'> & { readonly signal?: Signal | undefined },
): Promise<EntityRows> {
  const { table } = await readOnlySql(engine, { ...call, limit: ALL });
  const columns = [...table.columns];
  const times = columns.filter(([, column]) => column.type === 'timestamp');
  if (!table.columns.has(EVENT) && times.length !== 1) {
    const [first] = times;
    throw new WorkbenchError(
      'FEATURES_INVALID',
      `The entity SQL gives no column "${EVENT}"; it gives ${columns.map(([name]) => name).join(', ')}. Give each row's moment that name, as in SELECT …, ${first?.[0] ?? 'ordered_at'} AS ${EVENT}.`,
    );
  }
  if (table.rowCount === 0) {
    throw new WorkbenchError('FEATURES_INVALID', 'The entity SQL gives no row, so there is nothing to join.');
  }
  for (const [name, column] of times) refuseEndless(name, column);
  return table;
}

/** Microseconds that a date can have. */
const LAST_MOMENT = 8.64e18;

/** DuckDB's infinity is a time that nothing else can write down. */
function refuseEndless(name: string, column: Column): void {
  if (column.type !== 'timestamp') return;
  const row = column.values.findIndex((time) => Math.abs(time) > LAST_MOMENT);
  if (row < 0) return;
  throw new WorkbenchError(
    'FEATURES_INVALID',
    `Row ${row + 1} of the entity SQL has a ${name} that no calendar has (infinity); give a finite time.`,
  );
}
