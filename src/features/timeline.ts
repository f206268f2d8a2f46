import { cellAt, columnOf, toFloat64, type Table } from '../utils/columns';
import { firstOf, groupByView, NEWEST, quoteName, quoteText, viewRowsSql, type ResolvedView } from './sql';
import type { FeatureDefinitions, Field, Micros, SqlEngine, TimelinePoint } from './types';

export interface TimelineRequest {
  readonly definitions: FeatureDefinitions;
  readonly features: readonly string[];
  /** One value a join key, as text. */
  readonly keyValues: readonly string[];
  readonly at: Micros;
}

/** Every value one entity ever had of the features, oldest first in each view, and what the join at `at` does with it. */
export async function entityTimeline(engine: SqlEngine, request: TimelineRequest): Promise<TimelinePoint[]> {
  const points: TimelinePoint[] = [];
  for (const { resolved, fields } of groupByView(request.definitions, request.features)) {
    points.push(
      ...viewPoints(await engine.query(timelineSql(resolved, fields, request)), resolved, fields, request.at),
    );
  }
  return points;
}

function timelineSql(resolved: ResolvedView, fields: readonly Field[], request: TimelineRequest): string {
  const mine = resolved.keys.map(
    (key, i) => `CAST(${quoteName(key)} AS VARCHAR) = ${quoteText(request.keyValues[i] ?? '')}`,
  );
  const rows = `SELECT * FROM (${viewRowsSql(resolved, fields)}) WHERE ${['TRUE', ...mine].join(' AND ')}`;
  return `${firstOf(rows, [...resolved.keys.map(quoteName), '__ts'], NEWEST)} ORDER BY __ts`;
}

function viewPoints(table: Table, resolved: ResolvedView, fields: readonly Field[], at: Micros): TimelinePoint[] {
  const times = toFloat64(columnOf(table, '__ts'));
  const taken = times.reduce((best, time, row) => (time <= at ? row : best), -1);
  const { view } = resolved;
  const expired = (time: number) => view.ttl > 0 && at - time > view.ttl * 1_000_000;
  return fields.flatMap((field) =>
    Array.from(times, (time, row): TimelinePoint => {
      const verdict =
        time > at
          ? 'late'
          : row !== taken
            ? expired(time)
              ? 'expired'
              : 'older'
            : expired(time)
              ? 'expired'
              : 'taken';
      return {
        view: view.name,
        feature: field.name,
        event_timestamp: time,
        value: cellAt(columnOf(table, field.name), row),
        verdict,
      };
    }),
  );
}
