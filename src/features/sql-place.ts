import { WorkbenchError } from '../utils/errors';

/** Where in a statement something stands; both from 1. */
export interface SqlPlace {
  readonly line: number;
  readonly column: number;
}

/** The place of a UTF-16 index. */
export function placeOf(sql: string, index: number): SqlPlace {
  const before = sql.slice(0, index).split('\n');
  return { line: before.length, column: (before.at(-1)?.length ?? 0) + 1 };
}

/** A fault of a statement; `details` carry its place for an editor. */
export function statementFault(text: string, place: SqlPlace | null, cause?: unknown): WorkbenchError {
  const sentence = place ? `Line ${place.line}, column ${place.column}: ${text}` : text;
  return new WorkbenchError('FEATURES_INVALID', sentence, place ? { ...place } : {}, { cause });
}

/**
 * The engine's fault about `sql`, which stood from line `shift` + 1 of what the engine was given, as a sentence of what
 * was wrong and where.
 */
export function engineFault(error: unknown, sql: string, shift: number): unknown {
  if (!(error instanceof WorkbenchError)) return error;
  const { engine } = error.details;
  if (typeof engine !== 'string') return error;
  const [said = ''] = engine.split(/\n+LINE \d+:/);
  const needsExtension = /extension/i.test(said);
  const [kind, ...rest] = said.replaceAll(/\s*\n\s*/g, ' ').split(' Error: ');
  const words = (rest.length > 0 ? rest.join(' Error: ') : (kind ?? '')).trim();
  const sentence = needsExtension
    ? `this needs an extension of the SQL engine, and none is loaded here: ${words.split('. ')[0] ?? ''}`
    : words;
  return statementFault(/[.!?"]$/.test(sentence) ? sentence : `${sentence}.`, enginePlace(engine, sql, shift), error);
}

/** Reads "LINE 3: …  \n   ^": long lines are shown in part, with dots where they were cut. */
function enginePlace(engine: string, sql: string, shift: number): SqlPlace | null {
  const found = /LINE (\d+): (.*)\n( *)\^/.exec(engine);
  if (!found) return null;
  const [, number = '', shown = '', blanks = ''] = found;
  const line = Number(number) - shift;
  const text = sql.split('\n')[line - 1];
  if (text === undefined) return null;
  const at = blanks.length - `LINE ${number}: `.length;
  const excerpt = shown.replace(/^\.\.\./, '').replace(/\.\.\.$/, '');
  const cut = shown.startsWith('...') ? text.indexOf(excerpt) - 3 : 0;
  return { line, column: Math.max(1, Math.min(at + Math.max(cut, 0), text.length) + 1) };
}
