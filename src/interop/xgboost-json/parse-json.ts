import { WorkbenchError } from '../../utils/errors';

/** A JSON value; objects are Maps, so that no key is special. Numbers may be NaN or infinite. */
export type JsonValue = string | number | boolean | null | JsonList | JsonMap;
export interface JsonMap extends ReadonlyMap<string, JsonValue> {
  readonly size: number;
}
/** UBJSON gives lists of one type of number as typed arrays. */
export type JsonList = readonly JsonValue[] | NumberArray;
export type NumberArray = Uint8Array | Int8Array | Int16Array | Int32Array | Float32Array | Float64Array;

/** Levels of lists and objects that a model file may have. */
export const DEEPEST = 32;
/** Lists, objects and texts that a model file may hold: they take far more memory than bytes of the file. */
export const MOST_PARTS = 5_000_000;
/** Values that one list may hold: a tree has at most 4 million nodes. */
export const LONGEST_LIST = 8_000_000;

const NUMBER = /-?(?:(?:0|[1-9]\d*)(?:\.\d+)?(?:[eE][+-]?\d+)?|Infinity|inf)|NaN|nan/y;
const BLANKS = /[ \t\n\r]*/y;
/** Text without quotes, backslashes and control characters; without the flag u, which overflows the stack. */
const PLAIN = /[ !#-[\]-\uffff]*/y;
const ESCAPES: Readonly<Record<string, string>> = {
  '"': '"',
  '\\': '\\',
  '/': '/',
  b: '\b',
  f: '\f',
  n: '\n',
  r: '\r',
  t: '\t',
};
const TWICE = 'has the same key twice';

/**
 * JSON with the numbers NaN, Infinity and -Infinity, which XGBoost writes bare. At most 32 levels deep, at most 5
 * million lists, objects and texts, lists of at most 8 million values; a key given twice is refused. Throws INTEROP_INVALID with the position.
 */
export function parseJson(text: string): JsonValue {
  const parser = new Parser(text);
  return parser.document();
}

class Parser {
  readonly #text: string;
  #at = 0;
  #parts = 0;

  constructor(text: string) {
    this.#text = text;
  }

  document(): JsonValue {
    const value = this.#value(0);
    this.#skipBlanks();
    if (this.#at < this.#text.length) this.#fail('has more text after the end');
    return value;
  }

  #value(depth: number): JsonValue {
    if (depth > DEEPEST) this.#fail(`is more than ${DEEPEST} levels deep`);
    this.#skipBlanks();
    switch (this.#text[this.#at]) {
      case '{':
        return this.#map(depth);
      case '[':
        return this.#list(depth);
      case '"':
        return this.#string();
      case 't':
        return this.#word('true', true);
      case 'f':
        return this.#word('false', false);
      default:
        return this.#text.startsWith('null', this.#at) ? this.#word('null', null) : this.#number();
    }
  }

  #countPart(): void {
    if (++this.#parts > MOST_PARTS) this.#fail(`holds more than ${MOST_PARTS} lists, objects and texts`);
  }

  #map(depth: number): JsonMap {
    this.#countPart();
    const map = new Map<string, JsonValue>();
    this.#at++;
    if (this.#take('}')) return map;
    do {
      this.#skipBlanks();
      const key = this.#string();
      if (map.has(key)) this.#fail(TWICE);
      if (!this.#take(':')) this.#fail('expects ":"');
      map.set(key, this.#value(depth + 1));
    } while (this.#take(','));
    if (!this.#take('}')) this.#fail('expects "," or "}"');
    return map;
  }

  #list(depth: number): readonly JsonValue[] {
    this.#countPart();
    const list: JsonValue[] = [];
    this.#at++;
    if (this.#take(']')) return list;
    do {
      if (list.length === LONGEST_LIST) this.#fail(`has a list of more than ${LONGEST_LIST} values`);
      list.push(this.#value(depth + 1));
    } while (this.#take(','));
    if (!this.#take(']')) this.#fail('expects "," or "]"');
    return list;
  }

  #string(): string {
    if (this.#text[this.#at] !== '"') this.#fail('expects a text in double quotes');
    this.#countPart();
    this.#at++;
    let value = this.#match(PLAIN);
    for (let next = this.#text[this.#at++]; next !== '"'; next = this.#text[this.#at++]) {
      if (next !== '\\') this.#fail('has a text that does not end');
      value += this.#escape() + this.#match(PLAIN);
    }
    return value;
  }

  #escape(): string {
    const letter = this.#text[this.#at++] ?? '';
    if (letter === 'u') {
      const digits = this.#text.slice(this.#at, this.#at + 4);
      if (!/^[0-9a-fA-F]{4}$/.test(digits)) this.#fail('has a wrong \\u escape');
      this.#at += 4;
      return String.fromCharCode(parseInt(digits, 16));
    }
    return (Object.hasOwn(ESCAPES, letter) ? ESCAPES[letter] : undefined) ?? this.#fail('has a wrong escape');
  }

  #number(): number {
    const found = this.#match(NUMBER);
    if (found === '') this.#fail('expects a value');
    if (/n/i.test(found)) return /^nan$/i.test(found) ? NaN : found.startsWith('-') ? -Infinity : Infinity;
    return Number(found);
  }

  #word<T extends boolean | null>(word: string, value: T): T {
    if (!this.#text.startsWith(word, this.#at)) this.#fail('expects a value');
    this.#at += word.length;
    return value;
  }

  #take(sign: string): boolean {
    this.#skipBlanks();
    if (this.#text[this.#at] !== sign) return false;
    this.#at++;
    return true;
  }

  #skipBlanks(): void {
    const code = this.#text.charCodeAt(this.#at);
    if (code === 32 || (code >= 9 && code <= 13)) this.#match(BLANKS);
  }

  #match(pattern: RegExp): string {
    pattern.lastIndex = this.#at;
    const found = pattern.exec(this.#text)?.[0] ?? '';
    this.#at += found.length;
    return found;
  }

  #fail(what: string): never {
    throw new WorkbenchError(
      'INTEROP_INVALID',
      `The file is not the JSON of a model: it ${what} at character ${this.#at + 1}.`,
      {
        position: this.#at,
      },
    );
  }
}
