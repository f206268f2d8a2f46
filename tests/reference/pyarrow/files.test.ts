import { readFileSync } from 'node:fs';
import { join } from 'node:path';
import { describe, expect, test } from 'vitest';
import { decodeArrow, encodeArrow } from '../../../src/platform/arrow/ipc';
import { readParquet } from '../../../src/platform/parquet/read';
import { writeParquet } from '../../../src/platform/parquet/write';
import { cellAt, type Cell, type Table } from '../../../src/utils/columns';
import frozen from './expected.json';

const bytesOf = (name: string) => new Uint8Array(readFileSync(join(import.meta.dirname, name)));

function plain(cell: Cell): unknown {
  if (cell !== null && typeof cell === 'object') return cell.map(plain);
  return typeof cell === 'bigint' ? String(cell) : cell;
}

/** Whole numbers of 64 bits as text, as in expected.json. */
function cellsOf(table: Table): Readonly<Record<string, readonly unknown[]>> {
  return Object.fromEntries(
    [...table.columns].map(([name, column]) => [
      name,
      Array.from({ length: table.rowCount }, (_, row) => plain(cellAt(column, row))),
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

  test('a compressed Arrow file, what is nested deeper in Parquet, and what is cut short are refused in a sentence', async () => {
    expect(() => decodeArrow(bytesOf('compressed.arrow'))).toThrow('The Arrow table is compressed');
    await expect(readParquet(bytesOf('nested.parquet'))).rejects.toThrow(
      'The column "lists" holds structures or lists of lists',
    );
    await expect(readParquet(bytesOf('structures.parquet'))).rejects.toThrow('The column "parts" holds structures');
    const whole = bytesOf('snappy.parquet');
    for (const length of [0, 3, 100, whole.length - 1]) {
      await expect(readParquet(whole.subarray(0, length))).rejects.toThrow('The bytes are no Parquet file');
    }
  });

  test('lists of every type, in Parquet and Arrow, sliced and of one length', async () => {
    const { nothing, ...lists } = frozen.lists;
    const parquet = await readParquet(bytesOf('lists.parquet'));
    const arrow = decodeArrow(bytesOf('lists.arrow'));
    for (const table of [parquet, arrow]) {
      expect(cellsOf(table)).toEqual({ ...lists, nothing });
      expect([...table.columns].flatMap(([name, column]) => (column.type === 'list' ? [] : [name]))).toEqual([]);
    }
    expect(cellsOf(decodeArrow(bytesOf('sliced.arrow')))).toEqual(
      Object.fromEntries(Object.entries(frozen.lists).map(([name, cells]) => [name, cells.slice(1, 5)])),
    );
    expect(cellsOf(await readParquet(writeParquet(parquet)))).toEqual(frozen.lists);
    expect(cellsOf(decodeArrow(encodeArrow(arrow)))).toEqual(frozen.lists);
  });

  test('narrow and unsigned numbers, dictionaries of numbers, and times in zones', async () => {
    const { coded_null: withNull, ...foreign } = frozen.foreign;
    expect(cellsOf(await readParquet(bytesOf('foreign.parquet')))).toEqual(foreign);
    expect(cellsOf(decodeArrow(bytesOf('foreign.arrow')))).toEqual({ ...foreign, coded_null: withNull });
  });

  test('whole numbers beyond int64 are refused by name', async () => {
    const says = 'The column "big" holds 9223372036854775808, which is beyond int64';
    await expect(readParquet(bytesOf('beyond.parquet'))).rejects.toThrow(says);
    expect(() => decodeArrow(bytesOf('beyond.arrow'))).toThrow(says);
  });

  test('a table of ours comes back from Parquet, microseconds included', async () => {
    const table = await readParquet(bytesOf('none.parquet'));
    expect(cellsOf(await readParquet(writeParquet(table)))).toEqual(frozen.columns);
  });
});
