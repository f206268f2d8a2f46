import type { Column } from '../utils/columns';
import { countText, valueText } from './wording';
import type { Expectation } from './types';

/** What a column holds beside what is expected of it, in words. */
export interface FoundValues {
  readonly text: string;
  /** Values that are not as expected; missing ones are not among them. */
  readonly misfits: number;
}

const SHOWN = 3;

/** Values below `min` and above `max`, both inclusive; int64 is compared with all its bits. */
export function foundInRange(column: Column, expect: Expectation, present: number): FoundValues {
  if (present === 0) return { text: 'no values', misfits: 0 };
  if (column.type !== 'int64' && column.type !== 'float64' && column.type !== 'timestamp') {
    return { text: 'no numbers', misfits: 0 };
  }
  const { below, above, least, most } =
    column.type === 'int64' ? wholesOutside(column, expect) : numbersOutside(column.values, expect);
  const extent = `${valueText(column.type, least)} to ${valueText(column.type, most)}`;
  const misfits = below + above;
  if (misfits === 0) return { text: `${extent}, n = ${countText(present)}`, misfits };
  const part = (count: number, side: string, bound = NaN): string[] =>
    count > 0 ? [`${countText(count)} of ${countText(present)} ${side} ${valueText(column.type, bound)}`] : [];
  const parts = [...part(below, 'below', expect.min), ...part(above, 'above', expect.max)];
  return { text: `${parts.join(' and ')} (from ${extent})`, misfits };
}

interface Outside<T> {
  readonly below: number;
  readonly above: number;
  readonly least: T;
  readonly most: T;
}

function numbersOutside(values: Float64Array, { min = -Infinity, max = Infinity }: Expectation): Outside<number> {
  let [below, above, least, most] = [0, 0, Infinity, -Infinity];
  for (let row = 0; row < values.length; row++) {
    const value = values[row] as number;
    if (Number.isNaN(value)) continue;
    if (value < min) below++;
    if (value > max) above++;
    if (value < least) least = value;
    if (value > most) most = value;
  }
  return { below, above, least, most };
}

function wholesOutside(
  { values, valid }: Extract<Column, { type: 'int64' }>,
  { min, max }: Expectation,
): Outside<bigint> {
  const lowest = min === undefined ? null : BigInt(Math.ceil(min));
  const highest = max === undefined ? null : BigInt(Math.floor(max));
  let [below, above] = [0, 0];
  let [least, most] = [0n, 0n];
  let first = true;
  for (let row = 0; row < values.length; row++) {
    if (valid?.[row] === 0) continue;
    const value = values[row] as bigint;
    if (lowest !== null && value < lowest) below++;
    if (highest !== null && value > highest) above++;
    if (first || value < least) least = value;
    if (first || value > most) most = value;
    first = false;
  }
  return { below, above, least, most };
}

/** Texts, whole numbers and truth values that are none of `allowed`: texts, digits, true and false. */
export function foundInSet(column: Column, allowed: readonly string[], present: number): FoundValues {
  if (present === 0) return { text: 'no values', misfits: 0 };
  const others = othersIn(column, allowed);
  const misfits = [...others.values()].reduce((sum, count) => sum + count, 0);
  if (misfits === 0) return { text: `all of ${countText(present)}`, misfits };
  const ranked = [...others].sort((a, b) => b[1] - a[1]);
  const shown = ranked.slice(0, SHOWN).map(([text, count]) => `${text} in ${countText(count)}`);
  const more = ranked.length > SHOWN ? ` and ${countText(ranked.length - SHOWN)} more values` : '';
  return { text: `${countText(misfits)} of ${countText(present)} others (${shown.join(', ')}${more})`, misfits };
}

function othersIn(column: Column, allowed: readonly string[]): ReadonlyMap<string, number> {
  const others = new Map<string, number>();
  const add = (text: string): void => void others.set(text, (others.get(text) ?? 0) + 1);
  const known = new Set(allowed);
  if (column.type === 'string') {
    const counts = new Float64Array(column.dictionary.length);
    for (const code of column.codes) if (code >= 0) counts[code] = (counts[code] ?? 0) + 1;
    column.dictionary.forEach((text, code) => {
      const count = counts[code] ?? 0;
      if (count > 0 && !known.has(text)) others.set(`"${text}"`, (others.get(`"${text}"`) ?? 0) + count);
    });
    return others;
  }
  if (column.type === 'int64') {
    const wholes = new Set(allowed.map((text) => BigInt(text)));
    for (let row = 0; row < column.values.length; row++) {
      const value = column.values[row] as bigint;
      if (column.valid?.[row] !== 0 && !wholes.has(value)) add(String(value));
    }
    return others;
  }
  if (column.type === 'bool') {
    for (const value of column.values) if (value >= 0 && !known.has(String(value === 1))) add(String(value === 1));
  }
  return others;
}
