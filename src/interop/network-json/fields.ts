import { WorkbenchError } from '../../utils/errors';
import type { JsonMap, JsonValue } from '../xgboost-json/parse-json';

/** Throws INTEROP_INVALID: `where` says which part of the file, `what` what is wrong with it. */
export function refuse(where: string, what: string): never {
  throw new WorkbenchError('INTEROP_INVALID', `This model file cannot be read: ${where} ${what}.`, { where });
}

export function isMap(value: JsonValue | undefined): value is JsonMap {
  return value instanceof Map;
}

/** Reads the values of one JSON object by key, each held to what it must be. */
export class Fields {
  readonly #map: JsonMap;
  readonly #where: string;

  /** @param keys all that the object may have; each of them must be there. */
  constructor(value: JsonValue | undefined, where: string, keys: readonly string[]) {
    this.#map = isMap(value) ? value : refuse(where, 'is missing or not an object');
    this.#where = where;
    const stranger = [...this.#map.keys()].find((key) => !keys.includes(key));
    if (stranger !== undefined)
      refuse(where, `has the key "${stranger.slice(0, 60)}", which is none of ${keys.join(', ')}`);
    const missing = keys.find((key) => !this.#map.has(key));
    if (missing !== undefined) refuse(where, `has no ${missing}`);
  }

  value(key: string): JsonValue {
    return this.#map.get(key) ?? null;
  }

  text(key: string): string {
    const value = this.value(key);
    return typeof value === 'string' ? value : this.#refuse(key, 'is not a text');
  }

  list(key: string): readonly JsonValue[] {
    const value = this.value(key);
    return Array.isArray(value) ? (value as readonly JsonValue[]) : this.#refuse(key, 'is not a list');
  }

  /** A finite number that passes `fits`. */
  number(key: string, expected = 'a finite number', fits: (value: number) => boolean = () => true): number {
    return this.#number(this.value(key), key, expected, fits);
  }

  /** A whole number from `least` to `most`. */
  count(key: string, least: number, most: number): number {
    return this.number(
      key,
      `a whole number from ${least} to ${most}`,
      (value) => Number.isInteger(value) && value >= least && value <= most,
    );
  }

  /** A list of numbers that pass `fits`. */
  numbers(key: string, expected = 'a finite number', fits: (value: number) => boolean = () => true): readonly number[] {
    return this.list(key).map((value, i) => this.#number(value, `${key}[${i}]`, expected, fits));
  }

  /** A list of exactly `n` numbers, rounded to float32. */
  floats(key: string, n: number): Float32Array {
    const list = this.list(key);
    if (list.length !== n) this.#refuse(key, `has ${list.length} numbers, expected ${n}`);
    const fits = (value: number) => Number.isFinite(Math.fround(value));
    return Float32Array.from(list, (value, i) => this.#number(value, `${key}[${i}]`, 'a finite 32-bit number', fits));
  }

  #number(value: JsonValue, key: string, expected: string, fits: (value: number) => boolean): number {
    if (typeof value === 'number' && Number.isFinite(value) && fits(value)) return value;
    const shown = typeof value === 'object' && value !== null ? 'a list or object' : String(value).slice(0, 40);
    return this.#refuse(key, `is ${shown}, expected ${expected}`);
  }

  #refuse(key: string, what: string): never {
    return refuse(`${this.#where}.${key}`, what);
  }
}
