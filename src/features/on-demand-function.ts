import { cellAt, cellText, type Cell, type Column, type ScalarCell, type Table } from '../utils/columns';
import { checkpoint, type Control } from '../utils/control';
import { WorkbenchError } from '../utils/errors';
import { columnFromCells, itemType } from './value-types';
import type { OnDemandFeatureView, OnDemandFunction, OnDemandRow, ScalarValueType, ValueType } from './types';

const CHUNK = 8192;

/**
 * An on-demand view's features by name, a row at a time: a function sees no other row, and so no later value. Throws
 * FEATURES_INVALID, with the view, feature and row (from 1), where it fails or its answer does not fit the schema.
 */
export async function runOnDemandFunction(
  view: OnDemandFeatureView,
  compute: OnDemandFunction,
  inputs: Table,
  control: Control,
): Promise<ReadonlyMap<string, Column>> {
  const names = [...inputs.columns];
  const cells = view.schema.map((): Cell[] => []);
  for (let row = 0; row < inputs.rowCount; row++) {
    if (row % CHUNK === 0)
      await checkpoint(control, { label: `computing ${view.name}`, done: row, total: inputs.rowCount });
    const given: OnDemandRow = Object.fromEntries(names.map(([name, column]) => [name, cellAt(column, row)] as const));
    const answer = answerOf(view, compute, given, row);
    view.schema.forEach(({ name, dtype }, i) => {
      const value = Object.hasOwn(answer, name) ? answer[name] : undefined;
      cells[i]?.push(checked(value, dtype, () => `${view.name}:${name} in row ${row + 1}`));
    });
  }
  return new Map(view.schema.map(({ name, dtype }, i) => [name, columnFromCells(dtype, cells[i] ?? [])] as const));
}

function answerOf(
  view: OnDemandFeatureView,
  compute: OnDemandFunction,
  given: OnDemandRow,
  row: number,
): Readonly<Record<string, Cell>> {
  let answer: unknown;
  try {
    answer = compute(given);
  } catch (error) {
    const why = error instanceof Error ? error.message : String(error);
    throw fault(`The function of on-demand view "${view.name}" failed in row ${row + 1}: ${why}`);
  }
  if (typeof answer !== 'object' || answer === null || Array.isArray(answer)) {
    throw fault(
      `The function of on-demand view "${view.name}" gave ${typeof answer} in row ${row + 1}; expected an object of its features, as in { ${view.schema[0]?.name ?? 'feature'}: 1 }.`,
    );
  }
  const known = new Set(view.schema.map(({ name }) => name));
  const extra = Object.keys(answer).find((name) => !known.has(name));
  if (extra !== undefined) {
    throw fault(
      `The function of on-demand view "${view.name}" gave "${extra}" in row ${row + 1}, which its schema does not name; it has ${[...known].join(', ')}.`,
    );
  }
  return answer as Readonly<Record<string, Cell>>;
}

function fault(text: string): WorkbenchError {
  return new WorkbenchError('FEATURES_INVALID', text);
}

/** The value as its type has it, null where it is missing; `where` is for the sentence of a fault. */
function checked(value: unknown, dtype: ValueType, where: () => string): Cell {
  const item = itemType(dtype);
  const made = item === null ? scalarOf(value, dtype as ScalarValueType) : listOf(value, item);
  if (made !== undefined) return made;
  const shown = value === undefined ? 'nothing' : shownValue(value);
  throw fault(
    `${where()} is ${shown}; expected ${WORDS[item ?? (dtype as ScalarValueType)]}${item ? ' in a list' : ''} or null.`,
  );
}

const WORDS: Readonly<Record<ScalarValueType, string>> = {
  bool: 'true, false',
  int32: 'a whole number of 32 bits',
  int64: 'a whole number (a bigint beyond 2^53)',
  float32: 'a number',
  float64: 'a number',
  string: 'a text',
  timestamp: 'whole microseconds since 1970',
};

function shownValue(value: unknown): string {
  if (typeof value === 'string') return JSON.stringify(value.slice(0, 40));
  if (typeof value === 'function' || typeof value === 'symbol') return `a ${typeof value}`;
  if (typeof value !== 'object' || Array.isArray(value)) return cellText(value as Cell).slice(0, 60);
  return 'an object';
}

function listOf(value: unknown, item: ScalarValueType): Cell | undefined {
  if (value === null) return null;
  if (!Array.isArray(value)) return undefined;
  const items: ScalarCell[] = [];
  for (const one of value) {
    const made = scalarOf(one, item);
    if (made === undefined) return undefined;
    items.push(made);
  }
  return items;
}

/** Undefined where the value is none of the type. */
function scalarOf(value: unknown, dtype: ScalarValueType): ScalarCell | undefined {
  if (value === null) return null;
  switch (dtype) {
    case 'bool':
      return typeof value === 'boolean' ? value : undefined;
    case 'string':
      return typeof value === 'string' ? value : undefined;
    case 'float64':
      return numberOf(value);
    case 'float32': {
      const number = numberOf(value);
      return typeof number === 'number' ? Math.fround(number) : number;
    }
    case 'timestamp':
      return Number.isSafeInteger(value) ? (value as number) : undefined;
    case 'int32':
      return wholeOf(value, 32);
    case 'int64':
      return wholeOf(value, 64);
  }
}

/** NaN is missing. */
function numberOf(value: unknown): number | null | undefined {
  if (typeof value !== 'number') return undefined;
  return Number.isNaN(value) ? null : value;
}

function wholeOf(value: unknown, bits: number): bigint | undefined {
  if (typeof value !== 'bigint' && !Number.isSafeInteger(value)) return undefined;
  const whole = BigInt(value as number | bigint);
  return BigInt.asIntN(bits, whole) === whole ? whole : undefined;
}
