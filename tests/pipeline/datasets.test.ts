import { beforeAll, describe, expect, test } from 'vitest';
import { collectGarbage } from '../../src/pipeline/storage';
import type { EntitySelection, HistoricalCall } from '../../src/pipeline/store/types';
import type { Workspace } from '../../src/pipeline/workspace';
import type { Platform } from '../../src/pipeline/platform';
import { countedWorkspace } from './platform';

const MODEL = 'heart_disease';
const SMALL = { seed: 5, rows: 2000, maxEvals: 2 } as const;
let workspace: Workspace;
let platform: Platform;

beforeAll(async () => {
  ({ workspace, platform } = countedWorkspace());
  await workspace.run(MODEL, SMALL);
}, 120_000);

const csv = (text: string): EntitySelection => ({
  file: { fileName: 'rows.csv', bytes: new TextEncoder().encode(text) },
});
const call = (entities: EntitySelection, more: Partial<HistoricalCall> = {}): HistoricalCall => ({
  entities,
  features: ['vitals:resting_bp', 'labs:cholesterol'],
  ...more,
});
const files = async () => (await platform.files.list()).sort();

describe('the SQL console', () => {
  test('knows raw tables, feature views with their columns, and the training table', async () => {
    const schema = await workspace.sqlSchema(MODEL);
    expect(schema.map(({ name, kind }) => `${kind} ${name}`)).toEqual([
      'table demographics',
      'table visits',
      'table lab_results',
      'table outcomes',
      'feature_view patient_demographics',
      'feature_view vitals',
      'feature_view labs',
      expect.stringMatching(/^saved_dataset training_[0-9a-f]{12}$/),
    ]);
    for (const { name, columns } of schema) {
      const answer = await workspace.querySql(MODEL, { sql: `SELECT * FROM "${name}" LIMIT 1` });
      expect(answer.columns, name).toEqual(columns);
    }
  });

  test('a view is its computed features, and a limit cuts rows but not the total', async () => {
    const { rows, total } = await workspace.querySql(MODEL, {
      sql: 'SELECT v.patient_id, v.st_slope FROM vitals AS v JOIN visits USING (patient_id, event_timestamp)',
      limit: 5,
    });
    const visits = await workspace.querySql(MODEL, { sql: 'SELECT count(*) FROM visits' });
    expect(rows).toHaveLength(5);
    expect(total).toBeGreaterThanOrEqual(Number(visits.rows[0]?.[0]));
  });

  test.each<readonly [string, string]>([
    ['DROP TABLE visits', 'Line 1, column 1: this only reads, and "DROP" would change something'],
    ['SELECT * FROM visit', 'Line 1, column 15: there is no table "visit"; did you mean "visits"?'],
    ['SELECT nope\nFROM visits', 'Line 1, column 8: Referenced column "nope" not found in FROM clause!'],
  ])('%s is a sentence with its place, and the next statement works', async (sql, says) => {
    const fault = workspace.querySql(MODEL, { sql });
    await expect(fault).rejects.toThrow(says);
    await expect(fault).rejects.toMatchObject({ code: 'FEATURES_INVALID', details: { line: 1 } });
    expect((await workspace.querySql(MODEL, { sql: 'SELECT 1 AS one' })).rows).toEqual([[1n]]);
  });

  test('gives all rows as a file', async () => {
    const sql = 'SELECT patient_id, 9007199254740993 AS n FROM visits ORDER BY ALL LIMIT 1';
    const csvFile = await workspace.sqlFile(MODEL, sql, 'csv');
    expect([csvFile.fileName, new TextDecoder().decode(csvFile.bytes)]).toEqual([
      'result.csv',
      expect.stringMatching(/^patient_id,n\n[^,]+,9007199254740993\n$/),
    ]);
    const parquet = await workspace.sqlFile(MODEL, sql, 'parquet');
    expect(new TextDecoder().decode(parquet.bytes.subarray(0, 4))).toBe('PAR1');
  });

  test('a statement does not change what the stages make', async () => {
    const before = await workspace.featuresView(MODEL);
    await workspace.querySql(MODEL, { sql: 'SELECT * FROM vitals' });
    await workspace.run(MODEL, { ...SMALL, stages: ['features'] });
    expect((await workspace.featuresView(MODEL))?.dataset.digest).toBe(before?.dataset.digest);
  });

  test('before there is data it says what to run', async () => {
    const { workspace: empty } = countedWorkspace();
    expect(await empty.sqlSchema(MODEL)).toEqual([]);
    await expect(empty.querySql(MODEL, { sql: 'SELECT 1' })).rejects.toThrow(
      'A statement needs the tables of heart_disease, and there are none yet. Run Data first.',
    );
    await expect(empty.querySql(MODEL, { sql: 'SELECT 1', limit: 0 })).rejects.toThrow('limit is 0; it must be');
  });
});

