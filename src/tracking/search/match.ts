import { likeMatcher } from './like';
import type { Clause, Comparator, Expression, FieldReader, FieldValue } from './types';

type Test = (value: number | string) => boolean;

/**
 * A filter as a function of one item. An item that has no value for a comparison's field does not match it, with `!=`,
 * NOT LIKE and NOT IN too; NOT before a comparison turns that round. A comparison with a data set holds when it holds
 * for any of the item's data sets. NaN is unequal to every number and neither less nor greater.
 */
export function matcherOf<T>(expression: Expression, read: FieldReader<T>): (item: T) => boolean {
  if (expression.kind === 'clause') return clauseMatcher(expression, read);
  if (expression.kind === 'not') {
    const inner = matcherOf(expression.part, read);
    return (item) => !inner(item);
  }
  const parts = expression.parts.map((part) => matcherOf(part, read));
  return expression.kind === 'and'
    ? (item) => parts.every((part) => part(item))
    : (item) => parts.some((part) => part(item));
}

function clauseMatcher<T>(clause: Clause, read: FieldReader<T>): (item: T) => boolean {
  const valueOf = read(clause.field);
  if (clause.comparator === 'IS NULL') return (item) => isMissing(valueOf(item));
  if (clause.comparator === 'IS NOT NULL') return (item) => !isMissing(valueOf(item));
  const test = clause.field.kind === 'number' ? numberTest(clause) : textTest(clause);
  return (item) => {
    const value = valueOf(item);
    if (value === undefined) return false;
    return typeof value === 'object' ? value.some(test) : test(value);
  };
}

function isMissing(value: FieldValue): boolean {
  return value === undefined || (typeof value === 'object' && value.length === 0);
}

function numberTest({ comparator, values }: Clause): Test {
  const test = numberComparison(comparator, values.map(Number));
  return (value) => {
    if (typeof value === 'number') return test(value);
    const written = numberIn(value);
    return written !== undefined && test(written);
  };
}

/** The number a text writes: "0.1", "-1e-3"; undefined for all else. */
export function numberIn(text: string): number | undefined {
  return /^\s*[+-]?(\d+\.?\d*|\.\d+)([eE][+-]?\d+)?\s*$/.test(text) ? Number(text) : undefined;
}

function numberComparison(comparator: Comparator, values: readonly number[]): (value: number) => boolean {
  const [first = NaN, last = NaN] = values;
  switch (comparator) {
    case '=':
      return (value) => value === first;
    case '!=':
      return (value) => value !== first;
    case '>':
      return (value) => value > first;
    case '>=':
      return (value) => value >= first;
    case '<':
      return (value) => value < first;
    case '<=':
      return (value) => value <= first;
    case 'BETWEEN':
      return (value) => value >= first && value <= last;
    case 'NOT BETWEEN':
      return (value) => value < first || value > last;
    case 'IN':
      return (value) => values.includes(value);
    case 'NOT IN':
      return (value) => !values.includes(value);
    default:
      throw new Error(`invariant: ${comparator} compares no numbers`);
  }
}

function textTest({ comparator, values }: Clause): Test {
  const texts = values.map(String);
  const [first = ''] = texts;
  const test = textComparison(comparator, first, new Set(texts));
  return (value) => test(String(value));
}

function textComparison(comparator: Comparator, first: string, all: ReadonlySet<string>): (text: string) => boolean {
  const like = likeMatcher(first, comparator.endsWith('ILIKE'));
  switch (comparator) {
    case '=':
      return (text) => text === first;
    case '!=':
      return (text) => text !== first;
    case 'LIKE':
    case 'ILIKE':
      return like;
    case 'NOT LIKE':
    case 'NOT ILIKE':
      return (text) => !like(text);
    case 'IN':
      return (text) => all.has(text);
    case 'NOT IN':
      return (text) => !all.has(text);
    default:
      throw new Error(`invariant: ${comparator} compares no texts`);
  }
}
