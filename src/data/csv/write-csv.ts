import { cellAt, type Column, type Table } from '../../utils/columns';
import { formatTimestamp } from './timestamps';

/** Values that would read back as missing, or lose spaces, stand in quotes like those that hold , " or a line end. */
const NEEDS_QUOTES = /[",\n\r]|^[\s\uFEFF]|\s$/;

/**
 * A table as RFC 4180 text: UTF-8, commas, "\n", a header; missing cells are empty, bool is true/false, numbers in the
 * shortest form that reads back as the same double, timestamps as ISO 8601 in UTC. Text that reads as missing ("NA") is
 * written as it is, and comes back as missing.
 */
export function writeCsv(table: Table): string {
  const columns = [...table.columns.values()].map(cellWriter);
  const lines = [[...table.columns.keys()].map(quoted).join(',')];
  for (let row = 0; row < table.rowCount; row++) lines.push(columns.map((write) => write(row)).join(','));
  lines.push('');
  return lines.join('\n');
}

function cellWriter(column: Column): (row: number) => string {
  if (column.type === 'string') {
    const texts = column.dictionary.map(quoted);
    return (row) => texts[column.codes[row] ?? -1] ?? '';
  }
  return (row) => {
    const cell = cellAt(column, row);
    if (cell === null) return '';
    if (column.type === 'timestamp') return formatTimestamp(Number(cell));
    return Object.is(cell, -0) ? '-0' : String(cell);
  };
}

function quoted(text: string): string {
  return NEEDS_QUOTES.test(text) ? `"${text.replaceAll('"', '""')}"` : text;
}
