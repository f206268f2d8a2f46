import type { Progress } from '../../utils/control';
import type { Cell, ColumnType } from '../../utils/columns';
import type {
  FeatureDefinitions,
  FeatureService,
  LeakReport,
  OnlineFeature,
  OnlineMode,
  PointInTimeMode,
} from '../../features/types';
import type { ExpectationResult } from '../../features/expectations';
import type { DefinitionChange, DefinitionKind } from '../../features/definition-changes';
import type { TableProfile } from '../../data/types';
import type { Stage } from '../views';

export type { ExpectationResult };

/** What the feature store answers to a page, an embed or the command line. Times are microseconds since 1970 UTC. */

/** Called while long work of the store goes on. */
export type OnStoreProgress = (progress: Progress) => void;

// Definitions -------------------------------------------------------------------------------------------------------

export type { DefinitionChange, DefinitionKind };

/** One thing wrong with definitions, as the `details.faults` of a FEATURES_INVALID error list them. */
export interface WantedFault {
  /** 1-based place in the YAML text; of definitions given as objects, in the text they would be written as. */
  readonly line: number;
  readonly column: number;
  /** "feature_views[1].schema[0].expression". */
  readonly path: string;
  readonly message: string;
}

/** Definitions as someone wants them: the YAML form of docs/features.md, or the objects themselves. */
export type WantedDefinitions = { readonly yaml: string } | { readonly definitions: FeatureDefinitions };

/** What an apply would do, before it does. */
export interface FeaturePlan {
  /** The version it was made against; an apply on another one is refused. */
  readonly base_version: number;
  readonly changes: readonly DefinitionChange[];
  /** Why it cannot be applied: registered versions that rest on what would disappear, each in a sentence. */
  readonly blocked: readonly string[];
  /** What must run again afterwards, and what becomes of the online store, in sentences. */
  readonly effects: readonly string[];
  /** Stages whose results no longer follow from the definitions, in order. */
  readonly stages: readonly Stage[];
  /** What was wanted, in both forms. */
  readonly definitions: FeatureDefinitions;
  readonly yaml: string;
}

/** Definitions once applied. Version 0 are those of the model's folder or file. */
export interface AppliedVersion {
  readonly version: number;
  /** Wall clock, milliseconds; 0 for version 0. */
  readonly applied_at: number;
  readonly message: string;
  readonly changes: readonly DefinitionChange[];
}

export interface FeatureRegistryView {
  readonly version: number;
  /** The last version that changed what features hold or which are trained on; what was made before it is stale. */
  readonly computed_since: number;
  readonly definitions: FeatureDefinitions;
  /** The same as text that `planFeatures` takes. */
  readonly yaml: string;
  /** Newest first. */
  readonly history: readonly AppliedVersion[];
  /** Version of each object: how often it was changed, and the applied version that last did. */
  readonly objects: readonly {
    readonly kind: DefinitionKind;
    readonly name: string;
    readonly version: number;
    readonly since: number;
  }[];
}

// Offline store -----------------------------------------------------------------------------------------------------

export type TableFormat = 'csv' | 'parquet' | 'arrow';

export interface TakenFile {
  readonly fileName: string;
  readonly bytes: Uint8Array;
}

export interface AppendResult {
  readonly table: string;
  readonly rows: number;
  readonly partitions: number;
  /** Sentences about what was mended or looks wrong. */
  readonly warnings: readonly string[];
}

export interface CompactResult {
  readonly tables: readonly { readonly table: string; readonly before: number; readonly after: number }[];
  /** Bytes given back. */
  readonly freed: number;
}

/** Every stored file held against its record. */
export interface StoreCheck {
  readonly files: number;
  readonly bytes: number;
  /** Files that are missing, damaged or named by no record, and records that contradict each other, in sentences. */
  readonly faults: readonly string[];
}

// Reading -----------------------------------------------------------------------------------------------------------

