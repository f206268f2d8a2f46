import type { Cell, Table } from '../utils/columns';
import type { Signal } from '../utils/control';

/** Seconds, microseconds and rows are whole numbers throughout this room. Times are microseconds since 1970 UTC. */
export type Micros = number;

/** What people say of an object. */
export interface Described {
  readonly description?: string;
  readonly tags?: Readonly<Record<string, string>>;
  readonly owner?: string;
}

export interface Entity extends Described {
  readonly name: string;
  readonly join_keys: readonly string[];
  /** Type of the keys, in Feast's words. */
  readonly value_type?: string;
}

/** A raw table of the offline store. */
export interface DataSource extends Described {
  readonly name: string;
  readonly table: string;
  readonly timestamp_field: string;
  readonly created_timestamp_column?: string;
  /** Column of the table to the name that definitions know it by. */
  readonly field_mapping?: Readonly<Record<string, string>>;
}

/** What a single value is. Times are whole microseconds, int64 has all its 64 bits. */
export type ScalarValueType = 'bool' | 'int32' | 'int64' | 'float32' | 'float64' | 'string' | 'timestamp';

/** What a feature holds: a value, or a list of values such as `int64[]` (Feast's Array(Int64)). */
export type ValueType = ScalarValueType | `${ScalarValueType}[]`;

export type AggregateFunction = 'count' | 'sum' | 'mean' | 'min' | 'max' | 'last' | 'distinct';

/** Makes a feature of many events: those in (t - window, t] at each moment t. The view's ttl has no part in it. */
export interface Aggregate {
  readonly function: AggregateFunction;
  /** Seconds. */
  readonly window: number;
}

/** What the values of a feature must be like; checked on ingest and on materialize. */
export interface Expectation {
  /** Smallest and largest value, inclusive; times in microseconds. */
  readonly min?: number;
  readonly max?: number;
  /** The only values there may be, as text. */
  readonly in?: readonly string[];
  /** Share of missing values at most, 0 to 1. */
  readonly null_share?: number;
  /** warn (default) tells; refuse stops the stage and leaves the store as it was. */
  readonly severity?: 'warn' | 'refuse';
}

export interface Field {
  readonly name: string;
  readonly dtype: ValueType;
  /** SQL over the source's columns: the one definition, for training and for serving. */
  readonly expression: string;
  /** The expression is computed for each event, and this of the events. */
  readonly aggregate?: Aggregate;
  readonly description?: string;
  readonly expect?: Expectation;
}

export interface FeatureView extends Described {
  readonly name: string;
  readonly entities: readonly string[];
  readonly source: string;
  readonly schema: readonly Field[];
  /** How long before the entity time a value may lie, in seconds, inclusive; 0 is no limit. */
  readonly ttl: number;
  /** Whether it is materialized (default true). */
  readonly online?: boolean;
  /** Whether pushed rows are kept in the offline store (default true). */
  readonly offline?: boolean;
  /** How old its newest event may be, in seconds, when it is materialized; absent for no limit. */
  readonly freshness?: number;
}

/** A view as a service takes it: some of its features, under another name, for other key columns. */
export interface ViewProjection {
  readonly view: string;
  /** Names of features; all when absent. */
  readonly features?: readonly string[];
  /** The name that takes the view's place in references and full names. */
  readonly name?: string;
  /** Join key of the view to the column of the entity rows that holds it; keys left out keep their names. */
  readonly join_key_map?: Readonly<Record<string, string>>;
}

/** Features of a model in the order it is trained on, as "view:feature", or parts of views. */
export interface FeatureService extends Described {
  readonly name: string;
  readonly features: readonly (string | ViewProjection)[];
}

/** Columns that only a request can bring, given with the entity rows. */
export interface RequestSource extends Described {
  readonly name: string;
  readonly schema: readonly { readonly name: string; readonly dtype: ValueType }[];
}

/**
 * What an on-demand function sees of a row: the features of its sources as view__feature, and by short name where only
 * one source has it, and the request's columns; null where missing.
 */
export type OnDemandRow = Readonly<Record<string, Cell>>;

/** Makes all features of an on-demand view of one row. Pure: the same row gives the same answer, whenever it is asked. */
export type OnDemandFunction = (row: OnDemandRow) => Readonly<Record<string, Cell>>;

/** Functions by the on-demand view they belong to. */
export type OnDemandFunctions = Readonly<Record<string, OnDemandFunction>>;

