import { cellAt, columnOf, toFloat64, type Cell, type Table } from '../utils/columns';
import { checkpoint, type Control } from '../utils/control';
import { firstOf, NEWEST, quoteName, resolveView, viewRowsSql, type ResolvedView } from './sql';
import type { FeatureDefinitions, Micros, OnlineRow, SqlEngine } from './types';

/** Joins the values of a composite key. */
export const KEY_SEPARATOR = '\u001f';

export interface MaterializeRequest {
  readonly definitions: FeatureDefinitions;
  readonly model: string;
  /** Event times from here to `to`, both inclusive. */
  readonly from: Micros;
  readonly to: Micros;
}

/** The newest row of every entity in each view, in key order. Entities with a missing key are left out. */
export async function materialize(
  engine: SqlEngine,
  request: MaterializeRequest,
  control: Control,
): Promise<OnlineRow[]> {
  const rows: OnlineRow[] = [];
  const { views } = request.definitions;
  for (const [done, { name }] of views.entries()) {
    await checkpoint(control, { label: `materializing ${name}`, done, total: views.length });
    const resolved = resolveView(request.definitions, name);
    const newest = await engine.query(materializeSql(resolved, request));
    for (let row = 0; row < newest.rowCount; row++) rows.push(onlineRow(newest, row, resolved, request.model));
    await checkpoint(control);
  }
  return rows;
}

function materializeSql(resolved: ResolvedView, { from, to }: MaterializeRequest): string {
  const keys = resolved.keys.map(quoteName);
  const inWindow = [
    `epoch_us(__ts) BETWEEN ${Math.round(from)} AND ${Math.round(to)}`,
    ...keys.map((key) => `${key} IS NOT NULL`),
  ];
  const rows = `SELECT * FROM (${viewRowsSql(resolved, resolved.view.schema)}) WHERE ${inWindow.join(' AND ')}`;
  return `${firstOf(rows, keys, NEWEST)}${keys.length > 0 ? ` ORDER BY ${keys.join(', ')}` : ''}`;
}

function onlineRow(table: Table, row: number, resolved: ResolvedView, model: string): OnlineRow {
  const cell = (name: string): Cell => cellAt(columnOf(table, name), row);
  const time = toFloat64(columnOf(table, '__ts'))[row] ?? NaN;
  const created = cell('__created');
  return {
    model,
    view: resolved.view.name,
    entity_key: resolved.keys.map((key) => String(cell(key))).join(KEY_SEPARATOR),
    event_timestamp: time,
    created_timestamp: typeof created === 'number' ? created : time,
    values: Object.fromEntries(resolved.view.schema.map((field) => [field.name, cell(field.name)])),
  };
}