export interface SqlRequest {
  readonly sql: string;
  /** Rows answered at most, 1 to 100,000 (default 10,000). */
  readonly limit?: number;
}

export interface RowsAnswer {
  readonly columns: readonly { readonly name: string; readonly type: ColumnType }[];
  readonly rows: readonly (readonly Cell[])[];
  /** Rows there are; more than `rows` holds when the limit cut them. */
  readonly total: number;
}

export interface SqlAnswer extends RowsAnswer {
  /** Milliseconds in the engine. */
  readonly took: number;
}

/** The tables and views a console can name. */
export interface SqlSchema {
  readonly name: string;
  readonly kind: 'table' | 'feature_view' | 'saved_dataset';
  readonly columns: readonly { readonly name: string; readonly type: ColumnType }[];
}

/** Which rows features are wanted for. */
export type EntitySelection =
  /** A read-only SELECT over raw tables that gives the join keys and event_timestamp. */
  | { readonly sql: string }
  /** A file of entity rows. */
  | { readonly file: TakenFile }
  /** Every row of the views' sources with event time in [from, to]; a missing end is now, a missing start end - longest ttl. */
  | { readonly from?: number; readonly to?: number }
  /** Each entity once, as it stands at that moment. */
  | { readonly snapshot: number };

export interface HistoricalCall {
  readonly entities: EntitySelection;
  /** The model's own service when absent. */
  readonly features?: FeatureService['features'];
  readonly mode?: PointInTimeMode;
  readonly full_feature_names?: boolean;
}

export interface HistoricalAnswer extends RowsAnswer {
  readonly mode: PointInTimeMode;
  readonly coverage: Readonly<Record<string, number>>;
  readonly leaks: readonly LeakReport[];
}

export interface SavedDataset {
  /** Unique in the model, and no raw table's or view's; statements know it by this name. */
  readonly name: string;
  /** SHA-256 of the Arrow file. */
  readonly digest: string;
  /** Wall clock, milliseconds. */
  readonly created: number;
  readonly rows: number;
  readonly columns: readonly string[];
  readonly mode: PointInTimeMode;
  readonly definitions_version: number;
  /** Views read, with the version of each. */
  readonly views: Readonly<Record<string, number>>;
  /** Digests of the partitions read. */
  readonly partitions: readonly string[];
  /** False when only the record is left: the file was replaced by a newer run's. */
  readonly kept: boolean;
  /** Made by the Features stage rather than saved by a person. */
  readonly automatic: boolean;
}

export type LineageKind = 'partition' | 'table' | 'feature_view' | 'dataset' | 'run' | 'model_version' | 'predictions';

export interface LineageNode {
  readonly id: string;
  readonly kind: LineageKind;
  readonly title: string;
  /** Short facts, label to text, in order. */
  readonly facts: readonly (readonly [string, string])[];
  /** Whether it serves or is in use now. */
  readonly current: boolean;
}

export interface LineageGraph {
  readonly nodes: readonly LineageNode[];
  /** From what was used to what was made. */
  readonly edges: readonly { readonly from: string; readonly to: string }[];
}

// Online store ------------------------------------------------------------------------------------------------------

export interface MaterializeCall {
  readonly from: number;
  readonly to: number;
  /** Names of views; all that are served online when absent. */
  readonly views?: readonly string[];
}

export interface IncrementalCall {
  /** Default: now, on the clock chosen. */
  readonly to?: number;
  readonly views?: readonly string[];
  /** `simulated` (default): the model's clock; `wall`: this machine's. */
  readonly clock?: 'simulated' | 'wall';
  /**
   * Where a view starts that was never materialized: `now` - ttl, as Feast's code does (default), or `end` - ttl, as its
   * documentation says.
   */
  readonly start?: 'now' | 'end';
}

export interface Materialized {
  readonly views: readonly {
    readonly view: string;
    readonly from: number;
    readonly to: number;
    /** Entities whose row was newer than what was there. */
    readonly written: number;
    /** Rows of the view now. */
    readonly rows: number;
  }[];
}