describe('historical features', () => {
  test('by SQL give every row once and in order, as training joined them', async () => {
    const training = (await workspace.savedDatasets(MODEL)).find((one) => one.automatic);
    const answer = await workspace.historicalFeatures(MODEL, {
      entities: {
        sql: `SELECT __entity_key AS patient_id, event_timestamp, resting_bp AS trained FROM ${training?.name ?? ''}`,
      },
      features: ['vitals:resting_bp'],
    });
    expect(answer.total).toBe(training?.rows);
    expect(answer.rows).toHaveLength(1000);
    expect(answer.mode).toBe('leak_safe');
    for (const [, , trained, joined] of answer.rows) expect(joined).toBe(trained);
  });

  test('by range and by snapshot, in both modes and under full names', async () => {
    const { clock } = (await workspace.overview()).models.find((model) => model.name === MODEL) ?? {};
    const snapshot = await workspace.historicalFeatures(MODEL, call({ snapshot: clock ?? 0 }));
    const keys = snapshot.rows.map(([key]) => key);
    expect(new Set(keys).size).toBe(keys.length);
    expect(new Set(snapshot.rows.map(([, at]) => at))).toEqual(new Set([clock]));
    const range = { from: (clock ?? 0) - 30 * 86_400_000_000 };
    const safe = await workspace.historicalFeatures(MODEL, call(range, { full_feature_names: true }));
    const feast = await workspace.historicalFeatures(MODEL, call(range, { mode: 'feast' }));
    expect(safe.columns.map(({ name }) => name)).toEqual([
      'patient_id',
      'event_timestamp',
      'vitals__resting_bp',
      'labs__cholesterol',
    ]);
    expect([feast.total, feast.mode]).toEqual([safe.total, 'feast']);
    expect(feast.coverage['resting_bp']).toBeGreaterThan(safe.coverage['vitals__resting_bp'] ?? 0);
    expect(safe.leaks.map((leak) => leak.view)).toEqual(['vitals', 'labs']);
  });

  test('a file of entity rows may reach before 1970 and lack keys; text keys stay text', async () => {
    const rows =
      'patient_id,event_timestamp\n1,1969-12-31T23:59:59.999999Z\n,2026-01-01T00:00:00Z\n007,2026-01-01T00:00:00Z\n';
    const answer = await workspace.historicalFeatures(MODEL, call(csv(rows)));
    expect(answer.rows).toEqual([
      ['1', -1, null, null],
      [null, Date.UTC(2026, 0, 1) * 1000, null, null],
      ['007', Date.UTC(2026, 0, 1) * 1000, null, null],
    ]);
  });

  test.each<readonly [string, HistoricalCall, string]>([
    [
      'times with and without a zone',
      call(csv('patient_id,event_timestamp\na,2026-01-01T00:00:00Z\nb,2026-01-01 00:00\n')),
      'rows.csv: The column "event_timestamp" mixes times with a zone (first in row 1) and without one (first in row 2)',
    ],
    [
      'a missing join key',
      call(csv('id,event_timestamp\na,2026-01-01\n')),
      'The entity rows have no column "patient_id"; they have id, event_timestamp.',
    ],
    [
      'an empty file',
      call({ file: { fileName: 'rows.txt', bytes: new Uint8Array() } }),
      'rows.txt: The file is empty.',
    ],
    [
      'an unknown view',
      call({ snapshot: 0 }, { features: ['vital:resting_bp'] }),
      'There is no feature view "vital"; did you mean "vitals"?',
    ],
    [
      'a name that comes twice',
      call({ sql: 'SELECT patient_id, event_timestamp, resting_bp FROM visits' }),
      'The column "resting_bp" would come twice, from the entity rows and from vitals. Ask for full feature names (view__feature), or leave one of them out.',
    ],
    [
      'SQL without a time',
      call({ sql: 'SELECT patient_id FROM visits' }),
      'The entity SQL gives no column "event_timestamp"; it gives patient_id. Give each row\'s moment that name, as in SELECT …, ordered_at AS event_timestamp.',
    ],
    [
      'SQL without a row',
      call({ sql: 'SELECT patient_id, event_timestamp FROM visits WHERE false' }),
      'The entity SQL gives no row, so there is nothing to join.',
    ],
    [
      'SQL that writes',
      call({ sql: 'UPDATE visits SET patient_id = 1' }),
      'Line 1, column 1: this only reads, and "UPDATE" would change something;',
    ],
    [
      'a moment before everything',
      call({ snapshot: 0 }),
      'Nothing of vitals, labs was known at 1970-01-01T00:00:00Z; give a later moment.',
    ],
    [
      'a range backwards',
      call({ from: 1, to: 0 }),
      'The range begins at 1970-01-01T00:00:00.000001Z, after its end at 1970-01-01T00:00:00Z. Give an earlier beginning.',
    ],
  ])('%s is a sentence', async (_, asked, says) => {
    const before = await files();
    await expect(workspace.historicalFeatures(MODEL, asked)).rejects.toThrow(says);
    await expect(workspace.saveDataset(MODEL, 'never', asked)).rejects.toThrow(says);
    expect(await files()).toEqual(before);
  });
});

