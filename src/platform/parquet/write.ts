import { parquetWriteBuffer } from 'hyparquet-writer';
import { cellAt, columnLength, type Column, type Table } from '../../utils/columns';

const TYPES = { float64: 'DOUBLE', int64: 'INT64', bool: 'BOOLEAN', string: 'STRING', timestamp: 'TIMESTAMP' } as const;

/** A table as a Parquet file (snappy), missing values as nulls. Equal tables give equal bytes. */
export function writeParquet(table: Table): Uint8Array {
  const columnData = [...table.columns].map(([name, column]) => ({
    name,
    type: TYPES[column.type],
    data: Array.from({ length: columnLength(column) }, (_, row) => cellOf(column, row)),
  }));
  return new Uint8Array(parquetWriteBuffer({ columnData }));
}

function cellOf(column: Column, row: number): unknown {
  const cell = cellAt(column, row);
  return column.type === 'timestamp' && cell !== null ? new Date(Number(cell) / 1000) : cell;
}
