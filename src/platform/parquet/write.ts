import { parquetWriteBuffer } from 'hyparquet-writer';
import { cellAt, columnLength, type Column, type Table } from '../../utils/columns';

const ELEMENTS = {
  float64: { type: 'DOUBLE' },
  int64: { type: 'INT64' },
  bool: { type: 'BOOLEAN' },
  string: { type: 'BYTE_ARRAY', converted_type: 'UTF8' },
} as const;

/** A table as a Parquet file (snappy), missing values as nulls, times in microseconds UTC. Equal tables give equal bytes. */
export function writeParquet(table: Table): Uint8Array {
  const columnData = [...table.columns].map(([name, column]) => ({
    name,
    data: Array.from({ length: columnLength(column) }, (_, row) => cellOf(column, row)),
  }));
  const elements = [...table.columns].map(([name, column]) =>
    column.type === 'timestamp'
      ? microseconds(name)
      : { name, repetition_type: 'OPTIONAL' as const, ...ELEMENTS[column.type] },
  );
  const schema = [{ name: 'root', num_children: elements.length }, ...elements];
  return new Uint8Array(parquetWriteBuffer({ columnData, schema }));
}

/** The writer's own TIMESTAMP takes milliseconds. */
function microseconds(name: string) {
  return {
    name,
    type: 'INT64',
    repetition_type: 'OPTIONAL',
    converted_type: 'TIMESTAMP_MICROS',
    logical_type: { type: 'TIMESTAMP', isAdjustedToUTC: true, unit: 'MICROS' },
  } as const;
}

function cellOf(column: Column, row: number): unknown {
  const cell = cellAt(column, row);
  return column.type === 'timestamp' && cell !== null ? BigInt(Number(cell)) : cell;
}
