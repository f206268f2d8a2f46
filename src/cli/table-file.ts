import { readFile } from 'node:fs/promises';
import { basename, extname } from 'node:path';
import { readCsv } from '../data/csv/read-csv';
import type { CsvOptions } from '../data/types';
import type { Table } from '../utils/columns';
import { WorkbenchError } from '../utils/errors';
import { decodeTable } from './node-platform';

/** Endings of files that hold tables. */
export const TABLE_ENDINGS = ['.csv', '.parquet', '.arrow'] as const;

export type TableEnding = (typeof TABLE_ENDINGS)[number];

export interface TableFile {
  /** The file's name without its folder. */
  readonly name: string;
  readonly table: Table;
  /** Sentences about what was mended. */
  readonly warnings: readonly string[];
}

/** What kind of table a file holds, by its ending. Throws USAGE; `flag` begins the sentence. */
export function tableEnding(flag: string, path: string): TableEnding {
  const ending = extname(path).toLowerCase();
  const known = TABLE_ENDINGS.find((one) => one === ending);
  if (known === undefined) {
    throw new WorkbenchError(
      'USAGE',
      `--${flag} is "${path}"; expected a file that ends in ${TABLE_ENDINGS.join(', ')}.`,
    );
  }
  return known;
}

/** The bytes of a file. Throws USAGE where it cannot be read. */
export async function readBytes(path: string): Promise<Uint8Array> {
  try {
    return await readFile(path);
  } catch (error) {
    throw new WorkbenchError(
      'USAGE',
      `Cannot read ${path}: ${error instanceof Error ? error.message : String(error)}.`,
    );
  }
}

/** Runs `work` and puts the file's name before the sentences of its faults. */
export async function about<T>(name: string, work: () => T | Promise<T>): Promise<T> {
  try {
    return await work();
  } catch (error) {
    if (!(error instanceof WorkbenchError)) throw error;
    throw new WorkbenchError(error.code, `${name}: ${error.message}`, error.details, { cause: error });
  }
}

/**
 * The table in a .csv, .parquet or .arrow file (IPC, file or stream). Missing are, in CSV, what `readCsv` says (empty
 * cells, "?", NA, N/A, NaN, null); elsewhere nulls and NaN.
 *
 * @param textColumns of a CSV file: columns that are text, whatever their values look like.
 * @param mixedZones of a CSV file: whether a column of times may have values with and without a zone.
 */
export async function readTableFile(
  flag: string,
  path: string,
  textColumns: ReadonlySet<string> = new Set(),
  mixedZones: 'take' | 'refuse' = 'take',
): Promise<TableFile> {
  const ending = tableEnding(flag, path);
  const bytes = await readBytes(path);
  const name = basename(path);
  return about(name, async () => {
    if (ending !== '.csv') return { name, table: await decodeTable(ending, bytes), warnings: [] };
    const options: CsvOptions = { textColumns, singleColumn: 'take', mixedZones };
    const { table, warnings } = await readCsv(bytes, options, {});
    return { name, table, warnings: warnings.map((warning) => `${name}: ${warning}`) };
  });
}
