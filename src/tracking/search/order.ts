import { byCodePoints } from '../../utils/code-points';
import { refuseAt, type Source } from './fault';
import { numberIn } from './match';
import { fieldOf } from './parse-field';
import { tokensOf, type Token } from './tokens';
import type { Field, FieldReader, FieldValue, Order, Vocabulary } from './types';

/**
 * Reads one order: a field, then ASC (the default) or DESC in any case. `number(params.x)` orders texts by the number
 * they write, before texts that write none. A fault throws TRACKING_INVALID with the place (see refuseAt).
 */
export function parseOrder(text: string, words: Vocabulary): Order {
  const source: Source = { what: 'order', text };
  const tokens = tokensOf(source);
  const asNumber = tokens[0]?.text.toLowerCase() === 'number' && tokens[1]?.text === '(';
  let next = asNumber ? 2 : 0;
  const token = tokens[next++];
  if (token?.kind !== 'name' && token?.kind !== 'quoted') {
    return refuse(source, token, 'expected what to order by, for example metrics.loss');
  }
  const field = fieldOf(source, token, words);
  if (field.entity === 'dataset') refuse(source, token, 'a run may have several data sets, so they give no order');
  if (asNumber && tokens[next++]?.text !== ')') refuse(source, tokens[next - 1], 'expected ")"');
  const direction = tokens[next]?.text.toLowerCase();
  if (direction === 'asc' || direction === 'desc') next++;
  if (tokens[next]?.kind !== 'end') refuse(source, tokens[next], 'expected ASC, DESC or the end');
  return { field, descending: direction === 'desc', asNumber };
}

/** Reads the name of a column: a field and nothing else. A fault throws TRACKING_INVALID with the place. */
export function parseColumn(text: string, words: Vocabulary): Field {
  const source: Source = { what: 'column', text };
  const [token, end] = tokensOf(source);
  if (token?.kind !== 'name' && token?.kind !== 'quoted')
    return refuse(source, token, 'expected a field, for example metrics.loss');
  if (end?.kind !== 'end') refuse(source, end, 'expected one field');
  return fieldOf(source, token, words);
}

function refuse(source: Source, token: Token | undefined, message: string): never {
  const found = token === undefined || token.kind === 'end' ? 'nothing' : token.text;
  return refuseAt(
    source,
    token?.at ?? source.text.length,
    Math.max(1, token?.text.length ?? 1),
    `${message}, found ${found}`,
  );
}

/**
 * Items in the order asked for, by MLflow's rules: missing values last in both directions, NaN before them, equal items by
 * `natural` (which decides alone when nothing is asked). Texts go by code points. Gives a new list.
 */
export function ordered<T>(
  items: readonly T[],
  orders: readonly Order[],
  read: FieldReader<T>,
  natural: (a: T, b: T) => number,
): readonly T[] {
  const columns = orders.map((order) => {
    const valueOf = read(order.field);
    return { sign: order.descending ? -1 : 1, values: items.map((item) => keyOf(valueOf(item), order.asNumber)) };
  });
  const places = Array.from(items.keys());
  places.sort((a, b) => {
    for (const { sign, values } of columns) {
      const difference = compare(values[a], values[b], sign);
      if (difference !== 0) return difference;
    }
    return natural(items[a] as T, items[b] as T);
  });
  return places.map((place) => items[place] as T);
}

function keyOf(value: FieldValue, asNumber: boolean): number | string | undefined {
  if (typeof value === 'object') return undefined;
  return asNumber && typeof value === 'string' ? (numberIn(value) ?? value) : value;
}

function compare(a: number | string | undefined, b: number | string | undefined, sign: number): number {
  const [rankA, rankB] = [lastness(a), lastness(b)];
  if (rankA !== rankB || rankA > 1) return rankA - rankB;
  if (typeof a === 'number' && typeof b === 'number') return a === b ? 0 : a < b ? -sign : sign;
  return sign * byCodePoints(String(a), String(b));
}

/** Numbers, then texts beside them, then NaN, then nothing. */
function lastness(value: number | string | undefined): number {
  if (typeof value === 'string') return 1;
  return value === undefined ? 3 : Number.isNaN(value) ? 2 : 0;
}
