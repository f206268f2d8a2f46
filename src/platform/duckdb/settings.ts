import type { SqlToken } from '../../features/types';
import { WorkbenchError } from '../../utils/errors';

/**
 * Run on every new connection: nothing is fetched, answers do not depend on threads, and no statement reads or writes a
 * file or changes these settings.
 */
export const SETTINGS = [
  'SET autoinstall_known_extensions=false',
  'SET autoload_known_extensions=false',
  'SET preserve_insertion_order=true',
  'SET enable_external_access=false',
  'SET lock_configuration=true',
] as const;

export function quoteIdentifier(name: string): string {
  return `"${name.replaceAll('"', '""')}"`;
}

/** A DuckDB fault as a sentence with the statement it came from; the engine's own words are in `details.engine`. */
export function sqlFault(error: unknown, sql: string): WorkbenchError {
  const engine = plainMessage(error instanceof Error ? error.message : String(error));
  if (brokeDown(engine)) return breakdown(engine, sql, error);
  const shown = sql.length > 300 ? `${sql.slice(0, 300)} …` : sql;
  return new WorkbenchError(
    'FEATURES_INVALID',
    `The SQL engine refused a statement: ${engine.split('\n')[0] ?? ''} The statement was: ${shown}`,
    { sql, engine },
    { cause: error },
  );
}

/** Whether the engine itself trapped: its memory is then in no state to go on with. */
function brokeDown(message: string): boolean {
  return TRAPS.test(message) && !/^[A-Z][\w ]+ Error:/.test(message);
}

const TRAPS =
  /memory access out of bounds|null function|table index is out of bounds|unreachable|allocation failure|indirect call|divide by zero$|stack size exceeded/i;

function breakdown(engine: string, sql: string, cause: unknown): WorkbenchError {
  const shown = sql.length > 300 ? `${sql.slice(0, 300)} …` : sql;
  return new WorkbenchError(
    'WORKER_LOST',
    `The SQL engine broke down (${engine.split('\n')[0] ?? ''}), most likely because the statement needs more memory than it has. It is started anew with the next one; ask for less at a time. The statement was: ${shown}`,
    { sql, engine },
    { cause },
  );
}

/** Some calls answer with JSON where others answer with text. */
function plainMessage(message: string): string {
  if (!message.startsWith('{')) return message;
  try {
    const { exception_type: type, exception_message: text } = JSON.parse(message) as Readonly<Record<string, unknown>>;
    return typeof text === 'string' ? `${String(type)} Error: ${text}` : message;
  } catch {
    return message;
  }
}

const KINDS: readonly SqlToken['kind'][] = ['identifier', 'number', 'text', 'operator', 'keyword'];

/** DuckDB's tokens, whose offsets count UTF-8 bytes. */
export function tokensOf(
  sql: string,
  found: { readonly offsets: readonly number[]; readonly types: readonly number[] },
): readonly SqlToken[] {
  const bytes = new TextEncoder().encode(sql);
  const decoder = new TextDecoder();
  let start = decoder.decode(bytes.subarray(0, found.offsets[0] ?? 0)).length;
  return found.offsets.map((offset, i) => {
    const text = decoder.decode(bytes.subarray(offset, found.offsets[i + 1] ?? bytes.length));
    const token = { kind: KINDS[found.types[i] ?? 0] ?? 'identifier', start, text };
    start += text.length;
    return token;
  });
}
