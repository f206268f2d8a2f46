/** Room around a picture for its axes, in pixels. */
export interface Margin {
  readonly top: number;
  readonly right: number;
  readonly bottom: number;
  readonly left: number;
}

export interface Point {
  readonly x: number;
  readonly y: number;
}

export interface Series {
  readonly name: string;
  /** A CSS colour, usually a token. */
  readonly color: string;
  readonly points: readonly Point[];
  readonly dashed?: boolean;
  readonly step?: boolean;
  /** Dots without a line. */
  readonly dots?: boolean;
}

/** A dashed line across a picture, with its name. */
export interface Guide {
  readonly at: number;
  readonly text: string;
}

export interface Bar {
  readonly name: string;
  readonly value: number;
  readonly text: string;
  /** Colour, when not the quantity's. */
  readonly color?: string;
}

export interface DotRow {
  readonly name: string;
  /** Small text after the name: "n = 1,024". */
  readonly note?: string;
  readonly value: number | null;
  readonly low?: number;
  readonly high?: number;
  /** Shown instead of a dot when there is no value. */
  readonly reason?: string;
  readonly color?: string;
  readonly hollow?: boolean;
}

/** One feature's part in a waterfall. */
export interface Share {
  /** "cholesterol = 280". */
  readonly name: string;
  /** Log-odds. */
  readonly shap: number;
}

/** One report on the time axis of monitoring. */
export interface CheckPoint {
  readonly id: string;
  /** Microseconds. */
  readonly at: number;
  readonly label: string;
  /** Share of drifted columns, 0..1. */
  readonly drift: number | null;
  readonly rocAuc: number | null;
  readonly drifted: boolean;
}

export interface TimedEvent {
  /** Microseconds. */
  readonly at: number;
  readonly kind: 'report' | 'alert' | 'retrained' | 'promoted';
  readonly text: string;
}

/** An axis of parallel coordinates. */
export interface ParallelAxis {
  readonly name: string;
  /** Those that occur, or all options of a choice. */
  readonly values: readonly (number | string | boolean)[];
  readonly log: boolean;
}

/** One line over all axes; null where it has no value. */
export interface ParallelLine {
  readonly name: string;
  readonly values: readonly (number | string | boolean | null)[];
  readonly best: boolean;
}