export interface PushCall {
  /** A source, or a view's name for its source. */
  readonly source: string;
  /** Rows of the source, by column; times as ISO text or microseconds. */
  readonly rows: readonly Readonly<Record<string, Cell>>[];
  readonly to: 'online' | 'offline' | 'online_and_offline';
}

export interface PushResult {
  readonly offline_rows: number;
  readonly online_rows: number;
  /** Views whose online rows were looked at. */
  readonly views: readonly string[];
}

export interface OnlineCall {
  readonly features?: FeatureService['features'];
  /** Join keys and request data by column. */
  readonly entity_rows: readonly Readonly<Record<string, Cell>>[];
  readonly mode?: OnlineMode;
  /** The moment served for; the model's clock when absent. */
  readonly at?: number;
  readonly full_feature_names?: boolean;
}

export interface OnlineAnswer {
  /** Column names, in order. */
  readonly feature_names: readonly string[];
  /** By entity row, an answer a feature. */
  readonly results: readonly (readonly OnlineFeature[])[];
}

export interface OnlineViewFacts {
  readonly view: string;
  readonly online: boolean;
  readonly entities: number;
  /** Event times of the oldest and the newest row; null when empty. */
  readonly oldest: number | null;
  readonly newest: number | null;
  /** Seconds; 0 is no limit. */
  readonly ttl: number;
  /** Rows older than the view's ttl at the model's clock. */
  readonly expired: number;
  /** Event times in 24 equal parts from `oldest` to `newest`; empty where there are none. */
  readonly counts: readonly number[];
  readonly intervals: readonly { readonly from: number; readonly to: number }[];
}

export interface OnlineStoreView {
  readonly clock: number;
  readonly views: readonly OnlineViewFacts[];
}

// Quality and skew --------------------------------------------------------------------------------------------------

/** The expectations checked at one moment. */
export interface QualityCheck {
  readonly check_id: string;
  readonly model: string;
  /** Simulated clock. */
  readonly at: number;
  /** Wall clock, milliseconds. */
  readonly checked: number;
  readonly occasion: 'ingest' | 'materialize' | 'push';
  readonly rows: number;
  readonly results: readonly ExpectationResult[];
}

export interface QualityView {
  /** Newest first. */
  readonly checks: readonly QualityCheck[];
  /** The model's clock. */
  readonly clock: number;
  /** Profiles of every feature view, by view name. */
  readonly profiles: readonly TableProfile[];
  /** Profiles of every raw table. */
  readonly tables: readonly TableProfile[];
  /** By view, event time of its newest row, and what is expected of it in seconds (null: nothing). */
  readonly freshness: readonly {
    readonly view: string;
    readonly newest: number | null;
    readonly expected: number | null;
    /** Whether it is expected to be fresher than it is. */
    readonly late: boolean;
  }[];
}

export interface SkewCall {
  /** Entity keys; a sample of those seen last when absent. */
  readonly keys?: readonly string[];
  /** How many are taken when no keys are given, 1 to 1,000 (default 100). */
  readonly sample?: number;
  /** Compares what was logged for predictions instead of what would be served now. */
  readonly logged?: boolean;
}

/** Training and serving of the same entities, column by column. */
export interface SkewView {
  readonly at: number;
  readonly entities: number;
  readonly columns: readonly {
    readonly feature: string;
    readonly differ: number;
    /** The first few that differ, or the first entity where none does; values as text. */
    readonly examples: readonly { readonly key: string; readonly trained: string; readonly served: string }[];
  }[];
  /** The lesson's switch, where it is on. */
  readonly fault: ServingFault | null;
}

/** A lesson's switch: the feature is served otherwise than it was trained with, on purpose. */
export interface ServingFault {
  /** "view:feature", one that the model is trained on. */
  readonly feature: string;
  /** unit: in another unit (times 0.1); stale: as it was before the newest value; missing: never there. */
  readonly kind: 'unit' | 'stale' | 'missing';
}
