import type { ScalarType, Table } from '../../utils/columns';
import type { TableProfile } from '../../data/types';
import type { GenerateRequest } from '../../models/types';
import type { ModelSpec } from '../model-spec';
import type { Partition } from '../tables';
import type { NamedCall } from './named-tables';

export interface Ingested {
  readonly partitions: readonly Partition[];
  readonly profiles: readonly TableProfile[];
  readonly warnings: readonly string[];
}

export interface GenerateCall {
  readonly model: string;
  /** The model's folder, where it is not called as the model. */
  readonly folder?: string;
  readonly seed: number;
  readonly rows: number;
}

export interface WindowCall extends GenerateCall {
  readonly from: number;
  readonly to: number;
  readonly scenario: string;
  /** What the history before the window was generated from. */
  readonly history: GenerateRequest;
  /** The model's partitions so far. */
  readonly before: readonly Partition[];
}

/** Rows of a raw table that are stored beside those it has. */
export interface StoreRowsCall {
  readonly spec: ModelSpec;
  readonly table: string;
  /** Columns as the table has them. */
  readonly rows: Table;
  /** The model's partitions so far, of all tables. */
  readonly before: readonly Partition[];
}

export interface TablesCall {
  readonly spec: ModelSpec;
  readonly partitions: readonly Partition[];
}

export interface DatasetCall extends TablesCall {
  /** Microseconds: rows after it do not exist yet, labels after it are not known yet. */
  readonly clock: number;
  /** Online rows are taken from event times at or after this. */
  readonly materializeFrom: number;
  /** Features that the data set holds besides, for models that were trained on others. */
  readonly also?: readonly string[];
}

export interface SqlCall extends NamedCall {
  readonly sql: string;
  readonly limit: number;
  readonly began: () => void;
}

export interface PreviewCall {
  readonly fileName: string;
  readonly bytes: Uint8Array;
  readonly types?: Readonly<Record<string, ScalarType>> | undefined;
  /** Checked against the file when given: an outcome with one class cannot be learned. */
  readonly label?: { readonly column: string; readonly positive: string };
}
