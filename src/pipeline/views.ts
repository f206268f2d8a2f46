import type { Progress } from '../utils/control';
import type { Cell, ColumnType, ScalarType } from '../utils/columns';
import type { BinaryEvaluation, EvalHistory } from '../training/types';
import type { ModelKind } from '../training/model';
import type { ParameterImportance } from '../tuning/importance';
import type { SearchAxis } from '../tuning/search-axes';
import type { Study } from '../tuning/types';
import type { Validation } from './stages/plan';
import type { MetricFrame } from '../fairness/types';
import type { Reign } from '../registry/audit';
import type { AuditEntry, ModelVersion } from '../registry/types';
import type { Prediction, PredictionBatch, RiskBands } from '../inference/types';
import type { DriftReport } from '../monitoring/types';
import type { FeatureDefinitions, LeakReport, PointInTimeMode, TimelinePoint } from '../features/types';
import type { Run } from '../tracking/types';
import type { ServingFault } from './store/types';
import type { ColumnProfile, HistogramView, TableProfile } from '../data/types';

export const STAGES = ['data', 'features', 'training', 'registry', 'inference', 'monitoring'] as const;
export type Stage = (typeof STAGES)[number];

/** What the lifecycle map shows of one stage. Work that is running is known to the page that started it. */
export interface StageState {
  readonly status: 'empty' | 'good' | 'attention' | 'alert';
  /** The one figure, for example "30,000" or "0.913". */
  readonly figure: string;
  /** What the figure is, for example "rows" or "ROC-AUC". */
  readonly caption: string;
  /** The sentence a stage opens on. */
  readonly sentence: string;
}

export interface ModelOverview {
  readonly name: string;
  readonly title: string;
  readonly description: string;
  /** False for a model made from a file. */
  readonly builtIn: boolean;
  /** Simulated "now", microseconds; null for a model without history. */
  readonly clock: number | null;
  /** Built-in rows a run generates unless told; 0 for a file. */
  readonly defaultRows: number;
  readonly defaultSeed: number;
  readonly maxEvals: number;
  readonly scenarios: readonly { readonly name: string; readonly title: string; readonly description: string }[];
  readonly stages: Readonly<Record<Stage, StageState>>;
}

export interface Overview {
  readonly models: readonly ModelOverview[];
  /** "IndexedDB and OPFS", "IndexedDB", or "memory only: …" with the reason. */
  readonly storage: {
    readonly kind: string;
    readonly persistent: boolean;
    readonly message: string | null;
    readonly bytes: number;
  };
  readonly configFaults: readonly string[];
}

export type { ColumnProfile, HistogramView, TableProfile };

export interface DataView {
  readonly tables: readonly TableProfile[];
  readonly source: string;
  readonly partitions: readonly {
    readonly table: string;
    readonly path: string;
    readonly rows: number;
    readonly bytes: number;
    readonly digest: string;
    /** The event date its rows are of: day, month or year; null where they have none. */
    readonly date: string | null;
    /** The append that brought it, from 0. */
    readonly sequence: number;
  }[];
}

export interface TablePage {
  readonly columns: readonly { readonly name: string; readonly type: ColumnType }[];
  readonly rows: readonly (readonly Cell[])[];
  readonly total: number;
}

export interface FeaturesView {
  readonly definitions: FeatureDefinitions;
  readonly profile: TableProfile;
  readonly dataset: {
    readonly rows: number;
    readonly entities: number;
    readonly digest: string;
    readonly path: string;
  };
  readonly coverage: Readonly<Record<string, number>>;
  /** Which values count at a moment. */
  readonly mode: PointInTimeMode;
  /** What the other mode would have taken, a view each. */
  readonly leaks: readonly LeakReport[];
  readonly online: {
    readonly rows: number;
    readonly materialized: readonly {
      readonly view: string;
      readonly rows: number;
      readonly from: number;
      readonly to: number;
    }[];
  };
  /** Some keys to look at. */
  readonly sampleKeys: readonly string[];
  /** By view, event time of its newest row known at the clock, and how old that may be in seconds (null: no limit). */
  readonly freshness: readonly {
    readonly view: string;
    readonly newest: number | null;
    readonly expected: number | null;
  }[];
  /** The lesson's switch, where it is on. */
  readonly servingFault: ServingFault | null;
}

export interface EntityTimeline {
  readonly key: string;
  readonly at: number;
  readonly points: readonly TimelinePoint[];
}

/** One kind of model of a training, beside the others trained on the same rows. */
export interface Rival {
  readonly run_id: string;
  readonly kind: ModelKind;
  /** Whether it won and is registered. */
  readonly chosen: boolean;
  /** What the kinds are chosen by. */
  readonly validation: Validation | null;
  readonly metrics: BinaryEvaluation['metrics'];
}

