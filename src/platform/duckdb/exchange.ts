import type { Table } from '../../utils/columns';
import { encodeArrow } from '../arrow/ipc';
import { readColumn, tableFromColumns } from '../arrow/read-column';

/** DuckDB brings its own Arrow; only bytes go in, and results are read by structure. */
interface ResultTable {
  readonly numRows: number;
  readonly schema: { readonly fields: readonly { readonly name: string }[] };
  getChildAt(index: number): unknown;
}

export function encodeForSql(table: Table): Uint8Array {
  return encodeArrow(table);
}

export function readResult(result: unknown): Table {
  const table = result as ResultTable;
  return tableFromColumns(
    table.schema.fields.map(
      (field, i) => [field.name, readColumn(field.name, table.getChildAt(i), table.numRows)] as const,
    ),
    table.numRows,
  );
}
