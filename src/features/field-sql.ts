import { quoteName } from './sql';
import type { Field, ScalarValueType, ValueType } from './types';
import { itemType } from './value-types';

/** DuckDB's types on the way to a value type; int32 and float32 come back in the columns that hold them here. */
const CASTS: Readonly<Record<ScalarValueType, readonly string[]>> = {
  bool: ['BOOLEAN'],
  int32: ['INTEGER', 'BIGINT'],
  int64: ['BIGINT'],
  float32: ['FLOAT', 'DOUBLE'],
  float64: ['DOUBLE'],
  string: ['VARCHAR'],
  timestamp: ['TIMESTAMP'],
};

function castSql(expression: string, dtype: ValueType): string {
  const item = itemType(dtype);
  const types = item === null ? CASTS[dtype as ScalarValueType] : CASTS[item].map((type) => `${type}[]`);
  return types.reduce((inner, type) => `CAST(${inner} AS ${type})`, expression);
}

/** SQL for a field's value under its name; of what is only counted, 1 where there is something. */
export function fieldSql({ name, dtype, expression, aggregate }: Omit<Field, 'description' | 'expect'>): string {
  // What is told apart must be counted as it is: the type declared is that of the count.
  if (aggregate?.function === 'distinct') return `(${expression}) AS ${quoteName(name)}`;
  const value =
    aggregate?.function === 'count' ? `CASE WHEN (${expression}) IS NOT NULL THEN 1 END` : `(${expression})`;
  return `${castSql(value, dtype)} AS ${quoteName(name)}`;
}

const ACROSS = /\bover\s*(?:\(|\w)|\bselect\b|\(\s*(?:from|table|with|values)\b/i;

/** Whether an expression looks at other rows than its own: a window, or a query within it. */
export function looksAcross(expression: string): boolean {
  const plain = expression.replace(QUOTED_OR_COMMENT, (found) => (/^['"]/.test(found) ? "''" : ' '));
  return ACROSS.test(plain);
}

/** Texts, quoted names and comments. */
const QUOTED_OR_COMMENT = /'(?:[^']|'')*'|"(?:[^"]|"")*"|--[^\n]*|\/\*[\s\S]*?\*\//g;
