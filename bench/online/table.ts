import type { FeatureDefinitions } from '../../src/features/types';
import { makeTable, stringColumn, type Column, type Table } from '../../src/utils/columns';
import { makeRandom } from '../../src/utils/random';

const START = 1_767_225_600_000_000;
const DAY_SECONDS = 86_400;
const NUMBERS = [1, 2, 3, 4, 5, 6].map((i) => `number_${i}`);
const KINDS = ['new', 'regular', 'gold', 'left'];
export const FEATURES = [...NUMBERS, 'whole', 'kind'];
/** The moment that is materialized to and served. */
export const END = START + 31 * DAY_SECONDS * 1_000_000;

export function keyOf(entity: number): string {
  return `customer-${entity}`;
}

/** One row an entity: six numbers, a whole number and a text, within a month. */
export function makeRows(rows: number): Table {
  const random = makeRandom(11, 'online');
  const times = Float64Array.from({ length: rows }, () => START + random.int(30 * DAY_SECONDS) * 1_000_000);
  const columns: [string, Column][] = [
    ['customer', stringColumn(Array.from({ length: rows }, (_, row) => keyOf(row)))],
    ['event_timestamp', { type: 'timestamp', values: times }],
    ['created', { type: 'timestamp', values: times }],
  ];
  for (const name of NUMBERS) {
    columns.push([name, { type: 'float64', values: Float64Array.from(times, () => random.int(1_000_000) / 64) }]);
  }
  columns.push(['whole', { type: 'int64', values: BigInt64Array.from(times, () => BigInt(random.int(1_000_000))) }]);
  columns.push(['kind', stringColumn(Array.from(times, () => KINDS[random.int(KINDS.length)] ?? null))]);
  return makeTable(columns);
}

export const DEFINITIONS: FeatureDefinitions = {
  entities: [{ name: 'customer', join_keys: ['customer'] }],
  sources: [{ name: 'rows', table: 'rows', timestamp_field: 'event_timestamp', created_timestamp_column: 'created' }],
  views: [
    {
      name: 'customers',
      entities: ['customer'],
      source: 'rows',
      ttl: 60 * DAY_SECONDS,
      schema: FEATURES.map((name) => {
        const dtype = name === 'whole' ? 'int64' : name === 'kind' ? 'string' : 'float64';
        return { name, dtype, expression: name } as const;
      }),
    },
  ],
  service: { name: 'all', features: FEATURES.map((name) => `customers:${name}`) },
};
