import type { ColumnType, ScalarType, Table } from '../utils/columns';

/** Counts for a picture of one column. */
export interface HistogramView {
  /** Numbers and times: n + 1 edges, the last bin includes its upper edge; categories: null. */
  readonly edges: readonly number[] | null;
  readonly labels: readonly string[];
  readonly counts: readonly number[];
}

/** What one column holds. Statistics leave missing values out; `std` is the sample's (n - 1). Of lists, their lengths. */
export interface ColumnProfile {
  readonly name: string;
  readonly type: ColumnType;
  /** What lists hold. */
  readonly items?: ScalarType;
  readonly missing: number;
  /** Different values, missing not counted. */
  readonly distinct: number;
  /** Numbers, times (microseconds), bool (share of true), lengths of lists; null for text and where nothing is present. */
  readonly mean: number | null;
  readonly std: number | null;
  readonly min: number | null;
  readonly max: number | null;
  readonly histogram: HistogramView;
}

export interface TableProfile {
  readonly table: string;
  readonly rows: number;
  readonly columns: readonly ColumnProfile[];
}

/** What a column is used for when nobody said. */
export type ColumnRole = 'label' | 'feature' | 'ignore';

export type CsvEncoding = 'UTF-8' | 'UTF-16LE' | 'UTF-16BE' | 'Windows-1252';
export type CsvDelimiter = ',' | ';' | '\t' | '|';

export interface CsvOptions {
  /** Found from the text when absent. */
  readonly delimiter?: CsvDelimiter;
  /** Found from the values when absent; a comma is only tried where it does not separate columns. */
  readonly decimal?: '.' | ',';
  /** Types a person chose, by column name (as in the result, after renaming); others are inferred. */
  readonly types?: Readonly<Record<string, ScalarType>>;
  /** Types of columns where the file has them; its other columns are inferred. */
  readonly knownTypes?: Readonly<Record<string, ScalarType>>;
  /** Columns that are text whatever their values look like, where the file has them. */
  readonly textColumns?: ReadonlySet<string>;
  /** A file of a single column: refused (default) or taken. */
  readonly singleColumn?: 'refuse' | 'take';
  /** A column of times with and without a zone: taken as UTC with a warning (default), or refused. */
  readonly mixedZones?: 'take' | 'refuse';
  /** Rows longer than the header: refused (default) or cut with a warning. */
  readonly longRows?: 'refuse' | 'cut';
}

export interface CsvResult {
  readonly table: Table;
  readonly delimiter: CsvDelimiter;
  readonly encoding: CsvEncoding;
  readonly decimal: '.' | ',';
  /** Sentences about what was mended: short rows, renamed columns, a guessed encoding. */
  readonly warnings: readonly string[];
  /** The first rows as they stand in the file, the header not among them; at most 20. */
  readonly firstRows: readonly (readonly string[])[];
}
