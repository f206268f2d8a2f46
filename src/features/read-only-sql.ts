import { nearest } from '../config/suggest';
import { cellAt, columnOf, makeTable, takeRows, type Column, type Table } from '../utils/columns';
import type { Signal } from '../utils/control';
import { WorkbenchError } from '../utils/errors';
import { engineFault, placeOf, statementFault } from './sql-place';
import { quoteName } from './sql';
import type { SqlReader, SqlToken } from './types';

export interface ReadCall {
  readonly sql: string;
  /** Names of the tables there are. */
  readonly names: readonly string[];
  /** Puts a table into the engine under its name, before the statement runs. */
  readonly load: (name: string) => Promise<void>;
  /** Rows answered at most. */
  readonly limit: number;
  readonly signal?: Signal | undefined;
}

export interface ReadAnswer {
  readonly table: Table;
  /** Rows there are; more than the table's when the limit cut them. */
  readonly total: number;
}

/** A statement that was looked at and only reads. */
interface ReadStatement {
  /** Without a last semicolon. */
  readonly query: string;
  /** "EXPLAIN " or "EXPLAIN ANALYZE " where the plan is asked for, else ''. */
  readonly explain: string;
  readonly tokens: readonly SqlToken[];
}

const BEGINNINGS = [
  'SELECT',
  'WITH',
  'FROM',
  'VALUES',
  'TABLE',
  'DESCRIBE',
  'DESC',
  'SUMMARIZE',
  'SHOW',
  'PIVOT',
  'UNPIVOT',
  'EXPLAIN',
];

/**
 * Runs one statement that reads: a query of any form, DESCRIBE, SUMMARIZE, SHOW TABLES or EXPLAIN. Three things keep it
 * from changing anything: the engine's parser must find one statement in it; it is run as the inside of a SELECT, where
 * nothing but a query parses; and the transaction around it is read-only. Files cannot be read, since the engine's
 * access to them is switched off. Whole numbers come as int64 (as text where they are longer), types without a column
 * of ours as text. Throws FEATURES_INVALID sentences with `line` and `column` in their details where the engine says.
 */
export async function readOnlySql(engine: SqlReader, call: ReadCall): Promise<ReadAnswer> {
  const statement = await lookAt(engine, call.sql);
  if (statement.tokens.length === 2 && /^show\s+(all\s+)?tables$/i.test(statement.query.trim())) return tableList(call);
  for (const name of await tablesRead(engine, statement, call)) await call.load(name);
  await engine.query('BEGIN TRANSACTION READ ONLY');
  try {
    return await run(engine, statement, call);
  } catch (error) {
    throw engineFault(error, statement.query, 1);
  } finally {
    if (!call.signal?.aborted) await engine.query('ROLLBACK');
  }
}

function tableList({ names }: ReadCall): ReadAnswer {
  const dictionary = [...names];
  const codes = Int32Array.from(dictionary.keys());
  return { table: makeTable([['name', { type: 'string', codes, dictionary }]]), total: dictionary.length };
}

async function lookAt(engine: SqlReader, sql: string): Promise<ReadStatement> {
  const tokens = await engine.tokens(sql);
  const end = tokens.findIndex((token) => isMark(token, ';'));
  const own = end < 0 ? tokens : tokens.slice(0, end);
  const [first] = own;
  if (!first) throw statementFault('the statement is empty; write one that begins with SELECT.', null);
  const more = end < 0 ? undefined : tokens.slice(end).find((token) => !isMark(token, ';'));
  if (more) {
    const place = placeOf(sql, more.start);
    throw statementFault('a second statement begins here; run one at a time.', place);
  }
  const last = tokens[end];
  const query = last ? sql.slice(0, last.start) : sql;
  const word = wordOf(first).toUpperCase();
  if (first.kind === 'keyword' && !BEGINNINGS.includes(word)) {
    throw statementFault(
      `this only reads, and "${word}" would change something; a statement begins with ${BEGINNINGS.filter((one) => one !== 'DESC').join(', ')}.`,
      placeOf(sql, first.start),
    );
  }
  if (word !== 'EXPLAIN') return { query, explain: '', tokens: own };
  const analyze = own[1] && wordOf(own[1]).toUpperCase() === 'ANALYZE' ? 2 : 1;
  const rest = own[analyze];
  if (!rest) throw statementFault('EXPLAIN of nothing; write the query after it.', placeOf(sql, first.start));
  // Blanks in place of the words keep every line and column where it was.
  const blank = sql.slice(0, rest.start).replaceAll(/[^\n]/g, ' ');
  const inner = await lookAt(engine, blank + query.slice(rest.start));
  return { ...inner, explain: analyze === 2 ? 'EXPLAIN ANALYZE ' : 'EXPLAIN ' };
}

function isMark(token: SqlToken, mark: string): boolean {
  return token.kind === 'operator' && token.text.startsWith(mark);
}

/** A name or keyword without what follows it; quotes are taken off. */
function wordOf({ text }: SqlToken): string {
  const quoted = /^"((?:[^"]|"")*)"/.exec(text);
  if (quoted) return (quoted[1] ?? '').replaceAll('""', '"');
  return /^[\p{L}\p{N}_$]+/u.exec(text)?.[0] ?? text.trim();
}

