import { formatTimestamp } from '../../data/csv/timestamps';
import { keyTexts } from '../../features/materialize';
import type { OnlineBatch } from '../../features/online/tables';
import { writeOnline as writeBatch } from '../../features/online/write';
import { pushedRows, pushTarget, type PushTarget } from '../../features/push';
import { rawKeys, rawName } from '../../features/few-rows';
import { resolveView } from '../../features/resolve';
import { tableFromRows, type GivenColumn, type GivenRow } from '../../features/typed-rows';
import type { FeatureDefinitions, ValueType } from '../../features/types';
import { typeOf } from '../../features/value-types';
import { columnOf, makeTable, toFloat64, type Column, type Table } from '../../utils/columns';
import { WorkbenchError } from '../../utils/errors';
import { commitGrownData, GROWN_TABLES, grownData } from '../grown-data';
import { partitionsOf, requireStage } from '../stage-results';
import { batchesToCheck, checkQuality, keepCheck } from './check-quality';
import { storeControl, type StoreContext } from './context';
import { noteRows, ONLINE_WRITE } from './online';
import type { PushCall, PushResult, QualityCheck } from './types';

/**
 * Takes rows of a source: their features go to the online store of every view made of it, the rows themselves to the
 * offline store as a new partition, or both, in one transaction. Throws FEATURES_INVALID naming row and column.
 */
export async function push(context: StoreContext, call: PushCall): Promise<PushResult> {
  const { platform, spec } = context;
  const { definitions, config } = spec;
  const target = pushTarget(definitions, call.source);
  const data = await requireStage(platform.records, config.name, 'data', 'Pushing rows');
  const before = await partitionsOf(platform.records, config.name);
  const control = storeControl(context);
  const kept = call.to !== 'online' && target.views.some(({ view }) => view.offline !== false);
  if (call.to === 'offline' && !kept) throw keepsNothing(call.source);
  const { rows, batches } = await platform.services.data.withTables(
    { spec, partitions: before },
    control,
    async (tables) => {
      const typed = rowsOf(await tables.table(target.table), target, call.rows, data.clock);
      const at = momentOf(typed, target, data.clock, spec.file !== null && kept);
      const request = { target, rows: typed, at, mode: config.point_in_time };
      const served = call.to === 'offline' || typed.rowCount === 0 ? [] : await pushedRows(tables, request, control);
      return { rows: typed, batches: served };
    },
  );
  if (rows.rowCount === 0) return { offline_rows: 0, online_rows: 0, views: [] };
  const added = kept ? await platform.services.data.storeRows({ spec, table: target.table, rows, before }) : [];
  try {
    const grown = added.length > 0 ? await grownData(context, { before, added, occasion: 'push' }) : null;
    const check = grown?.check ?? (await checkBatches(context, batches, data.clock));
    const online_rows = await platform.records.write([...new Set([...ONLINE_WRITE, ...GROWN_TABLES])], async (tx) => {
      let written = 0;
      for (const batch of batches) written += (await writeBatch(tx, config.name, batch)).written;
      await noteRows(tx, config.name);
      if (!grown) await keepCheck(tx, check);
      if (grown) await commitGrownData(tx, spec, grown);
      return written;
    });
    return { offline_rows: kept ? rows.rowCount : 0, online_rows, views: batches.map(({ view }) => view) };
  } catch (error) {
    for (const { path } of added) await platform.files.delete(path);
    throw error;
  }
}

/** Holds what goes to the online store alone against what is expected. */
function checkBatches(context: StoreContext, batches: readonly OnlineBatch[], at: number): Promise<QualityCheck> {
  const views = batchesToCheck(context.spec.definitions, batches);
  return checkQuality(context, { occasion: 'push', at, views });
}

function keepsNothing(source: string): WorkbenchError {
  return new WorkbenchError(
    'USAGE',
    `Every view of "${source}" says offline: false, so nothing would be kept offline. Push to the online store.`,
  );
}

/** Pushed rows as the raw table has them; a missing created time is the clock. */
function rowsOf(raw: Table, { sources, views }: PushTarget, given: PushCall['rows'], clock: number): Table {
  const needed = new Set([
    ...views.flatMap(rawKeys),
    ...sources.map((source) => rawName(source, source.timestamp_field)),
  ]);
  const mapped = sources.flatMap(({ field_mapping = {} }) => Object.entries(field_mapping));
  const rawOf = new Map(mapped.map(([from, to]) => [to, from]));
  const nameOf = (name: string) => (raw.columns.has(name) ? name : (rawOf.get(name) ?? name));
  const rows = given.map((row): GivenRow =>
    Object.fromEntries(Object.entries(row).map(([name, cell]) => [nameOf(name), cell])),
  );
  const columns = [...raw.columns].map(([name, column]): GivenColumn => {
    return { name, dtype: typeOf(column), ...(needed.has(name) ? { given: 'required' } : {}) };
  });
  const typed = tableFromRows(rows, columns, 'the push');
  const created = sources.flatMap((source) =>
    source.created_timestamp_column === undefined ? [] : [rawName(source, source.created_timestamp_column)],
  );
  const filled = [...typed.columns].map(([name, column]): [string, Column] => {
    return [name, created.includes(name) && column.type === 'timestamp' ? knownBy(column.values, clock) : column];
  });
  return { rowCount: typed.rowCount, columns: new Map(filled) };
}

