import { WorkbenchError } from '../utils/errors';
import { makeRandom } from '../utils/random';

const SINGLE_FOLD_SHARE = 0.2;

export interface RowFoldsRequest {
  readonly rows: number;
  readonly seed: number;
  /** 1 holds out a fifth of the rows once. */
  readonly folds: number;
  /** A class of each row, which every fold has its share of; none when absent. */
  readonly classes?: ArrayLike<number>;
}

/** Rows dealt to folds at random, each row validated once (a fifth of them with one fold); row numbers ascend. */
export function foldsByRow({
  rows,
  seed,
  folds,
  classes,
}: RowFoldsRequest): { readonly train: Int32Array; readonly validation: Int32Array }[] {
  if (!Number.isInteger(folds) || folds < 1)
    throw new WorkbenchError('TRAINING_INVALID', `folds is ${folds}, expected a whole number at least 1.`);
  const least = Math.max(2, folds);
  if (rows < least)
    throw new WorkbenchError('TRAINING_INVALID', `There are ${rows} rows, and ${folds} folds need at least ${least}.`);
  const order = makeRandom(seed, 'row folds').shuffle(Int32Array.from({ length: rows }, (_, row) => row));
  if (classes) order.sort((a, b) => (classes[a] as number) - (classes[b] as number));
  const dealt = new Int32Array(rows);
  const every = folds === 1 ? Math.round(1 / SINGLE_FOLD_SHARE) : folds;
  order.forEach((row, place) => {
    dealt[row] = place % Math.min(every, rows);
  });
  return Array.from({ length: folds }, (_, fold) => ({
    train: rowsWhere(dealt, (of) => of !== fold),
    validation: rowsWhere(dealt, (of) => of === fold),
  }));
}

function rowsWhere(dealt: Int32Array, test: (fold: number) => boolean): Int32Array {
  const rows: number[] = [];
  dealt.forEach((fold, row) => {
    if (test(fold)) rows.push(row);
  });
  return Int32Array.from(rows);
}
