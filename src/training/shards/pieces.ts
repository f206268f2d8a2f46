import { LOSS_BLOCK } from './loss-sums';

/** Positions [from, to) of the lists of rows trained on and watched. */
export interface Piece {
  readonly train: { readonly from: number; readonly to: number };
  readonly validation: { readonly from: number; readonly to: number };
}

/** Workers that can have at least `leastRows` rows and one block of them each, of `wanted`. */
export function usefulWorkers(wanted: number, trainCount: number, leastRows: number): number {
  return Math.max(1, Math.min(wanted, Math.floor(trainCount / Math.max(LOSS_BLOCK, leastRows))));
}

/** Both lists cut into as many pieces, of whole blocks but for the last. */
export function piecesOf(workers: number, trainCount: number, validationCount: number): readonly Piece[] {
  const train = cuts(workers, trainCount);
  const validation = cuts(workers, validationCount);
  return Array.from({ length: workers }, (_, i) => ({
    train: { from: train[i] as number, to: train[i + 1] as number },
    validation: { from: validation[i] as number, to: validation[i + 1] as number },
  }));
}

function cuts(workers: number, count: number): readonly number[] {
  const blocks = Math.ceil(count / LOSS_BLOCK);
  return Array.from({ length: workers + 1 }, (_, i) =>
    i === workers ? count : Math.floor((blocks * i) / workers) * LOSS_BLOCK,
  );
}