/** Features computed when they are asked for, from other features and from the request. */
export interface OnDemandFeatureView extends Described {
  readonly name: string;
  /** Names of feature views and request sources. */
  readonly sources: readonly string[];
  /** sql (default), or typescript: a function of the model's folder, which `code` shows and which alone is run. */
  readonly mode?: 'sql' | 'typescript';
  /** The text of the function, to be read. */
  readonly code?: string;
  /**
   * Expressions are SQL over the sources' features, by name or as view__feature, and the request's columns; of mode
   * typescript, the function's answer is written there.
   */
  readonly schema: readonly Omit<Field, 'aggregate'>[];
}

export interface FeatureDefinitions {
  readonly entities: readonly Entity[];
  readonly sources: readonly DataSource[];
  readonly views: readonly FeatureView[];
  readonly requests?: readonly RequestSource[];
  readonly onDemandViews?: readonly OnDemandFeatureView[];
  readonly service: FeatureService;
}

/** The SQL engine (DuckDB) as this room needs it. Tables live until dropped or the engine closes. */
export interface SqlEngine {
  /** Makes or replaces `name` from `table`. */
  insert(name: string, table: Table): Promise<void>;
  /** An abort ends the engine, where it runs in a thread of its own; elsewhere a statement runs to its end. */
  query(sql: string, signal?: Signal): Promise<Table>;
  drop(name: string): Promise<void>;
}

/** A part of a statement as the engine's own parser parts it; comments are none. */
export interface SqlToken {
  readonly kind: 'identifier' | 'number' | 'text' | 'operator' | 'keyword';
  /** Index of its first UTF-16 unit. */
  readonly start: number;
  /** From there to the next token, comments between them included. */
  readonly text: string;
}

/** A SQL engine that says of a statement what it is before it runs. */
export interface SqlReader extends SqlEngine {
  tokens(sql: string): Promise<readonly SqlToken[]>;
  /** Names of the tables a statement reads, as written. Throws FEATURES_INVALID for what is no single statement. */
  tableNames(sql: string): Promise<readonly string[]>;
}

/** Raw tables, and SQL over them. */
export interface OfflineTables {
  /** A raw table, whole. Throws DATA_INVALID when there is none of that name. */
  table(name: string): Promise<Table>;
  /** The SQL engine for tables of the caller's own, which the caller drops again. */
  scratch(): Promise<SqlEngine>;
  /** Functions of on-demand views in TypeScript. */
  readonly functions?: OnDemandFunctions | undefined;
}

/**
 * Which values count at a moment. `leak_safe`: those created by then; `feast`: all whose event time has come, created
 * time only breaking ties.
 */
export type PointInTimeMode = 'leak_safe' | 'feast';

/** Rows to fetch features for: the join keys, `event_timestamp`, and any columns to carry along (labels). */
export type EntityRows = Table;

export interface HistoricalRequest {
  readonly definitions: FeatureDefinitions;
  /** As a service has them; "view:feature" or parts of views. */
  readonly features: FeatureService['features'];
  readonly entityRows: EntityRows;
  /** Default leak_safe. */
  readonly mode?: PointInTimeMode;
  /** Columns are called view__feature (default false: feature). */
  readonly fullFeatureNames?: boolean;
}

/** What the other mode would have taken from one view. */
export interface LeakReport {
  readonly view: string;
  /** Entity rows for which it takes another row of the source. */
  readonly rows: number;
  /** Per column of the result: values that differ. */
  readonly values: Readonly<Record<string, number>>;
}

export interface HistoricalFeatures {
  /** The entity rows, same number and order, followed by one column a feature. */
  readonly table: Table;
  readonly mode: PointInTimeMode;
  /** Per feature column: rows with a value. */
  readonly coverage: Readonly<Record<string, number>>;
  readonly leaks: readonly LeakReport[];
}

/** `strict` says what a value is worth; `feast` answers as Feast does: found or not. */
export type OnlineMode = 'strict' | 'feast';

export type FeatureStatus = 'PRESENT' | 'NULL_VALUE' | 'NOT_FOUND' | 'OUTSIDE_MAX_AGE';

export interface OnlineFeature {
  readonly feature: string;
  readonly value: Cell;
  readonly status: FeatureStatus;
  readonly event_timestamp: Micros | null;
}

/** One step of a feature's history for one entity, for the time-line picture. */
export interface TimelinePoint {
  readonly view: string;
  readonly feature: string;
  readonly event_timestamp: Micros;
  /** Null where the source keeps none. */
  readonly created_timestamp: Micros | null;
  readonly value: Cell;
  /**
   * taken: picked at the moment asked about, or in its window; older: superseded; late: it happened after the moment;
   * unknown: it had happened and was not recorded yet; expired: outside ttl or window.
   */
  readonly verdict: 'taken' | 'older' | 'late' | 'unknown' | 'expired';
}
