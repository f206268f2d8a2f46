import fc from 'fast-check';
import { describe, expect, test } from 'vitest';
import { cellAt, columnOf, type Cell, type Table } from '../../utils/columns';
import type { CsvResult } from '../types';
import { readCsv } from './read-csv';

function read(text: string): Promise<CsvResult> {
  return readCsv(new TextEncoder().encode(text), {}, {});
}

function cells(table: Table, name: string): Cell[] {
  const column = columnOf(table, name);
  return Array.from({ length: table.rowCount }, (_, row) => cellAt(column, row));
}

describe('encodings', () => {
  const table = 'naïve,Größe,😀\n1,é,€\n';
  const bytesOf = (units: number[]) => Uint8Array.from(units);

  test('UTF-8 with and without a byte order mark', async () => {
    for (const text of [table, `\uFEFF${table}`]) {
      const result = await read(text);
      expect(result.encoding).toBe('UTF-8');
      expect([...result.table.columns.keys()]).toEqual(['naïve', 'Größe', '😀']);
      expect(cells(result.table, '😀')).toEqual(['€']);
    }
  });

  test('UTF-16 by its byte order mark', async () => {
    const units = [...`\uFEFF${table}`]
      .join('')
      .split('')
      .map((unit) => unit.charCodeAt(0));
    const little = bytesOf(units.flatMap((unit) => [unit & 255, unit >> 8]));
    const big = bytesOf(units.flatMap((unit) => [unit >> 8, unit & 255]));
    for (const [bytes, encoding] of [
      [little, 'UTF-16LE'],
      [big, 'UTF-16BE'],
    ] as const) {
      const result = await readCsv(bytes, {}, {});
      expect(result.encoding).toBe(encoding);
      expect([...result.table.columns.keys()]).toEqual(['naïve', 'Größe', '😀']);
    }
  });

  test('Windows-1252 where UTF-8 does not fit, with a warning', async () => {
    const bytes = bytesOf(
      [...'name,y\nM', 0xfc, ...'ller,', 0x80, ...'5\n'].map((part) =>
        typeof part === 'number' ? part : part.charCodeAt(0),
      ),
    );
    const result = await readCsv(bytes, {}, {});
    expect(result.encoding).toBe('Windows-1252');
    expect(result.warnings[0]).toContain('not valid UTF-8 (byte 9)');
    expect(cells(result.table, 'name')).toEqual(['Müller']);
    expect(cells(result.table, 'y')).toEqual(['€5']);
  });

  test('UTF-8 is judged as TextDecoder judges it', () =>
    fc.assert(
      fc.asyncProperty(
        fc.uint8Array({ min: 1, maxLength: 6 }),
        fc.string({ unit: 'binary', maxLength: 4 }),
        async (bytes, text) => {
          const body = Uint8Array.from([
            ...new TextEncoder().encode('a,b\n1,"x'),
            ...new TextEncoder().encode(text.replaceAll('\0', '')),
            ...bytes,
            0x22,
          ]);
          const strict = () => new TextDecoder('utf-8', { fatal: true }).decode(body);
          let valid = true;
          try {
            strict();
          } catch {
            valid = false;
          }
          const encoding = await readCsv(body, {}, {}).then(
            (result) => result.encoding,
            () => 'refused',
          );
          if (encoding !== 'refused') expect(encoding).toBe(valid ? 'UTF-8' : 'Windows-1252');
        },
      ),
    ));
});
