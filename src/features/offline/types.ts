import type { Table } from '../../utils/columns';
import type { FileStore } from '../../utils/records';
import type { Micros } from '../types';

/** Tables to and from the bytes of a file; equal tables give equal bytes. */
export interface TableCodec {
  encode(table: Table): Promise<Uint8Array>;
  /** Throws a WorkbenchError for bytes that are damaged, cut short or of another kind. */
  decode(bytes: Uint8Array): Promise<Table>;
}

/** Arrow IPC. */
export type ArrowCodec = TableCodec;

/** How long a time one partition is about. */
export type Granularity = 'day' | 'month' | 'year';

/** One immutable Arrow file of a raw table: rows of one event date, UTC. */
export interface Partition {
  readonly model: string;
  readonly table: string;
  readonly path: string;
  readonly rows: number;
  readonly bytes: number;
  /** SHA-256 of the file. */
  readonly digest: string;
  /** The append that brought it, from 0; the last of them when several were put together. */
  readonly sequence: number;
  /** The column its date is of; null for a table without event time. */
  readonly time_column: string | null;
  readonly granularity: Granularity | null;
  /** "2026-03-07", "2026-03" or "2026"; null for rows without event time. */
  readonly date: string | null;
  /** Event times of its first and last event; null where it has none. */
  readonly from: Micros | null;
  readonly to: Micros | null;
  /**
   * Numbers of its first and last row in the table, from 0. Where other partitions hold rows in between, the last column
   * of the file has each row's number. Null in stores older than dates: the rows follow those of lower sequences.
   */
  readonly first: number | null;
  readonly last: number | null;
  /** Digests of the partitions it took the place of. */
  readonly replaces?: readonly string[];
}

/** Where partitions are read from. */
export interface PartitionSource {
  readonly files: Pick<FileStore, 'read'>;
  readonly arrow: ArrowCodec;
}

/** Where new partitions go. */
export interface PartitionSink {
  readonly files: Pick<FileStore, 'write'>;
  readonly arrow: ArrowCodec;
}
