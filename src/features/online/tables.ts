import type { ColumnType, Table } from '../../utils/columns';
import type { IndexKey, TableSchema } from '../../utils/records';
import type { Micros } from '../types';

/** The online store: what is held of each view, and its rows in blocks by the hash of their key. */
export const onlineTables: Readonly<Record<string, TableSchema>> = {
  online_views: { key: ['model', 'view'] },
  online_blocks: { key: ['model', 'view', 'block'] },
};

/** The newest row of some entities in one view, by column. */
export interface OnlineRows {
  /** Join-key values joined by "\u001f"; the empty text in a view without entities. */
  readonly keys: readonly string[];
  readonly event: Float64Array;
  readonly created: Float64Array;
  /** Moments that the windows of each row end at; null in a view without windows. */
  readonly asOf: Float64Array | null;
  /** A column a feature. */
  readonly values: Table;
}

/** What is written to a view. A key may stand there twice; its newest row counts. */
export interface OnlineBatch extends OnlineRows {
  readonly view: string;
}

export interface Interval {
  readonly from: Micros;
  readonly to: Micros;
}

export interface OnlineView {
  readonly model: string;
  readonly view: string;
  /** How many blocks its rows are spread over, a power of two. */
  readonly blocks: number;
  readonly rows: number;
  /** Newest event time; null when empty. */
  readonly newest: Micros | null;
  /** What was materialized, in order of time; intervals that touch are one. */
  readonly intervals: readonly Interval[];
  /** Features its rows hold and the columns that hold them (numbers and times alike as float64), in order of names. */
  readonly features: readonly (readonly [name: string, type: ColumnType])[];
  /** One more with every write. */
  readonly revision: number;
}

/** Rows in order of their keys. */
export interface OnlineBlock extends OnlineRows {
  readonly model: string;
  readonly view: string;
  readonly block: number;
  /** Blocks that the view had when this one was written. */
  readonly of: number;
}

/** Earliest moment there is: what is materialized from the beginning starts here. */
export const BEGINNING: Micros = Number.MIN_SAFE_INTEGER;

/** Sorts after every name. */
const LAST = '\uffff';

/** What the tables hold of a model, or the blocks of one of its views. */
export function rangeOf(model: string, view?: string): { readonly from: IndexKey; readonly to: IndexKey } {
  return view === undefined
    ? { from: [model], to: [model, LAST] }
    : { from: [model, view, 0], to: [model, view, Infinity] };
}
