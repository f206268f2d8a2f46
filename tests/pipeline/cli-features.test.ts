import {
  existsSync,
  linkSync,
  mkdirSync,
  mkdtempSync,
  readFileSync,
  rmSync,
  symlinkSync,
  writeFileSync,
} from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { afterAll, beforeAll, describe, expect, test } from 'vitest';
import { z } from 'zod';
import { loadFeatureRepo } from '../../src/config/feature-repo';
import { glasshouse } from './command';

const folder = mkdtempSync(join(tmpdir(), 'glasshouse-features-'));
const DOCS = readFileSync('docs/cli.md', 'utf8');
const at = (...names: string[]) => join(folder, ...names);

const DEFINITIONS = `project: demo
entities:
  - { name: driver, join_keys: [driver_id], value_type: Int64 }
sources:
  - { name: stats, path: data/stats.csv, timestamp_field: event_timestamp, created_timestamp_column: created }
request_sources:
  - { name: quote, schema: [{ name: distance, dtype: Float64 }] }
feature_views:
  - name: driver_stats
    entities: [driver]
    source: stats
    ttl: 2d
    schema:
      - { name: rate, dtype: Float64 }
      - { name: trips, dtype: Int64 }
      - { name: trips_3d, dtype: Int64, expression: trips, aggregate: { function: sum, window: 3d } }
on_demand_feature_views:
  - { name: offer, sources: [driver_stats, quote], schema: [{ name: price, dtype: Float64, expression: rate * distance }] }
feature_services:
  - { name: v1, features: [driver_stats, offer] }
`;

beforeAll(() => {
  mkdirSync(at('repo', 'data'), { recursive: true });
  writeFileSync(at('repo', 'features.yaml'), DEFINITIONS);
  writeFileSync(
    at('repo', 'data', 'stats.csv'),
    `driver_id,event_timestamp,created,rate,trips
9007199254740993,2026-01-01T00:00:00Z,2026-01-01T01:00:00Z,0.5,3
9007199254740993,2026-01-02T00:00:00Z,2026-01-04T00:00:00Z,0.6,4
9007199254740992,1969-12-31T00:00:00.000001Z,1969-12-31T00:00:00.000001Z,0.7,5
`,
  );
  writeFileSync(
    at('entities.csv'),
    `driver_id,event_timestamp,distance,label
9007199254740993,2026-01-02T12:00:00Z,2,0
9007199254740993,2026-01-02T12:00:00Z,3,1
9007199254740992,1969-12-31T00:00:00.000001Z,1,0
9007199254740992,1969-12-31T00:00:00Z,1,0
,2026-01-02T12:00:00Z,1,1
`,
  );
});
afterAll(() => rmSync(folder, { recursive: true, force: true }));

function joinRows(...more: readonly string[]) {
  return glasshouse('historical-features', '--repo', at('repo'), '--entities', at('entities.csv'), ...more);
}

