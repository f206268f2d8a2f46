import { nearest } from '../config/suggest';
import { columnOf, concatTables, takeRows, type Table } from '../utils/columns';
import type { Control } from '../utils/control';
import { WorkbenchError } from '../utils/errors';
import { loadFewRows, rawKeys } from './few-rows';
import { KeyIndex } from './join/key-index';
import { newestRows } from './materialize';
import { ownTexts } from './online/blocks';
import type { OnlineBatch } from './online/tables';
import { resolveView, type ResolvedView } from './resolve';
import type { DataSource, FeatureDefinitions, Micros, OfflineTables, PointInTimeMode } from './types';

/** Where rows are pushed to: a raw table and every view that is made of it. */
export interface PushTarget {
  readonly table: string;
  /** Sources that are this table. */
  readonly sources: readonly DataSource[];
  readonly views: readonly ResolvedView[];
}

/** Looks up a source, or a view for its source. A push source and the source it stands for share their table. */
export function pushTarget(definitions: FeatureDefinitions, name: string): PushTarget {
  const view = definitions.views.find((one) => one.name === name);
  const source = definitions.sources.find((one) => one.name === (view?.source ?? name));
  if (!source) {
    const known = [...definitions.sources, ...definitions.views].map((one) => one.name);
    const near = nearest(name, known);
    const advice = near === null ? `there are ${known.join(', ')}` : `did you mean "${near}"?`;
    throw new WorkbenchError('FEATURES_INVALID', `There is no source or feature view "${name}" to push to; ${advice}`);
  }
  const views = definitions.views.map((one) => resolveView(definitions, one.name));
  return {
    table: source.table,
    sources: definitions.sources.filter((one) => one.table === source.table),
    views: views.filter((one) => one.source.table === source.table),
  };
}

export interface PushedRequest {
  readonly target: PushTarget;
  /** Columns as the raw table has them. */
  readonly rows: Table;
  /** The moment that counts: windows end there, and what happened or was recorded later does not count yet. */
  readonly at: Micros;
  readonly mode: PointInTimeMode;
}

/**
 * The newest row of every entity that was pushed, in each view that is served online: computed by the expressions that
 * training uses, over the entity's history with the pushed rows below it.
 */
export async function pushedRows(
  tables: OfflineTables,
  { target, rows, at, mode }: PushedRequest,
  control: Control,
): Promise<readonly OnlineBatch[]> {
  const whole = await tables.table(target.table);
  const batches: OnlineBatch[] = [];
  for (const resolved of target.views) {
    if (resolved.view.online === false) continue;
    const few = withHistory(whole, rows, rawKeys(resolved));
    const source = await loadFewRows(tables, resolved, few, resolved.view.schema);
    batches.push(await newestRows({ resolved, source }, { from: -Infinity, to: at, mode }, control));
  }
  return batches;
}

/** What the table holds of the keys that were pushed, and the pushed rows below. */
function withHistory(whole: Table, rows: Table, keys: readonly string[]): Table {
  const pushed = new KeyIndex(
    keys.map((key) => columnOf(rows, key)),
    rows.rowCount,
  );
  const codes = pushed.find(
    keys.map((key) => columnOf(whole, key)),
    keys,
    whole.rowCount,
  );
  const own: number[] = [];
  codes.forEach((code, row) => {
    if (code >= 0) own.push(row);
  });
  return concatTables([ownTexts(takeRows(whole, own)), rows]);
}
