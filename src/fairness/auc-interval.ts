import type { Interval } from '../utils/statistics';

export const AUC_INTERVAL_METHOD = "Newcombe's score interval (Hanley-McNeil variance), 95%, rows taken as independent";

const Z = 1.959963984540054;

/**
 * 95% interval of a ROC-AUC by R. Newcombe's method 5 (Statistics in Medicine 25, 2006, part 2): the values whose own
 * Hanley-McNeil standard error, with both class sizes replaced by their mean in its correction, reaches the estimate. Stays
 * within 0..1 and keeps a width at 0 and 1, where DeLong's has none.
 */
export function aucInterval(auc: number, positives: number, negatives: number): Interval {
  const spare = (positives + negatives) / 2 - 1;
  const error = (theta: number): number => {
    const correction = 1 + spare * ((1 - theta) / (2 - theta) + theta / (1 + theta));
    return Math.sqrt((theta * (1 - theta) * correction) / (positives * negatives));
  };
  return {
    low: solve(0, auc, (theta) => auc - theta - Z * error(theta)),
    high: solve(1, auc, (theta) => theta - auc - Z * error(theta)),
  };
}

/** Bisection between `outer`, where `excess` is positive or zero, and `inner`, where it is not positive. */
function solve(outer: number, inner: number, excess: (theta: number) => number): number {
  let far = outer;
  let near = inner;
  for (let i = 0; i < 60; i++) {
    const middle = (far + near) / 2;
    if (excess(middle) > 0) far = middle;
    else near = middle;
  }
  return (far + near) / 2;
}
