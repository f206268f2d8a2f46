import { cellAt, cellText, columnLength, columnOf, type Table } from '../../utils/columns';
import type { Control } from '../../utils/control';
import { WorkbenchError } from '../../utils/errors';
import { labelFaults, parseLabelRule } from '../../data/label';
import { profileTable } from '../../data/profile';
import { suggestRoles } from '../../data/roles';
import { MOST_CATEGORIES } from '../../features/from-table';
import type { Host } from '../platform';
import type { FilePreview } from '../views';
import type { PreviewCall } from './data-calls';
import { readTableFile } from './table-file';

/** What a file holds and what each column could be, before anything of it is stored. */
export async function previewFile(host: Host, call: PreviewCall, control: Control): Promise<FilePreview> {
  const { fileName } = call;
  const read = await readTableFile(host, call, control);
  if (call.label) checkLabel(fileName, read.table, call.label);
  const profile = await profileTable('file', read.table, control);
  const roles = suggestRoles(profile);
  return {
    fileName,
    format: read.format,
    csv: read.csv,
    rows: read.table.rowCount,
    columns: profile.columns.map((column) => ({
      ...column,
      examples: examplesOf(read.table, column.name),
      categories: categoriesOf(read.table, column.name),
      suggestion: roles.get(column.name) ?? 'feature',
    })),
    warnings: read.warnings,
    firstRows: read.firstRows,
  };
}

function checkLabel(
  fileName: string,
  table: Table,
  label: { readonly column: string; readonly positive: string },
): void {
  const column = table.columns.get(label.column);
  if (!column) {
    throw new WorkbenchError(
      'DATA_INVALID',
      `${fileName} has no column "${label.column}". Choose one of ${[...table.columns.keys()].join(', ')}.`,
    );
  }
  const faults = labelFaults(label.column, column, parseLabelRule(label.positive));
  if (faults.length > 0) throw new WorkbenchError('DATA_INVALID', faults.join(' '));
}

function categoriesOf(table: Table, name: string): readonly string[] {
  const column = columnOf(table, name);
  return column.type === 'string' && column.dictionary.length <= MOST_CATEGORIES ? column.dictionary : [];
}

function examplesOf(table: Table, name: string): string[] {
  const column = columnOf(table, name);
  const found: string[] = [];
  for (let row = 0; row < columnLength(column) && found.length < 3; row++) {
    const cell = cellAt(column, row);
    if (cell !== null && !found.includes(cellText(cell))) found.push(cellText(cell));
  }
  return found;
}