describe('glasshouse historical-features', () => {
  test('keys beyond 2^53, dates before 1970, missing keys and duplicate rows come out right and in order', () => {
    const { status, stderr } = joinRows('--service', 'v1', '--out', at('out.csv'), '--quiet');
    expect([status, stderr]).toEqual([0, '']);
    expect(readFileSync(at('out.csv'), 'utf8')).toBe(`driver_id,event_timestamp,distance,label,rate,trips,trips_3d,price
9007199254740993,2026-01-02T12:00:00Z,2,0,0.5,3,3,1
9007199254740993,2026-01-02T12:00:00Z,3,1,0.5,3,3,1.5
9007199254740992,1969-12-31T00:00:00.000001Z,1,0,0.7,5,5,0.7
9007199254740992,1969-12-31T00:00:00Z,1,0,,,,
,2026-01-02T12:00:00Z,1,1,,,,
`);
  });

  test('mode feast takes what was recorded later, and the summary counts it either way', () => {
    const summary = z.strictObject({
      project: z.string(),
      out: z.string(),
      mode: z.enum(['leak_safe', 'feast']),
      rows: z.number(),
      columns: z.array(z.string()),
      coverage: z.record(z.string(), z.number()),
      leaks: z.array(z.strictObject({ view: z.string(), rows: z.number(), values: z.record(z.string(), z.number()) })),
      warnings: z.array(z.string()),
    });
    const { stdout } = joinRows(
      '--features',
      'driver_stats:rate',
      '--mode',
      'feast',
      '--out',
      at('feast.csv'),
      '--json',
    );
    const said = summary.parse(JSON.parse(stdout));
    expect(said).toMatchObject({ mode: 'feast', rows: 5, coverage: { rate: 3 } });
    expect(said.leaks).toEqual([{ view: 'driver_stats', rows: 2, values: { rate: 2 } }]);
    expect(readFileSync(at('feast.csv'), 'utf8')).toContain('2026-01-02T12:00:00Z,2,0,0.6\n');
    for (const key of Object.keys(summary.shape)) expect(DOCS).toContain(`\`${key}\``);
  });

  test('Parquet and Arrow hold the same rows', () => {
    for (const ending of ['parquet', 'arrow']) {
      const first = at(`first.${ending}`);
      expect(joinRows('--service', 'v1', '--out', first).status).toBe(0);
      const line = [
        '--repo',
        at('repo'),
        '--entities',
        first,
        '--features',
        'driver_stats:trips',
        '--full-feature-names',
      ];
      expect(glasshouse('historical-features', ...line, '--out', at('again.csv')).status).toBe(0);
      expect(readFileSync(at('again.csv'), 'utf8')).toContain(
        '9007199254740993,2026-01-02T12:00:00Z,2,0,0.5,3,3,1,3\n',
      );
    }
  });

  test.each<readonly [string, readonly string[], string]>([
    [
      'an unknown view',
      ['--features', 'driver_stat:rate'],
      'no feature view "driver_stat"; did you mean "driver_stats"?',
    ],
    ['an unknown feature', ['--features', 'driver_stats:rat'], 'has no feature "rat"; did you mean "rate"?'],
    [
      'a feature twice',
      ['--features', 'driver_stats:rate,driver_stats:rate'],
      '"driver_stats:rate" is asked for twice',
    ],
    ['an unknown service', ['--service', 'v2'], 'features.yaml has no feature service "v2"; there are v1'],
    ['neither', [], 'Give either --features view:name,… or --service NAME'],
    ['another mode', ['--service', 'v1', '--mode', 'safe'], '--mode is "safe"; it must be one of leak_safe, feast'],
  ])('%s is a sentence', (_, line, says) => {
    const { status, stderr } = joinRows(...line, '--out', at('none.csv'), '--quiet');
    expect([status, stderr.includes(says) ? says : stderr]).toEqual([2, says]);
    expect(existsSync(at('none.csv'))).toBe(false);
  });

  test.each<readonly [string, string, string]>([
    ['a missing join key', 'driver,event_timestamp,distance\n1,2026-01-01T00:00:00Z,1\n', 'have no column "driver_id"'],
    ['no time', 'driver_id,distance\n1,1\n', 'have no column "event_timestamp"'],
    [
      'text for a time',
      'driver_id,event_timestamp,distance\n1,soon,1\n',
      '"event_timestamp" of the entity rows is string',
    ],
    [
      'times with and without a zone',
      'driver_id,event_timestamp,distance\n1,2026-01-01T00:00:00Z,1\n1,2026-01-01 00:00,1\n',
      'mixes times with a zone (first in row 1) and without one (first in row 2)',
    ],
    [
      'no request data',
      'driver_id,event_timestamp\n1,2026-01-01T00:00:00Z\n',
      'request data "distance" of quote is missing',
    ],
    [
      'keys of another kind',
      'driver_id,event_timestamp,distance\nd1,2026-01-01T00:00:00Z,1\n',
      '"driver_id" is text in the',
    ],
  ])('entity rows with %s are refused', (_, rows, says) => {
    writeFileSync(at('bad.csv'), rows);
    const line = [
      '--repo',
      at('repo'),
      '--entities',
      at('bad.csv'),
      '--service',
      'v1',
      '--out',
      at('none.csv'),
      '--quiet',
    ];
    const { status, stderr } = glasshouse('historical-features', ...line);
    expect([status, stderr.includes(says) ? says : stderr]).toEqual([2, says]);
  });
});

