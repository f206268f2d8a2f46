import fc from 'fast-check';
import { beforeEach, describe, expect, it } from 'vitest';
import { memoryRecords } from '../platform/memory/records';
import type { Records } from '../utils/records';
import { checkArtifactPath, checkKey } from './keys';
import {
  deleteExperiment,
  getRun,
  latestMetrics,
  listRuns,
  metricHistory,
  readArtifact,
  recordRun,
  trackingTables,
} from './runs';
import type { RunDraft } from './types';

const TABLES = Object.keys(trackingTables);
const ID = '0123456789abcdef0123456789abcdef';

function draft(changes: Partial<RunDraft> = {}): RunDraft {
  return {
    experiment: 'heart_disease',
    run_name: 'first',
    status: 'FINISHED',
    start_time: 1000,
    end_time: 2000,
    params: { eta: '0.1' },
    tags: { 'mlflow.user': 'someone' },
    metrics: [
      { key: 'validation.logloss', value: 0.5, timestamp: 10, step: 1 },
      { key: 'validation.logloss', value: 0.4, timestamp: 9, step: 2 },
      { key: 'validation.logloss', value: 0.6, timestamp: 99, step: 0 },
    ],
    artifacts: [
      { path: 'model.json', content: '{}' },
      { path: 'rows/holdout.bin', content: Uint8Array.of(1, 2, 3) },
    ],
    dataset: { name: 'd', digest: 'x', rows: 3 },
    config_digest: 'c',
    seed: 7,
    ...changes,
  };
}

describe('runs', () => {
  let records: Records;
  const write = (changes: Partial<RunDraft>, id: string) =>
    records.write(TABLES, (tx) => recordRun(tx, draft(changes), id));

  beforeEach(() => {
    records = memoryRecords(trackingTables);
  });

  it('gives back what was recorded', async () => {
    const run = await write({}, ID);
    expect(run.metrics).toEqual({ 'validation.logloss': 0.4 });
    await records.read(TABLES, async (tx) => {
      expect(await getRun(tx, ID)).toEqual(run);
      expect((await readArtifact(tx, ID, 'rows/holdout.bin'))?.content).toEqual(Uint8Array.of(1, 2, 3));
      expect(await readArtifact(tx, ID, 'nothing')).toBeUndefined();
      const history = await metricHistory(tx, ID, 'validation.logloss');
      expect(history.map((point) => [point.step, point.value])).toEqual([
        [0, 0.6],
        [1, 0.5],
        [2, 0.4],
      ]);
      expect(history[0]).toEqual({ run_id: ID, key: 'validation.logloss', value: 0.6, timestamp: 99, step: 0 });
    });
  });

  it('lists newest first and keeps experiments apart', async () => {
    await write({ start_time: 1, end_time: 2 }, ID.replace('0', 'a'));
    await write({ start_time: 5, end_time: 6 }, ID.replace('0', 'b'));
    await write({ experiment: 'heart_disease_2' }, ID.replace('0', 'c'));
    const runs = await records.read(TABLES, (tx) => listRuns(tx, 'heart_disease'));
    expect(runs.map((run) => run.start_time)).toEqual([5, 1]);
  });

  it('never overwrites a run and keeps nothing of a refused one', async () => {
    await write({}, ID);
    await expect(write({ run_name: 'second' }, ID)).rejects.toThrow(/recorded already/);
    const other = ID.replace('0', 'f');
    await expect(write({ metrics: [{ key: 'a//b', value: 1, timestamp: 0, step: 0 }] }, other)).rejects.toThrow(
      /not a plain path/,
    );
    expect(await records.read(TABLES, (tx) => getRun(tx, other))).toBeUndefined();
  });

  it.each([
    [{ params: { 'a*b': '1' } }, /param key "a\*b" holds a character/],
    [{ params: { a: 'x'.repeat(6001) } }, /param a is 6001 characters long, and 6000 is the most/],
    [{ tags: { ['k'.repeat(251)]: '' } }, /251 characters long/],
    [{ experiment: '' }, /no name/],
    [{ end_time: 1 }, /ends \(1\) before it starts/],
    [{ metrics: [{ key: 'm', value: 1, timestamp: -1, step: 0 }] }, /timestamp -1/],
    [{ metrics: [{ key: 'm', value: 1, timestamp: 1, step: NaN }] }, /step NaN/],
    [{ artifacts: [{ path: '../x', content: '' }] }, /plain relative path/],
    [
      {
        artifacts: [
          { path: 'x', content: '' },
          { path: 'x', content: '' },
        ],
      },
      /given twice/,
    ],
  ])('refuses %o', async (changes, message) => {
    await expect(write(changes, ID)).rejects.toThrow(message);
  });

  it('refuses an id that is not 32 hex digits', async () => {
    await expect(write({}, 'abc')).rejects.toThrow(/32 lower-case hex digits/);
  });

  it('counts length in characters, not UTF-16 units', async () => {
    await write({ params: { a: '\u{1F600}'.repeat(6000) } }, ID);
    expect((await records.read(TABLES, (tx) => getRun(tx, ID)))?.params['a']).toHaveLength(12000);
  });

  it('deletes an experiment whole and no other', async () => {
    const other = ID.replace('0', 'd');
    await write({}, ID);
    await write({ experiment: 'other' }, other);
    await records.write(TABLES, (tx) => deleteExperiment(tx, 'heart_disease'));
    await records.read(TABLES, async (tx) => {
      for (const table of TABLES) {
        const rows = await tx.query<{ run_id?: string; name?: string }>(table);
        expect(rows.length).toBeGreaterThan(0);
        expect(rows.every((row) => row.run_id === other || row.name === 'other')).toBe(true);
      }
    });
  });
});

