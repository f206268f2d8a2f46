import { nearest } from '../../config/suggest';
import { makeTable, type Column, type ScalarType } from '../../utils/columns';
import { checkpoint, type Control } from '../../utils/control';
import { WorkbenchError } from '../../utils/errors';
import type { CsvDelimiter, CsvOptions, CsvResult } from '../types';
import { toUtf8 } from './encoding';
import { ColumnGuess, guessDecimal } from './guess';
import { fieldTexts, readHeader } from './header';
import { walkRows, type CsvSource } from './rows';
import { RowScanner } from './scanner';
import { makeSink, type ColumnSink } from './sink';
import { sniffDelimiter } from './sniff';
import { decodeUtf8 } from './text';

const MAX_COLUMNS = 2000;
const FIRST_ROWS = 20;
const NAMES: Readonly<Record<CsvDelimiter, string>> = { ',': 'comma', ';': 'semicolon', '\t': 'tab', '|': 'bar' };

/**
 * Reads a CSV file: delimiter (comma, semicolon, tab or bar), encoding (see `toUtf8`), decimal mark and column types are
 * found from all rows unless `options` names them. The first row holds the names. Missing are empty cells, "?", NA, N/A,
 * NaN and null in any case. Rows shorter than the header are filled with missing cells and named in a warning; longer
 * ones are refused. At least two columns (one where the options say so) and one row, at most 2,000 columns. Two passes over the bytes; the table's
 * arrays are the only large memory.
 */
export async function readCsv(bytes: Uint8Array, options: CsvOptions, control: Control): Promise<CsvResult> {
  if (bytes.length === 0) throw refuse('The file is empty. Open a CSV file with a header and at least one row.');
  const decoded = await toUtf8(bytes, control);
  const sniffed = sniffDelimiter(decoded.bytes);
  const delimiter = options.delimiter ?? sniffed.delimiter;
  const { source, names, warnings } = openTable(decoded.bytes, delimiter, sniffed.start, options);
  checkTypeNames(names, options);
  const survey = await surveyRows(source, control);
  const rowWarnings = judgeRows(survey, names.length, options);
  if (options.mixedZones === 'refuse') refuseMixedZones(names, survey);
  const decimal = options.decimal ?? guessDecimal(survey.guesses, delimiter);
  const types = names.map((name, i) => chosenType(options, name) ?? survey.guesses[i]?.type(decimal) ?? 'string');
  const columns = await fillColumns({ source, names, types, decimal, rows: survey.rows }, control);
  return {
    table: makeTable(names.map((name, i) => [name, columns[i] as Column] as const)),
    delimiter,
    encoding: decoded.encoding,
    decimal,
    warnings: [...decoded.warnings, ...warnings, ...rowWarnings, ...columnWarnings(names, types, survey)],
    firstRows: survey.firstRows,
  };
}

function refuse(message: string, details: Readonly<Record<string, unknown>> = {}): WorkbenchError {
  return new WorkbenchError('DATA_INVALID', message, details);
}

function openTable(bytes: Uint8Array, delimiter: CsvDelimiter, start: number, options: CsvOptions) {
  const scanner = new RowScanner(bytes, delimiter.charCodeAt(0), MAX_COLUMNS, start);
  if (!scanner.next())
    throw refuse('The file holds only blank lines. Open a CSV file with a header and at least one row.');
  const width = scanner.count;
  if (width > MAX_COLUMNS) {
    throw refuse(
      `The file has ${width.toLocaleString('en')} columns; at most ${MAX_COLUMNS.toLocaleString('en')} are read. Keep the columns that matter and open it again.`,
      { columns: width },
    );
  }
  if (width === 1 && options.singleColumn !== 'take') {
    throw refuse(
      `The file has only one column (read with ${NAMES[delimiter]}s between columns). A model needs a label and at least one other column. If other signs separate the columns, save it with commas, semicolons, tabs or bars.`,
      { columns: 1 },
    );
  }
  const { names, warnings } = readHeader(scanner);
  return { source: { bytes, delimiter: delimiter.charCodeAt(0), start, width } satisfies CsvSource, names, warnings };
}

