import { cellAt, columnOf, type Cell, type Column } from '../utils/columns';
import { checkpoint, type Control } from '../utils/control';
import { KeyIndex } from './join/key-index';
import { pickRows, type Moments } from './join/pick';
import { timeOrder, type TimeOrder } from './join/time-order';
import { aggregateWindows } from './join/windows';
import { resolveView, type ResolvedView } from './resolve';
import { castNumbers } from './value-types';
import { loadViewRows, type ViewRows } from './view-rows';
import type { FeatureDefinitions, Field, Micros, OfflineTables, OnlineRow, PointInTimeMode } from './types';

/** Joins the values of a composite key. */
export const KEY_SEPARATOR = '\u001f';

const MICROS = 1_000_000;

export interface MaterializeRequest {
  readonly definitions: FeatureDefinitions;
  readonly model: string;
  /** Event times from here to `to`, both inclusive; in leak_safe also what was recorded from here on. */
  readonly from: Micros;
  readonly to: Micros;
  /** In leak_safe (default) a row counts only if it was created by `to`. */
  readonly mode?: PointInTimeMode;
}

/**
 * The newest row of every entity in each view that is served online, in key order. Entities with a missing key are left
 * out; windows end at `to`.
 */
export async function materialize(
  tables: OfflineTables,
  request: MaterializeRequest,
  control: Control,
): Promise<OnlineRow[]> {
  const rows: OnlineRow[] = [];
  const views = request.definitions.views.filter((view) => view.online !== false);
  for (const [done, { name }] of views.entries()) {
    await checkpoint(control, { label: `materializing ${name}`, done, total: views.length });
    const resolved = resolveView(request.definitions, name);
    const source = await loadViewRows(tables, resolved, resolved.view.schema);
    for (const row of await newestRows({ resolved, source }, request, control)) rows.push(row);
    await checkpoint(control);
  }
  return rows;
}

interface LoadedView {
  readonly resolved: ResolvedView;
  readonly source: ViewRows;
}

async function newestRows(loaded: LoadedView, request: MaterializeRequest, control: Control): Promise<OnlineRow[]> {
  const { resolved, source } = loaded;
  const { model, from, to, mode = 'leak_safe' } = request;
  const { codes, size } = new KeyIndex(source.keys, source.rowCount);
  const order = timeOrder({ codes, size, event: source.event, created: source.created });
  const moments = { codes: Int32Array.from({ length: size }, (_, key) => key), times: new Float64Array(size).fill(to) };
  const leakSafe = mode === 'leak_safe';
  const picked = pickRows(order, moments, { ttl: 0, leakSafe });
  const values = await valuesAt({ source, order, moments, picked, leakSafe }, resolved.view.schema, control);
  // A window moves on though nothing new has come.
  const windowed = resolved.view.schema.some((field) => field.aggregate);
  const rows: OnlineRow[] = [];
  picked.forEach((row, key) => {
    const time = source.event[row] ?? NaN;
    const created = source.created?.[row] ?? NaN;
    // What happened before and was recorded since is new as well.
    const recent = time >= from || windowed || (leakSafe && created >= from);
    if (Number.isNaN(time) || !recent) return;
    rows.push({
      model,
      view: resolved.view.name,
      entity_key: source.keys.map((column) => String(cellAt(column, row))).join(KEY_SEPARATOR),
      event_timestamp: time,
      created_timestamp: Number.isNaN(created) ? time : created,
      values: Object.fromEntries(values.map(([name, valueOf]) => [name, valueOf(row, key)])),
    });
  });
  return rows.sort((a, b) => (a.entity_key < b.entity_key ? -1 : 1));
}

interface Newest {
  readonly source: ViewRows;
  readonly order: TimeOrder;
  readonly moments: Moments;
  readonly picked: Int32Array;
  readonly leakSafe: boolean;
}

type ValueOf = (row: number, key: number) => Cell;

/** How each field's value is read: from the row that was picked, or from the window of a key. */
async function valuesAt(
  { source, order, moments, leakSafe }: Newest,
  schema: readonly Field[],
  control: Control,
): Promise<readonly (readonly [string, ValueOf])[]> {
  const found: (readonly [string, ValueOf])[] = [];
  for (const field of schema) {
    const values: Column = columnOf({ rowCount: source.rowCount, columns: source.fields }, field.name);
    const { aggregate } = field;
    if (!aggregate) {
      found.push([field.name, (row) => cellAt(values, row)]);
      continue;
    }
    const window = { function: aggregate.function, length: Math.round(aggregate.window * MICROS), leakSafe };
    const made = castNumbers(await aggregateWindows({ order, values }, moments, window, control), field);
    found.push([field.name, (_row, key) => cellAt(made, key)]);
  }
  return found;
}