test('an Arrow file of entity rows that is cut in half is a sentence', async () => {
  const bytes = (await platform.files.read((await files()).find((path) => path.includes('/datasets/')) ?? '')) ?? null;
  const file = { fileName: 'rows.arrow', bytes: bytes?.slice(0, bytes.length / 2) ?? new Uint8Array() };
  await expect(workspace.historicalFeatures(MODEL, call({ file }))).rejects.toThrow(
    'rows.arrow: These bytes are not an Arrow table, or are cut short.',
  );
});

describe('saved data sets', () => {
  const SQL: HistoricalCall = call({ sql: 'SELECT patient_id, event_timestamp FROM visits ORDER BY ALL LIMIT 50' });

  test('are kept whole under a name, found by SQL, and survive a tidy-up and a new run', async () => {
    const saved = await workspace.saveDataset(MODEL, 'fifty', SQL);
    expect(saved).toMatchObject({ name: 'fifty', rows: 50, mode: 'leak_safe', automatic: false, kept: true });
    expect(saved.views).toEqual({ vitals: 1, labs: 1 });
    const parts = (await workspace.dataView(MODEL))?.partitions.filter(({ table }) => /visits|lab/.test(table)) ?? [];
    expect(saved.partitions).toEqual(parts.map((part) => part.digest).sort());
    await platform.files.write(`offline/${MODEL}/datasets/saved-left-behind.arrow`, Uint8Array.of(1));
    await collectGarbage(platform);
    expect((await files()).filter((path) => path.includes('saved-'))).toEqual([
      `offline/${MODEL}/datasets/saved-${saved.digest.slice(0, 32)}.arrow`,
    ]);
    expect((await workspace.savedDatasets(MODEL)).map((one) => one.name)).toContain('fifty');
    const { rows } = await workspace.querySql(MODEL, { sql: 'SELECT count(*), count(resting_bp) FROM fifty' });
    expect(rows[0]?.[0]).toBe(50n);
  });

  test.each<readonly [string, string]>([
    ['fifty', 'There is a data set called "fifty" already; choose another name.'],
    ['VISITS', 'There is a table called "VISITS" already; choose another name.'],
    ['labs', 'There is a feature view called "labs" already; choose another name.'],
    ['training_x', 'Names that begin with "training_" are for the Features stage; choose another.'],
    [
      '1st',
      '"1st" cannot name a data set: a name begins with a letter and has up to 60 letters, digits and underscores.',
    ],
    ['a b', '"a b" cannot name a data set:'],
  ])('cannot be called %s', async (name, says) => {
    await expect(workspace.saveDataset(MODEL, name, SQL)).rejects.toThrow(says);
  });

  test('two of the same rows share a file until both are deleted', async () => {
    await workspace.saveDataset(MODEL, 'again', SQL);
    expect((await files()).filter((path) => path.includes('saved-'))).toHaveLength(1);
    expect(await workspace.deleteDataset(MODEL, 'fifty')).toBe('"fifty" was deleted.');
    expect((await workspace.querySql(MODEL, { sql: 'FROM again' })).total).toBe(50);
    await workspace.deleteDataset(MODEL, 'again');
    expect((await files()).filter((path) => path.includes('saved-'))).toEqual([]);
    await expect(workspace.deleteDataset(MODEL, 'agian')).rejects.toThrow(
      'There is no data set "agian"; there are training_',
    );
  });

  test('a cancel leaves no file and no record', async () => {
    const before = [await files(), await workspace.digest()];
    const signal = { aborted: false };
    const stopped = workspace.saveDataset(
      MODEL,
      'stopped',
      SQL,
      ({ label }) => {
        if (label === 'saving') signal.aborted = true;
      },
      signal,
    );
    await expect(stopped).rejects.toMatchObject({ name: 'AbortError' });
    expect([await files(), await workspace.digest()]).toEqual(before);
  });

  test('the table the Features stage made last cannot be deleted, older ones keep their record', async () => {
    const [first] = await workspace.savedDatasets(MODEL);
    await expect(workspace.deleteDataset(MODEL, first?.name ?? '')).rejects.toThrow(
      'made last; it goes when that stage',
    );
    await workspace.simulate(MODEL, 'at_rest');
    const all = await workspace.savedDatasets(MODEL);
    expect(all.map(({ automatic, kept }) => [automatic, kept])).toEqual(
      expect.arrayContaining([
        [true, true],
        [true, false],
      ]),
    );
    const said = await workspace.deleteDataset(MODEL, first?.name ?? '');
    expect(said).toBe(
      `The rows of "${first?.name ?? ''}" were deleted; its record stays, since v1 of heart_disease was trained on it.`,
    );
    expect((await workspace.savedDatasets(MODEL)).find((one) => one.name === first?.name)?.kept).toBe(false);
  });
});