function chosenType(options: CsvOptions, name: string): ScalarType | undefined {
  if (options.types && Object.hasOwn(options.types, name)) return options.types[name];
  if (options.knownTypes && Object.hasOwn(options.knownTypes, name)) return options.knownTypes[name];
  return options.textColumns?.has(name) ? 'string' : undefined;
}

function checkTypeNames(names: readonly string[], options: CsvOptions): void {
  for (const name of Object.keys(options.types ?? {})) {
    if (names.includes(name)) continue;
    const near = nearest(name, names);
    throw refuse(
      `A type is given for the column "${name}", which the file does not have.${near === null ? '' : ` Did you mean "${near}"?`}`,
    );
  }
}

interface OddRows {
  count: number;
  /** 1-based row, its line and its number of values; of the first such row. */
  row: number;
  line: number;
  values: number;
}

interface Survey {
  readonly guesses: readonly ColumnGuess[];
  readonly short: OddRows;
  readonly long: OddRows;
  readonly firstRows: readonly (readonly string[])[];
  readonly rows: number;
}

async function surveyRows(source: CsvSource, control: Control): Promise<Survey> {
  const guesses = Array.from({ length: source.width }, () => new ColumnGuess());
  const short: OddRows = { count: 0, row: 0, line: 0, values: 0 };
  const long: OddRows = { count: 0, row: 0, line: 0, values: 0 };
  const firstRows: string[][] = [];
  let current = 0;
  const note = (odd: OddRows, scanner: RowScanner) => {
    if (odd.count++ === 0) Object.assign(odd, { row: current + 1, line: scanner.line, values: scanner.count });
  };
  const visitor = {
    row(row: number, scanner: RowScanner) {
      current = row;
      if (row < FIRST_ROWS) firstRows.push(fieldTexts(scanner));
      if (scanner.count < source.width) note(short, scanner);
      else if (scanner.overflowed) note(long, scanner);
    },
    cell(column: number, bytes: Uint8Array, start: number, end: number) {
      guesses[column]?.observe(bytes, start, end, current);
    },
  };
  const rows = await walkRows(source, visitor, 'looking at the values', control);
  if (rows === 0) throw refuse('The file has a header but no rows. Add at least one row of values.');
  return { guesses, short, long, firstRows, rows };
}

function judgeRows({ short, long, rows }: Survey, width: number, options: CsvOptions): string[] {
  const where = (odd: OddRows) =>
    `row ${odd.row.toLocaleString('en')} (line ${odd.line.toLocaleString('en')}) with ${odd.values}`;
  const warnings: string[] = [];
  if (long.count > 0) {
    const what = `${countRows(long.count, rows)} more values than the ${width} columns of the header; the first is ${where(long)}.`;
    if (options.longRows !== 'cut') {
      throw refuse(`${what} Put values that hold the delimiter in quotes, or mend those rows.`, {
        row: long.row,
        line: long.line,
        count: long.count,
      });
    }
    warnings.push(`${what} What is past the last column was left out.`);
  }
  if (short.count > 0) {
    warnings.push(
      `${countRows(short.count, rows)} fewer values than the ${width} columns of the header; the first is ${where(short)}. The cells that are not there count as missing.`,
    );
  }
  return warnings;
}

function countRows(count: number, rows: number): string {
  return `${count.toLocaleString('en')} of ${rows.toLocaleString('en')} rows ${count === 1 ? 'has' : 'have'}`;
}

function zonesDiffer(guess: ColumnGuess): boolean {
  return guess.firstZoned >= 0 && guess.firstWithoutZone >= 0;
}

