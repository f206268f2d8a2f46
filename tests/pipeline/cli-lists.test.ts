import { mkdtempSync, readFileSync, rmSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { afterAll, beforeAll, describe, expect, test } from 'vitest';
import { columnFromCells } from '../../src/features/value-types';
import { decodeArrow } from '../../src/platform/arrow/ipc';
import { readParquet } from '../../src/platform/parquet/read';
import { writeParquet } from '../../src/platform/parquet/write';
import { makeTable } from '../../src/utils/columns';
import { contentOf } from '../contracts/list-tables';
import { glasshouse } from './command';

const folder = mkdtempSync(join(tmpdir(), 'glasshouse-lists-'));
const at = (...names: string[]) => join(folder, ...names);
const DAY = 86_400_000_000;

beforeAll(() => {
  writeFileSync(
    at('features.yaml'),
    `project: lists
entities: [{ name: user, join_keys: [user_id], value_type: Int64 }]
sources: [{ name: visits, path: visits.parquet, timestamp_field: at }]
feature_views:
  - name: visits
    entities: [user]
    source: visits
    schema:
      - { name: pages, dtype: Array(Int64) }
      - { name: seen, dtype: Array(UnixTimestamp), expression: '["at"]' }
      - { name: words, dtype: Array(String), expression: "list_transform(pages, x -> 'p' || x)" }
      - { name: first_page, dtype: Int64, expression: "pages[1]" }
`,
  );
  const source = makeTable([
    ['user_id', columnFromCells('int64', [2n ** 53n + 1n, 2n ** 53n, 7n])],
    ['at', columnFromCells('timestamp', [DAY + 1, DAY, 2 * DAY])],
    ['pages', columnFromCells('int64[]', [[2n ** 60n + 1n, null], [], null])],
  ]);
  writeFileSync(at('visits.parquet'), writeParquet(source));
  writeFileSync(
    at('entities.csv'),
    'user_id,event_timestamp\n9007199254740993,1970-01-05\n9007199254740992,1970-01-05\n7,1970-01-05\n1,1970-01-05\n',
  );
});
afterAll(() => rmSync(folder, { recursive: true, force: true }));

const joinInto = (out: string) => {
  const line = ['--repo', folder, '--entities', at('entities.csv'), '--out', at(out), '--quiet'];
  const features = 'visits:pages,visits:seen,visits:words,visits:first_page';
  return glasshouse('historical-features', ...line, '--features', features);
};

describe('list features of a folder', () => {
  test('come out of CSV as JSON text with all digits and microseconds', () => {
    expect(joinInto('out.csv')).toMatchObject({ status: 0, stderr: '' });
    expect(readFileSync(at('out.csv'), 'utf8')).toBe(`user_id,event_timestamp,pages,seen,words,first_page
9007199254740993,1970-01-05T00:00:00Z,"[1152921504606846977,null]","[""1970-01-02T00:00:00.000001Z""]","[""p1152921504606846977"",null]",1152921504606846977
9007199254740992,1970-01-05T00:00:00Z,[],"[""1970-01-02T00:00:00Z""]",[],
7,1970-01-05T00:00:00Z,,"[""1970-01-03T00:00:00Z""]",,
1,1970-01-05T00:00:00Z,,,,
`);
  });

  test('come out of Parquet and Arrow as lists', async () => {
    for (const out of ['out.parquet', 'out.arrow']) expect(joinInto(out)).toMatchObject({ status: 0, stderr: '' });
    const read = [await readParquet(readFileSync(at('out.parquet'))), decodeArrow(readFileSync(at('out.arrow')))];
    for (const table of read) {
      expect(contentOf(table).slice(2)).toEqual([
        ['pages', 'int64[]', [[2n ** 60n + 1n, null], [], null, null]],
        ['seen', 'timestamp[]', [[DAY + 1], [DAY], [2 * DAY], null]],
        ['words', 'string[]', [['p1152921504606846977', null], [], null, null]],
        ['first_page', 'int64', [2n ** 60n + 1n, null, null, null]],
      ]);
    }
  });

  test('are trained on by no model, which is said with what to do', () => {
    const line = ['--data', at('visits.parquet'), '--label', 'user_id', '--ignore', 'at', '--out', at('model.json')];
    const { status, stderr } = glasshouse('train', ...line, '--quiet');
    expect([status, stderr]).toEqual([
      2,
      expect.stringContaining('"pages" holds lists ([1152921504606846977,null] in row 1)'),
    ]);
    expect(stderr).toContain('make a number of each list');
  });
});
