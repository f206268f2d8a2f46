import { modelSchema } from '../../config/schema';
import type { StoredRecord, TableSchema } from '../../utils/records';
import { isRegisteredName, refuseBundle } from '../../interop/bundle/manifest';
import type { Tables } from './tables-at-hand';

type Check = (value: unknown) => boolean;
type Shape = Readonly<Record<string, Check>>;

const isText: Check = (value) => typeof value === 'string' && value.length <= 1_000_000;
const isName: Check = (value) => typeof value === 'string' && /^[a-z][a-z0-9_]{0,62}$/.test(value);
const isRegistered: Check = (value) => typeof value === 'string' && isRegisteredName(value);
const isRunId: Check = (value) => typeof value === 'string' && /^[0-9a-f]{32}$/.test(value);
const isDigest: Check = (value) => typeof value === 'string' && /^[0-9a-f]{64}$/.test(value);
const isNumber: Check = (value) => typeof value === 'number';
const isFinite: Check = (value) => typeof value === 'number' && Number.isFinite(value);
const isCount: Check = (value) => Number.isSafeInteger(value) && (value as number) >= 0;
const isVersion: Check = (value) => Number.isSafeInteger(value) && (value as number) >= 1;
const isList: Check = (value) => Array.isArray(value);
const isObject: Check = (value) =>
  typeof value === 'object' &&
  value !== null &&
  !Array.isArray(value) &&
  !ArrayBuffer.isView(value) &&
  !(value instanceof Map);
const isContent: Check = (value) => isText(value) || typeof value === 'string' || value instanceof Uint8Array;
const isFloats: Check = (value) => value instanceof Float64Array;
const isPath: Check = (value) => typeof value === 'string' && value !== '';

function oneOf(...values: readonly unknown[]): Check {
  return (value) => values.includes(value);
}

function orNull(check: Check): Check {
  return (value) => value === null || check(value);
}

function mapOf(check: Check): Check {
  return (value) => isObject(value) && Object.values(value as object).every(check);
}

function listOf(check: Check): Check {
  return (value) => Array.isArray(value) && value.every(check);
}

/** A record with these fields, and any others. */
function holds(shape: Shape): Check {
  return (value) => isObject(value) && faultIn(value as StoredRecord, shape) === null;
}

const STAGE_NAMES = ['data', 'features', 'training', 'registry', 'inference', 'monitoring'] as const;
const isDefinitions = holds({
  entities: isList,
  sources: isList,
  views: isList,
  service: holds({ name: isText, features: listOf(isText) }),
});
const isState = holds({
  status: oneOf('empty', 'good', 'attention', 'alert'),
  figure: isText,
  caption: isText,
  sentence: isText,
});
const isFile = holds({
  fileName: isText,
  path: isPath,
  types: mapOf(isText),
  importedAt: isFinite,
  hasTime: oneOf(true, false),
});
const isSpec = holds({
  config: (value) => modelSchema.safeParse(value).success,
  definitions: isDefinitions,
  labels: holds({ table: isText, event_timestamp: isText, label_timestamp: isText }),
  sensitive: listOf(holds({ name: isText, feature: isText, groups: mapOf(isText) })),
  file: orNull(isFile),
});

