import fc from 'fast-check';
import { columnFromCells } from '../../src/features/value-types';
import type { ScalarValueType } from '../../src/features/types';
import { cellAt, makeTable, type Cell, type ScalarCell, type Table } from '../../src/utils/columns';

const ITEMS: Readonly<Record<Exclude<ScalarValueType, 'int32' | 'float32'>, fc.Arbitrary<ScalarCell>>> = {
  bool: fc.boolean(),
  int64: fc.bigInt({ min: -(2n ** 63n), max: 2n ** 63n - 1n }),
  float64: fc.double({ noNaN: true }),
  string: fc.string({ unit: fc.constantFrom(...'ab,"[]é日😀\n '), maxLength: 4 }),
  timestamp: fc.integer({ min: -6e15, max: 9e15 }),
};

/** Tables of a list column of each type, up to 12 rows; lists and elements may be missing, and lists empty. */
export const listTables: fc.Arbitrary<Table> = fc.nat(12).chain((rows) => {
  const columns = Object.entries(ITEMS).map(([type, item]) =>
    fc
      .array(fc.option(fc.array(fc.option(item), { maxLength: 4 })), { minLength: rows, maxLength: rows })
      .map((cells) => [type, columnFromCells(`${type as keyof typeof ITEMS}[]`, cells)] as const),
  );
  return fc.tuple(...columns).map((made) => makeTable(made));
});

/** Type and cells of each column, by name. */
export function contentOf(table: Table): readonly (readonly [string, string, readonly Cell[]])[] {
  return [...table.columns].map(([name, column]) => [
    name,
    column.type === 'list' ? `${column.items.type}[]` : column.type,
    Array.from({ length: table.rowCount }, (_, row) => cellAt(column, row)),
  ]);
}
