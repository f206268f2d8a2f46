import { matcherOf } from './match';
import { ordered, parseOrder } from './order';
import { parseFilter } from './parse-filter';
import type { FieldReader, Vocabulary } from './types';

/** What can be searched, and how. */
export interface Searched<T> {
  readonly words: Vocabulary;
  readonly read: FieldReader<T>;
  /** Order where nothing else decides. */
  readonly natural: (a: T, b: T) => number;
}

/** The items a filter finds, in the order asked for. A fault in either throws TRACKING_INVALID with its place. */
export function search<T>(
  items: readonly T[],
  { words, read, natural }: Searched<T>,
  query: { readonly filter?: string; readonly orderBy?: readonly string[] },
): readonly T[] {
  const matches = matcherOf(parseFilter(query.filter ?? '', words), read);
  const orders = (query.orderBy ?? []).map((text) => parseOrder(text, words));
  return ordered(items.filter(matches), orders, read, natural);
}
