import { columnOf, concatTables, makeTable, takeRows, type Column, type Table } from '../utils/columns';
import { WorkbenchError } from '../utils/errors';
import { expressionFault, fieldSql, looksAcross } from './field-sql';
import { compactTable } from './offline/dictionaries';
import type { ResolvedView } from './resolve';
import { quoteName } from './sql';
import type { Field, SqlEngine } from './types';

/** Rows in the SQL engine at a time at most, so that its memory does not grow with the table. */
const CHUNK_ROWS = 131_072;

export interface RowExpressions {
  readonly resolved: ResolvedView;
  /** The source's table, columns under the names that definitions know. */
  readonly table: Table;
  readonly fields: readonly Field[];
}

/**
 * Expressions of each row by itself: a column a field, in the rows' order. The engine gets only the columns they name, some
 * rows at a time, as a table of the source's name. Throws FEATURES_INVALID for one that looks at other rows.
 */
export async function computeExpressions(engine: SqlEngine, call: RowExpressions): Promise<Table> {
  const { resolved, table, fields } = call;
  refuseFaults(resolved, fields);
  const name = resolved.source.table;
  const sql = `SELECT ${fields.map(fieldSql).join(', ')} FROM ${quoteName(name)}`;
  const named = columnsNamed(table, fields);
  const answers: Table[] = [];
  try {
    for (const rows of chunks(table.rowCount)) {
      await engine.insert(name, compactTable(takeRows(named, rows)));
      const answer = await engine.query(sql);
      if (answer.rowCount !== rows.length) throw acrossRows(resolved, fields[0]);
      answers.push(answer);
    }
  } finally {
    await engine.drop(name);
  }
  return concatTables(answers);
}

function refuseFaults(resolved: ResolvedView, fields: readonly Field[]): void {
  for (const field of fields) {
    if (looksAcross(field.expression)) throw acrossRows(resolved, field);
    const fault = expressionFault(field.expression);
    if (fault === null) continue;
    throw new WorkbenchError(
      'FEATURES_INVALID',
      `An expression of view "${resolved.view.name}" (${field.name}) ${fault}`,
    );
  }
}

/** Row numbers in runs of nearly equal length; one empty run where there are no rows. */
function* chunks(rows: number): Iterable<Int32Array> {
  const parts = Math.max(1, Math.ceil(rows / CHUNK_ROWS));
  for (let part = 0; part < parts; part++) {
    const from = Math.floor((rows * part) / parts);
    const to = Math.floor((rows * (part + 1)) / parts);
    yield Int32Array.from({ length: to - from }, (_, row) => from + row);
  }
}

/** The columns whose names stand in an expression, and one more where none does: rows must be there to be counted. */
function columnsNamed(table: Table, fields: readonly Field[]): Table {
  const text = fields.map(({ expression }) => expression.toLowerCase().replaceAll('""', '"')).join('\n');
  const all = [...table.columns];
  const found = /\bcolumns\s*\(/.test(text) ? all : all.filter(([name]) => text.includes(name.toLowerCase()));
  const kept: readonly (readonly [string, Column])[] = found.length > 0 ? found : all.slice(0, 1);
  return makeTable(kept.map(([name]) => [name, columnOf(table, name)] as const));
}

function acrossRows({ view }: ResolvedView, field: Field | undefined): WorkbenchError {
  return new WorkbenchError(
    'FEATURES_INVALID',
    `An expression of view "${view.name}" (${field?.name ?? ''}) looks at other rows than its own; what it makes would hold later values. Write an expression of one row, and give the field an aggregate with a window.`,
  );
}
