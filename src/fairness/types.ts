import type { Estimate } from '../training/types';

export interface GroupMetrics {
  readonly group: string;
  readonly n: number;
  readonly positives: number;
  /**
   * selection_rate, tpr (recall), fpr, precision and roc_auc; `n` of each is the rows it rests on (tpr: positives). null
   * with a reason where there are too few of them or only one class.
   */
  readonly metrics: Readonly<
    Record<string, Estimate | { readonly value: null; readonly reason: string; readonly n: number }>
  >;
  /** Says that the group is small enough to read with care; absent otherwise. */
  readonly flag?: string;
}

/** Metrics of one sensitive column by group, with the largest gap. */
export interface MetricFrame {
  readonly sensitive: string;
  readonly groups: readonly GroupMetrics[];
  /**
   * Per metric: largest minus smallest value among groups that have one. `best` has the largest value, for fpr the
   * smallest. Never negative, so a gap alone is no proof of a difference: read the groups' intervals.
   */
  readonly gaps: Readonly<Record<string, { readonly value: number; readonly best: string; readonly worst: string }>>;
  /** One sentence a metric whose gap is above the configured one. */
  readonly warnings: readonly string[];
  /** Smallest over largest selection rate, a US employment screen: information, never proof of fairness. */
  readonly four_fifths?: {
    readonly ratio: number;
    readonly lowest: string;
    readonly highest: string;
    readonly passes: boolean;
    readonly text: string;
  };
}
