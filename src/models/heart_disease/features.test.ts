import { afterAll, beforeAll, describe, expect, test } from 'vitest';
import configText from '../../../config.yaml?raw';
import { loadConfig } from '../../config/load';
import { getHistoricalFeatures } from '../../features/historical';
import { tablesAtHand } from '../../features/raw-tables';
import type { PointInTimeMode } from '../../features/types';
import { openDuckDb } from '../../platform/duckdb/node';
import {
  cellAt,
  columnOf,
  makeTable,
  stringColumn,
  takeRows,
  type Cell,
  type Column,
  type Table,
} from '../../utils/columns';
import { CLOCK, DAY } from './clock';
import { DEFINITIONS, SENSITIVE } from './features';
import { generate } from './generator';

let engine: Awaited<ReturnType<typeof openDuckDb>>;
beforeAll(async () => {
  engine = await openDuckDb();
});
afterAll(() => engine.close());

const floats = (values: number[]): Column => ({ type: 'float64', values: Float64Array.from(values) });
const times = (values: number[]): Column => ({ type: 'timestamp', values: Float64Array.from(values) });

async function joined(
  raw: ReadonlyMap<string, Table>,
  features: readonly string[],
  entityRows: Table,
  mode: PointInTimeMode = 'leak_safe',
): Promise<Cell[][]> {
  const tables = tablesAtHand(raw, () => Promise.resolve(engine));
  const request = { definitions: DEFINITIONS, features, entityRows, mode };
  const { table } = await getHistoricalFeatures(tables, request, {});
  return features.map((feature) => {
    const column = columnOf(table, feature.slice(feature.indexOf(':') + 1));
    return Array.from({ length: table.rowCount }, (_, row) => cellAt(column, row));
  });
}

describe('expressions', () => {
  const ids = stringColumn(['a', 'b', 'c', 'd', 'e', 'f', 'g']);
  const at = times(new Array<number>(7).fill(CLOCK));
  const rows = makeTable([
    ['patient_id', ids],
    ['event_timestamp', at],
  ]);
  const raw = (columns: [string, Column][]) =>
    makeTable([['patient_id', ids], ['event_timestamp', at], ['created_timestamp', at], ...columns]);

  test('age_group changes at 5, 18 and 65; missing stays missing', async () => {
    const text = stringColumn(['female', 'male', null, 'male', 'male', 'male', 'male']);
    const demographics = raw([
      ['age', floats([4.9, 5, 17.9, 18, 64.9, 65, NaN])],
      ['sex', text],
      ['ethnicity', text],
    ]);
    const [groups, sexes] = await joined(
      new Map([['demographics', demographics]]),
      ['patient_demographics:age_group', 'patient_demographics:sex'],
      rows,
    );
    expect(groups).toEqual([0n, 1n, 1n, 2n, 2n, 3n, null]);
    expect(sexes?.slice(0, 3)).toEqual([0n, 1n, null]);
  });

  test('laboratory features keep missing values missing', async () => {
    const results = raw([
      ['cholesterol', floats([240, NaN, 200, 200, 200, 200, 200])],
      ['hdl_cholesterol', floats([60, 50, NaN, 50, 50, 50, 50])],
      ['fasting_blood_sugar', floats([121, 120, NaN, 90, 90, 90, 90])],
      ['major_vessels', floats([0, 1, 2, 3, NaN, 0, 0])],
      ['thal', stringColumn(['normal', 'fixed defect', 'reversible defect', null, 'normal', 'normal', 'normal'])],
    ]);
    const [ratio, sugar, thal] = await joined(
      new Map([['lab_results', results]]),
      ['labs:cholesterol_ratio', 'labs:fasting_blood_sugar', 'labs:thal'],
      rows,
    );
    expect(ratio?.slice(0, 4)).toEqual([4, null, null, 4]);
    expect(sugar?.slice(0, 4)).toEqual([1n, 0n, null, 0n]);
    expect(thal?.slice(0, 4)).toEqual([3n, 6n, 7n, null]);
  });
});

test('every visit of a history has its vitals and demographics, and labs where blood was drawn in time', async () => {
  const tables = await generate({ seed: 3, rows: 3000 }, {});
  const outcomes = tables.get('outcomes');
  if (!outcomes) throw new Error('no outcomes');
  const rows = makeTable([...outcomes.columns].filter(([name]) => name === 'patient_id' || name === 'event_timestamp'));
  const [age, angina, cholesterol, missingChest] = await joined(
    tables,
    ['patient_demographics:age', 'vitals:exercise_angina', 'labs:cholesterol', 'vitals:chest_pain_type'],
    rows,
    'feast',
  );
  const [known] = await joined(tables, ['vitals:exercise_angina'], rows);
  const share = (cells: Cell[] | undefined) => (cells ?? []).filter((cell) => cell !== null).length / rows.rowCount;
  expect([share(age), share(angina)]).toEqual([1, 1]);
  // Where a record came days late, an earlier visit's stands in, if there was one.
  expect(share(known)).toBeGreaterThan(0.97);
  expect(share(known)).toBeLessThan(1);
  expect(share(missingChest)).toBeGreaterThan(0.99);
  expect(share(cholesterol)).toBeGreaterThan(0.88);
  expect(share(cholesterol)).toBeLessThan(0.95);
  const first = takeRows(rows, [0]);
  const long = makeTable([
    ['patient_id', columnOf(first, 'patient_id')],
    ['event_timestamp', times([CLOCK + 500 * DAY])],
  ]);
  expect((await joined(tables, ['patient_demographics:age'], long)).flat()).toEqual([null]);
});

test('config.yaml trains on the numeric fields, in the order of the views, and nothing else', () => {
  const loaded = loadConfig(configText);
  if ('faults' in loaded) throw new Error('config.yaml has faults');
  expect(loaded.config.models.find((model) => model.name === 'heart_disease')?.features).toEqual(
    DEFINITIONS.service.features,
  );
  expect(DEFINITIONS.service.features).toHaveLength(16);
  const known = DEFINITIONS.views.flatMap((view) => view.schema.map((field) => `${view.name}:${field.name}`));
  expect(Object.values(SENSITIVE).filter(({ feature }) => !known.includes(feature))).toEqual([]);
});