describe('glasshouse historical-features without a file of entity rows', () => {
  function joinBy(...more: readonly string[]) {
    const line = ['--repo', at('repo'), '--features', 'driver_stats:rate', '--out', at('by.csv'), '--quiet'];
    const { status, stderr } = glasshouse('historical-features', ...line, ...more);
    return { status, stderr, rows: status === 0 ? readFileSync(at('by.csv'), 'utf8') : '' };
  }

  test('--entity-sql takes the rows of a SELECT over the sources, whole keys and order kept', () => {
    const sql =
      "SELECT driver_id, max(event_timestamp) + INTERVAL 12 HOUR AS event_timestamp, 'x' AS note FROM stats GROUP BY driver_id ORDER BY driver_id DESC;";
    expect(joinBy('--entity-sql', sql)).toEqual({
      status: 0,
      stderr: '',
      rows: 'driver_id,event_timestamp,note,rate\n9007199254740993,2026-01-02T12:00:00Z,x,0.5\n9007199254740992,1969-12-31T12:00:00.000001Z,x,0.7\n',
    });
  });

  test('--from and --to take each moment of each entity, in either mode', () => {
    expect(joinBy('--from', '1960-01-01', '--to', '2026-01-02').rows).toBe(`driver_id,event_timestamp,rate
9007199254740992,1969-12-31T00:00:00.000001Z,0.7
9007199254740993,2026-01-01T00:00:00Z,
9007199254740993,2026-01-02T00:00:00Z,0.5
`);
    expect(joinBy('--to', '2026-01-02', '--mode', 'feast').rows).toBe(`driver_id,event_timestamp,rate
9007199254740993,2026-01-01T00:00:00Z,0.5
9007199254740993,2026-01-02T00:00:00Z,0.6
`);
  });

  test('--at takes each entity once', () => {
    expect(joinBy('--at', '2026-01-01T12:00:00Z').rows).toBe(`driver_id,event_timestamp,rate
9007199254740993,2026-01-01T12:00:00Z,0.5
9007199254740992,2026-01-01T12:00:00Z,
`);
  });

  test.each<readonly [string, readonly string[], string]>([
    [
      'no way',
      [],
      'Say which rows get features: give one of --entities FILE, --entity-sql SQL, --from T and --to T, or --at T.',
    ],
    [
      'two ways',
      ['--at', '2026-01-01', '--from', '2025-01-01'],
      'Rows get features in one way: give one of --entities',
    ],
    ['no time', ['--at', 'soon'], '--at is "soon"; it must be a time, as 2026-03-01 or 2026-03-01T12:00:00Z.'],
    [
      'a range backwards',
      ['--from', '2026-02-01', '--to', '2026-01-01'],
      'The range begins at 2026-02-01T00:00:00Z, after its end at 2026-01-01T00:00:00Z. Give an earlier beginning.',
    ],
    [
      'an empty range',
      ['--from', '2030-01-01', '--to', '2030-01-02'],
      'No event of driver_stats lies between 2030-01-01T00:00:00Z and 2030-01-02T00:00:00Z; widen the range.',
    ],
    [
      'a moment before everything',
      ['--at', '1900-01-01'],
      'Nothing of driver_stats was known at 1900-01-01T00:00:00Z; give a later moment.',
    ],
    [
      'SQL without a time',
      ['--entity-sql', 'SELECT driver_id FROM stats'],
      'The entity SQL gives no column "event_timestamp"; it gives driver_id. Give each row\'s moment that name, as in SELECT …, ordered_at AS event_timestamp.',
    ],
    [
      'SQL without a row',
      ['--entity-sql', 'SELECT * FROM stats WHERE false'],
      'The entity SQL gives no row, so there is nothing to join.',
    ],
    [
      'SQL that writes',
      ['--entity-sql', 'DELETE FROM stats'],
      'Line 1, column 1: this only reads, and "DELETE" would change something; a statement begins with SELECT, WITH,',
    ],
    [
      'SQL that reads a file',
      ['--entity-sql', "SELECT * FROM read_csv('entities.csv')"],
      'Cannot access file "entities.csv"',
    ],
    [
      'SQL of an unknown table',
      ['--entity-sql', 'SELECT * FROM stat'],
      'Line 1, column 15: there is no table "stat"; did you mean "stats"?',
    ],
    [
      'SQL with a fault',
      ['--entity-sql', 'SELECT driver_id,\n nope FROM stats'],
      'Line 2, column 2: Referenced column "nope" not found in FROM clause!',
    ],
    [
      'SQL without the key',
      ['--entity-sql', 'SELECT event_timestamp FROM stats'],
      'The entity rows have no column "driver_id"; they have event_timestamp.',
    ],
    [
      "SQL with a column of the feature's name",
      ['--entity-sql', 'SELECT * FROM stats'],
      'The column "rate" would come twice, from the entity rows and from driver_stats. Ask for full feature names',
    ],
    ['request data', ['--at', '2026-01-01', '--service', 'v1'], 'Give either --features view:name'],
  ])('%s is a sentence', (_, line, says) => {
    const { status, stderr } = joinBy(...line);
    expect([status, stderr.includes(says) ? says : stderr]).toEqual([2, says]);
  });

  test('features that need request data cannot be had by a snapshot', () => {
    const line = ['--repo', at('repo'), '--service', 'v1', '--at', '2026-01-02', '--out', at('none.csv'), '--quiet'];
    const { status, stderr } = glasshouse('historical-features', ...line);
    expect(status).toBe(2);
    expect(stderr).toContain(
      'need the request data of quote, which no range or snapshot brings. Give entity rows with it, or leave offer out.',
    );
  });
});

