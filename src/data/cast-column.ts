import { cellAt, columnLength, stringColumn, type Column, type ScalarType } from '../utils/columns';
import { WorkbenchError } from '../utils/errors';
import { utf8Bytes } from '../utils/utf8';
import { makeSink } from './csv/sink';
import { formatTimestamp } from './csv/timestamps';
import { listReader } from './csv/write-csv';

const DOT = 0x2e;
const TYPE_WORDS: Readonly<Record<ScalarType, string>> = {
  float64: 'a number',
  int64: 'a whole number',
  bool: 'true or false',
  timestamp: 'a date such as 2026-03-02 or 2026-03-02T14:05:00Z',
  string: 'text',
};

/** A column as another type, each value read as if it stood in a CSV file. Throws DATA_INVALID with the first misfit. */
export function castColumn(name: string, column: Column, type: ScalarType): Column {
  if (column.type === type) return column;
  const rows = columnLength(column);
  if (type === 'string') {
    return stringColumn(Array.from({ length: rows }, (_, row) => textAt(column, row)));
  }
  if (type === 'float64' && column.type === 'int64') return wholeAsFloat(name, column);
  const sink = makeSink(type, rows, DOT);
  for (let row = 0; row < rows; row++) {
    const text = textAt(column, row);
    if (text === null) continue;
    const bytes = utf8Bytes(text);
    if (!sink.put(row, bytes, 0, bytes.length)) throw misfit(name, row, text, type);
  }
  return sink.finish();
}

function wholeAsFloat(name: string, column: Extract<Column, { type: 'int64' }>): Column {
  const values = new Float64Array(column.values.length).fill(NaN);
  for (let row = 0; row < values.length; row++) {
    if (column.valid && !column.valid[row]) continue;
    const value = Number(column.values[row]);
    if (!Number.isSafeInteger(value)) throw misfit(name, row, String(column.values[row]), 'float64');
    values[row] = value;
  }
  return { type: 'float64', values };
}

/** A cell as CSV has it; null when missing. */
export function textAt(column: Column, row: number): string | null {
  if (column.type === 'list') return listReader(column)(row);
  const cell = cellAt(column, row);
  if (cell === null) return null;
  return column.type === 'timestamp' ? formatTimestamp(Number(cell)) : String(cell);
}

function misfit(name: string, row: number, text: string, type: ScalarType): WorkbenchError {
  const exact = type === 'float64' ? `${TYPE_WORDS[type]} that float64 keeps exactly` : TYPE_WORDS[type];
  return new WorkbenchError(
    'DATA_INVALID',
    `Row ${(row + 1).toLocaleString('en')} of the column "${name}" holds "${text.slice(0, 40)}", which is not ${exact}. Choose another type, or mend the values.`,
  );
}
