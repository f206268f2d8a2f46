import type { Table } from '../utils/columns';
import type { ResolvedView } from './resolve';
import type { DataSource, Field, OfflineTables } from './types';
import { loadViewRows, type ViewRows } from './view-rows';

/** A view's fields computed on some rows in the place of its source's table. */
export function loadFewRows(
  tables: Pick<OfflineTables, 'scratch'>,
  resolved: ResolvedView,
  few: Table,
  fields: readonly Field[],
): Promise<ViewRows> {
  return loadViewRows({ table: () => Promise.resolve(few), scratch: () => tables.scratch() }, resolved, fields);
}

/** The table's columns of a view's join keys, by the names that the table gives them. */
export function rawKeys({ keys, source }: ResolvedView): readonly string[] {
  return keys.map((key) => rawName(source, key));
}

/** The name that the table gives a column which definitions know as `name`. */
export function rawName({ field_mapping = {} }: DataSource, name: string): string {
  return Object.entries(field_mapping).find(([, to]) => to === name)?.[0] ?? name;
}
