import fc from 'fast-check';
import { expect, test } from 'vitest';
import { cellAt, columnOf, makeTable, stringColumn, type Cell, type Column, type Table } from '../utils/columns';
import { getHistoricalFeatures } from './historical';
import { tablesAtHand } from './raw-tables';
import type { AggregateFunction, FeatureDefinitions, FeatureService, PointInTimeMode } from './types';

/** Several views at once, with windows, other key columns and no keys at all, against loops that follow the rules. */

interface SourceRow {
  readonly shop: string | null;
  readonly item: bigint | null;
  readonly at: number | null;
  readonly created: number | null;
  readonly value: bigint | null;
}

interface EntityRow {
  readonly shop: string | null;
  readonly item: bigint | null;
  readonly rival: string | null;
  readonly at: number | null;
}

interface Rule {
  /** Seconds. */
  readonly ttl: number;
  readonly window: number;
  readonly aggregate: AggregateFunction;
  readonly mode: PointInTimeMode;
}

const SECOND = 1_000_000;

function definitions({ ttl, window, aggregate }: Rule): FeatureDefinitions {
  const value = { name: 'value', dtype: 'int64', expression: 'value' } as const;
  const [dtype, expression] = aggregate === 'mean' ? (['float64', 'amount'] as const) : (['int64', 'value'] as const);
  const made = { name: 'made', dtype, expression, aggregate: { function: aggregate, window } } as const;
  return {
    entities: [
      { name: 'shop', join_keys: ['shop'] },
      { name: 'item', join_keys: ['item'] },
    ],
    sources: [{ name: 'sales', table: 'sales', timestamp_field: 'at', created_timestamp_column: 'created' }],
    views: [
      { name: 'by_both', entities: ['shop', 'item'], source: 'sales', ttl, schema: [value, made] },
      { name: 'by_shop', entities: ['shop'], source: 'sales', ttl: 0, schema: [value, made] },
      { name: 'market', entities: [], source: 'sales', ttl, schema: [value, made] },
    ],
    service: { name: 'all', features: [] },
  };
}

const FEATURES: FeatureService['features'] = [
  { view: 'by_both' },
  { view: 'by_shop' },
  { view: 'by_shop', name: 'rival', join_key_map: { shop: 'rival' } },
  { view: 'market' },
];

const whole = (values: readonly (bigint | null)[]): Column => ({
  type: 'int64',
  values: BigInt64Array.from(values, (value) => value ?? 0n),
  valid: Uint8Array.from(values, (value) => (value === null ? 0 : 1)),
});
const times = (values: readonly (number | null)[]): Column => ({
  type: 'timestamp',
  values: Float64Array.from(values, (value) => value ?? NaN),
});

function sourceTable(rows: readonly SourceRow[]): Table {
  return makeTable([
    ['shop', stringColumn(rows.map((row) => row.shop))],
    ['item', whole(rows.map((row) => row.item))],
    ['at', times(rows.map((row) => row.at))],
    ['created', times(rows.map((row) => row.created))],
    ['value', whole(rows.map((row) => row.value))],
    [
      'amount',
      { type: 'float64', values: Float64Array.from(rows, ({ value }) => (value === null ? NaN : Number(value))) },
    ],
  ]);
}

function entityTable(rows: readonly EntityRow[]): Table {
  return makeTable([
    ['shop', stringColumn(rows.map((row) => row.shop))],
    ['item', whole(rows.map((row) => row.item))],
    ['rival', stringColumn(rows.map((row) => row.rival))],
    ['event_timestamp', times(rows.map((row) => row.at))],
    ['place', { type: 'float64', values: Float64Array.from(rows.keys()) }],
  ]);
}

type Keyed = readonly (string | bigint | null)[];

/** Rows of the same key that had happened and, where it matters, had been recorded at a moment; oldest first. */
function knownAt(
  source: readonly SourceRow[],
  keyOf: (row: SourceRow) => Keyed,
  asked: { readonly key: Keyed; readonly at: number | null },
  mode: PointInTimeMode,
): readonly (SourceRow & { readonly at: number })[] {
  const { key, at } = asked;
  if (at === null || key.includes(null)) return [];
  const known = source.flatMap((row) => {
    const own = keyOf(row);
    const same = own.every((part, i) => part !== null && part === key[i]);
    const recorded = mode === 'feast' || (row.created !== null && row.created <= at);
    return same && row.at !== null && row.at <= at && recorded ? [{ ...row, at: row.at }] : [];
  });
  return known.toSorted((a, b) => a.at - b.at || (a.created ?? -Infinity) - (b.created ?? -Infinity));
}

