import { makeTable, presentIn, type Column, type Table } from '../utils/columns';
import { checkpoint, type Control } from '../utils/control';
import { WorkbenchError, invariant } from '../utils/errors';
import { KeyIndex } from './join/key-index';
import { joinView } from './join-view';
import { computeOnDemand, splitOnDemand } from './on-demand';
import { projectionsOf, splitReference } from './resolve';
import { loadViewRows } from './view-rows';
import type { HistoricalFeatures, HistoricalRequest, LeakReport, OfflineTables } from './types';

export const EVENT = 'event_timestamp';

/**
 * Features as they stood at each entity row's own time.
 *
 * A view's row counts when its event time is at or before the entity time and, for a ttl above 0, at most ttl seconds
 * before it (inclusive); in `leak_safe` mode (default) also only when its created time, where the source has one, is at
 * or before the entity time. Among those the greatest event time wins, then the greatest created time, then the later
 * row of the source. The whole winning row is taken, nulls included. Entity rows are never lost, merged or reordered;
 * one without a match, or with a missing key or time, gets nulls. Mode `feast` is feast-dev/feast:sdk/python/feast/infra/
 * offline_stores/ibis.py without its key collisions and with a defined last tie-break; `leak_safe` is its
 * filter_by_created_timestamp. Throws FEATURES_INVALID.
 */
export async function getHistoricalFeatures(
  tables: OfflineTables,
  request: HistoricalRequest,
  control: Control,
): Promise<HistoricalFeatures> {
  const { definitions, entityRows, mode = 'leak_safe' } = request;
  const asked = splitOnDemand(definitions, request.features);
  const projections = projectionsOf(definitions, asked.inputs);
  const moments = new EntityMoments(entityRows);
  const found = new Map<string, Column>();
  const leaks: LeakReport[] = [];
  for (const [done, projection] of projections.entries()) {
    await checkpoint(control, { label: `joining ${projection.name}`, done, total: projections.length });
    const source = await loadViewRows(tables, projection.resolved, projection.fields);
    await checkpoint(control);
    const index = moments.keys(projection.keyColumns);
    const joined = await joinView({ projection, source, index, times: moments.times, mode }, control);
    for (const [name, column] of joined.columns) found.set(`${projection.name}:${name}`, column);
    leaks.push(joined.leak);
  }
  for (const view of asked.onDemand) {
    await checkpoint(control, { label: `computing ${view.name}`, done: 0, total: 0 });
    const columns = await computeOnDemand(tables, { definitions, view, inputs: found, rows: entityRows }, control);
    for (const [name, column] of columns) found.set(`${view.name}:${name}`, column);
  }
  await checkpoint(control);
  const columns = namedColumns(request, asked.wanted, found);
  const table = makeTable([...entityRows.columns, ...columns]);
  invariant(table.rowCount === entityRows.rowCount, () => 'the number of entity rows changed');
  return {
    table,
    mode,
    coverage: Object.fromEntries(columns.map(([name, column]) => [name, presentIn(column)])),
    leaks,
  };
}

/** Entity rows as moments of each view's keys; keys are numbered once a set of columns. */
class EntityMoments {
  readonly rows: Table;
  readonly times: Float64Array;
  readonly #indexes = new Map<string, KeyIndex>();

  constructor(rows: Table) {
    this.rows = rows;
    this.times = eventTimes(rows);
  }

  keys(names: readonly string[]): KeyIndex {
    const id = JSON.stringify(names);
    const index =
      this.#indexes.get(id) ??
      new KeyIndex(
        names.map((name) => this.#keyColumn(name)),
        this.rows.rowCount,
      );
    this.#indexes.set(id, index);
    return index;
  }

  #keyColumn(name: string): Column {
    const column = this.rows.columns.get(name);
    if (column) return column;
    throw new WorkbenchError(
      'FEATURES_INVALID',
      `The entity rows have no column "${name}"; they have ${columnNames(this.rows)}.`,
    );
  }
}

function columnNames(table: Table): string {
  return [...table.columns.keys()].join(', ');
}

/** `event_timestamp`, or the only column of times, as Feast takes it. */
function eventTimes(rows: Table): Float64Array {
  const named = rows.columns.get(EVENT);
  const times = [...rows.columns.values()].flatMap((column) => (column.type === 'timestamp' ? [column.values] : []));
  if (named?.type === 'timestamp') return named.values;
  if (named) {
    throw new WorkbenchError(
      'FEATURES_INVALID',
      `The column "${EVENT}" of the entity rows is ${named.type}; expected times, as in 2026-03-01T12:00:00Z.`,
    );
  }
  const [only, second] = times;
  if (only && !second) return only;
  throw new WorkbenchError(
    'FEATURES_INVALID',
    `The entity rows have no column "${EVENT}"${second ? ', and several columns of times' : ''}; they have ${columnNames(rows)}.`,
  );
}

/** The columns asked for, in order, under short or full names; a name that would come twice is a fault. */
function namedColumns(
  { entityRows, fullFeatureNames = false }: HistoricalRequest,
  wanted: readonly string[],
  found: ReadonlyMap<string, Column>,
): readonly (readonly [string, Column])[] {
  const taken = new Map<string, string>([...entityRows.columns.keys()].map((name) => [name, 'the entity rows']));
  return wanted.map((reference) => {
    const { view, feature } = splitReference(reference);
    const name = fullFeatureNames ? `${view}__${feature}` : feature;
    const before = taken.get(name);
    if (before !== undefined) {
      throw new WorkbenchError(
        'FEATURES_INVALID',
        `The column "${name}" would come twice, from ${before} and from ${view}. ${fullFeatureNames ? 'Rename one of them.' : 'Ask for full feature names (view__feature), or leave one of them out.'}`,
      );
    }
    taken.set(name, view);
    const column = found.get(reference);
    invariant(column, () => `feature ${reference} was not joined`);
    return [name, column] as const;
  });
}
