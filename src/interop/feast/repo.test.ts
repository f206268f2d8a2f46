import { expect, test } from 'vitest';
import { tablesAtHand } from '../../features/raw-tables';
import type { FeatureDefinitions } from '../../features/types';
import { columnFromCells } from '../../features/value-types';
import { makeTable, stringColumn } from '../../utils/columns';
import { feastRepo } from './repo';

const DEFINITIONS: FeatureDefinitions = {
  entities: [{ name: 'p', join_keys: ['p'] }],
  sources: [{ name: 's', table: 's', timestamp_field: 'at' }],
  views: [
    { name: 'v', entities: ['p'], source: 's', ttl: 0, schema: [{ name: 'ids', dtype: 'int64[]', expression: 'ids' }] },
  ],
  onDemandViews: [
    {
      name: 'ours',
      mode: 'typescript',
      sources: ['v'],
      schema: [{ name: 'n', dtype: 'int64', expression: 'ours(row).n' }],
    },
    { name: 'theirs', sources: ['v'], schema: [{ name: 'first', dtype: 'int64', expression: 'ids[1]' }] },
  ],
  service: { name: 'all', features: [] },
};

test('functions in TypeScript are left out by name, in services too; lists have types of Feast', async () => {
  const rows = makeTable([
    ['p', stringColumn(['a'])],
    ['at', { type: 'timestamp', values: Float64Array.of(1) }],
    ['ids', columnFromCells('int64[]', [[1n]])],
  ]);
  const tables = tablesAtHand(new Map([['s', rows]]), () => Promise.reject(new Error('no SQL is needed')));
  const services = [
    { name: 'all', features: ['v:ids', 'ours:n', { view: 'theirs' }] },
    { name: 'only_ours', features: [{ view: 'ours' }] },
  ];
  const request = {
    project: 'x',
    definitions: DEFINITIONS,
    services,
    online: { type: 'sqlite' },
    offline: 'dask',
  } as const;
  const { texts, tables: files } = await feastRepo(tables, request, {});
  const python = texts.get('definitions.py') ?? '';
  expect(python).toContain('Field(name="ids", dtype=Array(Int64))');
  expect(python).toContain('from feast.types import Array, Bool,');
  expect(python).toContain('features=[view_v[["ids"]], on_demand_theirs])');
  expect(python).not.toContain('ours');
  expect(texts.get('README.md')).toContain('The on-demand view `ours` is left out, here and in the services');
  expect(files.get('v.parquet')?.columns.get('ids')).toMatchObject({ type: 'list' });
});
