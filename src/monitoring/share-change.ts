import { wilsonInterval } from '../utils/statistics';

/** A share on two sides. */
export interface ShareChange {
  readonly reference: number;
  readonly current: number;
  /** current minus reference, -1..1, with its 95% interval. */
  readonly change: number;
  readonly low: number;
  readonly high: number;
  readonly nReference: number;
  readonly nCurrent: number;
}

export const SHARE_CHANGE_METHOD = "difference of two shares, Newcombe's hybrid score interval, 95%";

/**
 * Difference of two independent shares with R. Newcombe's hybrid score interval (Statistics in Medicine 17, 1998, method
 * 10): Wilson's intervals of both, joined. Needs at least one row on each side.
 */
export function shareChange(
  reference: { readonly count: number; readonly n: number },
  current: { readonly count: number; readonly n: number },
): ShareChange {
  const p = reference.count / reference.n;
  const q = current.count / current.n;
  const ofP = wilsonInterval(reference.count, reference.n);
  const ofQ = wilsonInterval(current.count, current.n);
  return {
    reference: p,
    current: q,
    change: q - p,
    low: q - p - Math.sqrt((q - ofQ.low) * (q - ofQ.low) + (ofP.high - p) * (ofP.high - p)),
    high: q - p + Math.sqrt((ofQ.high - q) * (ofQ.high - q) + (p - ofP.low) * (p - ofP.low)),
    nReference: reference.n,
    nCurrent: current.n,
  };
}

/** True when the change is at least `least` in size and the interval leaves out no change. */
export function isChange(change: ShareChange, least: number): boolean {
  return Math.abs(change.change) >= least && (change.low > 0 || change.high < 0);
}
