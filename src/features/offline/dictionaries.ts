import type { Column, ScalarColumn, Table } from '../../utils/columns';

/**
 * The table with the dictionaries of its text columns in order of first appearance, without texts that no row has, and
 * without masks that hide nothing: the form in which tables are stored and come back, so that equal rows are equal bytes.
 */
export function compactTable(table: Table): Table {
  return {
    rowCount: table.rowCount,
    columns: new Map([...table.columns].map(([name, column]) => [name, compactColumn(column)] as const)),
  };
}

function compactColumn(column: ScalarColumn): ScalarColumn;
function compactColumn(column: Column): Column;
function compactColumn(column: Column): Column {
  if (column.type === 'list') {
    const { offsets, valid } = column;
    const items = compactColumn(column.items);
    return valid?.includes(0) ? { type: 'list', offsets, valid, items } : { type: 'list', offsets, items };
  }
  if (column.type === 'int64' && column.valid && !column.valid.includes(0)) {
    return { type: 'int64', values: column.values };
  }
  return column.type === 'string' ? compactTexts(column) : column;
}

function compactTexts(column: Extract<Column, { type: 'string' }>): ScalarColumn {
  const codeOf = new Int32Array(column.dictionary.length).fill(-1);
  const codes = new Int32Array(column.codes.length);
  const dictionary: string[] = [];
  for (let row = 0; row < codes.length; row++) {
    const old = column.codes[row] as number;
    if (old < 0) {
      codes[row] = -1;
      continue;
    }
    let code = codeOf[old] as number;
    if (code < 0) {
      code = dictionary.push(column.dictionary[old] ?? '') - 1;
      codeOf[old] = code;
    }
    codes[row] = code;
  }
  return { type: 'string', codes, dictionary };
}
