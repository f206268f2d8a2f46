import { WorkbenchError } from '../../utils/errors';
import type { JsonList, JsonMap, JsonValue } from './parse-json';

/** Throws INTEROP_INVALID: `where` says which part of the file, `what` what is wrong with it. */
export function refuse(where: string, what: string): never {
  throw new WorkbenchError('INTEROP_INVALID', `This XGBoost model cannot be read: ${where} ${what}.`, { where });
}

export function isMap(value: JsonValue | undefined): value is JsonMap {
  return value instanceof Map;
}

/** The object at `path` below `root`, step by step. */
export function mapAt(root: JsonValue, path: readonly string[]): JsonMap {
  let value: JsonValue | undefined = root;
  for (const [i, step] of path.entries()) {
    value = isMap(value) ? value.get(step) : undefined;
    if (!isMap(value)) refuse(path.slice(0, i + 1).join('.'), 'is missing or not an object');
  }
  return isMap(value) ? value : refuse('the file', 'does not hold an object');
}

export function isList(value: JsonValue | undefined): value is JsonList {
  return Array.isArray(value) || ArrayBuffer.isView(value);
}

export function listAt(map: JsonMap, key: string, where: string): JsonList {
  const value = map.get(key);
  return isList(value) ? value : refuse(`${where}.${key}`, 'is missing or not a list');
}

export function textAt(map: JsonMap, key: string, where: string): string {
  const value = map.get(key);
  return typeof value === 'string' ? value : refuse(`${where}.${key}`, 'is missing or not a text');
}

/** A whole number written as text or as a number, from 0 to `most`. */
export function countAt(map: JsonMap, key: string, where: string, most: number): number {
  const value = map.get(key);
  const count = typeof value === 'string' && /^\d{1,10}$/.test(value) ? Number(value) : value;
  if (typeof count !== 'number' || !Number.isInteger(count) || count < 0)
    return refuse(`${where}.${key}`, 'is not a whole number');
  return count <= most ? count : refuse(`${where}.${key}`, `is ${count}, more than the ${most} this reader takes`);
}

/** A list of `n` whole numbers (or booleans) from `least` to `most`. */
export function integersAt(
  map: JsonMap,
  key: string,
  where: string,
  bounds: { readonly n: number; readonly least: number; readonly most: number },
): Int32Array {
  const list = listAt(map, key, where);
  if (list.length !== bounds.n) refuse(`${where}.${key}`, `has ${list.length} entries, expected ${bounds.n}`);
  const integers = new Int32Array(bounds.n);
  for (let i = 0; i < bounds.n; i++) {
    const entry = list[i] as JsonValue;
    const value = typeof entry === 'boolean' ? Number(entry) : entry;
    if (typeof value !== 'number' || !Number.isInteger(value) || value < bounds.least || value > bounds.most) {
      const expected = `expected a whole number from ${bounds.least} to ${bounds.most}`;
      refuse(`${where}.${key}[${i}]`, `is ${shown(entry)}, ${expected}`);
    }
    integers[i] = value;
  }
  return integers;
}

/** A list of `n` numbers, NaN and infinities included, rounded to float32. */
export function floatsAt(map: JsonMap, key: string, where: string, n: number): Float32Array {
  const list = listAt(map, key, where);
  if (list.length !== n) refuse(`${where}.${key}`, `has ${list.length} entries, expected ${n}`);
  const floats = new Float32Array(n);
  for (let i = 0; i < n; i++) {
    const entry = list[i] as JsonValue;
    if (typeof entry !== 'number') refuse(`${where}.${key}[${i}]`, `is ${shown(entry)}, expected a number`);
    floats[i] = entry;
  }
  return floats;
}

function shown(value: JsonValue): string {
  const text = typeof value === 'object' && value !== null ? 'a list or object' : String(value);
  return text.slice(0, 40);
}