function mixedZones(name: string, guess: ColumnGuess): string {
  const row = (at: number) => (at + 1).toLocaleString('en');
  return `The column "${name}" mixes times with a zone (first in row ${row(guess.firstZoned)}) and without one (first in row ${row(guess.firstWithoutZone)}).`;
}

function refuseMixedZones(names: readonly string[], { guesses }: Survey): void {
  names.forEach((name, i) => {
    const guess = guesses[i];
    if (guess && zonesDiffer(guess) && guess.type('.') === 'timestamp') {
      throw refuse(`${mixedZones(name, guess)} Write all of them with a zone, as in 2026-03-02T14:05:00Z.`);
    }
  });
}

/** Columns without values, and text columns that are almost all numbers. */
function columnWarnings(names: readonly string[], types: readonly ScalarType[], { guesses }: Survey): string[] {
  return names.flatMap((name, i) => {
    const guess = guesses[i];
    if (!guess) return [];
    if (guess.present === 0) return [`The column "${name}" holds no value at all.`];
    if (types[i] === 'timestamp' && zonesDiffer(guess)) {
      return [`${mixedZones(name, guess)} Those without are taken as UTC.`];
    }
    const texts = guess.present - guess.numbers;
    if (types[i] !== 'string' || texts === 0 || guess.numbers < 0.9 * guess.present) return [];
    return [
      `The column "${name}" was read as text, because ${texts} of its ${guess.present.toLocaleString('en')} values ${texts === 1 ? 'is' : 'are'} no number; the first is in row ${(guess.firstText + 1).toLocaleString('en')}.`,
    ];
  });
}

interface FillPlan {
  readonly source: CsvSource;
  readonly names: readonly string[];
  readonly types: readonly ScalarType[];
  readonly decimal: '.' | ',';
  readonly rows: number;
}

interface Misfit {
  readonly column: number;
  readonly row: number;
  readonly value: string;
  count: number;
}

const TYPE_WORDS: Readonly<Record<ScalarType, string>> = {
  float64: 'a number',
  int64: 'a whole number',
  bool: 'true or false (yes, no, 1 and 0 fit too)',
  timestamp: 'a date such as 2026-03-02 or 2026-03-02T14:05:00Z',
  string: 'text',
};

async function fillColumns(plan: FillPlan, control: Control): Promise<readonly Column[]> {
  const sinks: ColumnSink[] = [];
  for (const type of plan.types) {
    await checkpoint(control);
    sinks.push(makeSink(type, plan.rows, plan.decimal.charCodeAt(0)));
  }
  const misfits = new Map<number, Misfit>();
  let current = 0;
  const visitor = {
    row(row: number) {
      current = row;
    },
    cell(column: number, bytes: Uint8Array, start: number, end: number) {
      if (sinks[column]?.put(current, bytes, start, end) !== false) return;
      const known = misfits.get(column);
      if (known) known.count++;
      else
        misfits.set(column, {
          column,
          row: current + 1,
          value: decodeUtf8(bytes, start, Math.min(end, start + 40)),
          count: 1,
        });
    },
  };
  await walkRows(plan.source, visitor, 'reading the values', control);
  if (misfits.size > 0) throw misfitError([...misfits.values()], plan);
  return sinks.map((sink) => sink.finish());
}

function misfitError(misfits: readonly Misfit[], plan: FillPlan): WorkbenchError {
  const sentences = misfits.map(({ column, row, value, count }) => {
    const more = count > 1 ? `, and ${(count - 1).toLocaleString('en')} more` : '';
    return `Row ${row.toLocaleString('en')} of the column "${plan.names[column] ?? ''}" holds "${value}", which is not ${TYPE_WORDS[plan.types[column] ?? 'string']}${more}.`;
  });
  return refuse(`${sentences.join(' ')} Choose another type, or mend the values.`, {
    misfits: misfits.map(({ column, row, value, count }) => ({ column: plan.names[column], row, value, count })),
  });
}
