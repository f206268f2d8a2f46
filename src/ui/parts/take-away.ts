import type { Cell } from '../../utils/columns';
import { listText } from '../format';

/** The numbers behind a picture, as a table. */
export interface Rows {
  readonly columns: readonly string[];
  readonly rows: readonly (readonly Cell[])[];
}

/** Spreadsheets run cells that start so; a leading apostrophe keeps them text. */
const FORMULA = /^[=+\-@\t\r]/;

function csvCell(given: Cell): string {
  const value = given !== null && typeof given === 'object' ? listText(given) : given;
  if (value === null) return '';
  if (typeof value !== 'string') return String(value);
  const safe = FORMULA.test(value) && Number.isNaN(Number(value)) ? `'${value}` : value;
  return /[",\r\n]/.test(safe) ? `"${safe.replaceAll('"', '""')}"` : safe;
}

/** RFC 4180 text with a header line; null is an empty field. */
export function csvText({ columns, rows }: Rows): string {
  return [columns, ...rows].map((row) => row.map(csvCell).join(',')).join('\r\n') + '\r\n';
}

/** Hands a file to the browser's downloads. */
export function download(name: string, content: string | Blob, type = 'text/plain'): void {
  const url = URL.createObjectURL(typeof content === 'string' ? new Blob([content], { type }) : content);
  const link = document.createElement('a');
  link.href = url;
  link.download = name;
  link.click();
  setTimeout(() => URL.revokeObjectURL(url), 10_000);
}
