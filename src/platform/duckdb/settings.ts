import { WorkbenchError } from '../../utils/errors';

/** Run on every new connection: nothing is fetched, and answers do not depend on threads. */
export const SETTINGS = [
  'SET autoinstall_known_extensions=false',
  'SET autoload_known_extensions=false',
  'SET preserve_insertion_order=true',
] as const;

export function quoteIdentifier(name: string): string {
  return `"${name.replaceAll('"', '""')}"`;
}

/** A DuckDB fault as a sentence with the statement it came from. */
export function sqlFault(error: unknown, sql: string): WorkbenchError {
  const message = (error instanceof Error ? error.message : String(error)).split('\n')[0] ?? '';
  const shown = sql.length > 300 ? `${sql.slice(0, 300)} …` : sql;
  return new WorkbenchError(
    'FEATURES_INVALID',
    `The SQL engine refused a statement: ${message} The statement was: ${shown}`,
    { sql },
    { cause: error },
  );
}
