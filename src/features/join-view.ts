import { cellAt, columnLength, columnOf, sameCell, takeOrMissing, type Column } from '../utils/columns';
import { checkpoint, type Control } from '../utils/control';
import { invariant } from '../utils/errors';
import type { KeyIndex } from './join/key-index';
import { pickRows, type Moments } from './join/pick';
import { timeOrder, type TimeOrder } from './join/time-order';
import { aggregateWindows } from './join/windows';
import type { ResolvedProjection } from './resolve';
import { castNumbers } from './value-types';
import type { ViewRows } from './view-rows';
import type { Field, LeakReport, PointInTimeMode } from './types';

const MICROS = 1_000_000;

export interface ViewJoin {
  readonly projection: ResolvedProjection;
  readonly source: ViewRows;
  /** Keys of the entity rows. */
  readonly index: KeyIndex;
  /** Times of the entity rows. */
  readonly times: Float64Array;
  readonly mode: PointInTimeMode;
}

export interface JoinedView {
  /** By feature name, a value an entity row. */
  readonly columns: ReadonlyMap<string, Column>;
  readonly leak: LeakReport;
}

/** One view's features at the times of entity rows, and what the other mode would have taken. */
export async function joinView(join: ViewJoin, control: Control): Promise<JoinedView> {
  const { projection, source, index, times, mode } = join;
  const { resolved, fields, name } = projection;
  const order = timeOrder({
    codes: index.find(source.keys, resolved.keys, source.rowCount),
    size: index.size,
    event: source.event,
    created: source.created,
  });
  await checkpoint(control);
  const side: JoinSide = {
    source,
    order,
    moments: { codes: index.codes, times },
    ttl: Math.round(resolved.view.ttl * MICROS),
    leakSafe: mode === 'leak_safe',
  };
  const picked = pickRows(order, side.moments, side);
  await checkpoint(control);
  const columns = new Map<string, Column>();
  for (const field of fields) columns.set(field.name, await fieldColumn(side, field, picked, control));
  if (!source.created) return { columns, leak: { view: name, rows: 0, values: {} } };
  return { columns, leak: await leakOf(join, { side, picked, columns }, control) };
}

interface JoinSide {
  readonly source: ViewRows;
  readonly order: TimeOrder;
  readonly moments: Moments;
  /** Microseconds. */
  readonly ttl: number;
  readonly leakSafe: boolean;
}

function valuesOf(source: ViewRows, field: Field): Column {
  const values = source.fields.get(field.name);
  invariant(values, () => `${field.name} was not loaded`);
  return values;
}

async function fieldColumn(side: JoinSide, field: Field, picked: Int32Array, control: Control): Promise<Column> {
  await checkpoint(control);
  const values = valuesOf(side.source, field);
  const { aggregate } = field;
  if (!aggregate) return takeOrMissing(values, picked);
  const { order, moments, leakSafe } = side;
  const window = { function: aggregate.function, length: Math.round(aggregate.window * MICROS), leakSafe };
  return castNumbers(await aggregateWindows({ order, values }, moments, window, control), field);
}

interface Taken {
  readonly side: JoinSide;
  readonly picked: Int32Array;
  readonly columns: ReadonlyMap<string, Column>;
}

/** What is taken from rows is compared where another row is; windows everywhere. */
async function leakOf(
  { projection }: ViewJoin,
  { side, picked, columns }: Taken,
  control: Control,
): Promise<LeakReport> {
  const otherSide = { ...side, leakSafe: !side.leakSafe };
  const others = pickRows(side.order, side.moments, otherSide);
  const places = placesThatDiffer(picked, others);
  const values: Record<string, number> = {};
  for (const field of projection.fields) {
    await checkpoint(control);
    const own = columnOf({ rowCount: picked.length, columns }, field.name);
    if (field.aggregate) {
      values[field.name] = differences(own, await fieldColumn(otherSide, field, others, control));
    } else {
      const column = valuesOf(side.source, field);
      const taken = (rows: Int32Array) =>
        takeOrMissing(
          column,
          places.map((place) => rows[place] ?? -1),
        );
      values[field.name] = differences(taken(picked), taken(others));
    }
  }
  return { view: projection.name, rows: places.length, values };
}

function placesThatDiffer(a: Int32Array, b: Int32Array): Int32Array {
  const places = new Int32Array(a.length);
  let count = 0;
  for (let at = 0; at < a.length; at++) if (a[at] !== b[at]) places[count++] = at;
  return places.slice(0, count);
}

function differences(a: Column, b: Column): number {
  let count = 0;
  for (let row = 0; row < columnLength(a); row++) if (!sameCell(cellAt(a, row), cellAt(b, row))) count += 1;
  return count;
}
