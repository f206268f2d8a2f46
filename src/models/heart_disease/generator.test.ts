import { beforeAll, describe, expect, test } from 'vitest';
import { AbortError } from '../../utils/errors';
import { cellAt, columnOf, type Column, type Table } from '../../utils/columns';
import { makeRandom } from '../../utils/random';
import { mean } from '../../utils/statistics';
import {
  CLOCK,
  DAY,
  HISTORY_START,
  HOUR,
  LONGEST_LABEL_DELAY_DAYS,
  SHORTEST_LABEL_DELAY_DAYS,
  WINDOW_DAYS,
} from './clock';
import { drawFindings } from './findings';
import { generate, generateWindow } from './generator';
import { diseaseProbability } from './outcome';
import { drawPatient } from './patient';
import { mixOf, SCENARIOS } from './scenarios';

type Tables = ReadonlyMap<string, Table>;

function column(tables: Tables, table: string, name: string): Column {
  const found = tables.get(table);
  if (!found) throw new Error(`no table ${table}`);
  return columnOf(found, name);
}

function numbers(tables: Tables, table: string, name: string): Float64Array {
  const values = column(tables, table, name);
  const length = tables.get(table)?.rowCount ?? 0;
  return Float64Array.from({ length }, (_, row) => {
    const cell = cellAt(values, row);
    return cell === null ? NaN : Number(cell);
  });
}

function texts(tables: Tables, table: string, name: string): (string | null)[] {
  const values = column(tables, table, name);
  return Array.from({ length: tables.get(table)?.rowCount ?? 0 }, (_, row) => cellAt(values, row) as string | null);
}

function missingShare(tables: Tables, table: string, name: string): number {
  const values = texts(tables, table, name);
  return values.filter((value) => value === null).length / values.length;
}

const HISTORY = { seed: 7, rows: 30_000 };
const WINDOW = { seed: 8, rows: 15_000, from: CLOCK, to: CLOCK + WINDOW_DAYS * DAY, history: HISTORY };
let rest: Tables;
const windows = new Map<string, Tables>();

beforeAll(async () => {
  rest = await generate(HISTORY, {});
  for (const scenario of ['at_rest', ...SCENARIOS.map((known) => known.name)]) {
    windows.set(scenario, await generateWindow({ ...WINDOW, scenario }, {}));
  }
});

function windowOf(scenario: string): Tables {
  const found = windows.get(scenario);
  if (!found) throw new Error(`no window ${scenario}`);
  return found;
}

