import type { GateResult, SignatureColumn } from '../../registry/types';
import type { CalibrationBin, CurvePoint } from '../../training/types';

/** What stands where nobody said anything. */
export const NOT_STATED = 'Not stated.';

/** One number of the quantitative analysis: of all rows, or of one slice. */
export interface CardMetric {
  /** As stored: roc_auc, tpr. */
  readonly type: string;
  readonly title: string;
  /** "sex = female"; empty for all rows. */
  readonly slice: string;
  /** Null where it was withheld, with the reason in `method`. */
  readonly value: number | null;
  readonly low: number | null;
  readonly high: number | null;
  readonly n: number;
  readonly method: string;
}

export interface CardFact {
  readonly name: string;
  readonly value: string;
}

/**
 * A model card with the fields of Google's Model Card Toolkit (tensorflow/model-card-toolkit:model_card.proto, schema
 * 0.0.2), and what a registry knows beside them. Texts are plain; each writer escapes them.
 */
export interface ModelCard {
  readonly model_details: {
    readonly name: string;
    readonly overview: string;
    readonly documentation: string;
    readonly owners: string;
    readonly version: { readonly name: string; readonly date: string; readonly diff: string };
    readonly license: string;
    readonly references: string;
    readonly citation: string;
    readonly path: string;
  };
  readonly model_parameters: {
    readonly model_architecture: string;
    /** xgboost, or the kind of network. */
    readonly kind: string;
    readonly parameters: readonly CardFact[];
    readonly data: readonly {
      readonly name: string;
      readonly split: string;
      readonly rows: number;
      readonly revision: string;
      readonly description: string;
      /** Columns whose groups are compared. */
      readonly sensitive: readonly string[];
    }[];
    readonly input_format: string;
    readonly inputs: readonly SignatureColumn[];
    readonly output_format: string;
  };
  readonly quantitative_analysis: {
    /** Which rows these are. */
    readonly description: string;
    readonly threshold: number | null;
    readonly performance_metrics: readonly CardMetric[];
    readonly roc: readonly CurvePoint[];
    readonly calibration: readonly CalibrationBin[];
    readonly gates: readonly GateResult[];
    readonly decision: string;
  };
  readonly considerations: {
    readonly users: string;
    readonly use_cases: string;
    readonly out_of_scope: string;
    /** Read off what was recorded, then what people stated. */
    readonly limitations: readonly string[];
    readonly tradeoffs: string;
    readonly ethical_considerations: string;
  };
  readonly lineage: readonly CardFact[];
}