describe('keys as MLflow has them', () => {
  it.each(['a', 'Ab-5_', 'a/b/c', 'a.b.c', '.a', 'b.', 'a..a/._./o_O/.e.', 'a b/c d', 'größe', 'a:b'])(
    'takes "%s"',
    (key) => {
      expect(() => checkKey('metric', key)).not.toThrow();
    },
  );

  it.each(['', '.', '/', '..', '/.', '..//', 'a//b', 'a/', './a', '/a', 'a/../b', '/\\', 'a*', 'a\n', 'a"'])(
    'refuses "%s"',
    (key) => {
      expect(() => checkKey('metric', key)).toThrow(/metric key/);
    },
  );

  it('refuses artifact paths that leave the run', () => {
    for (const path of ['', '/a', '../a', 'a/../../b', 'a\\b'])
      expect(() => checkArtifactPath(path)).toThrow(/artifact path/);
  });
});

describe('latestMetrics', () => {
  it('is the greatest (step, timestamp, value) whatever the order written', () => {
    const point = fc.record({
      key: fc.constantFrom('a', 'b', '__proto__'),
      value: fc.integer({ min: -3, max: 3 }),
      timestamp: fc.integer({ min: 0, max: 3 }),
      step: fc.integer({ min: -2, max: 2 }),
    });
    fc.assert(
      fc.property(fc.array(point, { minLength: 1 }), (points) => {
        const latest = latestMetrics(points);
        for (const key of new Set(points.map((entry) => entry.key))) {
          const best = points
            .filter((entry) => entry.key === key)
            .sort((a, b) => b.step - a.step || b.timestamp - a.timestamp || b.value - a.value)[0];
          expect(Object.getOwnPropertyDescriptor(latest, key)?.value).toBe(best?.value);
        }
        expect(latestMetrics([...points].reverse())).toEqual(latest);
      }),
    );
  });

  it('ranks NaN as 0', () => {
    const at = (value: number) => ({ key: 'a', value, timestamp: 0, step: 0 });
    expect(latestMetrics([at(NaN), at(-1)])['a']).toBeNaN();
    expect(latestMetrics([at(NaN), at(1)])['a']).toBe(1);
  });
});