describe('the history', () => {
  test('has the rows asked for, of 10,000 patients or more, over 24 months', () => {
    expect([...rest].map(([name, table]) => [name, table.rowCount])).toEqual([
      ['demographics', 30_000],
      ['visits', 30_000],
      ['lab_results', rest.get('lab_results')?.rowCount],
      ['outcomes', 30_000],
    ]);
    expect(new Set(texts(rest, 'outcomes', 'patient_id')).size).toBe(10_000);
    expect(texts(rest, 'outcomes', 'patient_id')[0]).toBe('PT00001');
    const times = numbers(rest, 'outcomes', 'event_timestamp');
    expect(Math.min(...times)).toBeGreaterThanOrEqual(HISTORY_START);
    expect(Math.min(...times)).toBeLessThan(HISTORY_START + 3 * DAY);
    expect(Math.max(...times)).toBeLessThan(CLOCK);
    expect(Math.max(...times)).toBeGreaterThan(CLOCK - 3 * DAY);
  });

  test.each([1, 2, 3, 4, 5])('mean age 55 ± 0.4 and prevalence 35% ± 1.5 points with seed %i', async (seed) => {
    const tables = await generate({ seed, rows: 30_000 }, {});
    expect(Math.abs(mean(numbers(tables, 'demographics', 'age')) - 55)).toBeLessThan(0.4);
    expect(Math.abs(mean(numbers(tables, 'outcomes', 'heart_disease')) - 0.35)).toBeLessThan(0.015);
  });

  test('all four age groups occur, children rarely', () => {
    const ages = numbers(rest, 'demographics', 'age');
    const shareOf = (low: number, high: number) => ages.filter((age) => age >= low && age < high).length / ages.length;
    expect(shareOf(0, 5)).toBeGreaterThan(0.001);
    expect(shareOf(5, 18)).toBeGreaterThan(0.005);
    expect(shareOf(0, 18)).toBeLessThan(0.025);
    expect(shareOf(65, 120)).toBeGreaterThan(0.15);
  });

  test('values are missing as often as meant, and ranges are those of people', () => {
    expect(missingShare(rest, 'lab_results', 'cholesterol')).toBeCloseTo(0.06, 2);
    expect(missingShare(rest, 'lab_results', 'major_vessels')).toBeCloseTo(0.04, 2);
    expect(missingShare(rest, 'lab_results', 'thal')).toBeCloseTo(0.02, 2);
    expect(missingShare(rest, 'visits', 'exercise_angina')).toBe(0);
    const ranges: [string, string, number, number][] = [
      ['visits', 'resting_bp', 70, 220],
      ['visits', 'max_heart_rate', 60, 215],
      ['visits', 'oldpeak', 0, 6.2],
      ['lab_results', 'cholesterol', 100, 570],
      ['lab_results', 'hdl_cholesterol', 18, 110],
      ['lab_results', 'major_vessels', 0, 3],
      ['demographics', 'age', 0.1, 98],
    ];
    for (const [table, name, low, high] of ranges) {
      const values = numbers(rest, table, name).filter((value) => !Number.isNaN(value));
      expect(
        values.reduce((least, value) => Math.min(least, value)),
        name,
      ).toBeGreaterThanOrEqual(low);
      expect(
        values.reduce((most, value) => Math.max(most, value)),
        name,
      ).toBeLessThanOrEqual(high);
    }
  });

  test('findings go together as a reader of the UCI table knows', () => {
    const disease = numbers(rest, 'outcomes', 'heart_disease');
    const age = numbers(rest, 'demographics', 'age');
    const correlation = (a: Float64Array, b: Float64Array) => {
      const rows = [...a.keys()].filter((row) => !Number.isNaN(a[row]) && !Number.isNaN(b[row]));
      const [x, y] = [rows.map((row) => a[row] ?? NaN), rows.map((row) => b[row] ?? NaN)];
      const [mx, my] = [mean(x), mean(y)];
      const product = (p: number[], mp: number, q: number[], mq: number) =>
        p.reduce((sum, value, i) => sum + (value - mp) * ((q[i] ?? NaN) - mq), 0);
      return product(x, mx, y, my) / Math.sqrt(product(x, mx, x, mx) * product(y, my, y, my));
    };
    expect(correlation(age, numbers(rest, 'visits', 'max_heart_rate'))).toBeLessThan(-0.4);
    expect(correlation(age, numbers(rest, 'visits', 'resting_bp'))).toBeGreaterThan(0.3);
    expect(correlation(disease, numbers(rest, 'visits', 'oldpeak'))).toBeGreaterThan(0.35);
    expect(correlation(disease, numbers(rest, 'visits', 'exercise_angina'))).toBeGreaterThan(0.3);
    expect(correlation(disease, numbers(rest, 'visits', 'max_heart_rate'))).toBeLessThan(-0.25);
    expect(correlation(disease, numbers(rest, 'visits', 'resting_bp'))).toBeGreaterThan(0.1);
  });

  test('visits of one patient resemble each other beyond what they show', () => {
    const patients = Array.from({ length: 3000 }, (_, i) => drawPatient(makeRandom(3, `like ${i}`), 55));
    const gains = patients.map((patient, i) => {
      const found = drawFindings(makeRandom(4, `like ${i}`), patient, patient.age, 0);
      const at = (frailty: number) => diseaseProbability('at_rest', { ...patient, frailty }, found);
      return at(1) - at(-1);
    });
    expect(mean(gains)).toBeGreaterThan(0.1);
  });

  test('labels come three to six weeks after the visit', () => {
    const visits = numbers(rest, 'outcomes', 'event_timestamp');
    const known = numbers(rest, 'outcomes', 'label_timestamp');
    const delays = known.map((time, row) => (time - (visits[row] ?? NaN)) / DAY);
    expect(delays.reduce((least, delay) => Math.min(least, delay))).toBeGreaterThanOrEqual(SHORTEST_LABEL_DELAY_DAYS);
    expect(delays.reduce((most, delay) => Math.max(most, delay))).toBeLessThanOrEqual(LONGEST_LABEL_DELAY_DAYS);
  });

  test('demographics are there at the visit; blood is drawn up to two days before, and after it for about 3%', () => {
    const visits = numbers(rest, 'visits', 'event_timestamp');
    numbers(rest, 'demographics', 'event_timestamp').forEach((time, row) => {
      const before = (visits[row] ?? NaN) - time;
      expect(before > 0 && before < HOUR).toBe(true);
    });
    const timesOf = new Map<string, number[]>();
    texts(rest, 'visits', 'patient_id').forEach((id, row) =>
      timesOf.set(id ?? '', [...(timesOf.get(id ?? '') ?? []), visits[row] ?? NaN]),
    );
    let after = 0;
    const drawn = numbers(rest, 'lab_results', 'event_timestamp');
    texts(rest, 'lab_results', 'patient_id').forEach((id, row) => {
      const time = drawn[row] ?? NaN;
      const ahead = (timesOf.get(id ?? '') ?? []).some((visit) => visit >= time && visit - time <= 2 * DAY);
      if (!ahead) after++;
    });
    expect(after / drawn.length).toBeGreaterThan(0.02);
    expect(after / drawn.length).toBeLessThan(0.04);
    expect(drawn.length / 30_000).toBeCloseTo(0.97, 2);
  });

  test('some records arrive days late', () => {
    const [event, created] = ['event_timestamp', 'created_timestamp'].map((name) => numbers(rest, 'visits', name));
    const late = created?.filter((time, row) => time - (event?.[row] ?? NaN) > DAY) ?? [];
    expect(late.length / 30_000).toBeCloseTo(0.02, 2);
    expect(created?.every((time, row) => time >= (event?.[row] ?? NaN))).toBe(true);
  });
});

