export type DriftMethod = 'ks' | 'jensenshannon';
export type CheckName = 'dataset_drift' | 'prediction_drift' | 'target_drift';

/** One column's drift, by the test that decides and the one that stands beside it. */
export interface ColumnDrift {
  readonly column: string;
  readonly kind: 'numeric' | 'categorical';
  /** The test that decides. */
  readonly method: DriftMethod;
  /** Rows with a value: what the tests saw. */
  readonly n_reference: number;
  readonly n_current: number;
  /** KS: D statistic and p-value (two-sided); null for categorical columns and where a side has no values. */
  readonly ks: {
    readonly statistic: number;
    readonly p_value: number;
    /** Benjamini-Hochberg over the numeric columns of the report. */
    readonly p_adjusted: number;
    readonly mode: 'exact' | 'asymptotic';
  } | null;
  /** Jensen-Shannon distance, base 2, 0..1, with the binning used. */
  readonly jensenshannon: {
    readonly distance: number;
    readonly binning: string;
    /** Distance that two samples of these sizes from one distribution stay below 95 times in 100. */
    readonly noise?: number;
  };
  /** ks: largest adjusted p-value that counts as drift; jensenshannon: smallest distance that does. */
  readonly threshold: number;
  readonly drifted: boolean;
  /** Rows without a value. */
  readonly missing_reference: number;
  readonly missing_current: number;
  /** Mean of the values present; null for categories. */
  readonly mean_reference: number | null;
  readonly mean_current: number | null;
  /**
   * Shares per bin on both sides, for the picture; the distance is computed from exactly these. With `edges`
   * (ascending, one more than bins) bin i holds edges[i] <= v < edges[i + 1], the last one its upper edge as well;
   * null when a bin is a value or category, named in `labels`.
   */
  readonly histogram: {
    readonly edges: readonly number[] | null;
    readonly labels: readonly string[];
    readonly reference: readonly number[];
    readonly current: readonly number[];
  };
}

/** One of the three verdicts of a report. */
export interface CheckResult {
  readonly check: CheckName;
  readonly drifted: boolean;
  /** One sentence with the numbers. */
  readonly finding: string;
  /** What to do: review the pipeline, check the model, retrain; "nothing to do" when steady. */
  readonly action: string;
  /**
   * dataset_drift: share of drifted columns; the others: absolute change of a share. 0..1, drifted from `threshold` on;
   * 0 when there were too few rows to tell.
   */
  readonly statistic: number;
  readonly threshold: number;
  readonly method: string;
  readonly columns: readonly ColumnDrift[];
}

export interface DriftReport {
  readonly report_id: string;
  readonly model: string;
  readonly version: number | null;
  /** "at rest" or the scenario's name; how the current window came about. */
  readonly label: string;
  /** Microseconds, simulated clock. */
  readonly at: number;
  readonly reference: {
    readonly description: string;
    readonly rows: number;
    /** Microseconds of event time, [from, to). */
    readonly from: number;
    readonly to: number;
  };
  readonly current: {
    readonly description: string;
    readonly rows: number;
    readonly labelled: number;
    readonly from: number;
    readonly to: number;
  };
  readonly checks: readonly CheckResult[];
  /** How the checks read together. */
  readonly verdict: string;
  /**
   * ROC-AUC of the champion on the rows of the window whose outcome is known and whose entity it was not trained on;
   * null unless there are both classes.
   */
  readonly performance: { readonly roc_auc: number; readonly n: number; readonly rows: string } | null;
}
