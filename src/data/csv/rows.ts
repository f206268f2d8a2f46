import { checkpoint, type Control } from '../../utils/control';
import { WorkbenchError } from '../../utils/errors';
import { ESCAPED, RowScanner, unescapeInto } from './scanner';

/** Text that was found to be a table: valid UTF-8, its delimiter, and where its rows start. */
export interface CsvSource {
  readonly bytes: Uint8Array;
  /** Byte of the delimiter. */
  readonly delimiter: number;
  /** Byte position and width of the header. */
  readonly start: number;
  readonly width: number;
}

/** Called for each cell; the bytes are those of the file, or of a scratch buffer good for this call only. */
export type CellVisitor = (column: number, bytes: Uint8Array, start: number, end: number) => void;

export interface RowVisitor {
  /** Before a row's cells; rows count from 0, the header left out. */
  row(row: number, scanner: RowScanner): void;
  cell: CellVisitor;
}

/** Cells between two checkpoints: a few milliseconds of work. */
const CELLS_A_TURN = 40_000;

/** Walks all rows below the header, giving the host a turn now and then. Returns the number of rows. */
export async function walkRows(
  source: CsvSource,
  visitor: RowVisitor,
  label: string,
  control: Control,
): Promise<number> {
  const { bytes, width } = source;
  const scanner = new RowScanner(bytes, source.delimiter, width, source.start);
  scanner.next();
  const rowsATurn = Math.max(1, Math.floor(CELLS_A_TURN / width));
  const state = { scratch: new Uint8Array(256) };
  let row = 0;
  while (scanner.next()) {
    if (row % rowsATurn === 0) await checkpoint(control, { label, done: scanner.position, total: bytes.length });
    visitor.row(row, scanner);
    visitCells(scanner, width, visitor.cell, state);
    row++;
  }
  if (scanner.fault) throw faultError(scanner.fault);
  await checkpoint(control, { label, done: bytes.length, total: bytes.length });
  return row;
}

function visitCells(scanner: RowScanner, width: number, cell: CellVisitor, state: { scratch: Uint8Array }): void {
  const { bytes, starts, ends, kinds } = scanner;
  const count = Math.min(scanner.count, width);
  for (let column = 0; column < count; column++) {
    const start = starts[column] ?? 0;
    const end = ends[column] ?? 0;
    if (kinds[column] !== ESCAPED) {
      cell(column, bytes, start, end);
    } else {
      if (end - start > state.scratch.length) state.scratch = new Uint8Array(2 * (end - start));
      cell(column, state.scratch, 0, unescapeInto(bytes, start, end, state.scratch));
    }
  }
}

function faultError(fault: NonNullable<RowScanner['fault']>): WorkbenchError {
  const text =
    fault.kind === 'unclosed quote'
      ? `A quote that opens on line ${fault.line} is never closed. Close it, or write quotes inside text twice ("").`
      : `On line ${fault.line} text follows a closing quote. Write quotes inside text twice ("").`;
  return new WorkbenchError('DATA_INVALID', text, { line: fault.line });
}
