import type { BoostingRows } from '../../kernels/types';

/** Rows to a block: losses are summed block by block, so that it does not matter how workers share the rows. */
export const LOSS_BLOCK = 1024;

/** binary:logistic: log loss of each block of the first `count` rows of a set. */
export function lossSums(rows: BoostingRows, set: 'train' | 'validation', count: number): Float64Array {
  return Float64Array.from({ length: Math.ceil(count / LOSS_BLOCK) }, (_, block) =>
    rows.logLossSum(set, block * LOSS_BLOCK, Math.min((block + 1) * LOSS_BLOCK, count)),
  );
}
