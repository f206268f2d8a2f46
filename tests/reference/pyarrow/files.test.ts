import { readFileSync } from 'node:fs';
import { join } from 'node:path';
import { describe, expect, test } from 'vitest';
import { decodeArrow } from '../../../src/platform/arrow/ipc';
import { readParquet } from '../../../src/platform/parquet/read';
import { writeParquet } from '../../../src/platform/parquet/write';
import { cellAt, type Table } from '../../../src/utils/columns';
import frozen from './expected.json';

const bytesOf = (name: string) => new Uint8Array(readFileSync(join(import.meta.dirname, name)));

/** Whole numbers of 64 bits as text, as in expected.json. */
function cellsOf(table: Table): Readonly<Record<string, readonly unknown[]>> {
  return Object.fromEntries(
    [...table.columns].map(([name, column]) => [
      name,
      Array.from({ length: table.rowCount }, (_, row) => {
        const cell = cellAt(column, row);
        return typeof cell === 'bigint' ? String(cell) : cell;
      }),
    ]),
  );
}

describe(`files of pyarrow ${frozen.pyarrow}`, () => {
  test.each(['none', 'snappy', 'gzip', 'brotli', 'zstd', 'lz4'])('Parquet, compression %s', async (codec) => {
    const table = await readParquet(bytesOf(`${codec}.parquet`));
    expect(cellsOf(table)).toEqual(frozen.columns);
    expect(table.columns.get('town')?.type).toBe('string');
    expect(table.columns.get('day')?.type).toBe('timestamp');
  });

  test.each(['file.arrow', 'stream.arrow'])('Arrow IPC, %s', (name) => {
    const { price, ...columns } = frozen.columns;
    expect(price).toHaveLength(7);
    expect(cellsOf(decodeArrow(bytesOf(name)))).toEqual(columns);
  });

  test('a compressed Arrow file, lists in Parquet, and what is cut short are refused in a sentence', async () => {
    expect(() => decodeArrow(bytesOf('compressed.arrow'))).toThrow('The Arrow table is compressed');
    await expect(readParquet(bytesOf('nested.parquet'))).rejects.toThrow(
      'The column "lists" holds lists or structures',
    );
    const whole = bytesOf('snappy.parquet');
    for (const length of [0, 3, 100, whole.length - 1]) {
      await expect(readParquet(whole.subarray(0, length))).rejects.toThrow('The bytes are no Parquet file');
    }
  });

  test('a table of ours comes back from Parquet, microseconds included', async () => {
    const table = await readParquet(bytesOf('none.parquet'));
    expect(cellsOf(await readParquet(writeParquet(table)))).toEqual(frozen.columns);
  });
});
