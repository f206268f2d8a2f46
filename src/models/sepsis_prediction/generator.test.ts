import { describe, expect, test } from 'vitest';
import { columnOf, type Table } from '../../utils/columns';
import { tableDigest } from '../../utils/hash';
import { CLOCK, DAY, LONGEST_LABEL_DELAY_DAYS } from './clock';
import { generate, generateWindow } from './generator';
import { SCENARIOS } from './scenarios';
import { ROUNDS } from './stay';

const numbers = (table: Table | undefined, name: string): Float64Array => {
  const column = table && columnOf(table, name);
  if (column?.type !== 'float64' && column?.type !== 'timestamp') throw new Error(`no numbers in ${name}`);
  return column.values;
};
const mean = (values: Iterable<number>) => {
  const present = [...values].filter((value) => !Number.isNaN(value));
  return present.reduce((sum, value) => sum + value, 0) / present.length;
};
const prevalence = (tables: ReadonlyMap<string, Table>) => {
  const outcomes = tables.get('outcomes');
  const column = outcomes && columnOf(outcomes, 'sepsis');
  if (column?.type !== 'int64') throw new Error('no outcomes');
  return mean(Array.from(column.values, Number));
};

describe('the sepsis generator', () => {
  test('gives exactly the rows asked for, six rounds of observations each, all before the clock', async () => {
    const tables = await generate({ seed: 7, rows: 3000 }, {});
    expect([...tables].map(([name, { rowCount }]) => [name, rowCount])).toEqual([
      ['admissions', 3000],
      ['observations', 3000 * ROUNDS],
      ['lab_results', 3000],
      ['outcomes', 3000],
    ]);
    const at = numbers(tables.get('outcomes'), 'event_timestamp');
    expect(Math.max(...at)).toBeLessThan(CLOCK);
    const label = numbers(tables.get('outcomes'), 'label_timestamp');
    expect(label.every((time, i) => time - (at[i] ?? 0) <= LONGEST_LABEL_DELAY_DAYS * DAY)).toBe(true);
    expect(prevalence(tables)).toBeGreaterThan(0.1);
    expect(prevalence(tables)).toBeLessThan(0.25);
    for (const table of tables.values())
      for (const [name, column] of table.columns)
        if (column.type === 'float64') expect(mean(column.values), name).toBeGreaterThan(0);
  });

  test('gives the same bits for the same seed, others for another', async () => {
    const digest = async (seed: number) =>
      [...(await generate({ seed, rows: 500 }, {})).values()].map((table) => tableDigest(table)).join();
    expect(await digest(7)).toBe(await digest(7));
    expect(await digest(8)).not.toBe(await digest(7));
  });

  test.each(['at_rest', ...SCENARIOS.map(({ name }) => name)])(
    'window %s lies in its time and moves what it says',
    async (scenario) => {
      const window = { seed: 7, rows: 4000, from: CLOCK, to: CLOCK + 60 * DAY, history: { seed: 7, rows: 6000 } };
      const tables = await generateWindow({ ...window, scenario }, {});
      const rest = await generateWindow({ ...window, scenario: 'at_rest' }, {});
      const at = numbers(tables.get('outcomes'), 'event_timestamp');
      expect(at).toHaveLength(4000);
      expect(at.every((time) => time >= window.from && time < window.to)).toBe(true);
      const moved = (table: string, column: string) =>
        mean(numbers(tables.get(table), column)) - mean(numbers(rest.get(table), column));
      if (scenario === 'older_patients') expect(moved('admissions', 'age')).toBeGreaterThan(4);
      if (scenario === 'influenza_season') expect(moved('observations', 'temperature')).toBeGreaterThan(0.3);
      if (scenario === 'earlier_antibiotics') expect(prevalence(tables)).toBeLessThan(0.8 * prevalence(rest));
    },
  );
});
