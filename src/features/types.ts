import type { Cell, Table } from '../utils/columns';

/** Seconds, microseconds and rows are whole numbers throughout this room. Times are microseconds since 1970 UTC. */
export type Micros = number;

export interface Entity {
  readonly name: string;
  readonly join_keys: readonly string[];
  readonly description?: string;
}

/** A raw table of the offline store. */
export interface DataSource {
  readonly name: string;
  readonly table: string;
  readonly timestamp_field: string;
  readonly created_timestamp_column?: string;
}

export interface Field {
  readonly name: string;
  readonly dtype: 'float64' | 'int64' | 'bool' | 'string';
  /** SQL over the source's columns: the one definition, for training and for serving. */
  readonly expression: string;
  readonly description?: string;
}

export interface FeatureView {
  readonly name: string;
  readonly entities: readonly string[];
  readonly source: string;
  readonly schema: readonly Field[];
  /** How long before the entity time a value may lie, in seconds, inclusive; 0 is no limit. */
  readonly ttl: number;
  readonly description?: string;
  readonly tags?: Readonly<Record<string, string>>;
}

/** Features of a model in the order it is trained on, as "view:feature". */
export interface FeatureService {
  readonly name: string;
  readonly features: readonly string[];
}

export interface FeatureDefinitions {
  readonly entities: readonly Entity[];
  readonly sources: readonly DataSource[];
  readonly views: readonly FeatureView[];
  readonly service: FeatureService;
}

/** The SQL engine (DuckDB) as this room needs it. Tables live until dropped or the engine closes. */
export interface SqlEngine {
  /** Makes or replaces `name` from `table`. */
  insert(name: string, table: Table): Promise<void>;
  query(sql: string): Promise<Table>;
  drop(name: string): Promise<void>;
}

/** Rows to fetch features for: the join keys, `event_timestamp`, and any columns to carry along (labels). */
export type EntityRows = Table;

export interface HistoricalRequest {
  readonly definitions: FeatureDefinitions;
  readonly features: readonly string[];
  readonly entityRows: EntityRows;
}

export interface HistoricalFeatures {
  /** The entity rows, same number and order, followed by one column a feature (short names). */
  readonly table: Table;
  /** Per feature: rows with a value. */
  readonly coverage: Readonly<Record<string, number>>;
}

/** One entity's newest values of one view. */
export interface OnlineRow {
  readonly model: string;
  readonly view: string;
  /** Join-key values joined by "\u001f". */
  readonly entity_key: string;
  readonly event_timestamp: Micros;
  readonly created_timestamp: Micros;
  /** Feature values by name; bigint kept. */
  readonly values: Readonly<Record<string, Cell>>;
}

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
  readonly value: Cell;
  /** taken: picked at the moment asked about; older: superseded; late: after it; expired: outside ttl. */
  readonly verdict: 'taken' | 'older' | 'late' | 'expired';
}
