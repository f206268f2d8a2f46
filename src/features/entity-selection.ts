import { concatTables, makeTable, takeRows, type Column, type Table } from '../utils/columns';
import { WorkbenchError } from '../utils/errors';
import { EVENT } from './historical';
import { KeyIndex } from './join/key-index';
import { splitOnDemand } from './on-demand';
import { projectionsOf, type ResolvedProjection } from './resolve';
import { loadViewRows } from './view-rows';
import type { EntityRows, FeatureDefinitions, FeatureService, Micros, OfflineTables, PointInTimeMode } from './types';

export interface SelectionCall {
  readonly definitions: FeatureDefinitions;
  readonly features: FeatureService['features'];
  readonly mode: PointInTimeMode;
}

const MICROS = 1_000_000;
/** Times outside the years 1 to 9999 are not written in ISO text. */
const LONGEST = 253_402_300_800_000_000;

/**
 * Entity rows for a span of time: one for each moment at which an event of one of the views happened to an entity, in
 * order of time, then of keys' first appearance. Both ends are inclusive.
 *
 * @param range.to now when absent.
 * @param range.from `to` minus the longest ttl of the views when absent, as Feast does; without limit where one of them
 *   has no ttl.
 */
export async function entityRowsBetween(
  tables: OfflineTables,
  call: SelectionCall,
  range: { readonly from?: Micros | undefined; readonly to?: Micros | undefined; readonly now: Micros },
): Promise<EntityRows> {
  const views = viewsOf(call);
  const to = range.to ?? range.now;
  const from = range.from ?? to - longestTtl(views);
  if (from > to) {
    throw fault(`The range begins at ${isoTime(from)}, after its end at ${isoTime(to)}. Give an earlier beginning.`);
  }
  const events = await eventsOf(tables, views);
  const picked = distinct(events, (row, times) => (times[row] as number) >= from && (times[row] as number) <= to, true);
  if (picked.rowCount === 0) {
    throw fault(`No event of ${named(views)} lies between ${isoTime(from)} and ${isoTime(to)}; widen the range.`);
  }
  return picked;
}

/**
 * Each entity once, at one moment: those of which something had happened by then and, in mode `leak_safe`, had been
 * recorded by then; in order of first appearance.
 */
export async function entityRowsAsOf(tables: OfflineTables, call: SelectionCall, at: Micros): Promise<EntityRows> {
  const views = viewsOf(call);
  const events = await eventsOf(tables, views);
  const known = (row: number, times: Float64Array) =>
    (times[row] as number) <= at && (call.mode === 'feast' || (events.created[row] as number) <= at);
  const picked = distinct(events, known, false);
  if (picked.rowCount === 0) {
    throw fault(`Nothing of ${named(views)} was known at ${isoTime(at)}; give a later moment.`);
  }
  const event = { type: 'timestamp', values: new Float64Array(picked.rowCount).fill(at) } as const;
  return makeTable([...picked.columns].map(([name, column]) => [name, name === EVENT ? event : column] as const));
}

function fault(text: string): WorkbenchError {
  return new WorkbenchError('FEATURES_INVALID', text);
}

function named(views: readonly ResolvedProjection[]): string {
  return views.map((view) => view.name).join(', ');
}

/** The views whose events make entity rows: those that have all the key columns there are. */
function viewsOf({ definitions, features }: SelectionCall): readonly ResolvedProjection[] {
  const asked = splitOnDemand(definitions, features);
  const views = projectionsOf(definitions, asked.inputs);
  const request = asked.onDemand
    .flatMap((view) => view.sources)
    .find((source) => definitions.requests?.some((one) => one.name === source));
  if (request !== undefined) {
    throw fault(
      `The features asked for need the request data of ${request}, which no range or snapshot brings. Give entity rows with it, or leave ${asked.onDemand.map((view) => view.name).join(', ')} out.`,
    );
  }
  const all = new Set(views.flatMap((view) => view.keyColumns));
  const whole = views.filter((view) => all.size > 0 && [...all].every((key) => view.keyColumns.includes(key)));
  if (whole.length > 0) return whole;
  throw fault(
    all.size === 0
      ? 'The features asked for belong to no entity, so a range or snapshot has no entities. Give entity rows.'
      : `No view has all the keys ${[...all].join(', ')}, so a range or snapshot cannot tell which belong together. Give entity rows, by a file or by SQL.`,
  );
}

function longestTtl(views: readonly ResolvedProjection[]): Micros {
  const ttls = views.map((view) => view.resolved.view.ttl);
  return ttls.some((ttl) => ttl === 0) ? LONGEST : Math.max(...ttls) * MICROS;
}

/** Keys and times of all events, one view below the other. */
interface Events {
  readonly rows: Table;
  readonly names: readonly string[];
  readonly times: Float64Array;
  /** -Infinity where a source keeps none, NaN where one is missing. */
  readonly created: Float64Array;
}

async function eventsOf(tables: OfflineTables, views: readonly ResolvedProjection[]): Promise<Events> {
  const names = views[0]?.keyColumns ?? [];
  const parts: Table[] = [];
  for (const { resolved, keyColumns } of views) {
    const { keys, event, created, rowCount } = await loadViewRows(tables, resolved, []);
    const columns: [string, Column][] = names.map((name) => [name, keys[keyColumns.indexOf(name)] as Column]);
    columns.push([EVENT, { type: 'timestamp', values: event }]);
    columns.push(['', { type: 'timestamp', values: created ?? new Float64Array(rowCount).fill(-Infinity) }]);
    const part = makeTable(columns);
    const [first] = parts;
    const other = names.find((name) => first && first.columns.get(name)?.type !== part.columns.get(name)?.type);
    if (other !== undefined) throw fault(`The key "${other}" has different types in the sources of ${named(views)}.`);
    parts.push(part);
  }
  const rows = concatTables(parts);
  const timeOf = (name: string) => {
    const column = rows.columns.get(name);
    return column?.type === 'timestamp' ? column.values : new Float64Array(rows.rowCount);
  };
  return { rows, names, times: timeOf(EVENT), created: timeOf('') };
}

/** Rows that are wanted and have a key and a time, each key (and time) once. */
function distinct(
  { rows, names, times }: Events,
  wanted: (row: number, times: Float64Array) => boolean,
  byTime: boolean,
): Table {
  const keys = names.map((name) => rows.columns.get(name) as Column);
  const event = { type: 'timestamp', values: times } as const;
  const { codes, size } = new KeyIndex(byTime ? [...keys, event] : keys, rows.rowCount);
  const seen = new Uint8Array(size);
  const picked: number[] = [];
  codes.forEach((code, row) => {
    if (code < 0 || seen[code] === 1 || Number.isNaN(times[row]) || !wanted(row, times)) return;
    seen[code] = 1;
    picked.push(row);
  });
  if (byTime) picked.sort((a, b) => (times[a] as number) - (times[b] as number) || a - b);
  const own = [...rows.columns].filter(([name]) => name !== '');
  return takeRows({ rowCount: rows.rowCount, columns: new Map(own) }, picked);
}

/** "2026-03-01T12:00:00Z", with microseconds where there are any. */
export function isoTime(at: Micros): string {
  if (Math.abs(at) >= LONGEST) return 'the beginning';
  const whole = Math.floor(at / 1000);
  const rest = at - whole * 1000;
  const text = new Date(whole).toISOString();
  if (rest > 0) return text.replace('Z', `${String(rest).padStart(3, '0')}Z`);
  return text.replace(/\.000Z$/, 'Z');
}
