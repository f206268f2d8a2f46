import type { SchemaElement } from 'hyparquet';
import { parquetWriteBuffer } from 'hyparquet-writer';
import {
  cellAt,
  columnLength,
  type Cell,
  type Column,
  type ScalarCell,
  type ScalarType,
  type Table,
} from '../../utils/columns';

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
  const elements = [...table.columns].flatMap(([name, column]) =>
    column.type === 'list' ? listElements(name, column.items.type) : [elementOf(name, column.type)],
  );
  const schema = [{ name: 'root', num_children: table.columns.size }, ...elements];
  return new Uint8Array(parquetWriteBuffer({ columnData, schema }));
}

function elementOf(name: string, type: ScalarType): SchemaElement {
  if (type === 'timestamp') return microseconds(name);
  return { name, repetition_type: 'OPTIONAL', ...ELEMENTS[type] };
}

/** Parquet's three levels of a list: the list, the repeated group, the element. */
function listElements(name: string, items: ScalarType): readonly SchemaElement[] {
  return [
    { name, repetition_type: 'OPTIONAL', converted_type: 'LIST', logical_type: { type: 'LIST' }, num_children: 1 },
    { name: 'list', repetition_type: 'REPEATED', num_children: 1 },
    elementOf('element', items),
  ];
}

/** The writer's own TIMESTAMP takes milliseconds. */
function microseconds(name: string): SchemaElement {
  return {
    name,
    type: 'INT64',
    repetition_type: 'OPTIONAL',
    converted_type: 'TIMESTAMP_MICROS',
    logical_type: { type: 'TIMESTAMP', isAdjustedToUTC: true, unit: 'MICROS' },
  };
}

function cellOf(column: Column, row: number): unknown {
  const cell: Cell = cellAt(column, row);
  if (column.type === 'timestamp') return micros(cell as ScalarCell);
  if (column.type === 'list' && column.items.type === 'timestamp' && cell !== null) {
    return (cell as readonly ScalarCell[]).map(micros);
  }
  return cell;
}

function micros(cell: ScalarCell): bigint | null {
  return cell === null ? null : BigInt(cell);
}