function knownBy(times: Float64Array, clock: number): Column {
  return { type: 'timestamp', values: times.map((time) => (Number.isNaN(time) ? clock : time)) };
}

/**
 * The moment that pushed rows are looked at from: the clock. A model made from a file takes its clock from its newest
 * event, so rows that are kept move it on; anywhere else a row from beyond the clock is refused.
 */
function momentOf(rows: Table, { sources }: PushTarget, clock: number, moves: boolean): number {
  let moment = clock;
  for (const source of sources) {
    const times = toFloat64(columnOf(rows, rawName(source, source.timestamp_field)));
    const later = times.findIndex((time) => time > clock);
    if (later >= 0 && !moves) throw beyondClock(`Row ${later + 1} of the push`, times[later] ?? NaN, clock);
    moment = times.reduce((most, time) => Math.max(most, time), moment);
  }
  return moment;
}

function beyondClock(where: string, time: number, clock: number): WorkbenchError {
  return new WorkbenchError(
    'FEATURES_INVALID',
    `${where} happened at ${formatTimestamp(time)}, after the model's clock (${formatTimestamp(clock)}); training would not know it yet. Give a time up to the clock.`,
  );
}

/**
 * Writes feature values of a view as they are given: join keys, event_timestamp, optionally created_timestamp (default:
 * the clock), and every feature. Late ones are not written. Answers with how many were. Throws FEATURES_INVALID.
 */
export async function writeToOnlineStore(
  context: StoreContext,
  name: string,
  given: PushCall['rows'],
): Promise<number> {
  const { platform, spec } = context;
  const { definitions, config } = spec;
  const { view, keys } = resolveView(definitions, name);
  if (view.online === false) {
    throw new WorkbenchError('USAGE', `View "${name}" says online: false; it is not served online.`);
  }
  const { clock } = await requireStage(platform.records, config.name, 'data', 'Writing online');
  const columns: GivenColumn[] = [
    ...keys.map((key): GivenColumn => ({ name: key, dtype: keyType(definitions, key), given: 'required' })),
    { name: EVENT, dtype: 'timestamp', given: 'required' },
    { name: CREATED, dtype: 'timestamp' },
    ...view.schema.map(({ name: feature, dtype }): GivenColumn => ({ name: feature, dtype, given: 'named' })),
  ];
  const rows = tableFromRows(given.map(plainKeys(keys)), columns, `what is written to ${name}`);
  const event = toFloat64(columnOf(rows, EVENT));
  const later = event.findIndex((time) => time > clock);
  if (later >= 0) throw beyondClock(`Row ${later + 1} of what is written to ${name}`, event[later] ?? NaN, clock);
  const batch: OnlineBatch = {
    view: name,
    keys: keyTexts(
      keys.map((key) => columnOf(rows, key)),
      Int32Array.from(given.keys()),
    ),
    event,
    created: toFloat64(columnOf(rows, CREATED)).map((time) => (Number.isNaN(time) ? clock : time)),
    asOf: view.schema.some((field) => field.aggregate) ? new Float64Array(rows.rowCount).fill(clock) : null,
    values: makeTable(view.schema.map((field) => [field.name, columnOf(rows, field.name)] as const)),
  };
  if (rows.rowCount === 0) return 0;
  const check = await checkBatches(context, [batch], clock);
  return platform.records.write(ONLINE_WRITE, async (tx) => {
    const { written } = await writeBatch(tx, config.name, batch);
    await keepCheck(tx, check);
    await noteRows(tx, config.name);
    return written;
  });
}

const EVENT = 'event_timestamp';
const CREATED = 'created_timestamp';

function keyType({ entities }: FeatureDefinitions, key: string): ValueType {
  const type = entities.find(({ join_keys }) => join_keys.includes(key))?.value_type ?? '';
  return /^int(32|64)$/i.test(type) ? 'int64' : 'string';
}

/** Keys may come as numbers or as text; text is how they are kept. */
function plainKeys(keys: readonly string[]): (row: GivenRow) => GivenRow {
  return (row) =>
    Object.fromEntries(
      Object.entries(row).map(([name, cell]) => {
        const number = typeof cell === 'bigint' || (typeof cell === 'number' && Number.isSafeInteger(cell));
        return [name, keys.includes(name) && number ? String(cell) : cell];
      }),
    );
}