describe('lineage', () => {
  test('leads from source files to predictions, and every edge has its ends', async () => {
    const { nodes, edges } = await workspace.lineage(MODEL);
    const kindOf = new Map(nodes.map((node) => [node.id, node.kind]));
    expect(new Set(kindOf.values())).toEqual(
      new Set(['partition', 'table', 'feature_view', 'dataset', 'run', 'model_version', 'predictions']),
    );
    for (const { from, to } of edges) expect([kindOf.has(from), kindOf.has(to)]).toEqual([true, true]);
    const before = (id: string): string[] =>
      edges.filter((edge) => edge.to === id).flatMap(({ from }) => [from, ...before(from)]);
    const batch = nodes.find((node) => node.kind === 'predictions');
    const behind = new Set(before(batch?.id ?? ''));
    expect([...new Set([...behind].map((id) => kindOf.get(id)))].sort()).toEqual([
      'dataset',
      'feature_view',
      'model_version',
      'partition',
      'run',
      'table',
    ]);
    expect(behind).toContain('version:1');
    expect(nodes.filter((node) => node.kind === 'partition' && node.title === 'visits, append 1')).toHaveLength(1);
    expect(nodes.find((node) => node.id === 'version:1')).toMatchObject({ title: 'v1', current: true });
    expect(nodes.find((node) => node.id === 'view:vitals@1')).toMatchObject({ current: true });
  });

  test('holds definitions alone before anything ran', async () => {
    const { nodes, edges } = await countedWorkspace().workspace.lineage(MODEL);
    expect(new Set(nodes.map(({ kind }) => kind))).toEqual(new Set(['feature_view']));
    expect(edges.map(({ to }) => to)).toEqual(['view:exertion@1', 'view:exertion@1']);
  });
});
