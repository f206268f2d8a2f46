import { makeTable, takeRows, type Column, type Table } from '../utils/columns';
import type { Control } from '../utils/control';
import { KeyIndex } from './join/key-index';
import { timeOrder } from './join/time-order';
import { aggregateWindows } from './join/windows';
import type { ResolvedView } from './resolve';
import { castNumbers } from './value-types';
import { loadViewRows } from './view-rows';
import type { OfflineTables } from './types';

const MICROS = 1_000_000;

/**
 * A view's rows with its features computed: join keys, `event_timestamp`, `created_timestamp` where the source has one,
 * and one column a feature, in the order of the source. Rows without a key or event time are left out. Windows end at
 * each row's own event time and hold all that had happened by then.
 */
export async function viewTable(tables: OfflineTables, resolved: ResolvedView, control: Control): Promise<Table> {
  const { view, keys } = resolved;
  const source = await loadViewRows(tables, resolved, view.schema);
  const { codes, size } = new KeyIndex(source.keys, source.rowCount);
  const order = timeOrder({ codes, size, event: source.event, created: source.created });
  const columns: [string, Column][] = keys.map((key, i) => [key, source.keys[i] as Column]);
  columns.push(['event_timestamp', { type: 'timestamp', values: source.event }]);
  if (source.created) columns.push(['created_timestamp', { type: 'timestamp', values: source.created }]);
  for (const field of view.schema) {
    const values = source.fields.get(field.name) as Column;
    const { aggregate } = field;
    if (!aggregate) {
      columns.push([field.name, values]);
      continue;
    }
    const window = { function: aggregate.function, length: Math.round(aggregate.window * MICROS), leakSafe: false };
    const made = await aggregateWindows({ order, values }, { codes, times: source.event }, window, control);
    columns.push([field.name, castNumbers(made, field)]);
  }
  return takeRows(makeTable(columns), order.rows.slice().sort());
}
