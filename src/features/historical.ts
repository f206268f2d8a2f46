import { cellAt, columnLength, columnOf, makeTable, type Column } from '../utils/columns';
import { checkpoint, type Control } from '../utils/control';
import { WorkbenchError, invariant } from '../utils/errors';
import { firstOf, groupByView, NEWEST, quoteName, viewRowsSql, type ResolvedView } from './sql';
import type { Field, HistoricalFeatures, HistoricalRequest, SqlEngine } from './types';

const ENTITY_ROWS = '__entity_rows';
const EVENT = 'event_timestamp';

/**
 * Features as they stood at each entity row's own time.
 *
 * A view's row counts when its event time is at or before the entity time and, for a ttl above 0, at most ttl seconds
 * before it (inclusive). Among those the greatest event time wins, then the greatest created time, then the later row
 * of the source. The whole winning row is taken, nulls included. Entity rows are never lost, merged or reordered; one
 * without a match, or with a missing key or time, gets nulls. Semantics after feast-dev/feast:sdk/python/feast/infra/
 * offline_stores/ibis.py, without its key collisions and with a defined last tie-break.
 */
export async function getHistoricalFeatures(
  engine: SqlEngine,
  request: HistoricalRequest,
  control: Control,
): Promise<HistoricalFeatures> {
  const { definitions, features, entityRows } = request;
  requireColumns(request);
  const rows = entityRows.rowCount;
  const numbered = makeTable([
    ...[...entityRows.columns].filter(([name]) => name !== '__n'),
    ['__n', { type: 'float64', values: Float64Array.from({ length: rows }, (_, row) => row) }],
  ]);
  await engine.insert(ENTITY_ROWS, numbered);
  const found = new Map<string, Column>();
  const groups = groupByView(definitions, features);
  try {
    for (const [done, { resolved, fields }] of groups.entries()) {
      await checkpoint(control, { label: `joining ${resolved.view.name}`, done, total: groups.length });
      const joined = await engine.query(historicalFeaturesSql(resolved, fields));
      if (joined.rowCount !== rows) {
        throw new WorkbenchError(
          'FEATURES_INVALID',
          `Joining ${resolved.view.name} gave ${joined.rowCount} rows for ${rows} entity rows. This is a fault of the engine; nothing was stored.`,
        );
      }
      for (const field of fields) found.set(field.name, columnOf(joined, field.name));
    }
  } finally {
    await engine.drop(ENTITY_ROWS);
  }
  await checkpoint(control);
  const columns = features.map((reference): [string, Column] => {
    const name = reference.slice(reference.indexOf(':') + 1);
    const column = found.get(name);
    invariant(column, () => `feature ${name} was not joined`);
    return [name, column];
  });
  return { table: makeTable([...entityRows.columns, ...columns]), coverage: coverageOf(columns) };
}

/** The join of one view: ASOF on the deduplicated source, ttl checked afterwards so that an expired match becomes null. */
export function historicalFeaturesSql(resolved: ResolvedView, fields: readonly Field[]): string {
  const { view, keys } = resolved;
  const names = keys.map(quoteName);
  const source = firstOf(viewRowsSql(resolved, fields), [...names, '__ts'], NEWEST);
  const match = [...names.map((name) => `e.${name} = v.${name}`), `e.${EVENT} >= v.__ts`].join(' AND ');
  const fresh =
    view.ttl > 0 ? `epoch_us(e.${EVENT}) - epoch_us(v.__ts) <= ${Math.round(view.ttl * 1_000_000)}` : 'TRUE';
  const columns = fields.map(
    (field) => `CASE WHEN ${fresh} THEN v.${quoteName(field.name)} END AS ${quoteName(field.name)}`,
  );
  return `SELECT ${columns.join(', ')} FROM ${ENTITY_ROWS} e ASOF LEFT JOIN (${source}) v ON ${match} ORDER BY e.__n`;
}

function requireColumns({ definitions, features, entityRows }: HistoricalRequest): void {
  const needed = new Set([EVENT, ...groupByView(definitions, features).flatMap(({ resolved }) => resolved.keys)]);
  for (const name of needed) {
    if (!entityRows.columns.has(name)) {
      throw new WorkbenchError(
        'FEATURES_INVALID',
        `The entity rows have no column "${name}"; they have ${[...entityRows.columns.keys()].join(', ')}.`,
      );
    }
  }
  const names = features.map((reference) => reference.slice(reference.indexOf(':') + 1));
  const repeated = names.find((name, at) => names.indexOf(name) !== at || entityRows.columns.has(name));
  if (repeated !== undefined) {
    throw new WorkbenchError(
      'FEATURES_INVALID',
      `The column "${repeated}" would come twice. Rename the feature in its view, or leave one of them out.`,
    );
  }
}

function coverageOf(columns: readonly (readonly [string, Column])[]): Record<string, number> {
  return Object.fromEntries(
    columns.map(([name, column]) => {
      let present = 0;
      for (let row = 0; row < columnLength(column); row++) if (cellAt(column, row) !== null) present += 1;
      return [name, present];
    }),
  );
}