describe('features.yaml', () => {
  test.each<readonly [string, readonly [string, string], string]>([
    ['a type that is not there', ['Float64 }]', 'Float46 }]'], 'expected "Bool" or'],
    ['an unknown key', ['ttl: 2d', 'tll: 2d'], 'line 12: feature_views[0].tll is not a known key. Did you mean "ttl"?'],
    ['a duration in words', ['ttl: 2d', 'ttl: two days'], 'ttl is "two days"'],
    [
      'an entity that is not defined',
      ['entities: [driver]', 'entities: [rider]'],
      'names the entity "rider", which is not',
    ],
    [
      'a source that is not defined',
      ['source: stats', 'source: stat'],
      'names the source "stat", which is not defined',
    ],
    ['a path out of the folder', ['data/stats.csv', '../entities.csv'], 'leads out of the folder'],
    ['two views of one name', ['name: offer', 'name: DRIVER_STATS'], 'Two feature views are called "DRIVER_STATS"'],
    ['a feature called as a key', ['name: trips,', 'name: driver_id,'], 'is its join key too'],
    [
      'an aggregate that gives no number',
      ['trips_3d, dtype: Int64', 'trips_3d, dtype: String'],
      'is a sum and declared as',
    ],
    [
      'a source of nothing',
      ['[driver_stats, quote]', '[driver_stats, quota]'],
      'names the source "quota", which is neither',
    ],
    ['an expression with a fault', ['expression: trips,', 'expression: trips +,'], 'The SQL engine refused'],
    ['an expression over other rows', ['expression: trips,', 'expression: max(trips) OVER (),'], 'looks at other rows'],
  ])('%s is a sentence', (_, [from, to], says) => {
    mkdirSync(at('broken', 'data'), { recursive: true });
    expect(DEFINITIONS).toContain(from);
    writeFileSync(at('broken', 'features.yaml'), DEFINITIONS.replace(from, to));
    writeFileSync(at('broken', 'data', 'stats.csv'), readFileSync(at('repo', 'data', 'stats.csv')));
    const line = ['--repo', at('broken'), '--entities', at('entities.csv'), '--service', 'v1', '--out', at('none.csv')];
    const { status, stderr } = glasshouse('historical-features', ...line, '--quiet');
    expect([status, stderr.includes(says) ? says : stderr]).toEqual([2, says]);
  });

  test('data cut in half is refused by name', () => {
    mkdirSync(at('cut'), { recursive: true });
    expect(joinRows('--service', 'v1', '--out', at('cut', 'whole.parquet')).status).toBe(0);
    const whole = readFileSync(at('cut', 'whole.parquet'));
    writeFileSync(at('cut', 'half.parquet'), whole.subarray(0, whole.length / 2));
    writeFileSync(at('cut', 'features.yaml'), DEFINITIONS.replace('data/stats.csv', 'half.parquet'));
    const line = ['--repo', at('cut'), '--entities', at('entities.csv'), '--service', 'v1', '--out', at('none.csv')];
    expect(glasshouse('historical-features', ...line).stderr).toContain('half.parquet: The bytes are no Parquet file');
  });
});

