import { cellAt, makeTable, type Cell, type Column } from '../utils/columns';
import { WorkbenchError, invariant } from '../utils/errors';
import type { Records } from '../utils/records';
import { KEY_SEPARATOR } from './materialize';
import { readOnline, type StoredRow } from './online/read';
import { computeOnDemand, splitOnDemand } from './on-demand';
import { projectionsOf, type ResolvedProjection } from './resolve';
import { columnFromCells } from './value-types';
import type {
  FeatureDefinitions,
  FeatureService,
  FeatureStatus,
  Field,
  Micros,
  OnlineFeature,
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
  /** Opens the SQL engine; needed for on-demand features alone. */
  readonly sql?: () => Promise<SqlEngine>;
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
      const answers = (keys[i] ?? []).map((key) => serve(key === null ? undefined : rows?.get(key), asked));
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
    return cell;
  });
  return parts.includes(null) ? null : parts.map(String).join(KEY_SEPARATOR);
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
  { definitions, entityRows, sql }: OnlineRequest,
  view: Parameters<typeof computeOnDemand>[1]['view'],
  { served, projections }: Served,
): Promise<ReadonlyMap<string, readonly OnlineFeature[]>> {
  invariant(sql, () => 'on-demand features need the SQL engine');
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
  const requested = (definitions.requests ?? []).filter(({ name }) => view.sources.includes(name));
  const columns = requested.flatMap(({ schema }) =>
    schema
      .filter(({ name }) => entityRows.every((row) => row[name] !== undefined))
      .map(
        ({ name, dtype }) =>
          [
            name,
            columnFromCells(
              dtype,
              entityRows.map((row) => row[name] ?? null),
            ),
          ] as const,
      ),
  );
  const rowNumbers: Column = { type: 'float64', values: Float64Array.from(entityRows.keys()) };
  const rows = makeTable([['__row', rowNumbers], ...columns]);
  const computed = await computeOnDemand({ scratch: sql }, { definitions, view, inputs, rows });
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
