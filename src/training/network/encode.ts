import { WorkbenchError } from '../../utils/errors';
import type { TrainingMatrix } from '../types';
import type { FeatureInputs } from './types';

/** Most codes of a categorical feature, as for the trees. */
const MOST_CODES = 255;

/**
 * How each feature becomes inputs: mean and scale of numbers, codes of categories, missing indicators, all from `rows`
 * alone. Throws TRAINING_INVALID where a value is infinite or a category is no code.
 */
export function fitInputs(matrix: TrainingMatrix, rows: Int32Array): readonly FeatureInputs[] {
  return matrix.columns.map((column, feature) => {
    const name = matrix.featureNames[feature] ?? `feature ${feature + 1}`;
    return matrix.featureTypes?.[feature] === 'c' ? fitCategory(column, rows, name) : fitNumber(column, rows, name);
  });
}

function fitNumber(column: Float32Array, rows: Int32Array, name: string): FeatureInputs {
  let present = 0;
  let sum = 0;
  for (const row of rows) {
    const value = column[row] as number;
    if (value !== value) continue;
    requireFinite(value, name, row);
    present++;
    sum += value;
  }
  const mean = present === 0 ? 0 : sum / present;
  let squares = 0;
  for (const row of rows) {
    const distance = (column[row] as number) - mean;
    if (distance === distance) squares += distance * distance;
  }
  const scale = Math.sqrt(squares / present);
  return { kind: 'number', mean, scale: scale > 0 ? scale : 1, missing: missingShare(present, rows.length) };
}

function fitCategory(column: Float32Array, rows: Int32Array, name: string): FeatureInputs {
  const counts = new Map<number, number>();
  let present = 0;
  for (const row of rows) {
    const code = column[row] as number;
    if (code !== code) continue;
    if (!Number.isInteger(code) || code < 0 || code >= MOST_CODES) {
      throw new WorkbenchError(
        'TRAINING_INVALID',
        `Feature ${name} is categorical and row ${row + 1} holds ${code}. Categories are coded 0, 1, 2, … up to ${MOST_CODES - 1}; recode the column, or train on it as a number.`,
        { feature: name, row },
      );
    }
    present++;
    counts.set(code, (counts.get(code) ?? 0) + 1);
  }
  const codes = [...counts.keys()].sort((a, b) => a - b);
  return {
    kind: 'category',
    codes,
    shares: codes.map((code) => (counts.get(code) ?? 0) / rows.length),
    missing: missingShare(present, rows.length),
  };
}

function missingShare(present: number, rows: number): number | null {
  return present === rows ? null : (rows - present) / rows;
}

function requireFinite(value: number, name: string, row: number): void {
  if (value !== Infinity && value !== -Infinity) return;
  throw new WorkbenchError(
    'TRAINING_INVALID',
    `Feature ${name}, row ${row + 1} is infinite (or beyond ±3.4e38, the range of 32-bit numbers). Expected a finite number or a missing value; mend the data or leave the feature out.`,
    { feature: name, row },
  );
}

/** Inputs that one feature takes. */
export function inputCount(feature: FeatureInputs): number {
  return (feature.kind === 'number' ? 1 : feature.codes.length) + (feature.missing === null ? 0 : 1);
}

/** Where each feature's inputs begin, and their number in all as the last entry. */
export function inputOffsets(features: readonly FeatureInputs[]): Int32Array {
  const offsets = new Int32Array(features.length + 1);
  features.forEach((feature, i) => (offsets[i + 1] = (offsets[i] as number) + inputCount(feature)));
  return offsets;
}

/**
 * Writes the inputs of one value at `at`; `inputs` must hold 0 there. A missing value of a feature that never was
 * missing in training counts as the mean (numbers) or as no category.
 */
export function encodeValue(feature: FeatureInputs, value: number, inputs: Float32Array, at: number): void {
  const own = feature.kind === 'number' ? 1 : feature.codes.length;
  if (value !== value) {
    if (feature.missing !== null) inputs[at + own] = 1;
  } else if (feature.kind === 'number') {
    inputs[at] = (value - feature.mean) / feature.scale;
  } else {
    const code = feature.codes.indexOf(value);
    if (code >= 0) inputs[at + code] = 1;
  }
}

/**
 * Inputs of rows, float32 [rows * inputs], row by row.
 *
 * @param columns [n_features] arrays, in the order of `features`.
 */
export function encodeRows(
  features: readonly FeatureInputs[],
  columns: readonly Float32Array[],
  rows: Int32Array,
): Float32Array {
  const offsets = inputOffsets(features);
  const width = offsets[features.length] as number;
  const inputs = new Float32Array(rows.length * width);
  features.forEach((feature, f) => {
    const column = columns[f] as Float32Array;
    const offset = offsets[f] as number;
    rows.forEach((row, i) => encodeValue(feature, column[row] as number, inputs, i * width + offset));
  });
  return inputs;
}

/** The average training row, as inputs. */
export function averageInputs(features: readonly FeatureInputs[]): Float32Array {
  return Float32Array.from(
    features.flatMap((feature) => [
      ...(feature.kind === 'number' ? [0] : feature.shares),
      ...(feature.missing === null ? [] : [feature.missing]),
    ]),
  );
}
