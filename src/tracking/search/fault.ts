import { WorkbenchError } from '../../utils/errors';

/** A text that is parsed, and what it is, for sentences: "filter", "order". */
export interface Source {
  readonly what: string;
  readonly text: string;
}

/**
 * Refuses a text at one place. `details` hold `position` (0-based, UTF-16 units), `length` and `token` for whoever marks
 * the place; the sentence counts characters from 1.
 */
export function refuseAt(source: Source, at: number, length: number, message: string): never {
  const { what, text } = source;
  const place = at >= text.length ? 'at its end' : `at character ${Array.from(text.slice(0, at)).length + 1}`;
  throw new WorkbenchError('TRACKING_INVALID', `The ${what} cannot be read ${place}: ${message}.`, {
    position: Math.min(at, text.length),
    length,
    token: text.slice(at, at + length),
    what,
  });
}

/** `words` as "a, b or c". */
export function oneOf(words: readonly string[]): string {
  return words.length < 2 ? words.join('') : `${words.slice(0, -1).join(', ')} or ${words.at(-1) ?? ''}`;
}
