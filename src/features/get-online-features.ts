import { cellAt, makeTable, type Cell, type Column, type Table } from '../utils/columns';
import { WorkbenchError, invariant } from '../utils/errors';
import type { Records } from '../utils/records';
import { KEY_SEPARATOR } from './materialize';
import { readOnline, type StoredRow } from './online/read';
import { computeOnDemand, splitOnDemand } from './on-demand';
import { projectionsOf, type ResolvedProjection } from './resolve';
import { cellOfType } from './typed-rows';
import { columnFromCells } from './value-types';
import type {
  FeatureDefinitions,
  FeatureService,
  FeatureStatus,
  Field,
  Micros,
  OnDemandFeatureView,
  OnlineFeature,
  OnDemandFunctions,
  OnlineMode,
  SqlEngine,
} from './types';

/** Join keys and request data of one row, by column. */
export type OnlineEntityRow = Readonly<Record<string, Cell>>;

export interface OnlineRequest {
  readonly definitions: FeatureDefinitions;
  readonly model: string;
  readonly features: FeatureService['features'];
  readonly entityRows: readonly OnlineEntityRow[];
  /** The moment served for; ages are measured against it. */
  readonly at: Micros;
  /** Default strict. */
  readonly mode?: OnlineMode;
  /** Opens the SQL engine; needed for on-demand features in SQL alone. */
  readonly sql?: () => Promise<SqlEngine>;
  /** Functions of on-demand views in TypeScript: those that training is given. */
  readonly functions?: OnDemandFunctions | undefined;
  /** Changes what one feature ("view:feature") is served as, an answer an entity row; on-demand features are computed from it. */
  readonly altered?: AlterServed;
}

export type AlterServed = (reference: string, answers: readonly OnlineFeature[]) => Promise<readonly OnlineFeature[]>;

/**
 * The newest values of entities, for each entity row one entry a feature in the order asked for.
 *
 * In mode `strict`: PRESENT; NULL_VALUE where the stored row holds null; NOT_FOUND where the view has no row of the entity
 * (a count is 0 then, as in training); OUTSIDE_MAX_AGE, value null, where the row is older than the view's ttl. In mode
 * `feast`, as feast-dev/feast:sdk/python/feast/utils.py answers: PRESENT whatever the age and though the value be null,
 * else NOT_FOUND. Throws FEATURES_INVALID.
 */
export async function getOnlineFeatures(records: Records, request: OnlineRequest): Promise<OnlineFeature[][]> {
  const { definitions, entityRows, altered } = request;
  const asked = splitOnDemand(definitions, request.features);
  const projections = projectionsOf(definitions, asked.inputs);
  const served = await serveStored(records, request, projections);
  if (altered) for (const [name, answers] of served) served.set(name, await altered(name, answers));
  for (const view of asked.onDemand) {
    for (const [name, answers] of await serveOnDemand(request, view, { served, projections }))
      served.set(name, altered ? await altered(name, answers) : answers);
  }
  return entityRows.map((_, row) =>
    asked.wanted.map((reference) => {
      const answer = served.get(reference)?.[row];
      invariant(answer, () => `${reference} was not served`);
      return answer;
    }),
  );
}

/** Stored features by reference, an answer an entity row. A row that several ask for is read once. */
async function serveStored(
  records: Records,
  request: OnlineRequest,
  projections: readonly ResolvedProjection[],
): Promise<Map<string, readonly OnlineFeature[]>> {
  const keys = projections.map((projection) => request.entityRows.map((row, at) => entityKey(projection, row, at)));
  projections.forEach((projection, i) => checkKeys(request, projection, keys[i] ?? []));
  const wanted = new Map<string, Set<string>>();
  projections.forEach(({ resolved }, i) => {
    const own = wanted.get(resolved.view.name) ?? new Set();
    for (const key of keys[i] ?? []) if (key !== null) own.add(key);
    wanted.set(resolved.view.name, own);
  });
  const stored = await readOnline(records, request.model, wanted);
  const served = new Map<string, readonly OnlineFeature[]>();
  projections.forEach((projection, i) => {
    const rows = stored.get(projection.resolved.view.name);
    for (const field of projection.fields) {
      const asked = { field, projection, request };
      const answers = (keys[i] ?? []).map((key) => (key === null ? nobody(field.name) : serve(rows?.get(key), asked)));
      served.set(`${projection.name}:${field.name}`, answers);
    }
  });
  return served;
}

/** The key as the store has it; null when a part is missing. */
function entityKey({ keyColumns, name }: ResolvedProjection, row: OnlineEntityRow, at: number): string | null {
  const parts = keyColumns.map((column) => {
    const cell = row[column];
    if (cell === undefined) {
      const there = Object.keys(row).join(', ') || 'nothing';
      throw new WorkbenchError(
        'FEATURES_INVALID',
        `Entity row ${at + 1} lacks the join key "${column}" of ${name}; it has ${there}. Give the key, or null where there is none.`,
      );
    }
    if (typeof cell === 'number' && Number.isInteger(cell) && !Number.isSafeInteger(cell)) {
      throw new WorkbenchError(
        'FEATURES_INVALID',
        `Entity row ${at + 1}: the join key "${column}" of ${name} is ${cell}, a number too large to be exact. Give it as text.`,
      );
    }
    return cell;
  });
  return parts.includes(null) ? null : parts.map(String).join(KEY_SEPARATOR);
}

