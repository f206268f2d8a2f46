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

/** What answers differently from call to call, or by who asks and when. */
const IMPURE =
  /\b(?:random|uuid|gen_random_uuid|uuidv4|uuidv7|now|today|get_current_timestamp|get_current_time|transaction_timestamp|txid_current|setseed|nextval|currval|current_setting|getvariable|getenv|current_schemas?|current_database|current_user|version)\s*\(|\b(?:current_date|current_time|current_timestamp|localtime|localtimestamp|current_user|session_user)\b(?!\s*\.)/i;

/**
 * Why an expression cannot be the one definition of a feature, as the end of a sentence that names it: it looks at other
 * rows, answers otherwise the next time, or is not one expression. Null where none of that shows in its text.
 */
export function expressionFault(expression: string): string | null {
  const plain = withoutTexts(expression);
  if (!isWhole(plain)) return 'is not one expression: its parentheses, commas or semicolons end it early.';
  if (ACROSS.test(plain)) return ACROSS_ROWS;
  const [impure] = IMPURE.exec(plain) ?? (agesToToday(plain) ? ['age'] : []);
  if (impure === undefined) return null;
  const name = impure.replace(/[\s(]+$/, '');
  return `holds ${name}, which answers otherwise from call to call, so that training and serving would differ; use columns only.`;
}

/** What is said of an expression that looks at other rows. */
export const ACROSS_ROWS = 'looks at other rows than its own; write an expression of one row.';

/** Whether an expression looks at other rows than its own: a window, or a query within it. */
export function looksAcross(expression: string): boolean {
  return ACROSS.test(withoutTexts(expression));
}

/** Whether `age` is called with one time, which it holds against today. */
function agesToToday(plain: string): boolean {
  return [...plain.matchAll(/\bage\s*\(/gi)].some((call) => {
    let depth = 1;
    for (let at = call.index + call[0].length; depth > 0 && at < plain.length; at++) {
      const sign = plain[at];
      if (sign === '(') depth += 1;
      if (sign === ')') depth -= 1;
      if (sign === ',' && depth === 1) return false;
    }
    return true;
  });
}

/** Parentheses that match, and nothing that ends the expression outside of them. */
function isWhole(plain: string): boolean {
  let depth = 0;
  for (const sign of plain) {
    if (sign === '(' || sign === '[' || sign === '{') depth += 1;
    if (sign === ')' || sign === ']' || sign === '}') depth -= 1;
    if (depth < 0 || (depth === 0 && (sign === ',' || sign === ';'))) return false;
  }
  return depth === 0;
}

function withoutTexts(expression: string): string {
  return expression.replace(QUOTED_OR_COMMENT, (found) => (/^['"]/.test(found) ? "''" : ' '));
}

/** Texts, quoted names and comments. */
const QUOTED_OR_COMMENT = /'(?:[^']|'')*'|"(?:[^"]|"")*"|--[^\n]*|\/\*[\s\S]*?\*\//g;
