import { resolveView, type ResolvedView } from '../../features/resolve';
import { viewTable } from '../../features/view-table';
import type { FeatureDefinitions, FeatureService, OfflineTables } from '../../features/types';
import type { Column, Table } from '../../utils/columns';
import { checkpoint, type Control } from '../../utils/control';
import { WorkbenchError } from '../../utils/errors';
import { feastDefinitions, functionViews, type FeastEntity, type FeastView } from './definitions';

/** What Feast reads online features from. */
export type FeastOnline = { readonly type: 'sqlite' } | { readonly type: 'redis'; readonly connection: string };

export interface FeastRequest {
  readonly project: string;
  readonly definitions: FeatureDefinitions;
  readonly services: readonly FeatureService[];
  readonly online: FeastOnline;
  /** Feast's engine for historical features; dask is its default. */
  readonly offline: 'dask' | 'duckdb';
}

/** A folder that `feast apply` accepts: texts, and tables to be written as Parquet, by file name. */
export interface FeastRepo {
  readonly texts: ReadonlyMap<string, string>;
  readonly tables: ReadonlyMap<string, Table>;
}

/**
 * Definitions and data for Feast (feast-dev/feast 0.66 and newer): one Parquet file a view with its expressions computed,
 * keys under their names, `event_timestamp` and, where the source has it, `created_timestamp`. A window's value stands
 * for the moment of each event, which is as much as Feast can hold. On-demand views in TypeScript are left out, which the
 * folder's README says. Throws INTEROP_INVALID for keys that Feast has no
 * type for.
 */
export async function feastRepo(tables: OfflineTables, request: FeastRequest, control: Control): Promise<FeastRepo> {
  const { definitions } = request;
  const files = new Map<string, Table>();
  const views: FeastView[] = [];
  for (const [done, view] of definitions.views.entries()) {
    await checkpoint(control, { label: `writing ${view.name}`, done, total: definitions.views.length });
    const resolved = resolveView(definitions, view.name);
    const table = await viewTable(tables, resolved, control);
    const path = `${view.name}.parquet`;
    files.set(path, table);
    const entities = entitiesOf(definitions, resolved, table);
    views.push({ view, entities, path, created: table.columns.has('created_timestamp') });
  }
  const texts = new Map([
    ['feature_store.yaml', storeText(request)],
    ['definitions.py', feastDefinitions({ definitions, services: request.services, views })],
    ['README.md', readmeText(request)],
  ]);
  return { texts, tables: files };
}

/** Feast's entities have one key each: one of several keys becomes as many entities. */
function entitiesOf(definitions: FeatureDefinitions, { view }: ResolvedView, table: Table): readonly FeastEntity[] {
  return view.entities.flatMap((name) => {
    const keys = definitions.entities.find((entity) => entity.name === name)?.join_keys ?? [];
    return keys.map((joinKey) => ({
      name: keys.length === 1 ? name : `${name}_${joinKey}`,
      joinKey,
      valueType: keyType(view.name, joinKey, table.columns.get(joinKey)),
    }));
  });
}

function keyType(view: string, key: string, column: Column | undefined): FeastEntity['valueType'] {
  switch (column?.type) {
    case 'int64':
      return 'INT64';
    case 'string':
      return 'STRING';
    case 'timestamp':
      return 'UNIX_TIMESTAMP';
    default:
      throw new WorkbenchError(
        'INTEROP_INVALID',
        `The join key "${key}" of view "${view}" holds ${column?.type === 'bool' ? 'truth values' : 'fractions or no whole numbers'}; Feast's keys are whole numbers, texts or times. Make it one of these.`,
      );
  }
}

function storeText({ project, online, offline }: FeastRequest): string {
  const store =
    online.type === 'redis'
      ? `{type: redis, connection_string: ${JSON.stringify(online.connection)}}`
      : '{type: sqlite, path: online_store.db}';
  return [
    `project: ${JSON.stringify(project)}`,
    'provider: local',
    'registry: registry.db',
    `online_store: ${store}`,
    ...(offline === 'duckdb' ? ['offline_store: {type: duckdb}'] : []),
    'entity_key_serialization_version: 3',
    '',
  ].join('\n');
}

function readmeText({ project, definitions, online, offline }: FeastRequest): string {
  const windows = definitions.views.flatMap((view) =>
    view.schema.filter((field) => field.aggregate).map((field) => `${view.name}:${field.name}`),
  );
  const functions = functionViews(definitions);
  const inSql = (definitions.onDemandViews ?? []).length > functions.length;
  const extras = [...(offline === 'duckdb' || inSql ? ['duckdb'] : []), ...(online.type === 'redis' ? ['redis'] : [])];
  const lines = [
    `# ${project}`,
    '',
    'A Feast feature repository, made by Glasshouse.',
    '',
    '```',
    `pip install "feast${extras.length > 0 ? `[${extras.join(',')}]` : ''}"`,
    'feast apply',
    'feast materialize-incremental "$(date -u +%Y-%m-%dT%H:%M:%S)"',
    '```',
    '',
    'Run Feast in this folder. What differs from Glasshouse:',
    '',
    '- Feast takes values by event time alone, as mode `feast` does; `leak_safe` is its `filter_by_created_timestamp`.',
    '- It applies no ttl to online reads, and says PRESENT where a value is null.',
    ...(offline === 'dask'
      ? [
          '- Its default engine (dask) drops entity rows whose values are all too late or too old, and merges those of one key and time.',
        ]
      : []),
    ...functions.map(
      (name) =>
        `- The on-demand view \`${name}\` is left out, here and in the services: it is a function in TypeScript, and Feast runs Python. Write it in SQL to have it in both.`,
    ),
    ...windows.map(
      (name) => `- \`${name}\` is computed at each event; Glasshouse computes it at the time asked about.`,
    ),
    '',
  ];
  return lines.join('\n');
}
