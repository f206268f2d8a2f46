import { makeTable, stringColumn, type Column, type Table } from '../../src/utils/columns';
import { makeRandom } from '../../src/utils/random';

const START = 1_704_067_200_000_000;
const DAYS = 365;
const ROWS_A_KEY = 20;
const CITIES = 200;

/** Ten columns: a key, two times, three floats, two whole numbers, and two texts of few and of many values. */
export function makeRows(rows: number): Table {
  const random = makeRandom(11, 'ingest');
  const floats = (make: () => number): Column => ({
    type: 'float64',
    values: Float64Array.from({ length: rows }, () => (random.chance(0.02) ? NaN : make())),
  });
  const whole = (most: number): Column => ({
    type: 'int64',
    values: BigInt64Array.from({ length: rows }, () => BigInt(random.int(most))),
  });
  const event = Float64Array.from({ length: rows }, () => START + random.int(DAYS * 86_400) * 1_000_000);
  const created = event.map((time) => time + random.int(3 * 86_400) * 1_000_000);
  const texts = (most: number, word: string) =>
    stringColumn(Array.from({ length: rows }, () => `${word} ${random.int(most)}`));
  return makeTable([
    ['customer_id', whole(Math.max(1, Math.floor(rows / ROWS_A_KEY)))],
    ['event_timestamp', { type: 'timestamp', values: event }],
    ['created', { type: 'timestamp', values: created }],
    ['amount', floats(() => Math.round(random.uniform() * 1e6) / 100)],
    ['score', floats(() => random.normal())],
    ['balance', floats(() => random.uniform() * 1e4)],
    ['items', whole(50)],
    ['visits', whole(1000)],
    ['city', texts(CITIES, 'city')],
    ['order', texts(Math.max(1, Math.floor(rows / 10)), 'order')],
  ]);
}
