import * as lifecycle from '../../tracking/lifecycle';
import * as views from '../../tracking/run-views';
import { parseColumn, parseOrder } from '../../tracking/search/order';
import { parseFilter } from '../../tracking/search/parse-filter';
import { RUN_WORDS } from '../../tracking/search/vocabulary';
import type { Platform } from '../platform';
import type { SavedRunView } from './types';

const RUNS = ['runs', 'experiments'];
const VIEWS = Object.keys(views.runViewTables);

export function trashRuns({ records, now }: Platform, runIds: readonly string[]): Promise<void> {
  return records.write(RUNS, (tx) => lifecycle.trashRuns(tx, runIds, now()));
}

export function restoreRuns({ records, now }: Platform, runIds: readonly string[]): Promise<void> {
  return records.write(RUNS, (tx) => lifecycle.restoreRuns(tx, runIds, now()));
}

export async function setRunTags(
  { records, now }: Platform,
  runId: string,
  tags: Readonly<Record<string, string | null>>,
): Promise<void> {
  await records.write(RUNS, (tx) => lifecycle.setRunTags(tx, runId, tags, now()));
}

/** By name. */
export async function savedRunViews({ records }: Platform, model: string): Promise<readonly SavedRunView[]> {
  const found = await records.read(VIEWS, (tx) => views.listRunViews(tx, model));
  return found.map(({ name, filter, order_by, columns }) => ({ name, filter, order_by, columns }));
}

/** Keeps a view whose filter, order and columns can be read. */
export function saveRunView({ records, now }: Platform, model: string, view: SavedRunView): Promise<void> {
  const { name, filter, order_by, columns } = view;
  parseFilter(filter, RUN_WORDS);
  for (const text of order_by) parseOrder(text, RUN_WORDS);
  for (const text of columns) parseColumn(text, RUN_WORDS);
  const kept = { experiment_id: model, name: name.trim(), filter, order_by, columns, saved: now() };
  return records.write(VIEWS, (tx) => views.saveRunView(tx, kept));
}

export function deleteRunView({ records }: Platform, model: string, name: string): Promise<void> {
  return records.write(VIEWS, (tx) => views.deleteRunView(tx, model, name));
}