/** Whole numbers where the entity has such keys; text of digits stands for them, as it does in Feast. */
function checkKeys(
  { definitions, entityRows }: OnlineRequest,
  { resolved, keyColumns, name }: ResolvedProjection,
  keys: readonly (string | null)[],
): void {
  resolved.keys.forEach((key, part) => {
    const entity = definitions.entities.find(({ join_keys }) => join_keys.includes(key));
    if (!/^int(32|64)$/i.test(entity?.value_type ?? '')) return;
    const wrong = keys.findIndex((text) => text !== null && !/^-?\d+$/.test(text.split(KEY_SEPARATOR)[part] ?? ''));
    if (wrong < 0) return;
    const column = keyColumns[part] ?? key;
    throw new WorkbenchError(
      'FEATURES_INVALID',
      `Entity row ${wrong + 1}: the join key "${column}" of ${name} is "${String(entityRows[wrong]?.[column])}"; expected a whole number.`,
    );
  });
}

/** Without a key there is nobody to have a value, not even a count. */
function nobody(feature: string): OnlineFeature {
  return { feature, value: null, status: 'NOT_FOUND', event_timestamp: null };
}

interface Asked {
  readonly field: Field;
  readonly projection: ResolvedProjection;
  readonly request: OnlineRequest;
}

function serve(row: StoredRow | undefined, { field, projection, request }: Asked): OnlineFeature {
  const { mode = 'strict', at } = request;
  const feature = field.name;
  if (!row) {
    const value = mode === 'strict' ? emptyValue(field) : null;
    return { feature, value, status: 'NOT_FOUND', event_timestamp: null };
  }
  const value = row.value(feature);
  if (value === undefined) {
    if (mode === 'feast') return { feature, value: null, status: 'NOT_FOUND', event_timestamp: null };
    throw new WorkbenchError(
      'FEATURES_INVALID',
      `The online rows of ${projection.resolved.view.name} were written before the feature "${feature}" existed. Run the Features stage again.`,
    );
  }
  const answer = (status: FeatureStatus, shown: Cell): OnlineFeature => ({
    feature,
    value: shown,
    status,
    event_timestamp: row.event,
  });
  if (mode === 'feast') return answer('PRESENT', value);
  const { ttl } = projection.resolved.view;
  if (expiredAt(at, row.event, { field, ttl })) return answer('OUTSIDE_MAX_AGE', null);
  return answer(value === null ? 'NULL_VALUE' : 'PRESENT', value);
}

/** Whether a value of that event time is too old at a moment; a window has an end of its own. */
export function expiredAt(
  at: Micros,
  event: Micros,
  { field, ttl }: { readonly field: Field; readonly ttl: number },
): boolean {
  return ttl > 0 && !field.aggregate && at - event > Math.round(ttl * 1_000_000);
}

/** What an entity without a row has: of a window without events, a count is 0. */
export function emptyValue({ aggregate, dtype }: Field): Cell {
  if (aggregate?.function !== 'count' && aggregate?.function !== 'distinct') return null;
  return dtype === 'int32' || dtype === 'int64' ? 0n : 0;
}

interface Served {
  readonly served: ReadonlyMap<string, readonly OnlineFeature[]>;
  readonly projections: readonly ResolvedProjection[];
}

async function serveOnDemand(
  { definitions, entityRows, sql, functions }: OnlineRequest,
  view: OnDemandFeatureView,
  { served, projections }: Served,
): Promise<ReadonlyMap<string, readonly OnlineFeature[]>> {
  const inputs = new Map<string, Column>();
  for (const { name, fields } of projections) {
    for (const field of fields) {
      const answers = served.get(`${name}:${field.name}`) ?? [];
      inputs.set(
        `${name}:${field.name}`,
        columnFromCells(
          field.dtype,
          answers.map(({ value }) => value),
        ),
      );
    }
  }
  const rows = requestTable(definitions, view, entityRows);
  const scratch = () => {
    invariant(sql, () => 'on-demand features in SQL need the SQL engine');
    return sql();
  };
  const computed = await computeOnDemand({ scratch, functions }, { definitions, view, inputs, rows });
  return new Map(
    [...computed].map(([feature, column]) => [
      `${view.name}:${feature}`,
      entityRows.map((_, row): OnlineFeature => {
        const value = cellAt(column, row);
        return { feature, value, status: value === null ? 'NULL_VALUE' : 'PRESENT', event_timestamp: null };
      }),
    ]),
  );
}

/** The request's columns that a view computes with, and row numbers so that there is a column. */
function requestTable(
  definitions: FeatureDefinitions,
  view: OnDemandFeatureView,
  entityRows: readonly OnlineEntityRow[],
): Table {
  const fields = (definitions.requests ?? []).flatMap(({ name: request, schema }) =>
    view.sources.includes(request) ? schema.map((field) => ({ ...field, request })) : [],
  );
  const columns = fields.map(({ name, dtype, request }) => {
    const cells = entityRows.map((row, at) => {
      const cell = row[name];
      if (cell !== undefined) return cellOfType(cell, dtype, `Entity row ${at + 1}: the request data "${name}"`);
      throw new WorkbenchError(
        'FEATURES_INVALID',
        `Entity row ${at + 1} lacks the request data "${name}" (${dtype}) that ${view.name} computes with, of ${request}. Give it beside the join keys.`,
      );
    });
    return [name, columnFromCells(dtype, cells)] as const;
  });
  return makeTable([['__row', { type: 'float64', values: Float64Array.from(entityRows.keys()) }], ...columns]);
}
