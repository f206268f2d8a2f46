import { cellAt, columnOf, takeRows, type Column, type Table } from '../utils/columns';
import { WorkbenchError } from '../utils/errors';
import { loadFewRows, rawKeys } from './few-rows';
import { pickRows } from './join/pick';
import { timeOrder, type TimeOrder } from './join/time-order';
import { splitOnDemand } from './on-demand';
import { projectionsOf, type ResolvedProjection, type ResolvedView } from './resolve';
import type { ViewRows } from './view-rows';
import type {
  FeatureDefinitions,
  FeatureService,
  Field,
  Micros,
  OfflineTables,
  PointInTimeMode,
  TimelinePoint,
} from './types';

const MICROS = 1_000_000;
/** The name under which one entity's rows are computed. */
export interface TimelineRequest {
  readonly definitions: FeatureDefinitions;
  readonly features: FeatureService['features'];
  /** One value a join key, as text. */
  readonly keyValues: readonly string[];
  readonly at: Micros;
  /** Default leak_safe. */
  readonly mode?: PointInTimeMode;
}

/** Every value one entity ever had of the features, and of those that on-demand ones are made of, oldest first in each view, and what the join at `at` does with it. */
export async function entityTimeline(tables: OfflineTables, request: TimelineRequest): Promise<TimelinePoint[]> {
  const points: TimelinePoint[] = [];
  const { inputs } = splitOnDemand(request.definitions, request.features);
  for (const projection of projectionsOf(request.definitions, inputs)) {
    const source = await entityRows(tables, projection, request.keyValues);
    points.push(...viewPoints(projection, source, request));
  }
  return points;
}

/** The source's rows of one entity, with the expressions computed on them alone. */
async function entityRows(
  tables: OfflineTables,
  { resolved, fields }: ResolvedProjection,
  keyValues: readonly string[],
): Promise<ViewRows> {
  const whole = await tables.table(resolved.source.table);
  const few = takeRows(whole, rowsOf(whole, resolved, keyValues));
  return loadFewRows(tables, resolved, few, fields);
}

function rowsOf(table: Table, resolved: ResolvedView, keyValues: readonly string[]): Int32Array {
  const { source } = resolved;
  const columns = rawKeys(resolved).map((name) => {
    const column = table.columns.get(name);
    if (column) return column;
    throw new WorkbenchError('FEATURES_INVALID', `Table "${source.table}" has no column "${name}", the join key.`);
  });
  const matches = columns.map((column, i) => equals(column, keyValues[i] ?? ''));
  const rows: number[] = [];
  for (let row = 0; row < table.rowCount; row++) if (matches.every((match) => match(row))) rows.push(row);
  return Int32Array.from(rows);
}

function equals(column: Column, text: string): (row: number) => boolean {
  if (column.type === 'string') {
    const code = column.dictionary.indexOf(text);
    return code < 0 ? () => false : (row) => column.codes[row] === code;
  }
  return (row) => {
    const cell = cellAt(column, row);
    return cell !== null && String(cell) === text;
  };
}

function viewPoints(
  { resolved, fields, name }: ResolvedProjection,
  source: ViewRows,
  { at, mode = 'leak_safe' }: TimelineRequest,
): TimelinePoint[] {
  const { event, created, rowCount } = source;
  const leakSafe = mode === 'leak_safe';
  const order = timeOrder({ codes: new Int32Array(rowCount), size: 1, event, created });
  const moment = { codes: Int32Array.of(0), times: Float64Array.of(at) };
  const taken = pickRows(order, moment, { ttl: 0, leakSafe })[0] ?? -1;
  return fields.flatMap((field) => {
    const values = columnOf({ rowCount, columns: source.fields }, field.name);
    const rule: VerdictRule = { at, taken, leakSafe, limit: limitOf(field, resolved.view.ttl), field };
    return Array.from(order.rows, (row, place): TimelinePoint => ({
      view: name,
      feature: field.name,
      event_timestamp: event[row] ?? NaN,
      created_timestamp: created ? missingAsNull(created[row] ?? NaN) : null,
      value: cellAt(values, row),
      verdict: verdictOf(order, { row, place }, rule),
    }));
  });
}

function missingAsNull(time: number): Micros | null {
  return Number.isNaN(time) ? null : time;
}

/** Age in microseconds from which on a row is too old, exclusive or inclusive as its rule says; null for never. */
function limitOf(field: Field, ttl: number): number | null {
  if (field.aggregate) return Math.round(field.aggregate.window * MICROS) - 1;
  return ttl > 0 ? Math.round(ttl * MICROS) : null;
}

interface VerdictRule {
  readonly at: Micros;
  readonly taken: number;
  readonly leakSafe: boolean;
  readonly limit: number | null;
  readonly field: Field;
}

function verdictOf(
  order: TimeOrder,
  { row, place }: { readonly row: number; readonly place: number },
  { at, taken, leakSafe, limit, field }: VerdictRule,
): TimelinePoint['verdict'] {
  const time = order.event[place] as number;
  if (time > at) return 'late';
  if (leakSafe && order.created && !((order.created[place] as number) <= at)) return 'unknown';
  if (limit !== null && at - time > limit) return 'expired';
  return field.aggregate || row === taken ? 'taken' : 'older';
}
