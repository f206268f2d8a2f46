import type { Control } from '../utils/control';
import type { Table } from '../utils/columns';
import type { FeatureDefinitions, Field, OnDemandFeatureView, OnDemandFunction } from '../features/types';

/** Where an outcome is known from: the table of labels, its times and the entity times asked about. */
export interface LabelSource {
  readonly table: string;
  /** The moment features are wanted for (the visit). */
  readonly event_timestamp: string;
  /** The moment the outcome became known; rows after "now" are not labelled yet. */
  readonly label_timestamp: string;
}

export interface Scenario {
  readonly name: string;
  /** On the button: "Mean age 55 → 62". */
  readonly title: string;
  readonly description: string;
}

export interface GenerateRequest {
  readonly seed: number;
  /** Rows (visits) in all. */
  readonly rows: number;
}

export interface WindowRequest {
  readonly seed: number;
  readonly rows: number;
  /** Microseconds: [from, to). */
  readonly from: number;
  readonly to: number;
  /** One of the model's scenarios, or "at_rest". */
  readonly scenario: string;
  /** What `generate` was asked for; patients of then come back. Without it everybody in the window is new. */
  readonly history?: GenerateRequest;
}

/** An on-demand view whose features a function makes, the same in training and in serving. */
export interface OnDemandDefinition extends Pick<OnDemandFeatureView, 'sources' | 'description' | 'tags' | 'owner'> {
  /** What the function's answer must hold, each of its type or null; nothing else. */
  readonly schema: readonly Omit<Field, 'aggregate' | 'expression'>[];
  readonly compute: OnDemandFunction;
  /** The text of the function, which the catalogue fills in. */
  readonly code?: string;
}

/** What a folder under src/models exports as `definition`. */
export interface ModelDefinition {
  /** Folder name; the same as in config.yaml. */
  readonly name: string;
  readonly definitions: FeatureDefinitions;
  /** On-demand views in TypeScript by name; kept in the folder's on-demand.ts, their text is shown in the page. */
  readonly onDemand?: Readonly<Record<string, OnDemandDefinition>>;
  readonly labels: LabelSource;
  /** Columns of the label table or features that name groups but are not trained on, as "view:feature". */
  readonly sensitive: Readonly<
    Record<string, { readonly feature: string; readonly groups: Readonly<Record<string, string>> }>
  >;
  /** Where the simulated clock stands after `generate`, microseconds. */
  readonly clock: number;
  /** How long a scenario's window lasts and how long its labels take at most, in days. */
  readonly windowDays: number;
  readonly labelDelayDays: number;
  readonly scenarios: readonly Scenario[];
  /** Raw tables by name. The same request gives the same bits on every host. */
  generate(request: GenerateRequest, control: Control): Promise<Map<string, Table>>;
  /** New rows for the same tables, after the clock. */
  generateWindow(request: WindowRequest, control: Control): Promise<Map<string, Table>>;
}