/** What readers of each table rely on; other tables have what their key asks for. Times are milliseconds. */
const SHAPES: Readonly<Record<string, Shape>> = {
  experiments: { experiment_id: isText, name: isText, creation_time: isFinite, revision: isCount },
  runs: {
    run_id: isRunId,
    experiment_id: isText,
    run_name: isText,
    status: oneOf('RUNNING', 'SCHEDULED', 'FINISHED', 'FAILED', 'KILLED'),
    lifecycle_stage: oneOf('active', 'deleted'),
    deleted_time: orNull(isFinite),
    start_time: isFinite,
    end_time: isFinite,
    params: mapOf(isText),
    tags: mapOf(isText),
    metrics: mapOf(isNumber),
    metric_ranges: mapOf((range) => Array.isArray(range) && range.length === 2 && range.every(isNumber)),
    dataset: holds({ name: isText, digest: isText, rows: isCount }),
    seed: isFinite,
  },
  metric_histories: { run_id: isRunId, key: isText, values: isFloats, steps: isFloats, timestamps: isFloats },
  run_views: {
    experiment_id: isText,
    name: isText,
    filter: isText,
    order_by: listOf(isText),
    columns: listOf(isText),
    saved: isFinite,
  },
  artifacts: { run_id: isRunId, path: isText, content: isContent },
  registered_models: {
    name: isRegistered,
    description: isText,
    tags: mapOf(isText),
    creation_timestamp: isFinite,
    last_updated_timestamp: isFinite,
    last_version: isCount,
    aliases: mapOf(isVersion),
  },
  model_versions: {
    name: isRegistered,
    version: isVersion,
    run_id: (value) => value === '' || isRunId(value),
    creation_timestamp: isFinite,
    source: isText,
    last_updated_timestamp: isFinite,
    current_stage: oneOf('None', 'Deleted_Internal'),
    tags: mapOf(isText),
    description: isText,
    decision: orNull(isObject),
    signature: orNull(isObject),
    input_example: orNull(isObject),
  },
  audit: {
    sequence: isVersion,
    timestamp: isFinite,
    model: isText,
    version: orNull(isVersion),
    action: isText,
    actor: isText,
    reason: isText,
    details: isObject,
    prev_hash: (value) => value === '' || isDigest(value),
    hash: isDigest,
  },
  workspace_models: { name: isName, spec: isSpec, created: isFinite },
  feature_definitions: {
    model: isName,
    version: isVersion,
    definitions: isDefinitions,
    features: listOf(isText),
    applied_at: isFinite,
  },
  stage_results: { model: isName, stage: oneOf(...STAGE_NAMES), state: isState, result: isObject },
  partitions: { model: isName, table: isText, path: isPath, rows: isCount, bytes: isCount, digest: isDigest },
  saved_datasets: {
    model: isName,
    name: isText,
    digest: isDigest,
    path: orNull(isPath),
    columns: listOf(isText),
    rows: isCount,
  },
  prediction_batches: { model: isName, batch_id: isText, path: isPath, logged_at: isFinite, rows: isCount },
  predictions: { model: isName, prediction_id: isText, logged_at: isFinite, probability: isNumber, factors: isList },
  drift_reports: { model: isName, report_id: isText, at: isFinite, checks: isList },
};

/**
 * Refuses records of a bundle (INTEROP_INVALID) that are of no table here, lack what their readers rely on, or have a key
 * twice. Further fields are let through.
 */
export function checkRecords(tables: Tables, schemas: Readonly<Record<string, TableSchema>>): void {
  for (const [table, records] of tables) {
    const schema = Object.hasOwn(schemas, table) ? schemas[table] : undefined;
    if (!schema)
      return refuseBundle(`holds records of a kind that this Glasshouse does not know ("${table}"); update it`);
    const keys = new Set<string>();
    for (const [at, record] of records.entries()) {
      const where = `${table}, record ${at + 1}`;
      const fault = faultIn(record, SHAPES[table] ?? {});
      if (fault !== null) refuseBundle(`holds a record that is not as it should be: ${where}, ${fault}`);
      const key = keyOf(record, schema.key);
      if (key === null) return refuseBundle(`holds a record without its key: ${where}`);
      if (keys.has(key)) refuseBundle(`holds a record twice: ${where}`);
      keys.add(key);
    }
  }
}

/** The first field that fails its check; null when all hold. */
function faultIn(record: StoredRecord, shape: Shape): string | null {
  const fields = record as Readonly<Record<string, unknown>>;
  const wrong = Object.entries(shape).find(
    ([name, check]) => !check(Object.hasOwn(fields, name) ? fields[name] : undefined),
  );
  return wrong === undefined ? null : wrong[0];
}

/** The key as text; null where a part is missing. */
function keyOf(record: StoredRecord, path: TableSchema['key']): string | null {
  const parts = (typeof path === 'string' ? [path] : path).map(
    (name) => (record as Readonly<Record<string, unknown>>)[name],
  );
  const valid = parts.every((part) => typeof part === 'string' || (typeof part === 'number' && !Number.isNaN(part)));
  return valid ? JSON.stringify(parts) : null;
}
