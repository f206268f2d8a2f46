import { cellAt, columnOf, makeTable, takeOrMissing, type Column } from '../utils/columns';
import { checkpoint, type Control } from '../utils/control';
import { KeyIndex } from './join/key-index';
import { pickRows, type Moments } from './join/pick';
import { timeOrder, type TimeOrder } from './join/time-order';
import { aggregateWindows } from './join/windows';
import type { OnlineBatch } from './online/tables';
import { resolveView, type ResolvedView } from './resolve';
import { castNumbers } from './value-types';
import { loadViewRows, type ViewRows } from './view-rows';
import type { FeatureDefinitions, Field, Micros, OfflineTables, PointInTimeMode } from './types';

/** Joins the values of a composite key. */
export const KEY_SEPARATOR = '\u001f';

const MICROS = 1_000_000;

export interface MaterializeWindow {
  /** Event times from here to `to`, both inclusive; in leak_safe also what was recorded from here on. */
  readonly from: Micros;
  readonly to: Micros;
  /** In leak_safe (default) a row counts only if it was created by `to`. */
  readonly mode?: PointInTimeMode;
}

export interface MaterializeRequest extends MaterializeWindow {
  readonly definitions: FeatureDefinitions;
  /** Names of views; all that are served online when absent. */
  readonly views?: readonly string[];
}

/**
 * The newest row of every entity in each view, by column, a batch a view. Entities with a missing key are left out;
 * windows end at `to`.
 */
export async function materialize(
  tables: OfflineTables,
  request: MaterializeRequest,
  control: Control,
): Promise<OnlineBatch[]> {
  const { definitions, views = onlineNames(definitions) } = request;
  const batches: OnlineBatch[] = [];
  for (const [done, name] of views.entries()) {
    await checkpoint(control, { label: `materializing ${name}`, done, total: views.length });
    const resolved = resolveView(definitions, name);
    const source = await loadViewRows(tables, resolved, resolved.view.schema);
    batches.push(await newestRows({ resolved, source }, request, control));
    await checkpoint(control);
  }
  return batches;
}

/** Views that are materialized. */
export function onlineNames(definitions: FeatureDefinitions): readonly string[] {
  return definitions.views.filter((view) => view.online !== false).map((view) => view.name);
}

export interface LoadedView {
  readonly resolved: ResolvedView;
  readonly source: ViewRows;
}

/** The newest row of every entity in one view whose source has been read. */
export async function newestRows(
  { resolved, source }: LoadedView,
  window: MaterializeWindow,
  control: Control,
): Promise<OnlineBatch> {
  const { from, to, mode = 'leak_safe' } = window;
  const { schema, name } = resolved.view;
  const { codes, size } = new KeyIndex(source.keys, source.rowCount);
  const order = timeOrder({ codes, size, event: source.event, created: source.created });
  const moments = { codes: Int32Array.from({ length: size }, (_, key) => key), times: new Float64Array(size).fill(to) };
  const leakSafe = mode === 'leak_safe';
  const picked = pickRows(order, moments, { ttl: 0, leakSafe });
  // A window moves on though nothing new has come.
  const windowed = schema.some((field) => field.aggregate);
  const recent = moments.codes.filter((key) => {
    const row = picked[key] as number;
    // What happened before and was recorded since is new as well.
    return row >= 0 && (windowed || isRecent(source, row, { from, leakSafe }));
  });
  const rows = recent.map((key) => picked[key] as number);
  const chosen = { codes: recent, times: new Float64Array(recent.length).fill(to) };
  const columns: [string, Column][] = [];
  for (const field of schema) {
    columns.push([field.name, await newestValues({ source, order, chosen, rows, leakSafe }, field, control)]);
  }
  return {
    view: name,
    keys: keyTexts(source.keys, rows),
    event: Float64Array.from(rows, (row) => source.event[row] as number),
    created: Float64Array.from(rows, (row) => createdAt(source, row)),
    asOf: windowed ? chosen.times : null,
    values: columns.length > 0 ? makeTable(columns) : { rowCount: rows.length, columns: new Map() },
  };
}

function isRecent(
  { event, created }: ViewRows,
  row: number,
  { from, leakSafe }: { readonly from: Micros; readonly leakSafe: boolean },
): boolean {
  return (event[row] as number) >= from || (leakSafe && created !== null && (created[row] as number) >= from);
}

/** When a row was recorded; where the source does not say, when it happened. */
function createdAt({ event, created }: ViewRows, row: number): Micros {
  const known = created?.[row] ?? NaN;
  return Number.isNaN(known) ? (event[row] as number) : known;
}

/** Keys as the online store has them, of rows. */
export function keyTexts(keys: readonly Column[], rows: Int32Array): readonly string[] {
  return Array.from(rows, (row) => keys.map((column) => String(cellAt(column, row))).join(KEY_SEPARATOR));
}

interface Newest {
  readonly source: ViewRows;
  readonly order: TimeOrder;
  readonly chosen: Moments;
  /** Row of the source that was picked for each key. */
  readonly rows: Int32Array;
  readonly leakSafe: boolean;
}

async function newestValues(newest: Newest, field: Field, control: Control): Promise<Column> {
  const { source, order, chosen, rows, leakSafe } = newest;
  const values = columnOf({ rowCount: source.rowCount, columns: source.fields }, field.name);
  const { aggregate } = field;
  if (!aggregate) return takeOrMissing(values, rows);
  const window = { function: aggregate.function, length: Math.round(aggregate.window * MICROS), leakSafe };
  return castNumbers(await aggregateWindows({ order, values }, chosen, window, control), field);
}
