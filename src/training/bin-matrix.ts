import { binLayout } from '../kernels/binning/reference';
import { makeCuts } from '../kernels/cuts/reference';
import { referenceKernels } from '../kernels/reference';
import type { BinTable, Kernels } from '../kernels/types';
import { checkpoint, type Control } from '../utils/control';
import { WorkbenchError } from '../utils/errors';
import { binningBytes, checkMemory, sizeOf } from './memory';
import type { TrainingMatrix } from './types';

const MOST_BINS = 256;

/** A matrix with its cuts and bins, made once and shared by any number of trainings. */
export interface BinnedMatrix {
  readonly matrix: TrainingMatrix;
  readonly maxBin: number;
  /** Rows the cuts were taken from; all when absent. */
  readonly cutRows?: Int32Array;
  /** Per column, ascending; the last is a sentinel above every value. */
  readonly cuts: readonly Float32Array[];
  readonly bins: BinTable;
  /** Columns with a value beyond their last cut, where bins and conditions disagree. */
  readonly beyondCuts: readonly number[];
  /** [n_features] 1 where codes are categories. */
  readonly categorical: Uint8Array;
  readonly kernels: Kernels;
}

/** How a matrix is binned. */
export interface BinningOptions {
  /**
   * Rows that cuts are taken from: give the training rows, so that held-out values have no say. Values beyond the cuts
   * fall into the first or last bin. All rows when absent.
   */
  readonly cutRows?: Int32Array;
  /** The twin to use; plain TypeScript when absent. */
  readonly kernels?: Kernels;
}

/**
 * Cuts and bins of every column, one byte a cell; a column with missing values (NaN) keeps one code for them and has at
 * most 255 value bins. Cuts ignore sample weights.
 *
 * @param maxBin most bins of a column, 2..256.
 */
export async function binMatrix(
  matrix: TrainingMatrix,
  maxBin: number,
  control: Control,
  { cutRows, kernels = referenceKernels }: BinningOptions = {},
): Promise<BinnedMatrix> {
  checkMatrix(matrix);
  checkMemory(kernels, sizeOf(matrix), binningBytes(sizeOf(matrix)));
  const cuts: Float32Array[] = [];
  const hasMissing = new Uint8Array(matrix.columns.length);
  const categorical = Uint8Array.from(matrix.columns, (_, f) => (matrix.featureTypes?.[f] === 'c' ? 1 : 0));
  const total = 2 * matrix.columns.length;
  for (const [feature, values] of matrix.columns.entries()) {
    await checkpoint(control, {
      label: `sorting column ${feature + 1} of ${matrix.columns.length}`,
      done: feature,
      total,
    });
    hasMissing[feature] = checkValues(matrix, feature) ? 1 : 0;
    const most = hasMissing[feature] ? Math.min(maxBin, MOST_BINS - 1) : maxBin;
    cuts.push(
      categorical[feature] === 1
        ? categoryCuts(matrix, feature)
        : makeCuts(presentValues(values, cutRows), most, kernels.sortFloat32),
    );
  }
  const binCounts = Int32Array.from(cuts, (cut) => cut.length);
  const bins = kernels.makeBinTable(binLayout(matrix.labels.length, binCounts, hasMissing));
  try {
    const beyondCuts: number[] = [];
    for (const [feature, values] of matrix.columns.entries()) {
      await checkpoint(control, {
        label: `binning column ${feature + 1} of ${matrix.columns.length}`,
        done: matrix.columns.length + feature,
        total,
      });
      if (bins.binColumn(feature, values, cuts[feature] ?? new Float32Array())) beyondCuts.push(feature);
    }
    return { matrix, maxBin, cutRows, cuts, bins, beyondCuts, categorical, kernels };
  } catch (error) {
    bins.close();
    throw error;
  }
}

/** Category v gets bin v: cut v is v + 1. */
function categoryCuts(matrix: TrainingMatrix, feature: number): Float32Array {
  let most = 0;
  for (const [row, value] of (matrix.columns[feature] ?? new Float32Array()).entries()) {
    if (Number.isNaN(value)) continue;
    if (!Number.isInteger(value) || value < 0 || value >= MOST_BINS - 1) {
      throw new WorkbenchError(
        'TRAINING_INVALID',
        `Feature ${matrix.featureNames[feature] ?? ''} is categorical and row ${row + 1} holds ${value}. Categories are coded 0, 1, 2, … up to ${MOST_BINS - 2}; recode the column, or train on it as a number.`,
        { feature: matrix.featureNames[feature] ?? '', row },
      );
    }
    most = Math.max(most, value);
  }
  return Float32Array.from({ length: most + 1 }, (_, code) => code + 1);
}

/** Whether the bins of these rows say all that their values say. */
export function withinCuts({ matrix, cuts, beyondCuts }: BinnedMatrix, rows: Int32Array): boolean {
  return beyondCuts.every((feature) => {
    const values = matrix.columns[feature] as Float32Array;
    const largest = cuts[feature]?.at(-1) ?? Infinity;
    return rows.every((row) => !((values[row] as number) >= largest));
  });
}

function presentValues(values: Float32Array, rows: Int32Array | undefined): Float32Array {
  const present = new Float32Array(rows ? rows.length : values.length);
  let count = 0;
  for (let i = 0; i < present.length; i++) {
    const value = (rows ? values[rows[i] as number] : values[i]) as number;
    if (value === value) present[count++] = value;
  }
  return present.subarray(0, count);
}

/** Whether the column has missing values; throws on an infinite one. */
function checkValues(matrix: TrainingMatrix, feature: number): boolean {
  const values = matrix.columns[feature] ?? new Float32Array();
  let missing = false;
  for (let row = 0; row < values.length; row++) {
    const value = values[row] as number;
    if (value !== value) missing = true;
    else if (value === Infinity || value === -Infinity) throw infiniteValue(matrix.featureNames[feature] ?? '', row);
  }
  return missing;
}

function infiniteValue(name: string, row: number): WorkbenchError {
  return new WorkbenchError(
    'TRAINING_INVALID',
    `Feature ${name}, row ${row + 1} is infinite (or beyond ±3.4e38, the range of 32-bit numbers). Expected a finite number or a missing value; mend the data or leave the feature out.`,
    { feature: name, row },
  );
}

/** Refuses a matrix without rows or columns, or of unequal lengths. */
export function checkMatrix(matrix: TrainingMatrix): void {
  const { columns, featureNames, labels } = matrix;
  const refuse = (text: string) => {
    throw new WorkbenchError('TRAINING_INVALID', text);
  };
  if (columns.length === 0) refuse('There are no features to train on. Choose at least one feature column.');
  if (columns.length !== featureNames.length) {
    refuse(
      `There are ${featureNames.length} feature names for ${columns.length} feature columns; expected as many of both.`,
    );
  }
  if (labels.length === 0) refuse('There are no rows to train on. Give a table with labelled rows.');
  columns.forEach((column, i) => {
    if (column.length !== labels.length) {
      refuse(
        `Feature ${featureNames[i] ?? i} has ${column.length} rows and the label ${labels.length}; expected as many of both.`,
      );
    }
  });
  if (matrix.featureTypes && matrix.featureTypes.length !== columns.length) {
    refuse(
      `There are ${matrix.featureTypes.length} feature types for ${columns.length} features; expected as many of both.`,
    );
  }
}