describe('glasshouse export --feast', () => {
  test('writes a folder with definitions and data, says what differs, and nothing into the folder it reads', () => {
    const { status, stdout } = glasshouse('export', '--feast', at('feast'), '--repo', at('repo'), '--json', '--quiet');
    expect(status).toBe(0);
    const summary = z.strictObject({
      project: z.string(),
      out: z.string(),
      views: z.array(z.string()),
      rows: z.record(z.string(), z.number()),
      files: z.array(z.string()),
    });
    const said = summary.parse(JSON.parse(stdout));
    expect(said.rows).toEqual({ 'driver_stats.parquet': 3 });
    for (const key of Object.keys(summary.shape)) expect(DOCS).toContain(`\`${key}\``);
    for (const name of said.files) expect(existsSync(at('feast', name))).toBe(true);
    expect(readFileSync(at('feast', 'README.md'), 'utf8')).toContain(
      '`driver_stats:trips_3d` is computed at each event',
    );
    expect(glasshouse('export', '--feast', at('repo'), '--repo', at('repo')).stderr).toContain('give another folder');
  });

  test('keys that Feast has no type for are refused', () => {
    mkdirSync(at('floats', 'data'), { recursive: true });
    writeFileSync(at('floats', 'features.yaml'), DEFINITIONS);
    writeFileSync(
      at('floats', 'data', 'stats.csv'),
      'driver_id,event_timestamp,created,rate,trips\n0.5,2026-01-01T00:00:00Z,2026-01-01T01:00:00Z,0.5,3\n',
    );
    const { status, stderr } = glasshouse('export', '--feast', at('refused'), '--repo', at('floats'), '--quiet');
    expect([status, stderr]).toEqual([
      2,
      expect.stringContaining('The join key "driver_id" of view "driver_stats" holds'),
    ]);
    expect(existsSync(at('refused'))).toBe(false);
  });
});

describe('what is read is never written over', () => {
  const source = () => readFileSync(at('repo', 'data', 'stats.csv'), 'utf8');
  const join = (out: string) =>
    glasshouse(
      'historical-features',
      '--repo',
      at('repo'),
      '--service',
      'v1',
      '--entities',
      at('entities.csv'),
      '--out',
      out,
    );

  test('by historical-features, under any name', () => {
    const before = source();
    linkSync(at('repo', 'data', 'stats.csv'), at('linked.csv'));
    symlinkSync(at('repo', 'data'), at('door'));
    for (const out of [at('repo', 'data', 'stats.csv'), at('linked.csv'), at('door', 'stats.csv')]) {
      const { status, stderr } = join(out);
      expect(status).toBe(2);
      expect(stderr).toContain('which is read as well; give another file');
      expect(source()).toBe(before);
    }
    rmSync(at('linked.csv'));
    rmSync(at('door'));
  });

  test('by export', () => {
    const made = glasshouse('export', '--repo', at('repo'), '--feast', at('made'), '--json');
    const { files } = JSON.parse(made.stdout) as { readonly files: readonly string[] };
    const table = files.find((name) => name.endsWith('.parquet')) ?? '';
    const parquet = readFileSync(at('made', table));
    mkdirSync(at('again'), { recursive: true });
    writeFileSync(at('again', table), parquet);
    writeFileSync(
      at('again', 'features.yaml'),
      DEFINITIONS.replace('data/stats.csv', table).replace('_column: created', '_column: created_timestamp'),
    );
    symlinkSync(at('again'), at('same'));
    const { status, stderr } = glasshouse('export', '--repo', at('again'), '--feast', at('same'));
    expect(status).toBe(2);
    expect(stderr).toMatch(/would write .* over .*, which is read; give another folder/);
    expect(readFileSync(at('again', table))).toEqual(parquet);
  });

  test('a time without an end is named', () => {
    const sql = "SELECT driver_id, TIMESTAMP 'infinity' AS event_timestamp, 1.0 AS distance FROM stats";
    const { status, stderr } = glasshouse(
      'historical-features',
      '--repo',
      at('repo'),
      '--service',
      'v1',
      '--entity-sql',
      sql,
      '--out',
      at('o.csv'),
    );
    expect(status).toBe(2);
    expect(stderr).toContain('Row 1 of the entity SQL has a event_timestamp that no calendar has');
  });
});

test('the example of the documentation is a folder of definitions', () => {
  const text = /```yaml\n(project: shop[\s\S]*?)```/.exec(readFileSync('docs/features.md', 'utf8'))?.[1] ?? '';
  const loaded = loadFeatureRepo(text);
  if ('faults' in loaded) throw new Error(loaded.faults.map(({ message }) => message).join('\n'));
  expect(loaded.repo.on_demand_feature_views[0]?.schema[0]?.expression).toBe('basket_total / NULLIF(amount, 0)');
  const spelt = loadFeatureRepo(text.replaceAll('Float64', 'float64').replaceAll('Int64', 'int64'));
  expect('repo' in spelt && spelt.repo).toEqual(loaded.repo);
  const cut = loadFeatureRepo(text.replace(/'(basket_total[^']*)'/, '$1'));
  expect('faults' in cut && cut.faults[0]?.message).toContain('put it in quotes');
});
