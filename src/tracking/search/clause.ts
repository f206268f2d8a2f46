import { oneOf, refuseAt, type Source } from './fault';
import type { Token } from './tokens';
import type { Clause, Comparator, Field } from './types';

const FOR_NUMBERS = ['=', '!=', '>', '>=', '<', '<=', 'BETWEEN', 'IN', 'IS NULL'];
const FOR_TEXT = ['=', '!=', 'LIKE', 'ILIKE', 'IN', 'IS NULL'];
const TIMES = new Set(['start_time', 'end_time', 'creation_timestamp', 'last_updated_timestamp']);

/** A comparison as it was written. */
interface Written {
  readonly field: Field;
  readonly left: Token;
  readonly comparator: Comparator;
  /** Where the comparator stands (its last word). */
  readonly at: Token;
  /** Numbers and quoted texts. */
  readonly values: readonly Token[];
}

/** Holds values to the field: numbers for numbers, texts for texts; params and tags take either, times also dates. */
export function clauseOf(source: Source, written: Written): Clause {
  const { left, comparator, at } = written;
  const values = written.values.map((token) => valueOf(token, written.field));
  const isNumber = typeof values[0] === 'number';
  const takesBoth = written.field.entity === 'param' || written.field.entity === 'tag';
  const field: Field = isNumber && takesBoth ? { ...written.field, kind: 'number' } : written.field;
  const fault = (token: Token | undefined, message: string) =>
    refuseAt(source, token?.at ?? at.at, token?.text.length ?? at.text.length, message);
  const other = values.findIndex((value) => (typeof value === 'number') !== isNumber);
  if (other >= 0) {
    fault(
      written.values[other],
      `the values for ${left.text} are numbers and texts; write all of them in quotes, or none`,
    );
  }
  const [first] = written.values;
  const shown = first?.text ?? 'the value';
  if (field.kind === 'number' && !isNumber) {
    const date = TIMES.has(field.key) ? ", or as a date such as '2026-03-01'" : '';
    fault(first, `${left.text} is a number; write ${shown} as a number without quotes${date}`);
  }
  if (field.kind === 'text' && isNumber) fault(first, `${left.text} is a text; write '${shown}' in quotes`);
  const legal = field.kind === 'number' ? FOR_NUMBERS : FOR_TEXT;
  if (!legal.includes(comparator.replace('NOT ', ''))) {
    const isWord = field.kind === 'number';
    const advice = takesBoth && !isWord ? ', and more with a number without quotes' : '';
    fault(at, `${comparator} does not go with a ${isWord ? 'number' : 'text'}; there are ${oneOf(legal)}${advice}`);
  }
  return { kind: 'clause', field, comparator, values };
}

function valueOf(token: Token, field: Field): number | string {
  if (token.kind === 'number') return Number(token.text);
  const text = token.text.slice(1, -1);
  // MLflow takes quotes around this one number.
  if (field.entity === 'attribute' && field.key === 'version_number' && /^\d+$/.test(text)) return Number(text);
  return field.entity === 'attribute' && TIMES.has(field.key) ? (timeIn(text) ?? text) : text;
}

/** Milliseconds of "2026-03-01" or "2026-03-01T12:00:00Z", UTC where no zone is said. */
function timeIn(text: string): number | undefined {
  const parts = /^\d{4}-\d{2}-\d{2}(?:T\d{2}:\d{2}(?::\d{2}(?:\.\d+)?)?(Z|[+-]\d{2}:\d{2})?)?$/.exec(text);
  if (!parts) return undefined;
  const ms = Date.parse(text.length === 10 || parts[1] !== undefined ? text : `${text}Z`);
  return Number.isNaN(ms) ? undefined : ms;
}