export interface TrainingView {
  readonly run: Run;
  readonly kind: ModelKind;
  /** All kinds of this run's training, itself included; one where there were no challengers. */
  readonly rivals: readonly Rival[];
  /** Runs of the model, those in the trash left aside; searchRuns finds them. */
  readonly runCount: number;
  readonly study: Study;
  readonly history: EvalHistory;
  readonly bestIteration: number;
  readonly evaluation: BinaryEvaluation;
  readonly groups: readonly MetricFrame[];
  /** Total gain by feature, largest first; empty for a model without trees. */
  readonly importance: readonly { readonly feature: string; readonly gain: number; readonly splits: number }[];
  readonly split: {
    readonly seed: number;
    readonly trainRows: number;
    readonly holdoutRows: number;
    readonly trainEntities: number;
    readonly holdoutEntities: number;
  };
  readonly modelBytes: number;
  /** Of the study: what was searched, and how much each parameter decides. */
  readonly search: { readonly axes: readonly SearchAxis[]; readonly importance: readonly ParameterImportance[] };
}

/** A search that was cut off by a closed tab or a crash, and goes on with the next training on the same inputs. */
export interface SearchUnderWay {
  readonly ended: number;
  readonly maxEvals: number;
}

export interface RegistryView {
  readonly versions: readonly ModelVersion[];
  readonly aliases: Readonly<Record<string, number>>;
  /** Of the registered model itself. */
  readonly description: string;
  readonly tags: Readonly<Record<string, string>>;
  /** Who was champion from when to when, by whom and why. */
  readonly champions: readonly Reign[];
  /** Former champions that one can go back to, the last one first. */
  readonly former: readonly number[];
  readonly audit: readonly AuditEntry[];
  readonly pending: ModelVersion | null;
}

export interface InferenceView {
  readonly version: number;
  /** Who serves now; null when nobody does. */
  readonly champion: number | null;
  readonly bands: RiskBands;
  readonly batches: readonly PredictionBatch[];
  readonly recent: readonly Prediction[];
  /** Keys that can be picked; the first few hundred. `findKeys` searches all. */
  readonly keys: readonly string[];
  /** Predicted probabilities of the newest batch in 20 equal bins over 0..1. */
  readonly histogram: readonly number[];
  /** The lesson's switch, where it is on. */
  readonly servingFault: ServingFault | null;
  /** Mean |SHAP| over a seeded sample of the newest batch, log-odds, largest first. */
  readonly importance: readonly { readonly feature: string; readonly meanAbsShap: number; readonly n: number }[];
}

export interface MonitoringView {
  /** A version that waits for approval. */
  readonly waiting: number | null;
  /** Newest first. */
  readonly reports: readonly DriftReport[];
  readonly schedules: readonly {
    readonly name: string;
    readonly check: string;
    readonly every_days: number;
    readonly window_days: number;
    readonly last: number | null;
    readonly next: number;
    readonly due: boolean;
  }[];
  readonly audits: readonly { readonly at: number; readonly groups: readonly MetricFrame[]; readonly rows: number }[];
  /** Why there is nothing, for a model without history; null otherwise. */
  readonly unavailable: string | null;
  /** Points for the time axis, oldest first. */
  readonly events: readonly {
    readonly at: number;
    readonly kind: 'report' | 'alert' | 'retrained' | 'promoted';
    readonly text: string;
  }[];
}

/** What a dropped file looks like before anything is stored. */
export interface FilePreview {
  readonly fileName: string;
  readonly format: 'csv' | 'parquet' | 'arrow';
  /** How a CSV file is written; null for the others. */
  readonly csv: { readonly delimiter: string; readonly encoding: string; readonly decimal: '.' | ',' } | null;
  readonly rows: number;
  readonly columns: readonly (ColumnProfile & {
    readonly examples: readonly string[];
    /** All values of a text column with at most 32 of them. */ readonly categories: readonly string[];
    readonly suggestion: 'label' | 'feature' | 'ignore';
  })[];
  readonly warnings: readonly string[];
  readonly firstRows: readonly (readonly string[])[];
}

export interface FileModelRequest {
  readonly fileName: string;
  readonly bytes: Uint8Array;
  /** Lower-case words with underscores; made from the file name when absent. */
  readonly name?: string;
  readonly label: string;
  /** "> 0", "== yes", "in [a, b]". */
  readonly positive: string;
  /** Types changed by a person; others are inferred. */
  readonly types?: Readonly<Record<string, ScalarType>>;
  readonly ignore?: readonly string[];
  readonly sensitive?: readonly string[];
  /** Entity key and event time, where the table has them; else the row number and the import time. */
  readonly entity?: string;
  readonly eventTimestamp?: string;
}

export interface RunOptions {
  readonly seed?: number;
  readonly rows?: number;
  readonly maxEvals?: number;
}

export interface StageProgress extends Progress {
  readonly stage: Stage;
}

export type OnStageProgress = (progress: StageProgress) => void;
