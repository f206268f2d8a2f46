import { profileTable } from '../../data/profile';
import type { TableProfile } from '../../data/types';
import { expectingFields, type CheckedView } from '../../features/expectations';
import { newestEvent } from '../../features/freshness';
import { KEY_SEPARATOR } from '../../features/materialize';
import { resolveView } from '../../features/resolve';
import type { Micros, OfflineTables } from '../../features/types';
import { loadViewRows } from '../../features/view-rows';
import { viewTable } from '../../features/view-table';
import { checkpoint, type Control } from '../../utils/control';
import { cellAt, columnOf, makeTable, toFloat64, type Table } from '../../utils/columns';
import type { ModelSpec } from '../model-spec';

/** By view, the event time of its newest row known at the clock; null where there is none. */
export type NewestEvents = Readonly<Record<string, Micros | null>>;

/** Every view with its features computed, in pictures. */
export interface ViewProfiles {
  readonly profiles: readonly TableProfile[];
  readonly newest: NewestEvents;
}

/**
 * Of the views whose sources are among `tableNames`, every row of the source with the features that something is expected
 * of. Windows are left out: rows just come do not hold the events before them.
 */
export async function rowsToCheck(
  tables: OfflineTables,
  spec: ModelSpec,
  tableNames: readonly string[],
): Promise<readonly CheckedView[]> {
  const checked: CheckedView[] = [];
  for (const { name } of spec.definitions.views) {
    const resolved = resolveView(spec.definitions, name);
    const fields = expectingFields(resolved.view).filter((field) => !field.aggregate);
    if (fields.length === 0 || !tableNames.includes(resolved.source.table)) continue;
    const rows = await loadViewRows(tables, resolved, fields);
    const columns = fields.map(
      ({ name: field }) => [field, columnOf({ rowCount: 0, columns: rows.fields }, field)] as const,
    );
    checked.push({ view: name, table: makeTable(columns) });
  }
  return checked;
}

export async function newestEvents(tables: OfflineTables, spec: ModelSpec, at: Micros): Promise<NewestEvents> {
  const newest: [string, Micros | null][] = [];
  for (const { name } of spec.definitions.views) {
    const resolved = resolveView(spec.definitions, name);
    newest.push([name, await newestEvent(tables, resolved, { at, mode: spec.config.point_in_time })]);
  }
  return Object.fromEntries(newest);
}

export async function profileViews(
  tables: OfflineTables,
  { spec, at }: { readonly spec: ModelSpec; readonly at: Micros },
  control: Control,
): Promise<ViewProfiles> {
  const profiles: TableProfile[] = [];
  for (const [done, { name }] of spec.definitions.views.entries()) {
    await checkpoint(control, { label: `computing ${name}`, done, total: spec.definitions.views.length });
    const table = await viewTable(tables, resolveView(spec.definitions, name), control);
    profiles.push(await profileTable(name, table, control));
  }
  return { profiles, newest: await newestEvents(tables, spec, at) };
}

/** The entities seen last by `at`, newest first, as the texts that the online store knows them by. */
export function newestKeys(rows: Table, call: NewestKeys): readonly string[] {
  const times = toFloat64(columnOf(rows, call.time));
  const ascending = times.filter((time) => time <= call.at).sort();
  const columns = call.keys.map((name) => columnOf(rows, name));
  // Of many rows only the newest are put in order: several visits an entity are looked at, and more where that is too few.
  for (let looked = 8 * call.limit; ; looked *= 8) {
    const since = ascending[Math.max(0, ascending.length - looked)] ?? Infinity;
    const newest = [...times.keys()].filter((row) => (times[row] ?? NaN) <= call.at && (times[row] ?? NaN) >= since);
    newest.sort((a, b) => (times[b] ?? 0) - (times[a] ?? 0) || b - a);
    const found = new Set<string>();
    for (const row of newest) {
      if (found.size >= call.limit) break;
      const cells = columns.map((column) => cellAt(column, row));
      if (!cells.includes(null)) found.add(cells.map(String).join(KEY_SEPARATOR));
    }
    if (found.size >= call.limit || looked >= ascending.length) return [...found];
  }
}

interface NewestKeys {
  /** Join key columns. */
  readonly keys: readonly string[];
  /** Column of event times. */
  readonly time: string;
  readonly at: Micros;
  readonly limit: number;
}
