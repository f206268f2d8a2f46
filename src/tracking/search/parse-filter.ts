import { clauseOf } from './clause';
import { oneOf, refuseAt, type Source } from './fault';
import { fieldOf } from './parse-field';
import { tokensOf, unquoted, type Token } from './tokens';
import type { Clause, Comparator, Expression, Field, Vocabulary } from './types';

/** Deepest nesting of parentheses and NOT. */
const DEEPEST = 100;
/** What other languages write, and what is written here. */
const MEANT: Readonly<Record<string, string>> = { '==': '=', '<>': '!=', '=>': '>=', '=<': '<=' };
/** Words that stand between comparisons and not in their place. */
const JOINERS = new Set(['AND', 'OR']);
const PLAIN: readonly Comparator[] = ['=', '!=', '>', '>=', '<', '<='];
const ALL: readonly Comparator[] = [...PLAIN, 'LIKE', 'ILIKE', 'IN', 'BETWEEN', 'IS NULL'];

/**
 * Reads a filter: every filter MLflow takes with the same meaning, and above it OR, NOT, parentheses, BETWEEN, IS NULL,
 * numbers for params, IN for everything and `best.`, `min.` and `max.` of a metric. A fault throws TRACKING_INVALID with
 * a sentence and the place (see refuseAt).
 */
export function parseFilter(text: string, words: Vocabulary): Expression {
  return new FilterParser({ what: 'filter', text }, words).whole();
}

class FilterParser {
  readonly #source: Source;
  readonly #words: Vocabulary;
  readonly #tokens: readonly Token[];
  #next = 0;
  #depth = 0;

  constructor(source: Source, words: Vocabulary) {
    this.#source = source;
    this.#words = words;
    this.#tokens = tokensOf(source);
  }

  whole(): Expression {
    if (this.#peek().kind === 'end') return { kind: 'and', parts: [] };
    const found = this.#either();
    if (this.#peek().kind !== 'end') this.#refuse(`expected AND, OR or the end, found ${this.#found()}`);
    return found;
  }

  #peek(): Token {
    return this.#tokens[this.#next] ?? { kind: 'end', text: '', at: this.#source.text.length };
  }

  #found(): string {
    return this.#peek().kind === 'end' ? 'nothing' : this.#peek().text;
  }

  #refuse(message: string): never {
    return refuseAt(this.#source, this.#peek().at, Math.max(1, this.#peek().text.length), message);
  }

  /** Whether the next token is this word or mark; then it is taken. */
  #takes(word: string): boolean {
    const { kind, text } = this.#peek();
    if ((kind !== 'name' && kind !== 'mark') || text.toUpperCase() !== word) return false;
    this.#next++;
    return true;
  }

  #either(): Expression {
    const parts = [this.#all()];
    while (this.#takes('OR')) parts.push(this.#all());
    return parts.length === 1 ? (parts[0] as Expression) : { kind: 'or', parts };
  }

  #all(): Expression {
    const parts = [this.#one()];
    while (this.#takes('AND')) parts.push(this.#one());
    return parts.length === 1 ? (parts[0] as Expression) : { kind: 'and', parts };
  }

  #one(): Expression {
    if (++this.#depth > DEEPEST) this.#refuse(`parentheses and NOT stand more than ${DEEPEST} deep`);
    try {
      if (this.#takes('NOT')) return { kind: 'not', part: this.#one() };
      if (!this.#takes('(')) return this.#clause();
      const inside = this.#either();
      if (!this.#takes(')')) this.#refuse(`expected ")" or AND or OR, found ${this.#found()}`);
      return inside;
    } finally {
      this.#depth--;
    }
  }

  #clause(): Clause {
    const token = this.#peek();
    if ((token.kind !== 'name' && token.kind !== 'quoted') || JOINERS.has(token.text.toUpperCase())) {
      this.#refuse(`expected what to compare, for example metrics.loss, found ${this.#found()}`);
    }
    this.#next++;
    const field = fieldOf(this.#source, this.#withName(token), this.#words);
    const comparator = this.#comparator(token.text);
    if (comparator === 'IS NULL' || comparator === 'IS NOT NULL') {
      return { kind: 'clause', field, comparator, values: [] };
    }
    return this.#compared(field, comparator, token);
  }

  /** MLflow takes "run name" also without quotes. */
  #withName(token: Token): Token {
    const second = this.#peek().text;
    if (!/^(.*\.)?[rR]un$/.test(token.text) || !/^[nN]ame$/.test(second)) return token;
    this.#next++;
    return { ...token, text: `${token.text} ${second}` };
  }

  #comparator(left: string): Comparator {
    const { kind, text } = this.#peek();
    const plain = PLAIN.find((one) => one === text);
    if (kind === 'operator' && plain) {
      this.#next++;
      return plain;
    }
    if (kind === 'operator') {
      const meant = MEANT[text];
      this.#refuse(`"${text}" is no comparator; ${meant === undefined ? `there are ${oneOf(ALL)}` : `write ${meant}`}`);
    }
    if (this.#takes('IS')) {
      const not = this.#takes('NOT');
      if (!this.#takes('NULL')) this.#refuse(`expected NULL or NOT NULL after IS, found ${this.#found()}`);
      return not ? 'IS NOT NULL' : 'IS NULL';
    }
    const not = this.#takes('NOT');
    for (const word of ['LIKE', 'ILIKE', 'IN', 'BETWEEN'] as const) {
      if (this.#takes(word)) return not ? `NOT ${word}` : word;
    }
    return this.#refuse(
      not
        ? `expected LIKE, ILIKE, IN or BETWEEN after NOT, found ${this.#found()}`
        : `expected a comparator after ${left}, such as =, !=, >, LIKE or IN, found ${this.#found()}`,
    );
  }

  #compared(field: Field, comparator: Comparator, left: Token): Clause {
    const at = this.#tokens[this.#next - 1] ?? left;
    return clauseOf(this.#source, { field, left, comparator, at, values: this.#valuesFor(comparator) });
  }

  #valuesFor(comparator: Comparator): readonly Token[] {
    if (comparator === 'BETWEEN' || comparator === 'NOT BETWEEN') {
      const low = this.#value();
      if (!this.#takes('AND')) this.#refuse(`expected AND and the upper end, found ${this.#found()}`);
      return [low, this.#value()];
    }
    if (comparator !== 'IN' && comparator !== 'NOT IN') return [this.#value()];
    if (!this.#takes('('))
      this.#refuse(`expected a list such as ('a', 'b') after ${comparator}, found ${this.#found()}`);
    const values = [this.#value()];
    while (this.#takes(',')) values.push(this.#value());
    if (!this.#takes(')')) this.#refuse(`expected "," or ")" in the list, found ${this.#found()}`);
    return values;
  }

  #value(): Token {
    const token = this.#peek();
    const { kind, text } = token;
    if (kind === 'number' || (kind === 'quoted' && !text.startsWith('`'))) {
      this.#next++;
      return token;
    }
    const found =
      kind === 'name' || kind === 'quoted' ? `${text}; texts stand in quotes: '${unquoted(text)}'` : this.#found();
    return this.#refuse(`expected a number or a text in quotes, found ${found}`);
  }
}