describe('windows', () => {
  test('lie after the clock, with new and returning patients', () => {
    const window = windowOf('at_rest');
    const visits = numbers(window, 'outcomes', 'event_timestamp');
    expect(visits.every((time) => time >= WINDOW.from && time < WINDOW.to)).toBe(true);
    const before = new Set(texts(rest, 'outcomes', 'patient_id'));
    const ids = texts(window, 'outcomes', 'patient_id');
    const returning = ids.filter((id) => before.has(id)).length / ids.length;
    expect(returning).toBeGreaterThan(0.15);
    expect(returning).toBeLessThan(0.6);
  });

  test('returning patients are who they were, and older', () => {
    const window = windowOf('older_patients');
    const known = new Map<string, { sex: string | null; age: number }>();
    const [ids, sexes, ages] = [
      texts(rest, 'demographics', 'patient_id'),
      texts(rest, 'demographics', 'sex'),
      numbers(rest, 'demographics', 'age'),
    ];
    ids.forEach((id, row) => known.set(id ?? '', { sex: sexes[row] ?? null, age: ages[row] ?? NaN }));
    const [newSexes, newAges] = [texts(window, 'demographics', 'sex'), numbers(window, 'demographics', 'age')];
    let compared = 0;
    texts(window, 'demographics', 'patient_id').forEach((id, row) => {
      const old = known.get(id ?? '');
      if (!old) return;
      compared++;
      expect(newSexes[row]).toBe(old.sex);
      expect((newAges[row] ?? NaN) - old.age).toBeGreaterThanOrEqual(-0.11);
      expect((newAges[row] ?? NaN) - old.age).toBeLessThan(2.5);
    });
    expect(compared).toBeGreaterThan(1000);
  });

  test('without a history everybody is new, and two windows share nobody', async () => {
    const first = await generateWindow({ ...WINDOW, rows: 500, scenario: 'at_rest', history: undefined }, {});
    const later = { from: WINDOW.to + 42 * DAY, to: WINDOW.to + 132 * DAY };
    const second = await generateWindow(
      { ...WINDOW, ...later, rows: 500, scenario: 'at_rest', history: undefined },
      {},
    );
    const seen = new Set([...texts(rest, 'outcomes', 'patient_id'), ...texts(first, 'outcomes', 'patient_id')]);
    expect(
      texts(first, 'outcomes', 'patient_id').some((id) => texts(rest, 'outcomes', 'patient_id').includes(id)),
    ).toBe(false);
    expect(texts(second, 'outcomes', 'patient_id').some((id) => seen.has(id))).toBe(false);
  });

  test.each([
    ['at_rest', 55, 0.35],
    ['older_patients', 62, 0.4],
    ['higher_risk_mix', 55, 0.52],
    ['prevalence_up', 55, 0.5],
  ])('%s: mean age %f ± 0.4, prevalence %f ± 0.02', (scenario, age, prevalence) => {
    const window = windowOf(scenario);
    expect(Math.abs(mean(numbers(window, 'demographics', 'age')) - age)).toBeLessThan(0.4);
    expect(Math.abs(mean(numbers(window, 'outcomes', 'heart_disease')) - prevalence)).toBeLessThan(0.02);
  });

  test('prevalence_up leaves every input as it is at rest', () => {
    for (const table of ['demographics', 'visits', 'lab_results']) {
      for (const [name] of windowOf('at_rest').get(table)?.columns ?? []) {
        expect(texts(windowOf('prevalence_up'), table, name), name).toEqual(texts(windowOf('at_rest'), table, name));
      }
    }
  });

  test('an unknown scenario is a bug of the caller', async () => {
    await expect(generateWindow({ ...WINDOW, scenario: 'nope' }, {})).rejects.toThrow('no scenario nope');
    expect(mixOf('__proto__')).toBeUndefined();
  });
});

describe('long work', () => {
  test('can be watched and stopped', async () => {
    const seen: number[] = [];
    await generate({ seed: 1, rows: 20_000 }, { onProgress: ({ done, total }) => seen.push(done / total) });
    expect(seen.length).toBeGreaterThanOrEqual(4);
    expect(seen.at(-1)).toBe(1);
    const signal = { aborted: false };
    await expect(
      generate({ seed: 1, rows: 20_000 }, { signal, onProgress: ({ done }) => (signal.aborted ||= done > 5000) }),
    ).rejects.toBeInstanceOf(AbortError);
  });

  test('100,000 visits take at most two seconds', async () => {
    const start = performance.now();
    const tables = await generate({ seed: 1, rows: 100_000 }, {});
    expect(tables.get('outcomes')?.rowCount).toBe(100_000);
    expect(performance.now() - start).toBeLessThan(2000);
  });
});
