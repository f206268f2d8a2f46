import type { Column } from '../utils/columns';
import { WorkbenchError } from '../utils/errors';
import { MOST_CATEGORIES } from './bin-matrix';
import type { CategoryValue } from './types';
import { byCodePoints } from '../utils/code-points';

type TextColumn = Extract<Column, { readonly type: 'string' }>;

export interface CodedColumn {
  /** [n_rows] codes; NaN is missing. */
  readonly values: Float32Array;
  /** What codes 0, 1, 2, … stand for. */
  readonly categories: readonly CategoryValue[];
}

/**
 * Texts as codes 0, 1, 2, … in the order of their code points, as pandas codes a column that it makes categorical. Texts
 * that no row holds get none. Throws TRAINING_INVALID where there are more than fit.
 */
export function codeTexts(name: string, column: TextColumn): CodedColumn {
  const held = new Uint8Array(column.dictionary.length);
  for (const code of column.codes) if (code >= 0) held[code] = 1;
  const texts = column.dictionary.filter((_, code) => held[code] === 1).sort(byCodePoints);
  if (texts.length > MOST_CATEGORIES) {
    throw new WorkbenchError(
      'TRAINING_INVALID',
      `The column "${name}" has ${texts.length.toLocaleString('en')} categories; a model takes at most ${MOST_CATEGORIES} a column. Put rare ones together under one name, or leave the column out.`,
      { column: name, categories: texts.length },
    );
  }
  return { values: codesByText(name, column, texts), categories: texts };
}

/** Texts as the codes that a model has for them. Throws INFERENCE_INVALID at a text that it does not know. */
export function codesByText(name: string, column: TextColumn, categories: readonly CategoryValue[]): Float32Array {
  const codeOf = new Map(categories.map((text, code) => [text, code]));
  const codes = column.dictionary.map((text) => codeOf.get(text) ?? -1);
  return Float32Array.from(column.codes, (code, row) => {
    if (code < 0) return NaN;
    const own = codes[code] as number;
    if (own < 0) throw unknownCategory(name, JSON.stringify(column.dictionary[code] ?? ''), row, categories);
    return own;
  });
}

/** Numbers as the codes that a model has for them. Throws INFERENCE_INVALID at a number that it does not know. */
export function codesByNumber(name: string, values: Float64Array, categories: readonly CategoryValue[]): Float32Array {
  const codeOf = new Map(categories.map((number, code) => [number, code]));
  return Float32Array.from(values, (value, row) => {
    if (Number.isNaN(value)) return NaN;
    const own = codeOf.get(value);
    if (own === undefined) throw unknownCategory(name, String(value), row, categories);
    return own;
  });
}

function unknownCategory(
  name: string,
  shown: string,
  row: number,
  categories: readonly CategoryValue[],
): WorkbenchError {
  const some = categories.slice(0, 5).map((value) => JSON.stringify(value));
  const known = `${some.join(', ')}${categories.length > some.length ? ', …' : ''}`;
  return new WorkbenchError(
    'INFERENCE_INVALID',
    `Row ${row + 1} of the column "${name}" holds ${shown.slice(0, 60)}, a category that the model was not trained on; it knows ${known}. Leave the cell empty to have it taken as missing, or train again with such rows.`,
    { column: name, row },
  );
}
