import { WorkbenchError } from '../../utils/errors';
import { utf8Text } from '../../utils/utf8';
import {
  DEEPEST,
  LONGEST_LIST,
  MOST_PARTS,
  type JsonList,
  type JsonMap,
  type JsonValue,
} from '../xgboost-json/parse-json';
import { isNumberType, NUMBER_TYPES, readNumbers, type NumberType } from './numbers';

const LENGTH_TYPES = 'iUIlL';
/** Bytes that a value takes at least, its marker included: what a claimed length is held to. */
const LEAST_BYTES = 1;

/** What a list or object says of itself before its values. */
interface Header {
  /** Marker of every value; null where each has its own. */
  readonly type: string | null;
  /** null where a closing bracket ends it. */
  readonly count: number | null;
}

/**
 * Universal Binary JSON (draft 12, numbers big-endian) as XGBoost writes it, into the values that `parseJson` gives; lists
 * of one type of number become typed arrays. Lengths are held to the bytes that are left before anything is allocated;
 * depth, parts, list lengths and keys are held to the limits of `parseJson`. High-precision numbers, characters, no-ops
 * and lists of a type without bytes are refused: XGBoost writes none. Throws INTEROP_INVALID with the position.
 */
export function parseUbjson(bytes: Uint8Array): JsonValue {
  return new Parser(bytes).document();
}

class Parser {
  readonly #bytes: Uint8Array;
  readonly #view: DataView;
  #at = 0;
  #parts = 0;

  constructor(bytes: Uint8Array) {
    this.#bytes = bytes;
    this.#view = new DataView(bytes.buffer, bytes.byteOffset, bytes.byteLength);
  }

  document(): JsonValue {
    const value = this.#value(this.#marker(), 0);
    if (this.#at < this.#bytes.length) this.#fail('has more bytes after the end');
    return value;
  }

  #value(marker: string, depth: number): JsonValue {
    if (depth > DEEPEST) this.#fail(`is more than ${DEEPEST} levels deep`);
    if (isNumberType(marker)) return this.#number(marker);
    switch (marker) {
      case '{':
        return this.#map(depth);
      case '[':
        return this.#list(depth);
      case 'S':
        return this.#text();
      case 'T':
        return true;
      case 'F':
        return false;
      case 'Z':
        return null;
      default:
        return this.#fail(`has ${shown(marker)} where a value begins`, 1);
    }
  }

  #map(depth: number): JsonMap {
    this.#countPart();
    const map = new Map<string, JsonValue>();
    const { type, count } = this.#header();
    for (let i = 0; count === null ? !this.#take('}') : i < count; i++) {
      const key = this.#text();
      if (map.has(key)) this.#fail(`has the key "${key.slice(0, 40)}" twice in an object`);
      map.set(key, this.#value(type ?? this.#marker(), depth + 1));
    }
    return map;
  }

  #list(depth: number): JsonList {
    this.#countPart();
    const { type, count } = this.#header();
    if (type !== null && count !== null && isNumberType(type)) return this.#numbers(type, count);
    const list: JsonValue[] = [];
    while (count === null ? !this.#take(']') : list.length < count) {
      if (list.length === LONGEST_LIST) this.#fail(`has a list of more than ${LONGEST_LIST} values`);
      list.push(this.#value(type ?? this.#marker(), depth + 1));
    }
    return list;
  }

  #header(): Header {
    const type = this.#take('$') ? this.#marker() : null;
    if (type !== null && !isNumberType(type) && !'{[S'.includes(type)) {
      this.#fail(`has ${shown(type)} as the type of a list or object`, 1);
    }
    if (!this.#take('#')) {
      if (type !== null) this.#fail('gives a list or object a type but no length');
      return { type, count: null };
    }
    const count = this.#length();
    const size = type !== null && isNumberType(type) ? NUMBER_TYPES[type].size : LEAST_BYTES;
    this.#refuseBeyondEnd(count * size, `a list or object of ${count} values`);
    return { type, count };
  }

  #numbers(type: NumberType, count: number): JsonList {
    const { size } = NUMBER_TYPES[type];
    const numbers = readNumbers(this.#view, { type, at: this.#at, count });
    this.#at += count * size;
    return numbers;
  }

  #number(type: NumberType): number {
    const { size, read } = NUMBER_TYPES[type];
    this.#refuseBeyondEnd(size, 'a number');
    const number = read(this.#view, this.#at);
    this.#at += size;
    return number;
  }

  #text(): string {
    this.#countPart();
    const length = this.#length();
    this.#refuseBeyondEnd(length, `a text of ${length} bytes`);
    const text = utf8Text(this.#bytes.subarray(this.#at, this.#at + length));
    if (text === null) this.#fail('has a text that is not UTF-8');
    this.#at += length;
    return text;
  }

  #length(): number {
    const marker = this.#marker();
    if (!LENGTH_TYPES.includes(marker) || !isNumberType(marker)) {
      return this.#fail(`has ${shown(marker)} where a length is expected`, 1);
    }
    const length = this.#number(marker);
    return length >= 0 ? length : this.#fail(`has the length ${length}`);
  }

  #marker(): string {
    this.#refuseBeyondEnd(1, 'a value');
    return String.fromCharCode(this.#bytes[this.#at++] as number);
  }

  #take(sign: string): boolean {
    this.#refuseBeyondEnd(1, 'a list or object');
    if (this.#bytes[this.#at] !== sign.charCodeAt(0)) return false;
    this.#at++;
    return true;
  }

  #countPart(): void {
    if (++this.#parts > MOST_PARTS) this.#fail(`holds more than ${MOST_PARTS} lists, objects and texts`);
  }

  #refuseBeyondEnd(length: number, what: string): void {
    const left = this.#bytes.length - this.#at;
    if (length > left) this.#fail(`ends within ${what}: ${left} ${left === 1 ? 'byte is' : 'bytes are'} left`);
  }

  /** @param back bytes read since the place that is named. */
  #fail(what: string, back = 0): never {
    const position = this.#at - back;
    throw new WorkbenchError(
      'INTEROP_INVALID',
      `The file is not the UBJSON of a model: it ${what} at byte ${position + 1}.`,
      { position },
    );
  }
}

function shown(marker: string): string {
  return /[!-~]/.test(marker) ? `"${marker}"` : `the byte ${marker.charCodeAt(0)}`;
}
