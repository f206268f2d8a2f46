import type { ResolvedView } from './resolve';
import { loadViewRows } from './view-rows';
import type { Micros, OfflineTables, PointInTimeMode } from './types';

/**
 * Event time of the newest row of a view's source that was known at a moment: it had happened and, in leak_safe, was
 * recorded by then. Null where there is none.
 */
export async function newestEvent(
  tables: OfflineTables,
  resolved: ResolvedView,
  { at, mode }: { readonly at: Micros; readonly mode: PointInTimeMode },
): Promise<Micros | null> {
  const { event, created } = await loadViewRows(tables, resolved, []);
  let newest = -Infinity;
  for (let row = 0; row < event.length; row++) {
    const time = event[row] as number;
    if (!(time <= at && time > newest)) continue;
    if (mode === 'leak_safe' && created && !((created[row] as number) <= at)) continue;
    newest = time;
  }
  return newest === -Infinity ? null : newest;
}
