import type { BoostingRows } from '../../kernels/types';

/** Rows to a block: losses are summed block by block, so that it does not matter how workers share the rows. */
export const LOSS_BLOCK = 1024;

/**
 * binary:logistic: log loss of each block of the first `count` rows of a set; of those trained on the gradients are made on
 * the way, for the next tree.
 */
export function lossSums(rows: BoostingRows, set: 'train' | 'validation', count: number): Float64Array {
  return Float64Array.from({ length: Math.ceil(count / LOSS_BLOCK) }, (_, block) =>
    lossOf(rows, set, block * LOSS_BLOCK, Math.min((block + 1) * LOSS_BLOCK, count)),
  );
}

/** The same for rows [from, to). */
export function lossOf(rows: BoostingRows, set: 'train' | 'validation', from: number, to: number): number {
  return set === 'train' ? rows.logisticStep(from, to) : rows.logLossSum(set, from, to);
}