/** The tables of ours that a statement reads. */
async function tablesRead(engine: SqlReader, statement: ReadStatement, call: ReadCall): Promise<readonly string[]> {
  const known = new Map(call.names.map((name) => [name.toLowerCase(), name]));
  const mentioned = () => statement.tokens.flatMap((token) => known.get(wordOf(token).toLowerCase()) ?? []);
  let read: readonly string[];
  try {
    read = await engine.tableNames(statement.query);
  } catch (error) {
    if (isSyntax(error)) throw engineFault(error, statement.query, 0);
    // Some joins and PIVOTs cannot be looked at before their tables are there.
    return [...new Set(mentioned())];
  }
  for (const name of read) {
    if (known.has(name.toLowerCase())) continue;
    const token = statement.tokens.find((one) => wordOf(one) === name || one.text.startsWith(`'${name}'`));
    throw statementFault(
      `there is no table "${name}"; ${adviceOn(name, call.names)}`,
      token ? placeOf(statement.query, token.start) : null,
    );
  }
  return [...new Set(read.flatMap((name) => known.get(name.toLowerCase()) ?? []))];
}

function adviceOn(name: string, names: readonly string[]): string {
  const near = nearest(name, names);
  return near === null ? `there are ${names.join(', ') || 'none'}.` : `did you mean "${near}"?`;
}

function isSyntax(error: unknown): boolean {
  return (
    error instanceof WorkbenchError &&
    typeof error.details.engine === 'string' &&
    error.details.engine.startsWith('Parser Error')
  );
}

/** The line break before the bracket ends a last comment. */
function inside(query: string): string {
  return `(\n${query}\n)`;
}

async function run(engine: SqlReader, statement: ReadStatement, call: ReadCall): Promise<ReadAnswer> {
  const { signal, limit } = call;
  const from = inside(statement.query);
  const described = await engine.query(`DESCRIBE SELECT * FROM ${from}`, signal);
  if (statement.explain !== '') {
    const plan = await engine.query(`${statement.explain}SELECT * FROM ${from}`, signal);
    return { table: plan, total: plan.rowCount };
  }
  const columns = readingOf(described);
  const list = columns.map((column) => `${column.sql} AS ${quoteName(column.name)}`).join(', ');
  const answer = await engine.query(`SELECT ${list} FROM ${from} LIMIT ${limit + 1}`, signal);
  const whole = makeTable(
    columns.map(({ name, long }) => {
      const column = columnOf(answer, name);
      return [name, long ? wholeNumbers(column) : column] as const;
    }),
  );
  if (answer.rowCount <= limit) return { table: whole, total: answer.rowCount };
  const table = takeRows(
    whole,
    Int32Array.from({ length: limit }, (_, row) => row),
  );
  const counted = await engine.query(`SELECT count(*)::DOUBLE AS n FROM ${from}`, signal);
  return { table, total: Number(cellAt(columnOf(counted, 'n'), 0)) };
}

interface ReadColumn {
  readonly name: string;
  readonly sql: string;
  /** Whether it comes as the text of whole numbers. */
  readonly long: boolean;
}

const AS_IT_IS = /^(BOOLEAN|BIGINT|FLOAT|DOUBLE|DECIMAL\(.*|VARCHAR|DATE|TIMESTAMP.*|ENUM\(.*)$/;
const WHOLE = /^(U?TINYINT|U?SMALLINT|U?INTEGER)(\[\])?$/;
const LISTS = /^(BOOLEAN|BIGINT|FLOAT|DOUBLE|VARCHAR|DATE|TIMESTAMP[^[]*)\[\]$/;
const LONG = /^(UBIGINT|U?HUGEINT)$/;

function readingOf(described: Table): readonly ReadColumn[] {
  const names = columnOf(described, 'column_name');
  const types = columnOf(described, 'column_type');
  return Array.from({ length: described.rowCount }, (_, row) => {
    const name = String(cellAt(names, row));
    const type = String(cellAt(types, row));
    const quoted = quoteName(name);
    if (WHOLE.test(type))
      return { name, sql: `CAST(${quoted} AS BIGINT${type.endsWith(']') ? '[]' : ''})`, long: false };
    if (type.endsWith(']') ? LISTS.test(type) : AS_IT_IS.test(type)) return { name, sql: quoted, long: false };
    return { name, sql: `CAST(${quoted} AS VARCHAR)`, long: LONG.test(type) };
  });
}

const MOST = 9223372036854775808n;

/** int64 where every value fits, else the text. */
function wholeNumbers(column: Column): Column {
  if (column.type !== 'string') return column;
  const words = column.dictionary.map(BigInt);
  if (words.some((word) => word >= MOST || word < -MOST)) return column;
  const values = BigInt64Array.from(column.codes, (code) => words[code] ?? 0n);
  const valid = Uint8Array.from(column.codes, (code) => (code < 0 ? 0 : 1));
  return valid.includes(0) ? { type: 'int64', values, valid } : { type: 'int64', values };
}
