import { WorkbenchError } from '../utils/errors';

export type LabelOperator = '==' | '!=' | '>' | '>=' | '<' | '<=' | 'in';

/** Which values of a label column count as positive. */
export interface LabelRule {
  readonly operator: LabelOperator;
  /** One value, or several for `in`; as written, quotes removed. */
  readonly values: readonly string[];
  /** The rule as a person would write it. */
  readonly text: string;
}

const EXPECTED = 'Expected == v, != v, > v, >= v, < v, <= v, or in [a, b]; for example "> 0" or "== yes".';
const LONGEST = 10_000;

/**
 * Reads "> 0", ">= 1", "== yes", "!= 'not sick'" or "in [a, b]". Values may stand in single or double quotes; > and its
 * kin want a number. Throws WorkbenchError (DATA_INVALID) with what was expected.
 *
 * @example parseLabelRule('in [2, 3]').values // ['2', '3']
 */
export function parseLabelRule(text: string): LabelRule {
  const trimmed = text.trim();
  if (trimmed === '' || trimmed.length > LONGEST)
    throw refuse(`The label rule is ${trimmed === '' ? 'empty' : 'too long'}.`);
  if (/^in\b/i.test(trimmed)) return inRule(trimmed);
  const match = /^(==|!=|>=|<=|>|<)\s*(.*)$/s.exec(trimmed);
  if (!match)
    throw refuse(
      `The label rule "${trimmed}" does not start with a comparison.${/^=[^=]/.test(trimmed) ? ' Write == for "is equal to".' : ''}`,
    );
  const operator = match[1] as LabelOperator;
  const value = unquote((match[2] ?? '').trim());
  if (value === '') throw refuse(`The label rule "${trimmed}" has no value after ${operator}.`);
  if (operator !== '==' && operator !== '!=' && numberOf(value) === null) {
    throw refuse(`The label rule "${trimmed}" compares with "${value}", which is not a number.`);
  }
  return { operator, values: [value], text: `${operator} ${value}` };
}

function inRule(trimmed: string): LabelRule {
  const list = /^in\s*\[(.*)\]$/is.exec(trimmed);
  if (!list) throw refuse(`The label rule "${trimmed}" does not list its values in brackets.`);
  const parts = (list[1] ?? '').match(/\s*"[^"]*"\s*(?=,|$)|\s*'[^']*'\s*(?=,|$)|[^,]+/g) ?? [];
  const values = parts.map((part) => unquote(part.trim())).filter((value) => value !== '');
  if (values.length === 0) throw refuse(`The label rule "${trimmed}" lists no values.`);
  return { operator: 'in', values, text: `in [${values.map(quoteWhenNeeded).join(', ')}]` };
}

function quoteWhenNeeded(value: string): string {
  if (!/[,'"]/.test(value)) return value;
  return value.includes('"') ? `'${value}'` : `"${value}"`;
}

function unquote(text: string): string {
  const match = /^"([^"]*)"$|^'([^']*)'$/.exec(text);
  return match ? (match[1] ?? match[2] ?? '') : text;
}

/** The finite number a text stands for, or null. */
export function numberOf(text: string): number | null {
  return /^[+-]?(\d+\.?\d*|\.\d+)(e[+-]?\d+)?$/i.test(text) && Number.isFinite(Number(text)) ? Number(text) : null;
}

function refuse(what: string): WorkbenchError {
  return new WorkbenchError('DATA_INVALID', `${what} ${EXPECTED}`);
}
