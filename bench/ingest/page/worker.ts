import { readCsv } from '../../../src/data/csv/read-csv';
import { writePartitions } from '../../../src/features/offline/write';
import { decodeArrow, encodeArrow } from '../../../src/platform/arrow/ipc';
import { opfsFiles } from '../../../src/platform/opfs/files';
import { readParquet } from '../../../src/platform/parquet/read';
import { columnOf, toFloat64, type Table } from '../../../src/utils/columns';

type Format = 'csv' | 'parquet';

export interface Request {
  readonly kind: 'load' | 'ingest';
  readonly format: Format;
}

/** Seconds from the file's bytes to a table, and on to its partitions in the private file system. */
export interface Ingested {
  readonly read: number;
  readonly seconds: number;
  readonly rows: number;
  readonly sum: number;
}

let bytes: Uint8Array | undefined;

self.onmessage = ({ data }: MessageEvent<Request>) => {
  answer(data).then(
    (message) => self.postMessage(message),
    (error: unknown) => self.postMessage({ fault: String(error) }),
  );
};

async function answer({ kind, format }: Request): Promise<Ingested | null> {
  if (kind === 'load') {
    const response = await fetch(new URL(`data/rows.${format}`, self.location.origin));
    if (!response.ok) throw new Error(`rows.${format}: ${response.status}`);
    bytes = new Uint8Array(await response.arrayBuffer());
    return null;
  }
  if (!bytes) throw new Error('there is no file yet');
  const started = performance.now();
  const rows: Table = format === 'csv' ? (await readCsv(bytes, {}, {})).table : await readParquet(bytes);
  const read = (performance.now() - started) / 1000;
  const arrow = {
    encode: (table: Table) => Promise.resolve(encodeArrow(table)),
    decode: (content: Uint8Array) => Promise.resolve(decodeArrow(content)),
  };
  const store = { files: await opfsFiles(`bench-${format}`), arrow };
  const call = { model: 'bench', table: 'rows', rows, before: [], timeColumn: 'event_timestamp', sequence: 0 };
  await writePartitions(store, call, {});
  const seconds = (performance.now() - started) / 1000;
  const sum = toFloat64(columnOf(rows, 'items')).reduce((total, value) => total + value, 0);
  return { read, seconds, rows: rows.rowCount, sum };
}
