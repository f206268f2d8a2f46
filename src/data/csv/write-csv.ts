import { cellAt, type Column, type ListColumn, type ScalarCell, type Table } from '../../utils/columns';
import { listText } from '../../utils/lists';
import { formatTimestamp } from './timestamps';

const ROWS_A_PIECE = 4096;

/** Values that would read back as missing, or lose spaces, stand in quotes like those that hold , " or a line end. */
const NEEDS_QUOTES = /[",\n\r]|^[\s\uFEFF]|\s$/;

/**
 * A table as RFC 4180 text: UTF-8, commas, "\n", a header; missing cells are empty, bool is true/false, numbers in the
 * shortest form that reads back as the same double, timestamps as ISO 8601 in UTC. Text that reads as missing ("NA") is
 * written as it is, and comes back as missing. Lists are JSON text, which reads back as text.
 */
export function writeCsv(table: Table): string {
  return [...csvPieces(table)].join('');
}

/** The text of `writeCsv` in pieces, for tables whose text is longer than a string may be. */
export function* csvPieces(table: Table): Generator<string, void, undefined> {
  const columns = [...table.columns.values()].map(cellWriter);
  let lines = [[...table.columns.keys()].map(quoted).join(',')];
  for (let row = 0; row < table.rowCount; row++) {
    lines.push(columns.map((write) => write(row)).join(','));
    if (lines.length < ROWS_A_PIECE) continue;
    yield `${lines.join('\n')}\n`;
    lines = [];
  }
  if (lines.length > 0) yield `${lines.join('\n')}\n`;
}

function cellWriter(column: Column): (row: number) => string {
  if (column.type === 'string') {
    const texts = column.dictionary.map(quoted);
    return (row) => texts[column.codes[row] ?? -1] ?? '';
  }
  if (column.type === 'list') {
    const textAt = listReader(column);
    return (row) => quoted(textAt(row) ?? '');
  }
  return (row) => {
    const cell = cellAt(column, row);
    if (cell === null) return '';
    if (column.type === 'timestamp') return formatTimestamp(Number(cell));
    return Object.is(cell, -0) ? '-0' : String(cell);
  };
}

/** The list of a row as JSON text, times as ISO 8601; null where it is missing. */
export function listReader(column: ListColumn): (row: number) => string | null {
  const isTime = column.items.type === 'timestamp';
  const textOf = isTime
    ? (item: ScalarCell) => (item === null ? 'null' : `"${formatTimestamp(Number(item))}"`)
    : undefined;
  return (row) => {
    const list = cellAt(column, row);
    return list === null ? null : listText(list as readonly ScalarCell[], textOf);
  };
}

function quoted(text: string): string {
  return NEEDS_QUOTES.test(text) ? `"${text.replaceAll('"', '""')}"` : text;
}