function aggregated(values: readonly bigint[], what: AggregateFunction): Cell {
  if (what === 'count') return BigInt(values.length);
  if (what === 'distinct') return BigInt(new Set(values).size);
  if (values.length === 0) return null;
  if (what === 'sum') return values.reduce((sum, value) => sum + value, 0n);
  if (what === 'mean') return values.reduce((sum, value) => sum + Number(value), 0) / values.length;
  if (what === 'last') return values.at(-1) ?? null;
  return values.reduce((best, value) => ((what === 'min' ? value < best : value > best) ? value : best));
}

interface View {
  readonly name: string;
  readonly ttl: number;
  readonly keyOf: (row: SourceRow) => Keyed;
  readonly asked: (row: EntityRow) => Keyed;
}

function viewsOf({ ttl }: Rule): readonly View[] {
  return [
    { name: 'by_both', ttl, keyOf: (row) => [row.shop, row.item], asked: (row) => [row.shop, row.item] },
    { name: 'by_shop', ttl: 0, keyOf: (row) => [row.shop], asked: (row) => [row.shop] },
    { name: 'rival', ttl: 0, keyOf: (row) => [row.shop], asked: (row) => [row.rival] },
    { name: 'market', ttl, keyOf: () => [], asked: () => [] },
  ];
}

function byHand(source: readonly SourceRow[], entity: EntityRow, view: View, rule: Rule): readonly [Cell, Cell] {
  const { at } = entity;
  const known = knownAt(source, view.keyOf, { key: view.asked(entity), at }, rule.mode);
  const newest = known.at(-1);
  const fresh = newest && at !== null && (view.ttl === 0 || at - newest.at <= view.ttl * SECOND);
  const inside = known.filter((row) => at !== null && row.at > at - rule.window * SECOND);
  const asked = at !== null && !view.asked(entity).includes(null);
  const values = inside.flatMap((row) => (row.value === null ? [] : [row.value]));
  return [fresh ? newest.value : null, asked ? aggregated(values, rule.aggregate) : null];
}

const shop = fc.constantFrom('a', 'b', null);
const item = fc.constantFrom(9007199254740992n, 9007199254740993n, null);
/** Seconds and a microsecond to either side, before 1970 too. */
const moment = fc.option(
  fc.tuple(fc.integer({ min: -3, max: 3 }), fc.constantFrom(-1, 0, 1)).map(([second, more]) => second * SECOND + more),
  { freq: 9 },
);
const value = fc.option(fc.constantFrom(1n, 2n, 9007199254740993n), { freq: 5 });
const sources = fc.array(fc.record({ shop, item, at: moment, created: moment, value }), { maxLength: 20 });
const entities = fc.array(fc.record({ shop, item, rival: shop, at: moment }), { minLength: 1, maxLength: 8 });
const rules = fc.record({
  ttl: fc.constantFrom(0, 1, 2),
  window: fc.constantFrom(1, 3),
  aggregate: fc.constantFrom<AggregateFunction>('count', 'sum', 'mean', 'min', 'max', 'last', 'distinct'),
  mode: fc.constantFrom<PointInTimeMode>('feast', 'leak_safe'),
});

test('several views, windows, other key columns and no keys equal the rules written as loops', async () => {
  const noSql = () => Promise.reject(new Error('no expression needs SQL'));
  await fc.assert(
    fc.asyncProperty(sources, entities, rules, async (source, asked, rule) => {
      const tables = tablesAtHand(new Map([['sales', sourceTable(source)]]), noSql);
      const { table, coverage } = await getHistoricalFeatures(
        tables,
        {
          definitions: definitions(rule),
          features: FEATURES,
          entityRows: entityTable(asked),
          mode: rule.mode,
          fullFeatureNames: true,
        },
        {},
      );
      const cells = (name: string) => asked.map((_, row) => cellAt(columnOf(table, name), row));
      expect(table.rowCount).toBe(asked.length);
      expect(cells('place')).toEqual([...asked.keys()]);
      for (const view of viewsOf(rule)) {
        const expected = asked.map((entity) => byHand(source, entity, view, rule));
        expect(cells(`${view.name}__value`)).toEqual(expected.map(([taken]) => taken));
        expect(cells(`${view.name}__made`)).toEqual(expected.map(([, made]) => made));
        expect(coverage[`${view.name}__value`]).toBe(expected.filter(([taken]) => taken !== null).length);
      }
    }),
    { numRuns: 400 },
  );
});
