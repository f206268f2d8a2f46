import { getHistoricalFeatures } from '../../src/features/historical';
import { tablesAtHand } from '../../src/features/raw-tables';
import type { FeatureDefinitions, PointInTimeMode } from '../../src/features/types';
import { decodeArrow } from '../../src/platform/arrow/ipc';
import { cellAt, columnOf, makeTable, type Column, type Table } from '../../src/utils/columns';
import { makeRandom } from '../../src/utils/random';

export const VIEWS = ['orders', 'visits', 'payments'] as const;
const FEATURES_A_VIEW = 3;
const ROWS_A_KEY = 20;
const DAYS = 180;
const DAY = 86_400_000_000;
const START = 1_704_067_200_000_000;
export const TTL_DAYS = 30;

/** What a join came to: seconds, and per feature how many values there are and their sum, which is exact. */
export interface Joined {
  readonly seconds: number;
  readonly answers: Readonly<Record<string, readonly [present: number, sum: number]>>;
}

/**
 * Entity rows and the tables of three views, `rows` each: a key seen 20 times in 180 days, values written up to three
 * days late. Values are whole, so that their sums are exact.
 */
export function makeTables(rows: number): ReadonlyMap<string, Table> {
  const tables = VIEWS.map((view) => [view, viewTable(view, rows)] as const);
  return new Map([['entities', makeTable(keysAndTimes('entities', rows))], ...tables]);
}

function keysAndTimes(name: string, rows: number): [string, Column][] {
  const random = makeRandom(7, name);
  const ids = new BigInt64Array(rows);
  const times = new Float64Array(rows);
  for (let row = 0; row < rows; row++) {
    ids[row] = BigInt(random.int(Math.max(Math.floor(rows / ROWS_A_KEY), 1)));
    times[row] = START + random.int(DAYS * 86_400) * 1_000_000;
  }
  return [
    ['customer_id', { type: 'int64', values: ids }],
    ['event_timestamp', { type: 'timestamp', values: times }],
  ];
}

function viewTable(view: string, rows: number): Table {
  const columns = keysAndTimes(view, rows);
  const random = makeRandom(8, view);
  const event = columns[1]?.[1];
  if (event?.type !== 'timestamp') throw new Error('invariant: no event times');
  const created = event.values.map((time) => time + random.int(3 * 86_400) * 1_000_000);
  columns.push(['created', { type: 'timestamp', values: created }]);
  for (let i = 1; i <= FEATURES_A_VIEW; i++) {
    const values = Float64Array.from({ length: rows }, () => random.int(1_000_000));
    columns.push([`${view}_${i}`, { type: 'float64', values }]);
  }
  return makeTable(columns);
}

const DEFINITIONS: FeatureDefinitions = {
  entities: [{ name: 'customer', join_keys: ['customer_id'] }],
  sources: VIEWS.map((view) => ({
    name: view,
    table: view,
    timestamp_field: 'event_timestamp',
    created_timestamp_column: 'created',
  })),
  views: VIEWS.map((view) => ({
    name: view,
    entities: ['customer'],
    source: view,
    ttl: (TTL_DAYS * DAY) / 1_000_000,
    schema: [1, 2, 3].map((i) => ({ name: `${view}_${i}`, dtype: 'float64', expression: `${view}_${i}` }) as const),
  })),
  service: { name: 'all', features: [] },
};

/** Reads each view's Arrow bytes and joins them to the entity rows; both are timed, as peers read their files too. */
export async function joinOnce(
  entityRows: Table,
  read: (view: string) => Promise<Uint8Array>,
  mode: PointInTimeMode,
): Promise<Joined> {
  const started = performance.now();
  const tables = new Map<string, Table>();
  for (const view of VIEWS) tables.set(view, decodeArrow(await read(view)));
  const noSql = () => Promise.reject(new Error('no SQL is needed'));
  const features = VIEWS.map((view) => ({ view }));
  const request = { definitions: DEFINITIONS, features, entityRows, mode };
  const { table } = await getHistoricalFeatures(tablesAtHand(tables, noSql), request, {});
  const seconds = (performance.now() - started) / 1000;
  return { seconds, answers: answersOf(table) };
}

function answersOf(table: Table): Joined['answers'] {
  const names = [...table.columns.keys()].filter((name) => /_\d$/.test(name));
  return Object.fromEntries(
    names.map((name) => {
      let [present, sum] = [0, 0];
      for (let row = 0; row < table.rowCount; row++) {
        const cell = cellAt(columnOf(table, name), row);
        if (typeof cell !== 'number') continue;
        present += 1;
        sum += cell;
      }
      return [name, [present, sum]];
    }),
  );
}
